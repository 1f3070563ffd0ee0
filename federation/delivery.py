"""Lanes: what is owed goes out one lane a server, each at its own pace, so that a slow or dead one delays no other.

A lane is held by a lease on its Peer row: one sender at a time in the whole hub, whatever the processes. A lease is
short, and renewed for as long as its process lives: a sender that was killed blocks its lane for LEASE at most. When a
process stood still for longer, another has sent the same; whoever receives an id twice takes it once.
"""

import logging
import threading
from datetime import datetime, timedelta
from time import monotonic

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from federation import attempt, tasks
from federation.models import Delivery, Peer

LANES = 16  #: served at once by one process
LEASE = timedelta(seconds=12)  #: an attempt may be longer (three requests of at most 15 s each): see RENEWED
RENEWED = 3.0  #: seconds between two renewals of the leases that this process holds
IN_A_ROW = 100  #: deliveries to one server before another has its turn
PATIENCE = 1.0  #: seconds that a turn waits for lanes already at work, once nothing else is due

logger = logging.getLogger(__name__)


def due(now: datetime | None = None) -> QuerySet[Delivery]:
    """Deliveries that may go now. Never before an earlier one about the same thing to the same inbox: in its order.

    Withdrawals may wait for a server that is blocked, or while this hub does not federate: they are held back.
    """
    if settings.RTES.federation == "off":
        return Delivery.objects.none()
    now = now or timezone.now()
    earlier = Delivery.objects.filter(
        peer=OuterRef("peer"),
        inbox=OuterRef("inbox"),
        activity__object_uri=OuterRef("activity__object_uri"),
        pk__lt=OuterRef("pk"),
        state=Delivery.State.WAITING,
        next_try__gt=now,
    ).exclude(activity__object_uri="")
    return (
        Delivery.objects.filter(state=Delivery.State.WAITING, next_try__lte=now)
        .filter(Q(peer__open_until=None) | Q(peer__open_until__lte=now))
        .filter(peer__watched__paused_at=None)
        .exclude(peer__level=Peer.Level.BLOCKED)
        .exclude(Exists(earlier))
    )


@tasks.does("deliver")
def turn(*, wait: bool = False, inline: bool = False) -> None:
    """Send what is due, up to LANES servers at once.

    Returns when nothing more is due. Lanes whose server hangs go on in their own threads, so that the worker is free
    for other tasks; `wait` stays until they end too. `inline` serves all in this thread, one lane after the other.
    """
    if inline:
        _serve_lanes()
        return
    idle_since = monotonic()
    while True:
        wanted = _free_lanes(timezone.now()).count()
        if _CREW.hire(wanted):
            idle_since = monotonic()
        if not _CREW.wait() and not wanted:
            return
        if not wait and monotonic() - idle_since > PATIENCE:
            return


class _Crew:
    """The sending threads of this process, and the one that keeps their leases while they wait for an answer.

    Daemons: a process that stops does so at once, and the lease heals.
    """

    POLL = 0.1  #: seconds

    def __init__(self) -> None:
        self._count = 0
        self._changed = threading.Condition()
        self._held: set[_Lane] = set()
        self._keeps = False

    def hire(self, wanted: int) -> int:
        """Start as many as are wanted and there is room for; how many were."""
        with self._changed:
            hired = min(wanted, LANES - self._count)
            self._count += hired
            begins = bool(hired) and not self._keeps
            self._keeps |= begins
        if begins:
            threading.Thread(target=self._keep, name="leases", daemon=True).start()
        for _ in range(hired):
            threading.Thread(target=self._work, name="delivery", daemon=True).start()
        return hired

    def wait(self) -> int:
        """How many are at work, after one of them left or a moment passed."""
        with self._changed:
            if self._count:
                self._changed.wait(self.POLL)
            return self._count

    def _work(self) -> None:
        try:
            while (lane := _claim_one()) is not None:
                self._serve(lane)
        except Exception:
            logger.exception("A sender stopped; its lane is free again in %s", LEASE)
        finally:
            connection.close()
            with self._changed:
                self._count -= 1
                self._changed.notify_all()

    def _serve(self, lane: "_Lane") -> None:
        with self._changed:
            self._held.add(lane)
        try:
            lane.serve()
        finally:
            with self._changed:
                self._held.discard(lane)

    def _keep(self) -> None:
        """Until nobody is at work. A lease that cannot be renewed is lost, and its lane sees it before it goes on."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: not self._count, RENEWED)
                if not self._count:
                    self._keeps = False
                    break
                held = list(self._held)
            for lane in held:
                try:
                    lane.renew()
                except DatabaseError:
                    logger.exception("A lease could not be renewed")
        connection.close()


_CREW = _Crew()


def _serve_lanes() -> None:
    while (lane := _claim_one()) is not None:
        lane.serve()


def _free_lanes(now: datetime) -> QuerySet[Peer]:
    """Servers with something due that nobody is serving, the least recently served first."""
    return Peer.objects.filter(_unleased(now), pk__in=due(now).values("peer")).order_by(
        F("last_out_at").asc(nulls_first=True), "pk"
    )


def _unleased(now: datetime) -> Q:
    return Q(lease_until=None) | Q(lease_until__lte=now)


def _claim_one() -> "_Lane | None":
    now = timezone.now()
    for pk in _free_lanes(now).values_list("pk", flat=True)[:LANES]:
        until = now + LEASE
        if Peer.objects.filter(_unleased(now), pk=pk).update(lease_until=until):
            return _Lane(pk, until)
    return None


class _Lane:
    """One server's lane, ours until `until`. That instant is the fencing mark: whoever took over wrote another."""

    def __init__(self, pk: int, until: datetime) -> None:
        self.pk = pk
        self.until = until
        self._ended = False
        self._writes = threading.Lock()

    def serve(self) -> None:
        """Oldest first, until nothing is due, the server must be left alone, or others have waited enough.

        What was committed while we were leaving is seen by the nudge that follows it, or by the next claim.
        """
        try:
            for _ in range(IN_A_ROW):
                delivery = self._next()
                if delivery is None or not self.renew():
                    break
                attempt.attempt(delivery)
        finally:
            with self._writes:
                self._ended = True
                Peer.objects.filter(pk=self.pk, lease_until=self.until).update(lease_until=None)

    def _next(self) -> Delivery | None:
        return due().filter(peer=self.pk).select_related("peer", "activity__actor").order_by("pk").first()

    def renew(self) -> bool:
        """False when the lease was lost: another sender has the lane."""
        with self._writes:
            until = timezone.now() + LEASE
            mine = Peer.objects.filter(pk=self.pk, lease_until=self.until)
            renewed = not self._ended and bool(mine.update(lease_until=until))
            self.until = until if renewed else self.until
            return renewed


def wake(peer: Peer) -> None:
    """The agreement changed or an administrator asks: what waits for it goes, at the date it asked for or now."""
    _open(peer, Delivery.objects.filter(peer=peer, state=Delivery.State.WAITING))


def hear(peer: Peer) -> None:
    """It spoke to us, so it is up: what waits because it was silent or broken goes. A refusal stays one."""
    waiting = Delivery.objects.filter(peer=peer, state=Delivery.State.WAITING, tries__gt=0)
    silent = waiting.filter(Q(last_status=None) | Q(last_status__gte=500))
    if silent.exists():
        _open(peer, silent)


def _open(peer: Peer, waiting: QuerySet[Delivery]) -> None:
    now = timezone.now()
    asked = Peer.objects.filter(pk=peer.pk, not_before__gt=now).values_list("not_before", flat=True).first()
    Peer.objects.filter(pk=peer.pk).update(open_until=asked, failures=0)
    if waiting.update(next_try=asked or now) and not asked:
        tasks.nudge_delivery()


def send_again(delivery: Delivery) -> None:
    """Parked or expired: waiting again, with fourteen days before it."""
    now = timezone.now()
    Delivery.objects.filter(pk=delivery.pk).exclude(state=Delivery.State.SENT).update(
        state=Delivery.State.WAITING, tries=0, next_try=now, created_at=now, done_at=None
    )
    wake(delivery.peer)
