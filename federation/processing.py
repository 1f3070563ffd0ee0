"""Giving effect to what the door let in, one activity at a time, oldest first.

The effect and the state of the row are one transaction: at least once from the sender, exactly once here. What must
be fetched is fetched before it. A poisoned activity waits, then is parked; it blocks only what speaks of its thing.
"""

import logging
import time
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from federation import patience, tasks
from federation.actors import find
from federation.errors import Refused, TryLater
from federation.models import Incoming
from federation.said import Said, Verb
from federation.verbs import VERBS
from federation.wire import Malformed, read, strict_json
from rtes_hub import rows

BATCH = 500  #: rows whose turn is looked up at once
TURN = 1000  #: activities of one turn; the sweep begins another
LIFE = timedelta(hours=24)  #: after its reception an activity that still fails is parked
ERROR = 500  #: characters

logger = logging.getLogger(__name__)


def due() -> QuerySet[Incoming]:
    """Waiting activities whose time has come, oldest first; never before an earlier one about the same thing."""
    earlier = Incoming.objects.filter(
        peer=OuterRef("peer"), lane=OuterRef("lane"), pk__lt=OuterRef("pk"), state=Incoming.State.WAITING
    ).exclude(lane="")
    waiting = Incoming.objects.filter(state=Incoming.State.WAITING, next_try__lte=timezone.now())
    return waiting.exclude(Exists(earlier)).order_by("pk")


@tasks.does("process_inbox")
def turn_twice() -> None:
    """What came in just after another gave no nudge of its own (tasks.ENOUGH): it is looked for a moment later."""
    turn_inbox()
    time.sleep(tasks.LINGER)
    if turn_inbox() == TURN:
        tasks.nudge_inbox()  # there is more: others get their turn before


def turn_inbox(limit: int = TURN) -> int:
    """Process what is due, at most `limit`; how many were. Two turns at once do no harm."""
    done = 0
    while done < limit and (batch := list(due().values_list("pk", flat=True)[: min(BATCH, limit - done)])):
        for pk in batch:
            if (incoming := _waiting(pk)) is not None:
                process(incoming)
            done += 1
    return done


def _waiting(pk: int) -> Incoming | None:
    """None when another turn was quicker."""
    incoming = rows.by(Incoming, "id", pk)
    return incoming if incoming is not None and incoming.state == Incoming.State.WAITING else None


def process(incoming: Incoming) -> None:
    """Give its effect to one activity, or write down why not. Raises nothing."""
    try:
        if not _effect(incoming):
            _end(incoming, Incoming.State.IGNORED, "this hub does nothing of that verb")
    except Refused as refused:
        _end(incoming, Incoming.State.IGNORED, refused.reason)
    except TryLater as later:
        _postpone(incoming, later.reason, later.after)
    except Exception as error:
        logger.exception("Activity %s from %s could not be processed", incoming.pk, incoming.peer.origin)
        _postpone(incoming, f"a fault of this hub: {type(error).__name__}", None)


def _effect(incoming: Incoming) -> bool:
    verb = VERBS.get(incoming.type)
    if verb is None:
        return False
    said = _gather(incoming, verb)
    with transaction.atomic():
        waiting = Incoming.objects.filter(pk=incoming.pk, state=Incoming.State.WAITING)
        if list(waiting.select_for_update(skip_locked=True).order_by().values_list("pk")):
            verb.run(said)
            waiting.update(state=Incoming.State.DONE, done_at=timezone.now(), error="")
    return True


def _gather(incoming: Incoming, verb: Verb) -> Said:
    """Everything the verb needs, with the rule asked before anything is fetched. No transaction is open."""
    try:
        activity = strict_json.loads(bytes(incoming.body))
        head = read.activity(activity)
    except Malformed as error:
        raise Refused(error.reason, 400) from error
    actor = find(incoming.actor_uri)
    if actor is None:
        raise Refused("its actor is not known any more")
    if actor.peer is not None and actor.peer_id == incoming.peer_id:
        incoming.peer = actor.peer
    said = Said(activity=activity, head=head, actor=actor, peer=incoming.peer, raw=bytes(incoming.body))
    verb.rule(said)
    return verb.gather(said)


def _end(incoming: Incoming, state: str, reason: str) -> None:
    Incoming.objects.filter(pk=incoming.pk, state=Incoming.State.WAITING).update(
        state=state, done_at=timezone.now(), error=reason[:ERROR]
    )


def _postpone(incoming: Incoming, reason: str, after: float | None) -> None:
    """Again with patience, for a day; then an administrator may look at it."""
    now = timezone.now()
    if now - incoming.received_at > LIFE:
        _end(incoming, Incoming.State.PARKED, reason)
        return
    tries = incoming.tries + 1
    pause = timedelta(seconds=after) if after is not None else patience.wait(tries)
    Incoming.objects.filter(pk=incoming.pk, state=Incoming.State.WAITING).update(
        tries=tries, next_try=now + min(pause, LIFE), error=reason[:ERROR]
    )
