"""What federation does by itself, again and again. Importing this makes the work of each task known to the engine."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from federation import delivery, gestures, identity, outbox, patience, processing, storing, tasks, visits
from federation.models import Activity, Delivery, Incoming, StoredGesture
from federation.operating import alerts
from federation.partners import backfill, converging
from rtes_hub.periodic import every

SWEEP = 5  #: seconds: the longest that something due waits when its nudge was lost
TASK_KEPT = timedelta(days=1)  #: a finished task row, for whoever looks into a problem
TASK_LOST = timedelta(minutes=10)  #: a task that runs for longer was killed with its worker
BODY_KEPT = timedelta(days=30)  #: what we received, as evidence; its id stays
DELIVERY_KEPT = timedelta(days=90)  #: so does who received what, and when
INCOMING_KEPT = timedelta(days=90)  #: an id received again within that time is known (security.md P2)
AT_ONCE = 5000  #: rows deleted in one transaction


@every(SWEEP, "federation.sweep")
def sweep() -> None:
    """Whatever is due and was not nudged along: retries, and what a killed worker left. One cheap query each."""
    if delivery.due().exists():
        tasks.nudge_delivery()
    if processing.due().exists():
        tasks.nudge_inbox()
    for peer_pk in backfill.due().values_list("pk", flat=True):
        tasks.nudge_backfill(peer_pk)


@every(30, "federation.introduce")
def introduce() -> None:
    """The name of the hub is edited in a lower room, which knows nothing of us."""
    identity.introduce()


@every(SWEEP, "federation.places")
def visit_places() -> None:
    """Partners' lists of places, each day; and what was said in a place before we followed it."""
    if visits.due_lists().exists() or visits.due_places().exists() or visits.forgotten().exists():
        tasks.nudge_places()


@every(60, "federation.converge")
def converge() -> None:
    """Each night with every partner; sooner with one that came back, or that differed."""
    for peer_pk in converging.due().values_list("pk", flat=True):
        tasks.nudge_convergence(peer_pk)


@every(60, "federation.gestures")
def say_again() -> None:
    """What we asked of others' things, until it is answered."""
    gestures.say_again()


@every(60, "federation.alerts")
def look_at_partners() -> None:
    alerts.look()


@every(3600, "federation.prune")
def prune() -> None:
    """Give up what is too old to be sent, and forget what is too old to be useful."""
    for one in (_expire, _forget_bodies, _forget_rows, _forget_tasks, storing.forget_signatures):
        one()


def _expire() -> None:
    """After fourteen days; never a withdrawal (security.md P6), nor what an administrator holds back."""
    now = timezone.now()
    Delivery.objects.filter(
        ~Q(activity__type__in=outbox.WITHDRAWALS),
        peer__watched__paused_at=None,
        state=Delivery.State.WAITING,
        created_at__lt=now - patience.LIFE,
    ).update(state=Delivery.State.EXPIRED, done_at=now)


def _forget_bodies() -> None:
    old = Incoming.objects.filter(done_at__lt=timezone.now() - BODY_KEPT)
    old.exclude(state=Incoming.State.WAITING).exclude(body=b"").update(body=b"")


def _forget_rows() -> None:
    """A thing that stands keeps all that was said of it: its Delete goes to whoever may have received it."""
    now = timezone.now()
    settled = Activity.objects.filter(~Q(type__in=outbox.STATEMENTS) | Q(body=b""))
    done = Incoming.objects.exclude(state=Incoming.State.WAITING)
    _delete(lambda: done.filter(done_at__lt=now - INCOMING_KEPT))
    over = Delivery.objects.filter(activity__in=settled).exclude(state=Delivery.State.WAITING)
    _delete(lambda: over.filter(done_at__lt=now - DELIVERY_KEPT))
    alone = settled.filter(~Exists(Delivery.objects.filter(activity=OuterRef("pk")))).exclude(pk__in=_still_said())
    _delete(lambda: alone.filter(created_at__lt=now - DELIVERY_KEPT))


def _still_said() -> QuerySet[Activity]:
    """Gestures and their answers are said again with the same words, for as long as they are remembered."""
    return Activity.objects.filter(Q(uri__in=StoredGesture.objects.values("uri")) | Q(uri__contains="/answer-"))


def _delete(rows: Callable[[], QuerySet[Any]]) -> None:
    while True:
        some = list(rows().values_list("pk", flat=True)[:AT_ONCE])
        rows().filter(pk__in=some).delete()
        if len(some) < AT_ONCE:
            return


def _forget_tasks() -> None:
    """Rows of the database engine. What a lost task was doing stands in our own rows: it is simply dropped."""
    now = timezone.now()
    DBTaskResult.objects.finished().filter(finished_at__lt=now - TASK_KEPT).delete()
    DBTaskResult.objects.running().filter(started_at__lt=now - TASK_LOST).delete()
