"""What the questions of federation.inbox let in, stored once. When `store` returns, it may be answered 202."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db import IntegrityError, transaction
from django.utils import timezone

from federation import actors, delivery, tasks
from federation.errors import Refused
from federation.knock import Knock
from federation.models import Actor, Incoming, Peer, SeenSignature
from federation.wire import Malformed, read
from federation.wire.shapes import Head

MAX_WAITING = 10_000  #: activities stored and not processed yet; beyond, senders are told to come back
COUNT_EVERY = 1  #: seconds that one process goes by its last count of them
HEARD_EVERY = timedelta(seconds=10)  #: how exactly we know when a partner spoke last: one row, which all would write
#: Seconds that a signature may be from our clock, either way (docs/decisions/0006-time-window-and-replay.md).
WINDOW = {"allowlist": 5 * 60, "open": 60 * 60, "off": 5 * 60}

#: Spoken of one relation, which is the sender's own: done in the order of their coming.
_OF_A_FOLLOW = frozenset({"Accept", "Reject", "Undo", "Follow"})
_ASKING = frozenset({"Join", "Leave", "Offer"})


def waiting() -> int:
    """How many activities wait, counted up to one more than MAX_WAITING, a moment ago."""

    def count() -> int:
        return Incoming.objects.filter(state=Incoming.State.WAITING)[: MAX_WAITING + 1].count()

    return int(caches["throttle"].get_or_set("federation:waiting", count, COUNT_EVERY) or 0)


def store(knock: Knock) -> None:
    """Raises: Refused, the very same signature was seen: it is replayed.

    Almost all that comes is new, so it is written without asking whether it is; only what stumbles is looked at.
    """
    try:
        with transaction.atomic():
            _store(knock, _is_new)
    except IntegrityError:
        with transaction.atomic():
            _store(knock, _is_again)


def _store(knock: Knock, write: Callable[[Knock, Peer], None]) -> None:
    now = timezone.now()
    peer = knock.peer or Peer.objects.get_or_create(origin=knock.origin)[0]
    if knock.sender_doc is not None:
        actors.keep(knock.sender_doc, peer)
    elif knock.sender is not None and knock.sender.gone_at is not None:
        Actor.objects.filter(pk=knock.sender.pk).update(gone_at=None)  # it speaks: it is back
    write(knock, peer)
    if peer.last_in_at is None or now - peer.last_in_at > HEARD_EVERY:
        Peer.objects.filter(pk=peer.pk).update(last_in_at=now)
    if peer.open_until is not None:
        delivery.hear(peer)
    tasks.nudge_inbox()


def _is_new(knock: Knock, peer: Peer) -> None:
    SeenSignature.objects.create(digest=_digest(knock), until=_until())
    Incoming.objects.create(peer=peer, uri=knock.activity.id, **_said(knock))


def _is_again(knock: Knock, peer: Peer) -> None:
    """The very same signature twice is a replay; the same activity newly signed is a sender who missed our answer."""
    if not SeenSignature.objects.get_or_create(digest=_digest(knock), defaults={"until": _until()})[1]:
        raise Refused("signature: replayed", 401)
    head = knock.activity
    incoming, is_new = Incoming.objects.get_or_create(peer=peer, uri=head.id, defaults=_said(knock))
    if not is_new and head.type in _ASKING and incoming.state != Incoming.State.WAITING:
        # Said again because no answer came: it has no second effect, and gets its answer again.
        now = timezone.now()
        Incoming.objects.filter(pk=incoming.pk).update(
            state=Incoming.State.WAITING, body=knock.body, tries=0, next_try=now, received_at=now
        )


def _digest(knock: Knock) -> str:
    return hashlib.sha256(knock.claimed.signature).hexdigest()


def _until() -> datetime:
    return timezone.now() + timedelta(seconds=2 * WINDOW[settings.RTES.federation])


def _said(knock: Knock) -> dict[str, Any]:
    head = knock.activity
    return {"actor_uri": head.actor, "type": head.type[:60], "lane": _lane(head), "body": knock.body}


def _lane(head: Head) -> str:
    """What is spoken of; of what a place hands on, the thing within. What is asked waits for nothing: apps order it."""
    if head.type in _OF_A_FOLLOW:
        return head.actor
    if head.type in _ASKING:
        return head.id
    if head.type != "Announce" or head.object is None:
        return head.object_id
    try:
        return read.activity(head.object).object_id or head.object_id
    except Malformed:
        return head.object_id


def forget_signatures() -> None:
    """Those whose window is over: the clock refuses them from now on."""
    SeenSignature.objects.filter(until__lt=timezone.now()).delete()
