"""Everything we say passes the strictest receivers, as their source was read (schemas/)."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from federation.publication import Gesture
from federation.wire import Malformed, canonical, keys, names, read, strict_json, write
from federation.wire.shapes import ActorDoc, Key

from .material import a_publication, complaints, ed25519_key, rsa_key

HUB = "https://hub.example"
ACTOR = f"{HUB}/ap/actors/terre-et-mer"
INSTANCE = f"{HUB}/ap/actors/instance"
FOLLOWERS = f"{ACTOR}/followers"
FORUM = f"{HUB}/ap/actors/forum"
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
ACTIVITY = f"{HUB}/ap/activities/1"


def an_actor(**changes) -> ActorDoc:
    values = {
        "uri": ACTOR,
        "type": "Organization",
        "handle": "terre-et-mer",
        "inbox": f"{ACTOR}/inbox",
        "name": "Terre et Mer",
        "summary": "<p>Une communauté de communes.</p>",
        "url": f"{HUB}/collectivites/terre-et-mer/",
        "outbox": f"{ACTOR}/outbox",
        "shared_inbox": f"{HUB}/ap/inbox",
        "followers": FOLLOWERS,
        "following": f"{ACTOR}/following",
        "keys": (
            Key(id=f"{ACTOR}#main-key", algorithm="rsa", public=keys.public_pem(rsa_key())),
            Key(id=f"{ACTOR}#ed25519-key", algorithm="ed25519", public=keys.public_multibase(ed25519_key())),
        ),
        "published": NOW,
        "updated": NOW,
        "fields": (("SIREN", "242100410"),),
        "facts": {"territory": "epci-242100410", "charter": {"entity": "Dijon métropole", "contact": "x@y.example"}},
    }
    return ActorDoc(**values | changes)


def article(**changes):
    return write.article(a_publication(**changes), followers=FOLLOWERS)


def note():
    return write.article(a_publication(kind="note", in_reply_to=f"{HUB}/ap/objects/0"), followers=FOLLOWERS)


def in_place(**changes):
    """A post, or without `in_reply_to` a thread, of a person in a forum."""
    said = {
        "kind": "post",
        "in_reply_to": f"{HUB}/ap/objects/0",
        "place": FORUM,
        "mentions": ("https://x.example/u/1",),
    }
    post = a_publication(**said | changes)
    context = f"{HUB}/ap/objects/0/context"
    return write.article(post, followers=FOLLOWERS, context=context, handles={FORUM: "forum@hub.example"})


def a_group():
    return an_actor(
        uri=FORUM,
        type="Group",
        handle="forum",
        inbox=f"{FORUM}/inbox",
        outbox=f"{FORUM}/outbox",
        followers=f"{FORUM}/followers",
        following=f"{FORUM}/following",
        moderators=f"{FORUM}/moderators",
        featured=f"{FORUM}/featured",
        fields=(),
        facts={"theme": "commande-publique"},
        keys=tuple(
            Key(id=key.id.replace(ACTOR, FORUM), algorithm=key.algorithm, public=key.public) for key in an_actor().keys
        ),
    )


def announce(said):
    return write.announce(f"{HUB}/ap/activities/announce-1", actor=FORUM, object=said, followers=f"{FORUM}/followers")


def curated(say, target="featured"):
    return say(ACTIVITY, actor=ACTOR, object=f"{HUB}/ap/objects/1", target=f"{FORUM}/{target}", place=FORUM)


def lock():
    return write.lock(ACTIVITY, actor=ACTOR, object=f"{HUB}/ap/objects/1", place=FORUM)


def a_gesture():
    said = Gesture(uri=ACTIVITY, verb="join", author=ACTOR, target="https://partner.example/o/1", facts={"sequence": 1})
    return write.gesture(said, to="https://partner.example/a")


def tombstone():
    return write.tombstone(f"{HUB}/ap/objects/1", former_type="Article", deleted=NOW, published=NOW)


def follow():
    return write.follow(f"{HUB}/ap/activities/0", actor=ACTOR, object="https://partner.example/a")


def answered(say):
    said = {"id": "https://partner.example/f/1", "type": "Follow", "actor": {"id": "https://partner.example/a"}}
    return say(ACTIVITY, actor=ACTOR, follow={**said, "object": ACTOR, "@context": names.AS2, "cc": None})


OBJECT_READERS = ["lemmy-page", "nodebb-post", "mastodon-object", "gotosocial-object", "mobilizon-article"]
SAID = {
    "article": (article, OBJECT_READERS),
    "bare article": (
        lambda: article(title="", summary="", attachments=(), tags=(), themes=(), facts={}),
        OBJECT_READERS,
    ),
    "article in a forum": (
        lambda: write.article(a_publication(place=FORUM), followers=FOLLOWERS),
        OBJECT_READERS,
    ),
    "note": (note, ["lemmy-note", "nodebb-post", "mastodon-object", "gotosocial-object"]),
    "create": (lambda: write.create(ACTIVITY, article()), ["lemmy-create"]),
    "create note": (lambda: write.create(ACTIVITY, note()), ["lemmy-create"]),
    "update": (lambda: write.update(ACTIVITY, article()), ["lemmy-create"]),
    "thread": (lambda: in_place(kind="thread", in_reply_to=""), OBJECT_READERS),
    "post": (in_place, ["lemmy-note", "nodebb-post", "mastodon-object", "gotosocial-object"]),
    "create post": (lambda: write.create(ACTIVITY, in_place()), ["lemmy-create"]),
    "announce of an activity": (lambda: announce(write.create(ACTIVITY, in_place())), ["lemmy-announce"]),
    "announce of a thing": (lambda: announce(f"{HUB}/ap/objects/1"), ["lemmy-announce"]),
    "announce of a lock": (lambda: announce(lock()), ["lemmy-announce"]),
    "pin": (lambda: curated(write.add), ["lemmy-add-remove"]),
    "unpin": (lambda: curated(write.remove), ["lemmy-add-remove"]),
    "moderator": (lambda: curated(write.add, "moderators"), ["lemmy-add-remove"]),
    "place of the hub": (
        lambda: write.add(ACTIVITY, actor=INSTANCE, object=FORUM, target=f"{HUB}/ap/forums", followers=FOLLOWERS),
        ["lemmy-add-remove"],
    ),
    "lock": (lock, ["lemmy-lock"]),
    "unlock": (lambda: write.undo(ACTIVITY, actor=ACTOR, activity=lock()), []),
    "removal": (
        lambda: write.removal(ACTIVITY, actor=ACTOR, object=f"{HUB}/o/1", place=FORUM, summary="hors charte"),
        ["lemmy-delete"],
    ),
    "delete in a place": (
        lambda: write.delete(ACTIVITY, actor=ACTOR, tombstone=tombstone(), followers=FOLLOWERS, place=FORUM),
        ["lemmy-delete"],
    ),
    "refusal": (
        lambda: write.refusal(ACTIVITY, actor=FORUM, activity="https://x.example/a/1", to=ACTOR, reason="fermé"),
        ["lemmy-accept-reject"],
    ),
    "gesture": (a_gesture, []),
    "answer": (
        lambda: write.answer(
            ACTIVITY, actor=ACTOR, gesture="https://x.example/g/1", to=INSTANCE, accepted=True, facts={}
        ),
        ["lemmy-accept-reject"],
    ),
    "group": (lambda: write.actor(a_group(), instance=INSTANCE), ["lemmy-group", "mastodon-actor"]),
    "delete": (
        lambda: write.delete(ACTIVITY, actor=ACTOR, tombstone=tombstone(), followers=FOLLOWERS),
        ["lemmy-delete"],
    ),
    "follow": (follow, ["lemmy-follow"]),
    "accept": (lambda: answered(write.accept), ["lemmy-accept-reject"]),
    "reject": (lambda: answered(write.reject), ["lemmy-accept-reject"]),
    "undo": (lambda: write.undo(ACTIVITY, actor=ACTOR, activity=follow()), ["lemmy-undo-follow"]),
    "organization": (lambda: write.actor(an_actor(), instance=INSTANCE), ["lemmy-person", "mastodon-actor"]),
    "person": (lambda: write.actor(an_actor(type="Person"), instance=INSTANCE), ["lemmy-person", "mastodon-actor"]),
    "service": (
        lambda: write.actor(an_actor(type="Service", facts={}), instance=INSTANCE),
        ["lemmy-person", "mastodon-actor"],
    ),
    "application": (
        lambda: write.actor(
            an_actor(uri=INSTANCE, type="Application", handle="hub.example", fields=(), facts={}), instance=INSTANCE
        ),
        ["lemmy-instance", "mastodon-actor"],
    ),
}


@pytest.mark.parametrize(
    ("what", "schema"), [(what, schema) for what, (_, schemas) in SAID.items() for schema in schemas]
)
def test_the_strictest_receivers_take_what_we_say(what, schema):
    assert complaints(schema, SAID[what][0]()) == []


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
