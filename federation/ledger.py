"""Where things went: what publishers and administrators may know of what is owed and what arrived."""

from django.db.models import Count, Min, Q, QuerySet

from federation import outbox
from federation.models import Actor, Delivery, Peer
from federation.publication import Author, Fate


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
    lines = [
        Fate(hub_name=str(one.peer), origin=one.peer.origin, state=one.state, at=one.done_at or one.created_at)
        for one in last.values()
    ]
    return sorted(lines, key=lambda line: (line.hub_name.casefold(), line.origin))


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
