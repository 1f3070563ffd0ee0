"""When two hubs are compared: each night, when one comes back, after the first reading, and whenever somebody asks."""

import time
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from federation import actors, fetch, tasks
from federation import patience as waits
from federation.errors import Refused, TryLater
from federation.models import Actor, Convergence, Peer
from federation.partners import catchup, comparing, remote, ties
from federation.wire import Malformed

NIGHTLY = timedelta(days=1)
LEASE = timedelta(minutes=30)  #: the longest that one comparison is believed to go on

_State = Convergence.State


class Busy(Exception):
    """Another process compares with that partner right now."""


def of(peer: Peer) -> Convergence:
    return Convergence.objects.get_or_create(peer=peer)[0]


def soon(peer: Peer) -> None:
    """Compare with it as soon as the worker can."""
    of(peer)
    Convergence.objects.filter(peer=peer).update(next_try=timezone.now(), tries=0)
    tasks.nudge_convergence(peer.pk)


def soon_with_all() -> None:
    """This hub was stopped, or restored: what it missed, and what others missed of it, is found at once."""
    Convergence.objects.filter(peer__level=Peer.Level.PARTNER).update(next_try=timezone.now(), lease_until=None)


def due() -> QuerySet[Peer]:
    now = timezone.now()
    new = Q(convergence=None) | Q(convergence__next_try=None)
    free = Q(convergence__lease_until=None) | Q(convergence__lease_until__lt=now)
    found = Peer.objects.filter(level=Peer.Level.PARTNER, backfill=Peer.Backfill.DONE).exclude(actor_uri="")
    return found.filter(new | Q(convergence__next_try__lte=now)).filter(free)


@tasks.does("converge")
def run(peer_pk: int) -> None:
    peer = due().filter(pk=peer_pk).first()
    if peer is not None:
        try:
            verify(peer)
        except (Busy, Refused, Malformed, TryLater):
            return


def verify(peer: Peer, *, patience: float = 0) -> dict[str, Any]:
    """Catch up with what it changed, compare, mend, and remember the proof.

    Raises: Busy; Refused, Malformed, TryLater: it could not be compared, and that is remembered too.
    """
    of(peer)
    now, mine = timezone.now(), Convergence.objects.filter(peer=peer)
    if not mine.filter(Q(lease_until=None) | Q(lease_until__lt=now)).update(lease_until=now + LEASE):
        raise Busy
    try:
        theirs = _instance(peer)
        begun = time.monotonic()
        with fetch.metered() as traffic:
            read = catchup.read_all(peer, theirs)
        proof = comparing.compare(peer, theirs, patience=patience)
        proof["requests"] += traffic.requests
        proof["bytes"] += traffic.sent + traffic.received
        proof |= {"caught_up": read, "seconds": round(time.monotonic() - begun, 2)}
    except (Refused, Malformed, TryLater) as error:
        mine.update(state=_State.FAILED, proof={"error": error.reason, "at": now.isoformat(timespec="seconds")})
        raise
    else:
        state = _State.EQUAL if proof["equal"] else _State.DIFFERENT
        mine.update(state=state, proof=proof, **({"equal_at": now} if proof["equal"] else {}))
        return proof
    finally:
        _end(peer)


def _instance(peer: Peer) -> Actor:
    theirs = ties.instance_of(peer)
    if theirs is None:
        raise Refused("that hub was not met yet")
    if not remote.address(theirs, "digest"):
        return actors.refresh(theirs)  # it may have learnt to
    return theirs


def _end(peer: Peer) -> None:
    """Equal: tomorrow. Else with patience, and tomorrow at the latest."""
    row = of(peer)
    row.tries = 0 if row.state == _State.EQUAL else row.tries + 1
    row.next_try = timezone.now() + (NIGHTLY if not row.tries else waits.wait(row.tries))
    row.lease_until = None
    row.save(update_fields=["tries", "next_try", "lease_until"])
