"""One attempt to deliver one activity to one inbox: knock, then write down what the answer changes.

The knock holds no transaction. A crash between the answer and the writing sends the activity twice, never not at
all; whoever receives it knows its id (ActivityPub §7).
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from federation import actors, fetch, patience
from federation.errors import Refused, TryLater
from federation.models import Actor, Convergence, Delivery, Peer
from federation.patience import Verdict

ERROR = 500  #: characters kept of an answer
FORMATS = {"cavage": "rfc9421", "rfc9421": "cavage"}  #: the way to sign, and the one to try when it is refused

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Reply:
    status: int | None  #: HTTP; None when nobody answered
    said: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    format: str = "cavage"  #: how the request was signed
    verdict: Verdict


def attempt(delivery: Delivery) -> Verdict:
    """Send it once. The lane is ours (federation.delivery), so nobody else does at the same time."""
    reply = _double_knock(delivery)
    inbox = _look_again(delivery) if reply.verdict is Verdict.MOVED else ""
    with transaction.atomic():
        _write_down(delivery, reply, inbox, timezone.now())
    return reply.verdict


def _double_knock(delivery: Delivery) -> Reply:
    """Signed as this server last accepted; on 400 or 401 once more, in the other way (federation.md §1.D)."""
    usual = delivery.peer.signature
    reply = _knock(delivery, usual)
    if reply.status in (400, 401):
        other = _knock(delivery, FORMATS[usual])
        if other.status not in (None, 400, 401):
            return other
    return reply


def _knock(delivery: Delivery, format_: str) -> Reply:
    """Signed anew at each attempt, since a signature ages; the bytes are those stored, so that id and digest do not."""
    activity = delivery.activity
    try:
        answer = fetch.post(delivery.inbox, bytes(activity.body), signer=activity.actor, format=format_)
    except TryLater as error:
        return Reply(status=None, said=error.reason, verdict=Verdict.BUSY)
    except Refused as error:
        return Reply(status=None, said=error.reason, verdict=Verdict.SLOW)
    except Exception:
        # A fault of ours, such as a lost key. It must be seen, and must not stop what is owed to others.
        logger.exception("Delivery %s could not be sent", delivery.pk)
        return Reply(status=None, said="A fault of this hub: see its log.", verdict=Verdict.SLOW)
    return Reply(
        status=answer.status,
        said=answer.text,
        headers=answer.headers,
        format=format_,
        verdict=patience.verdict(answer.status),
    )


def _look_again(delivery: Delivery) -> str:
    """Where the inbox went, by its owner's own document; empty when nothing new is known. Asked once a delivery."""
    if delivery.last_status is not None and patience.verdict(delivery.last_status) is Verdict.MOVED:
        return ""
    owner = _owners(delivery).first()
    if owner is None:
        return ""
    try:
        fresh = actors.refresh(owner)
    except (Refused, TryLater):
        return ""
    inbox = fresh.shared_inbox if delivery.inbox == owner.shared_inbox else fresh.inbox
    return "" if inbox == delivery.inbox else inbox or fresh.inbox


def _owners(delivery: Delivery) -> QuerySet[Actor]:
    return Actor.objects.filter(Q(inbox=delivery.inbox) | Q(shared_inbox=delivery.inbox), peer=delivery.peer)


def _write_down(delivery: Delivery, reply: Reply, inbox: str, now: datetime) -> None:
    """A delivery cancelled while it was being sent has no row any more: only the lane's health is written then."""
    row = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.WAITING)
    tries = delivery.tries + 1
    row.update(tries=tries, last_status=reply.status, last_error=_error(reply))
    pause = _WAITS[reply.verdict](delivery, reply, now) if reply.verdict in _WAITS and not inbox else None
    if reply.verdict is Verdict.SENT:
        row.update(state=Delivery.State.SENT, done_at=now, last_error="")
    elif reply.verdict is Verdict.PARKED:
        row.update(state=Delivery.State.PARKED, done_at=now)
    elif reply.verdict is Verdict.GONE:
        _stop(delivery, now)
    elif inbox:
        _readdress(delivery, inbox, now)
    elif pause is not None:
        row.update(next_try=now + pause)
    _write_health(delivery.peer, reply, pause, now)


def _error(reply: Reply) -> str:
    said = " ".join(reply.said.split())
    return (f"{reply.status}: {said}" if reply.status else said)[:ERROR]


def _patient(delivery: Delivery, reply: Reply, now: datetime) -> timedelta:
    return patience.retry_after(reply.headers, now) or patience.wait(delivery.tries + 1)


def _slow(delivery: Delivery, reply: Reply, now: datetime) -> timedelta:
    return patience.spread(patience.SLOW)


_WAITS: dict[Verdict, Callable[[Delivery, Reply, datetime], timedelta]] = {
    Verdict.LATER: _patient,
    Verdict.BUSY: _patient,
    Verdict.SLOW: _slow,
    Verdict.MOVED: _slow,
}


def _stop(delivery: Delivery, now: datetime) -> None:
    """410: that inbox wants nothing more, and its owners are sent nothing more until they speak to us again."""
    Delivery.objects.filter(peer=delivery.peer, inbox=delivery.inbox, state=Delivery.State.WAITING).update(
        state=Delivery.State.PARKED, done_at=now
    )
    _owners(delivery).update(gone_at=now)


def _readdress(delivery: Delivery, inbox: str, now: datetime) -> None:
    try:
        with transaction.atomic():
            Delivery.objects.filter(pk=delivery.pk).update(inbox=inbox, next_try=now)
    except IntegrityError:
        # The same activity already goes there.
        Delivery.objects.filter(pk=delivery.pk).delete()


def _write_health(peer: Peer, reply: Reply, pause: timedelta | None, now: datetime) -> None:
    row = Peer.objects.filter(pk=peer.pk)
    if pause is None:
        # It answered, be it to refuse: the server is well.
        row.update(failures=0, open_until=None, last_error=_error(reply) if reply.verdict is not Verdict.SENT else "")
        if peer.failures and reply.verdict is Verdict.SENT:
            Convergence.objects.filter(peer=peer).update(next_try=now)  # it is back: what it missed is found at once
        if reply.verdict is Verdict.SENT:
            row.update(last_out_at=now, signature=reply.format)
        return
    peer.refresh_from_db(fields=["failures"])
    closed = patience.breaker_wait(peer.failures + 1)
    if reply.verdict is Verdict.BUSY:
        closed = max(closed or pause, pause)
    row.update(failures=F("failures") + 1, last_error=_error(reply), **({"open_until": now + closed} if closed else {}))
    asked = patience.retry_after(reply.headers, now)
    if asked or reply.status == 429:
        row.update(not_before=now + (asked or pause))
