"""Everything we say passes the strictest receivers, as their source was read (schemas/)."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from federation.publication import Gesture
from federation.wire import Malformed, canonical, names, proofs, read, strict_json, write

from .material import a_publication, complaints, ed25519_key
from .sayings import (
    ACTIVITY,
    ACTOR,
    FOLLOWERS,
    FORUM,
    HUB,
    INSTANCE,
    SAID,
    a_gesture,
    a_group,
    an_actor,
    answered,
    article,
    in_place,
)


@pytest.mark.parametrize(
    ("what", "schema"), [(what, schema) for what, (_, schemas) in SAID.items() for schema in schemas]
)
def test_the_strictest_receivers_take_what_we_say(what, schema):
    assert complaints(schema, SAID[what][0]()) == []


def proven(document):
    plain = proofs.in_context(document)
    now = datetime(2026, 11, 25, tzinfo=UTC)
    return {**plain, "proof": proofs.make(plain, key=ed25519_key(), key_id=f"{ACTOR}#ed25519-key", created=now)}


@pytest.mark.parametrize(
    ("what", "schema"), [(what, schema) for what, (_, schemas) in SAID.items() for schema in schemas]
)
def test_they_take_it_with_its_proof(what, schema):
    """Also what a forum hands on, which keeps a context and a proof of its own."""
    document = SAID[what][0]()
    if document["type"] == "Announce" and isinstance(document["object"], dict):
        document = {**document, "object": proven({"@context": document["@context"], **document["object"]})}
    assert complaints(schema, proven(document)) == []


def test_the_schemas_do_refuse():
    """A schema that takes everything proves nothing: what Lemmy drops a post for, it refuses."""
    for broken in ({"language": "fr"}, {"attributedTo": [ACTOR]}, {"attachment": None}, {"type": ["Article"]}):
        assert complaints("lemmy-page", article() | broken)


def everything(value):
    yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from everything(item)


@pytest.mark.parametrize("what", SAID)
def test_we_keep_our_own_rules(what):
    document = SAID[what][0]()
    assert next(iter(document)) == "@context"
    assert strict_json.loads(canonical.dumps(document)) == document
    body = {key: value for key, value in document.items() if key != "@context"}
    for value in everything(body):
        assert value is not None
        if isinstance(value, dict):
            assert "@context" not in value
            assert isinstance(value.get("type", ""), str)
    if document["type"] not in names.ACTOR_TYPES:
        assert isinstance(document["to"], list)
        assert isinstance(document["cc"], list)
        assert "as:Public" not in document["to"]
    context = document["@context"]
    assert context == names.AS2 or context[0] == names.AS2
    assert names.NS not in context


def test_an_article_is_for_everyone_and_followers():
    document = article()
    assert (document["to"], document["cc"]) == ([names.PUBLIC], [FOLLOWERS])
    assert "audience" not in document
    assert document["rtes:kind"] == "rtes:GoodPractice"
    assert document["rtes:territory"] == "https://w3id.org/rtes/territory/epci-242100410"
    assert document["rtes:budget_lines"][0] == {"rtes:label": "Étude", "rtes:amount": 5000}
    assert document["attachment"][0]["rtes:is_model"] is True
    assert [item["type"] for item in document["attachment"]] == ["Document", "Image"]
    assert document["replies"]["first"]["items"] == []
    in_forum = write.article(a_publication(place=FORUM), followers=FOLLOWERS)
    assert (in_forum["to"], in_forum["audience"]) == ([names.PUBLIC, FORUM], FORUM)


def test_hashtags_can_be_read_aloud():
    tags = article(themes=("commande-publique",), tags=("Commande publique", "économie d'eau", "2026", "!"))["tag"]
    assert [(tag["name"], tag["href"]) for tag in tags] == [
        ("#CommandePublique", f"{HUB}/tags/commande-publique"),
        ("#ÉconomieDEau", f"{HUB}/tags/%C3%A9conomie%20d%27eau"),
    ]
    linked = write.article(a_publication(tags=("eau",), themes=()), followers="", tag_url="https://x.example/?q=")
    assert linked["tag"][0]["href"] == "https://x.example/?q=eau"


def test_an_activity_is_addressed_as_its_object_is():
    document = article()
    create = write.create(ACTIVITY, document)
    assert (create["actor"], create["to"], create["cc"]) == (document["actor"], document["to"], document["cc"])
    assert create["object"]["id"] == document["id"]
    update = write.update(ACTIVITY, write.actor(an_actor(), instance=INSTANCE))
    assert (update["actor"], update["to"], update["cc"]) == (ACTOR, [names.PUBLIC], [FOLLOWERS])
    assert update["object"]["publicKey"]["owner"] == ACTOR
    assert "https://w3id.org/security/v1" in update["@context"]


def test_an_answer_embeds_the_follow_and_only_what_identifies_it():
    document = answered(write.accept)
    assert document["to"] == ["https://partner.example/a"]
    assert document["object"] == {
        "id": "https://partner.example/f/1",
        "type": "Follow",
        "actor": "https://partner.example/a",
        "object": ACTOR,
    }


def test_an_actor_survives_the_trip():
    sent = an_actor(approves_followers=True, discoverable=False)
    document = write.actor(sent, instance=INSTANCE)
    assert document["webfinger"] == "terre-et-mer@hub.example"
    assert document["attachment"] == [{"type": "PropertyValue", "name": "SIREN", "value": "242100410"}]
    back = read.actor(strict_json.loads(canonical.dumps(document)))
    assert names.HUB in back.implements
    assert back == an_actor(approves_followers=True, discoverable=False, fields=(), implements=back.implements)


def test_an_instance_says_that_it_is_a_hub():
    document = SAID["application"][0]()
    assert document["preferredUsername"] == "hub.example"
    assert names.HUB in [item["href"] for item in document["implements"]]
    assert "rtes:territory" not in document
    assert "attachment" not in document


def test_a_post_is_addressed_to_its_place_and_to_whom_it_calls():
    document = in_place()
    assert (document["to"], document["cc"]) == ([names.PUBLIC, FORUM], [FOLLOWERS, "https://x.example/u/1"])
    assert (document["audience"], document["context"]) == (FORUM, f"{HUB}/ap/objects/0/context")
    assert {"type": "Mention", "href": "https://x.example/u/1"} in document["tag"]
    thread = in_place(kind="thread", in_reply_to="")
    assert {"type": "Mention", "href": FORUM, "name": "@forum@hub.example"} in thread["tag"]


def test_a_group_says_who_moderates_it_and_what_it_is_about():
    document = write.actor(a_group(), instance=INSTANCE)
    assert document["attributedTo"] == f"{FORUM}/moderators"
    assert document["rtes:theme"] == "https://w3id.org/rtes/theme/commande-publique"
    back = read.actor(strict_json.loads(canonical.dumps(document)))
    assert back == replace(a_group(), implements=back.implements)


def test_a_gesture_and_its_answer_survive_the_trip():
    sent = Gesture(
        uri=ACTIVITY,
        verb="offer",
        author=ACTOR,
        target=f"{HUB}/o/1",
        facts={"sequence": 2, "needs": [{"kind": "lots"}]},
    )
    assert read.gesture(strict_json.loads(canonical.dumps(write.gesture(sent, to=INSTANCE)))) == sent
    said = write.answer(
        ACTIVITY, actor=ACTOR, gesture=ACTIVITY, to=INSTANCE, accepted=False, reason="Trop tard.", facts={}
    )
    assert (read.activity(said).type, read.reason(said), read.facts(said)) == ("Reject", "Trop tard.", {})


@pytest.mark.parametrize("broken", [{"type": "Like"}, {"object": None}, {"type": "Join", "object": "not a URL"}])
def test_what_is_no_gesture_is_refused(broken):
    with pytest.raises(Malformed):
        read.gesture(a_gesture() | broken)


def test_a_collection_shows_what_it_is_given():
    document = write.collection(f"{FORUM}/moderators", total=1, items=[ACTOR], owner=FORUM)
    assert (document["orderedItems"], document["attributedTo"]) == ([ACTOR], FORUM)
    assert read.collection(document).items == (ACTOR,)
