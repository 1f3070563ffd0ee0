"""Every activity that may come in: what it does, who may say it, and the section that says so. `manage.py verbs`.

The sender has been proven at the door (federation.inbox). A rule raises `Refused`; then the function runs in one
transaction with the end of the activity (federation.processing). None of them speaks to the network.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone

from federation import actors, addresses, outbox, received, registry
from federation.errors import Refused
from federation.models import Actor, Follow, Peer
from federation.partners import agreement
from federation.wire import Malformed, canonical, read, write
from federation.wire.shapes import Head


@dataclass(frozen=True, kw_only=True)
class Said:
    """An activity, its proven sender, and the thing it speaks of when that is embedded or was fetched at its origin."""

    activity: Mapping[str, Any]
    head: Head
    actor: Actor
    peer: Peer
    thing: Mapping[str, Any] | None = None

    @property
    def is_about_itself(self) -> bool:
        return self.head.object_id == self.head.actor


@dataclass(frozen=True)
class Verb:
    name: str
    rule: Callable[[Said], None]
    run: Callable[[Said], None]

    @property
    def who(self) -> str:
        return (self.rule.__doc__ or "").strip().splitlines()[0]

    @property
    def section(self) -> str:
        return (self.run.__doc__ or "").partition("Spec: ")[2].strip()


VERBS: dict[str, Verb] = {}

Function = Callable[[Said], None]


def on(name: str, *, rule: Function) -> Callable[[Function], Function]:
    """This function is what the verb does, once the rule let it."""

    def register(run: Function) -> Function:
        VERBS[name] = Verb(name, rule, run)
        return run

    return register


# Rules: who may say it --------------------------------------------------------------------------------------------


def follower_of_ours(said: Said) -> None:
    """Whoever the door lets in, of an actor of ours."""
    if not addresses.is_ours(said.head.object_id):
        raise Refused("one follows an actor of this hub here")


def whom_we_asked(said: Said) -> None:
    """The actor whom one of ours asked to follow."""
    if not Follow.objects.filter(followed=said.actor, follower__local=True).exists():
        raise Refused("nobody here asked that actor anything")


def the_same_actor(said: Said) -> None:
    """The actor who said what is undone."""
    undone = said.head.object or {}
    if undone and (undone.get("actor") or said.head.actor) != said.head.actor:
        raise Refused("one undoes only what one did")
    if addresses.origin(said.head.object_id) != addresses.origin(said.head.actor):
        raise Refused("one undoes only what one did")


def owner_we_read(said: Said) -> None:
    """The author of the thing, when its server is a partner or one of ours follows it."""
    owner(said)
    if said.peer.level == Peer.Level.PARTNER:
        return
    if not Follow.objects.filter(followed=said.actor, follower__local=True, state=Follow.State.ACCEPTED).exists():
        raise Refused("nobody here follows that author, and its server is no partner")


def owner(said: Said) -> None:
    """The author of the thing, on its own server."""
    received.check_theirs(said.head.object_id, said.actor)


# Verbs: what it does ----------------------------------------------------------------------------------------------


@on("Follow", rule=follower_of_ours)
def follow(said: Said) -> None:
    """Follow a collectivité, and be accepted; or ask, by following the hub itself, to be its partner.

    Spec: ActivityPub §7.5
    """
    followed = Actor.objects.filter(uri=said.head.object_id, local=True, gone_at=None).first()
    if followed is None:
        raise Refused("there is no such actor here", 404)
    if followed.uri == actors.url(actors.INSTANCE):
        agreement.on_follow_of_hub(said.actor, dict(said.activity), said.peer)
        return
    if followed.uri == actors.url(actors.MODERATION):
        answer = write.reject(outbox.activity_uri(), actor=followed.uri, follow=said.activity)
    else:
        answer = write.accept(outbox.activity_uri(), actor=followed.uri, follow=said.activity)
        Follow.objects.update_or_create(
            follower=said.actor,
            followed=followed,
            defaults={
                "uri": said.head.id,
                "document": canonical.dumps(said.activity).decode(),
                "state": Follow.State.ACCEPTED,
            },
        )
    outbox.send(followed, answer, to_inboxes=[said.actor.inbox], object_uri=said.actor.uri)


@on("Accept", rule=whom_we_asked)
def accept(said: Said) -> None:
    """Say yes to our Follow: the partnership stands.

    Spec: ActivityPub §7.6
    """
    agreement.on_accept(said.actor, said.head)


@on("Reject", rule=whom_we_asked)
def reject(said: Said) -> None:
    """Say no to our Follow, or take a yes back.

    Spec: ActivityPub §7.7
    """
    agreement.on_reject(said.actor, said.head)


@on("Undo", rule=the_same_actor)
def undo(said: Said) -> None:
    """Follow no more. Of anything else that was said: nothing.

    Spec: ActivityPub §7.12
    """
    agreement.on_undo(said.actor, said.head)


@on("Create", rule=owner_we_read)
def create(said: Said) -> None:
    """Store what its author publishes, and show it.

    Spec: ActivityPub §7.2
    """
    if said.thing is None:
        raise Refused("there is no object to store", 400)
    received.take(said.thing, actor=said.actor)


@on("Update", rule=owner_we_read)
def update(said: Said) -> None:
    """Replace what its author publishes, or what an actor says of itself, whole.

    Spec: ActivityPub §7.3
    """
    if not said.is_about_itself:
        create(said)
        return
    try:
        doc = read.actor(said.thing or {})
    except Malformed as error:
        raise Refused(error.reason, 400) from error
    actor = actors.keep(doc, said.peer)
    for speaker in registry.everyone():
        speaker.author_changed(actors.author(actor))


@on("Delete", rule=owner)
def delete(said: Said) -> None:
    """Remove what its author deletes, for ever; with an author who is gone, all that it published.

    Spec: ActivityPub §7.4
    """
    if not said.is_about_itself:
        received.remove(said.head.object_id, actor=said.actor)
        return
    received.remove_all_of(said.actor)
    Follow.objects.filter(Q(follower=said.actor) | Q(followed=said.actor)).delete()
    Actor.objects.filter(pk=said.actor.pk).update(gone_at=timezone.now(), keys=[])
