"""Activities, actors and lists of other servers: what is read of them, and what condemns them."""

import pytest

from federation.wire import Malformed, keys, names, read

from .material import sample, vectors

# Activities --------------------------------------------------------------------------------------------------------


def test_an_embedded_actor_is_only_its_id():
    head = read.activity(sample("edge/activity-actor-object"))
    assert head.actor == "https://hub.example/ap/orgs/terre-et-mer"


def test_the_head_of_an_activity():
    head = read.activity(sample("inbound/lemmy-accept"))
    assert (head.type, head.actor) == ("Accept", "https://lemmy.example/c/ess")
    assert head.object["type"] == "Follow"
    assert head.object_id == head.object["id"]
    assert read.activity(sample("inbound/mastodon-flag")).object_id.startswith("https://")
    assert read.activity(sample("inbound/lemmy-follow")).object is None


def a_follow(**changes):
    return {
        "id": "https://a.example/f",
        "type": "Follow",
        "actor": "https://a.example/u",
        "object": "https://b.example/u",
    } | changes


@pytest.mark.parametrize(
    "changes",
    [
        {"id": None},
        {"id": 1},
        {"id": "f/1"},
        {"id": ["https://a.example/f"]},
        {"type": None},
        {"type": 1},
        {"type": []},
        {"actor": None},
        {"actor": 1},
        {"actor": ["https://a.example/u", "https://b.example/u"]},
        {"actor": "https://a@b.example/u"},
        {"actor": {"name": "x"}},
    ],
)
def test_an_activity_names_itself_and_its_actor(changes):
    with pytest.raises(Malformed):
        read.activity(a_follow(**changes))


@pytest.mark.parametrize(
    "changes",
    [{"object": 1}, {"object": [1, None]}, {"object": "x"}, {"object": {"id": 3}}, {"to": [1, [2], {"id": 3}]}],
)
def test_what_is_no_id_points_to_nothing(changes):
    head = read.activity(a_follow(**changes))
    assert "object" not in changes or head.object_id == ""
    assert head.to == ()


def test_everyone_is_spelled_in_full():
    assert read.activity(a_follow(to="as:Public", cc=["Public", names.PUBLIC])).to == (names.PUBLIC,)
    assert read.activity(a_follow(cc=["Public", names.PUBLIC])).cc == (names.PUBLIC,)


# Actors ------------------------------------------------------------------------------------------------------------


def test_keys_in_every_form_are_listed_by_their_ids():
    pem = vectors("keys")["rsa"]["publicSpkiPem"]
    assert read.actor(sample("edge/actor-key-pkcs1")).keys[0].public == pem
    several = read.actor(sample("edge/actor-key-array")).keys
    assert len({key.id for key in several}) == len(several) >= 3
    multikeys = {key.id.partition("#")[2]: key for key in read.actor(sample("edge/actor-rsa-multikey")).keys}
    assert (multikeys["rsa-mk"].algorithm, multikeys["rsa-mk"].public) == ("rsa", pem)
    for key in (*several, *multikeys.values()):
        assert keys.algorithm(keys.load_public(key.public)) == key.algorithm


def an_actor(**changes):
    return {
        "id": "https://hub.example/a/1",
        "type": "Person",
        "preferredUsername": "a",
        "inbox": "https://hub.example/a/1/inbox",
    } | changes


def a_key(**changes):
    return {
        "id": "https://hub.example/a/1#main-key",
        "owner": "https://hub.example/a/1",
        "publicKeyPem": vectors("keys")["rsa"]["publicSpkiPem"],
    } | changes


@pytest.mark.parametrize(
    "changes",
    [
        {"owner": "https://hub.example/a/2"},
        {"owner": None},
        {"id": "https://evil.example/a/1#main-key"},
        {"id": "https://hub.example:8443/a/1#main-key"},
        {"id": None},
        {"id": 1},
    ],
)
def test_a_key_of_another_condemns_the_document(changes):
    with pytest.raises(Malformed, match="key"):
        read.actor(an_actor(publicKey=a_key(**changes)))
    with pytest.raises(Malformed, match="key"):
        read.actor(an_actor(publicKey=[a_key(), a_key(**changes)]))


def test_a_key_that_cannot_be_used_is_left_out():
    assert (
        read.actor(an_actor(publicKey=[a_key(publicKeyPem="x"), "https://hub.example/a/1#main-key", None])).keys == ()
    )


def test_no_more_than_ten_keys_are_kept():
    many = [a_key(id=f"https://hub.example/a/1#{number}") for number in range(50)]
    assert len(read.actor(an_actor(publicKey=many)).keys) == 10


def test_addresses_of_another_origin_are_left_out():
    found = read.actor(
        an_actor(
            endpoints={"sharedInbox": "https://evil.example/inbox"},
            outbox="https://evil.example/outbox",
            followers="https://evil.example/f",
            url="https://evil.example/",
        )
    )
    assert (found.shared_inbox, found.outbox, found.followers, found.url) == ("", "", "", "")


@pytest.mark.parametrize(
    "changes",
    [
        {"inbox": None},
        {"inbox": 1},
        {"inbox": "https://evil.example/inbox"},
        {"type": "Article"},
        {"type": None},
        {"id": "https://hub.example@evil.example/a/1"},
    ],
)
def test_an_actor_has_an_inbox_of_its_own(changes):
    with pytest.raises(Malformed):
        read.actor(an_actor(**changes))


def test_an_actor_says_what_its_server_can_do():
    assert names.HUB not in read.actor(sample("inbound/mastodon-person")).implements
    said = {"generator": {"implements": [{"href": names.HUB}, "https://x.example/", 3, None]}}
    assert read.actor(an_actor(**said)).implements == (names.HUB, "https://x.example/")


def test_silence_is_no_consent_to_be_found():
    assert read.actor(an_actor()).discoverable is False


# Collections and links ---------------------------------------------------------------------------------------------


def test_a_collection_and_its_pages():
    root = {
        "id": "https://a.example/o",
        "type": "OrderedCollection",
        "totalItems": 3,
        "first": "https://a.example/o?p=1",
    }
    assert (read.collection(root).total, read.collection(root).first) == (3, "https://a.example/o?p=1")
    page = {"id": "https://a.example/o?p=1", "orderedItems": ["https://a.example/1", {"id": 2}, 3, None, "x"]}
    found = read.collection(page | {"next": "https://a.example/o?p=2"})
    assert found.items == ("https://a.example/1", {"id": 2})
    assert found.next == "https://a.example/o?p=2"
    embedded = {"id": "https://a.example/o", "totalItems": True, "first": page | {"next": "https://a.example/o?p=2"}}
    found = read.collection(embedded)
    assert (found.total, found.items[0], found.next) == (None, "https://a.example/1", "https://a.example/o?p=2")
    assert read.collection({"id": "https://a.example/o", "items": "https://a.example/1"}).items == (
        "https://a.example/1",
    )


def test_a_page_has_an_end():
    with pytest.raises(Malformed, match="1000"):
        read.collection({"id": "https://a.example/o", "items": ["https://a.example/1"] * 1001})
