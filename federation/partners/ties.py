"""What binds two hubs, knot by knot: follows, answers, levels, back-fill. Called inside the transaction of an act."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils import timezone

from federation import actors, delivery, outbox, registry, tasks, told
from federation.models import Actor, Convergence, Delivery, Follow, Peer, StoredObject
from federation.partners import charter as charters
from federation.wire import canonical, names, strict_json, write
from federation.wire.shapes import ActorDoc
from rtes_hub.text import clean

_Agreement = Peer.Agreement


def lock(origin: str) -> Peer:
    """The server's row, held until the end of the transaction: crossing acts follow each other."""
    return Peer.objects.select_for_update().get_or_create(origin=origin)[0]


def instance_of(peer: Peer) -> Actor | None:
    """Who stands for that hub, once met."""
    return Actor.objects.filter(peer=peer, uri=peer.actor_uri).first() if peer.actor_uri else None


def meet(peer: Peer, doc: ActorDoc) -> Actor:
    """Remember who stands for that hub and what it is called."""
    theirs = actors.keep(doc, peer)
    recognise(peer, theirs)
    return theirs


def recognise(peer: Peer, theirs: Actor) -> None:
    peer.actor_uri = theirs.uri
    peer.name = peer.charter.get("hub") or clean.line(theirs.name, 200)
    peer.save(update_fields=["actor_uri", "name"])


def set_agreement(peer: Peer, agreement: str, *, charter: Mapping[str, str] | None = None) -> None:
    """The level follows: a partner is one while the agreement stands."""
    now, before = timezone.now(), peer.agreement
    if agreement == _Agreement.ACCEPTED:
        peer.level = Peer.Level.PARTNER
        peer.agreed_at = now if peer.agreement != agreement else peer.agreed_at
    elif peer.level == Peer.Level.PARTNER:
        peer.level = Peer.Level.UNKNOWN
    if agreement in (_Agreement.ASKED, _Agreement.RECEIVED):
        peer.asked_at = now
    peer.agreement = agreement
    if charter is not None:
        peer.charter = dict(charter)
        peer.name = peer.charter.get("hub") or peer.name
    peer.save(update_fields=["agreement", "level", "agreed_at", "asked_at", "charter", "name"])
    if agreement == _Agreement.RECEIVED:
        told.asked(peer)
    elif before == _Agreement.RECEIVED:
        told.answered(peer)


def conclude(peer: Peer) -> None:
    """We are partners. What waited because they did not know us goes now."""
    if peer.agreement != _Agreement.ACCEPTED:
        set_agreement(peer, _Agreement.ACCEPTED)
    delivery.wake(peer)


def wake(peer: Peer) -> None:
    delivery.wake(peer)


def follow(theirs: Actor) -> None:
    """Ask to hear what that hub publishes, and say who we are. Once: not again while it waits or stands."""
    ours = actors.instance()
    standing = [Follow.State.ASKED, Follow.State.ACCEPTED]
    if Follow.objects.filter(follower=ours, followed=theirs, state__in=standing).exists():
        return
    document = write.follow(outbox.activity_uri(), actor=ours.uri, object=theirs.uri)
    document["@context"] = [names.AS2, {"rtes": names.NS}]
    document[charters.KEY] = charters.ours()
    remember(ours, theirs, document)
    _say(theirs, document)


def remember(follower: Actor, followed: Actor, document: Mapping[str, Any]) -> Follow:
    return Follow.objects.update_or_create(
        follower=follower,
        followed=followed,
        defaults={
            "uri": document["id"],
            "document": canonical.dumps(document).decode(),
            "state": Follow.State.ASKED,
        },
    )[0]


def answer(theirs: Actor, *, yes: bool) -> None:
    """Answer that hub's Follow of ours, if there is one. A yes may be said again; after a no it may ask again."""
    ours = actors.instance()
    asked = Follow.objects.filter(follower=theirs, followed=ours).first()
    if asked is None:
        return
    answer_to(theirs, strict_json.loads(asked.document.encode()), yes=yes)
    if yes:
        Follow.objects.filter(pk=asked.pk).update(state=Follow.State.ACCEPTED)
    else:
        asked.delete()


def answer_to(theirs: Actor, asked: Mapping[str, Any], *, yes: bool) -> None:
    say = write.accept if yes else write.reject
    _say(theirs, say(outbox.activity_uri(), actor=actors.instance().uri, follow=asked))


def _say(theirs: Actor, document: Mapping[str, Any]) -> None:
    """All that is said of one agreement is about one thing, so that it arrives in its order."""
    outbox.send(actors.instance(), document, to_inboxes=[theirs.inbox], object_uri=theirs.uri)


def welcome(peer: Peer, theirs: Actor) -> None:
    """Between partners: each follows the other."""
    answer(theirs, yes=True)
    follow(theirs)


def part(peer: Peer) -> None:
    """Undo our Follow and take back our yes to theirs; then nothing of ours goes there, save what we withdraw."""
    theirs = instance_of(peer)
    if theirs is not None:
        ours = Follow.objects.filter(follower=actors.instance(), followed=theirs).first()
        if ours is not None:
            asked = strict_json.loads(ours.document.encode())
            _say(theirs, write.undo(outbox.activity_uri(), actor=actors.instance().uri, activity=asked))
        answer(theirs, yes=False)
    untie(peer)


def untie(peer: Peer) -> None:
    """No follow stands any more, either way; withdrawals still leave, new texts do not."""
    Follow.objects.filter(Q(follower__peer=peer) | Q(followed__peer=peer)).delete()
    _waiting(peer).filter(activity__type__in=outbox.STATEMENTS).delete()
    peer.backfill = Peer.Backfill.NONE
    peer.backfill_cursor = ""
    peer.backfill_next_try = None
    peer.save(update_fields=["backfill", "backfill_cursor", "backfill_next_try"])


def cut(peer: Peer) -> None:
    """Blocked: what it shared is shown no more, and a back-fill would bring it again.

    Nothing waits for it any more but what we withdraw: held back, it is still owed on the day the block is lifted.
    """
    untie(peer)
    _waiting(peer).exclude(activity__type__in=outbox.WITHDRAWALS).delete()
    shared = StoredObject.objects.filter(actor__peer=peer, local=False)
    for stored in shared.filter(removed_at=None).only("uri", "kind").iterator():
        speaker = registry.for_kind(stored.kind)
        if speaker is not None:
            speaker.forget(stored.uri)
    shared.filter(removed_at=None).delete()


def _waiting(peer: Peer) -> Any:
    return Delivery.objects.filter(peer=peer, state=Delivery.State.WAITING)


def begin_backfill(peer: Peer, *, afresh: bool = False) -> None:
    """Fetch all that they published before. One under way goes on where it was, at once, unless `afresh`."""
    if afresh or peer.backfill != Peer.Backfill.RUNNING:
        Convergence.objects.filter(peer=peer).update(cursor="")
        peer.backfill = Peer.Backfill.RUNNING
        peer.backfill_cursor = ""
        peer.backfill_count = 0
        peer.backfill_pages = 0
        peer.backfill_total = None
    peer.backfill_tries = 0
    peer.backfill_next_try = timezone.now()
    peer.save(update_fields=_BACKFILL)
    tasks.nudge_backfill(peer.pk)


_BACKFILL = (
    "backfill",
    "backfill_cursor",
    "backfill_count",
    "backfill_pages",
    "backfill_total",
    "backfill_tries",
    "backfill_next_try",
)
