"""One of each thing that we say, and which strict receivers must take it."""

from datetime import UTC, datetime

from federation.publication import Gesture
from federation.wire import keys, names, write
from federation.wire.shapes import ActorDoc, Key

from .material import a_publication, ed25519_key, rsa_key

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
