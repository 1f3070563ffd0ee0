"""Where things went: what publishers and administrators may know of what is owed and what arrived."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from federation import actors, keyring, outbox
from federation.models import Activity, Actor, Confirmation, Convergence, Delivery, Peer, StoredObject
from federation.publication import Author, Fate
from federation.wire import names, write


def reach(author_uri: str) -> int:
    """How many other servers would receive what this author publishes now. 0 for an author who is not ours."""
    return _reached(author_uri).count()


def reached(author_uri: str) -> list[str]:
    """Which ones, by name."""
    return sorted((str(peer) for peer in _reached(author_uri)), key=str.casefold)


def _reached(author_uri: str) -> QuerySet[Peer]:
    actor = Actor.objects.filter(uri=author_uri, local=True).first()
    if actor is None:
        return Peer.objects.none()
    return Peer.objects.filter(pk__in=outbox.recipients(actor).values("peer"))


def fate(uri: str) -> list[Fate]:
    """Where a thing went: one line a server, with what became of the last that was said of the thing. By name."""
    last: dict[int, Delivery] = {}
    owed = Delivery.objects.filter(activity__object_uri=uri, activity__actor__local=True)
    for one in owed.select_related("peer").order_by("activity_id", "pk"):
        last[one.peer_id] = one
    lines = {one.peer_id: _fate(one) for one in last.values()}
    for row in _equal_since(uri):
        if row.peer_id not in lines or lines[row.peer_id].state != Delivery.State.SENT:
            at = row.equal_at or timezone.now()
            lines[row.peer_id] = Fate(hub_name=str(row.peer), origin=row.peer.origin, state="sent", at=at)
    return sorted(lines.values(), key=lambda line: (line.hub_name.casefold(), line.origin))


def _fate(one: Delivery) -> Fate:
    silent = one.state == Delivery.State.WAITING and one.peer.failures > 0
    state = "silent" if silent else one.state
    return Fate(hub_name=str(one.peer), origin=one.peer.origin, state=state, at=one.done_at or one.created_at)


def _equal_since(uri: str) -> list[Convergence]:
    """Partners whose own digest says that they know the last that was said of this."""
    stored = StoredObject.objects.filter(uri=uri, local=True, place="").first()
    said = Activity.objects.filter(object_uri=uri).order_by("-created_at").values_list("created_at", flat=True).first()
    if stored is None or said is None:
        return []
    since = max(said, stored.removed_at or said)
    known = Convergence.objects.filter(equal_at__gt=since, peer__level=Peer.Level.PARTNER)
    return list(known.select_related("peer"))


def withdrawal(uri: str) -> dict[str, Any] | None:
    """What became of a withdrawal at each server that was told, signed by this hub; None for what was not withdrawn.

    "confirmed": its own digest says so; "told": it took the message; else it is still owed.
    """
    stored = StoredObject.objects.filter(uri=uri, local=True).exclude(removed_at=None).first()
    if stored is None or stored.removed_at is None:
        return None
    confirmed = Confirmation.objects.filter(uri=uri).select_related("peer")
    owed = Delivery.objects.filter(activity__object_uri=uri, activity__type__in=outbox.WITHDRAWALS)
    rows = {one.peer.origin: _answer(one) for one in owed.select_related("peer")}
    rows |= {one.peer.origin: ("confirmed", one.at) for one in confirmed}
    document = write.tombstone(uri, former_type=stored.former_type, deleted=stored.removed_at)
    document["@context"] = [names.AS2, {"rtes": names.NS}]
    document["rtes:confirmations"] = [
        {"rtes:hub": origin, "rtes:state": state, "rtes:at": at.isoformat(timespec="seconds")}
        for origin, (state, at) in sorted(rows.items())
    ]
    return keyring.prove(actors.instance(), document)


def _answer(one: Delivery) -> tuple[str, datetime]:
    told = one.state == Delivery.State.SENT
    return ("told" if told else "owed", one.done_at or one.created_at)


def partners() -> list[Author]:
    """The hubs that we are partners with, by name."""
    cards = [
        Author(
            uri=peer.actor_uri,
            name=str(peer),
            type="Application",
            url=peer.origin,
            hub=peer.origin,
            hub_name=str(peer),
            facts={"charter": peer.charter},
        )
        for peer in Peer.objects.filter(level=Peer.Level.PARTNER)
    ]
    return sorted(cards, key=lambda card: (card.name.casefold(), card.hub))


def queue(peer: Peer) -> dict[str, object]:
    """{"waiting": how many, "since": time of the oldest or None, "parked": how many} of what is owed to a server."""
    waiting, parked = Q(state=Delivery.State.WAITING), Q(state__in=[Delivery.State.PARKED, Delivery.State.EXPIRED])
    return Delivery.objects.filter(peer=peer).aggregate(
        waiting=Count("pk", filter=waiting), since=Min("created_at", filter=waiting), parked=Count("pk", filter=parked)
    )
