"""Every activity that may come in: what it does, who may say it, and the section that says so. `manage.py verbs`.

The sender has been proven at the door (federation.inbox). A rule (federation.rules) raises `Refused`; what must be
fetched is gathered; then the function runs in one transaction with the end of the activity (federation.processing).
Only what gathers speaks to the network.
"""

from django.db.models import Q
from django.utils import timezone

from federation import (
    actors,
    announced,
    flags,
    gathering,
    gestures,
    groups,
    invitations,
    moderating,
    moved,
    outbox,
    places,
    received,
    registry,
    rules,
)
from federation.errors import Refused
from federation.models import Actor, Follow, StoredObject
from federation.partners import agreement
from federation.said import VERBS, Said, on
from federation.wire import canonical, read, write
from federation.wire.shapes import ActorDoc

__all__ = ["VERBS"]


@on("Follow", rule=rules.follower_of_ours)
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


@on("Accept", rule=rules.whom_we_asked)
def accept(said: Said) -> None:
    """Say yes: to our Follow, and the partnership stands or a place is read; to a gesture; to a report.

    Spec: ActivityPub §7.6
    """
    if flags.is_ours(said.head.object_id):
        flags.on_answer(said)
    elif gestures.is_ours(said.head.object_id):
        gestures.on_answer(said.actor, said.head, said.activity)
    elif said.actor.type == "Group":
        places.on_accept(said.actor)
    else:
        agreement.on_accept(said.actor, said.head)


@on("Reject", rule=rules.whom_we_asked)
def reject(said: Said) -> None:
    """Say no to our Follow, or take a yes back; to what we said in a place; to a gesture; to a report.

    Spec: ActivityPub §7.7
    """
    refused = rules.said_there(said)
    if flags.is_ours(said.head.object_id):
        flags.on_answer(said)
    elif gestures.is_ours(said.head.object_id):
        gestures.on_answer(said.actor, said.head, said.activity)
    elif refused is not None:
        if speaker := registry.for_kind(refused.kind):
            speaker.refused(refused.uri, read.reason(said.activity))
    elif said.actor.type == "Group":
        places.on_reject(said.actor)
    else:
        agreement.on_reject(said.actor, said.head)


@on("Undo", rule=rules.the_same_actor)
def undo(said: Said) -> None:
    """Follow no more; take back what one did as a moderator. Of anything else that was said: nothing.

    Spec: ActivityPub §7.12
    """
    undone = said.head.object
    about = read.activity(undone).object_id if undone and undone.get("type") in moderating.UNDONE else ""
    if place := moderating.place_of(about):
        moderating.act(said.head, said.activity, place=place, announced=False)
    else:
        agreement.on_undo(said.actor, said.head)


@on("Create", rule=rules.owner_we_read, gather=gathering.thing)
def create(said: Said) -> None:
    """Store what its author publishes, and show it; in a place of ours, announce it, or say why not.

    Spec: ActivityPub §7.2
    """
    if said.thing is None:
        raise Refused("there is no object to store", 400)
    try:
        stored = received.take(said.thing, actor=said.actor)
    except received.Declined as declined:
        groups.decline(declined.group, said.activity, said.actor, declined.reason)
        return
    if stored is not None:
        _hand_on(stored, said)


def _hand_on(stored: StoredObject, said: Said) -> None:
    """To the followers of its place, when that is ours, and back to its author's server: it is shown."""
    if stored.waiting:
        return
    if group := groups.ours(stored.place):
        author = said.actor.shared_inbox or said.actor.inbox
        groups.hand_on(group, said.activity, about=stored.uri, raw=said.raw, to_inboxes=[author])


@on("Update", rule=rules.owner_we_read, gather=gathering.thing)
def update(said: Said) -> None:
    """Replace what its author publishes, or what an actor says of itself, whole.

    Spec: ActivityPub §7.3
    """
    if not isinstance(said.author, ActorDoc):
        create(said)
        return
    actor = actors.keep(said.author, said.peer)
    is_hub = actor.uri == said.peer.actor_uri
    if is_hub:
        said.peer.name = actor.name[:200]
        said.peer.save(update_fields=["name"])
    elif actor.type == "Application":
        return  # any account of that server may call itself one: it speaks for nobody but itself
    for speaker in registry.everyone():
        speaker.author_changed(actors.author(actor))


@on("Delete", rule=rules.owner_or_moderator, gather=gathering.goodbye)
def delete(said: Said) -> None:
    """Remove what its author deletes, for ever; with an author who is gone, all that it published.

    Spec: ActivityPub §7.4
    """
    if said.is_about_itself:
        for group in groups.in_which(said.actor):
            groups.hand_on(group, said.activity, about=said.actor.uri, raw=said.raw)
        received.remove_all_of(said.actor)
        Follow.objects.filter(Q(follower=said.actor) | Q(followed=said.actor)).delete()
        Actor.objects.filter(pk=said.actor.pk).update(gone_at=timezone.now(), keys=[])
        return
    stored = StoredObject.objects.filter(uri=said.head.object_id).first()
    place = moderating.place_of(said.head.object_id)
    if stored is not None and place is not None and stored.actor_id != said.actor.pk:
        moderating.act(said.head, said.activity, place=place, announced=False)
        return
    received.remove(said.head.object_id, actor=said.actor)
    if stored is not None and stored.removed_at is None:
        _hand_on(stored, said)


@on("Announce", rule=rules.place_we_follow, gather=announced.gather)
def announce(said: Said) -> None:
    """Hand on what was said in a place, or show a thing in it. Of votes: nothing.

    Spec: ActivityPub §7.11, FEP-1b12
    """
    announced.run(said)


@on("Add", rule=rules.curator, gather=gathering.place)
def add(said: Said) -> None:
    """Open a place of a hub; pin a thing in a place, or name a moderator of it.

    Spec: ActivityPub §7.8
    """
    if isinstance(said.author, ActorDoc):
        places.welcome(said.author, list(said.moderators), said.peer)
    else:
        _moderate(said)


@on("Remove", rule=rules.curator)
def remove(said: Said) -> None:
    """Close a place of a hub; or the reverse of Add in a place.

    Spec: ActivityPub §7.9
    """
    if not gathering.is_list_of_places(said):
        _moderate(said)
    elif place := Actor.objects.filter(uri=said.head.object_id, peer=said.peer, type="Group").first():
        places.part(place)


@on("Lock", rule=rules.moderator)
def lock(said: Said) -> None:
    """Take no more answers to a thing said in a place.

    Spec: ActivityPub §7, as Lemmy extends it
    """
    _moderate(said)


def _moderate(said: Said) -> None:
    place = moderating.place_of(said.head.object_id)
    if place is None:
        raise Refused("that was said in no place of others")
    moderating.act(said.head, said.activity, place=place, announced=False)


@on("Move", rule=rules.itself, gather=moved.gather)
def move(said: Said) -> None:
    """Live at another address, when that one says so too: a place is followed there.

    Spec: ActivityPub §7, Activity Vocabulary (Move), FEP-7628
    """
    moved.run(said)


@on("Flag", rule=rules.partner_or_concerned)
def flag(said: Said) -> None:
    """Report a thing of ours, or said in a place of ours: it waits for a decision, which answers it.

    Spec: ActivityPub §7, Activity Vocabulary (Flag), FEDERATION.md
    """
    flags.receive(said)


@on("Invite", rule=rules.owner_and_partner)
def invite(said: Said) -> None:
    """Invite one of ours to a thing of theirs; whoever wants to answers by a Join.

    Spec: ActivityPub §7, Activity Vocabulary (Invite), FEDERATION.md
    """
    invitations.on_invite(said.head, said.activity, said.actor)


def gesture(said: Said) -> None:
    """Ask something of a thing: to take part, to leave, to offer. It is answered by Accept or Reject, with facts.

    Spec: ActivityPub §7, Activity Vocabulary (Join, Leave, Offer), FEDERATION.md
    """
    gestures.receive(read.gesture(said.activity), said.actor)


for _name in read.GESTURES:
    on(_name, rule=rules.partner_of_ours)(gesture)
