"""How the exchange goes with each server, in figures and in words. Read only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from federation.models import Delivery, Incoming, Peer, Watched
from federation.partners import words

TROUBLES = ("paused", "closed", "failing")  #: nothing leaves for them

LABELS: dict[str, Promise] = {
    "blocked": _("Blocked"),
    "paused": _("Paused"),
    "closed": _("Unreachable"),
    "failing": _("In difficulty"),
    "refusing": _("Refuses some messages"),
    "well": _("Well"),
    "quiet": _("Nothing exchanged yet"),
}


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """One server: what is owed to it, what came from it, what is wrong."""

    peer: Peer
    state: str  #: a key of LABELS
    waiting: int
    oldest: datetime | None  #: since when the oldest of these waits
    parked: int  #: refused or given up, to be sent again by hand
    stuck: int  #: received, and failed for a day
    paused_at: datetime | None
    failing_since: datetime | None

    @property
    def label(self) -> Promise:
        return LABELS[self.state]

    @property
    def advice(self) -> Promise | str:
        """What to do about its last error; empty when all is well."""
        return words.advice_about(self.peer.last_error) if self.peer.last_error else ""


def known() -> list[Exchange]:
    """Every server that we exchange with or owe something to, those in difficulty first, then by name. 4 queries."""
    owed = _owed()
    agreed = ~Q(agreement=Peer.Agreement.NONE, level=Peer.Level.UNKNOWN)
    peers = Peer.objects.filter(agreed | Q(pk__in=owed))
    lines = of(peers.order_by("name", "origin"), owed)
    return sorted(lines, key=lambda line: line.state not in TROUBLES)


def of(peers: Iterable[Peer], owed: dict[int, dict[str, object]] | None = None) -> list[Exchange]:
    """The same of some servers, in their order."""
    found = _owed() if owed is None else owed
    stuck = dict(
        Incoming.objects.filter(state=Incoming.State.PARKED).values_list("peer").annotate(number=Count("pk")).order_by()
    )
    watched = {one.peer_id: one for one in Watched.objects.all()}
    return [_line(peer, found.get(peer.pk, {}), stuck.get(peer.pk, 0), watched.get(peer.pk)) for peer in peers]


def _owed() -> dict[int, dict[str, object]]:
    waiting, parked = Q(state=Delivery.State.WAITING), Q(state__in=[Delivery.State.PARKED, Delivery.State.EXPIRED])
    rows = Delivery.objects.filter(waiting | parked).order_by().values_list("peer")
    counted = rows.annotate(
        waiting=Count("pk", filter=waiting),
        oldest=Min("created_at", filter=waiting),
        parked=Count("pk", filter=parked),
    )
    return {pk: {"waiting": number, "oldest": oldest, "parked": kept} for pk, number, oldest, kept in counted}


def _line(peer: Peer, owed: dict[str, object], stuck: int, watched: Watched | None) -> Exchange:
    figures = {"waiting": 0, "oldest": None, "parked": 0} | owed
    paused_at = watched.paused_at if watched else None
    return Exchange(
        peer=peer,
        state=_state(peer, paused_at, bool(figures["parked"])),
        stuck=stuck,
        paused_at=paused_at,
        failing_since=watched.failing_since if watched else None,
        **figures,  # type: ignore[arg-type]
    )


def _state(peer: Peer, paused_at: datetime | None, has_parked: bool) -> str:
    if peer.level == Peer.Level.BLOCKED:
        return "blocked"
    if paused_at:
        return "paused"
    if peer.open_until and peer.open_until > timezone.now():
        return "closed"
    if peer.failures:
        return "failing"
    if has_parked:
        return "refusing"
    return "well" if peer.last_in_at or peer.last_out_at else "quiet"
