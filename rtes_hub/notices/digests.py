"""Digests: what waited for its day becomes one letter a person, at seven in the morning, Paris time.

No memory of past runs is needed: a notice older than the last hour of leaving, and in no letter yet, leaves now. A
scheduler that was stopped at seven does it when it comes back; one that runs twice finds nothing left.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from rtes_hub.notices import letters, tasks
from rtes_hub.notices.models import Frequency, Notice, Preference

ZONE = ZoneInfo("Europe/Paris")
HOUR = time(7)
WEEKDAY = 0  #: Monday


def last_leaving(rhythm: str, now: datetime) -> datetime:
    """When letters of that rhythm last left, or should have. For "now": now."""
    if rhythm == Frequency.NOW:
        return now
    local = now.astimezone(ZONE)
    day: date = local.date() if local.time() >= HOUR else local.date() - timedelta(days=1)
    if rhythm == Frequency.WEEKLY:
        day -= timedelta(days=(day.weekday() - WEEKDAY) % 7)
    return datetime.combine(day, HOUR, tzinfo=ZONE)


def waiting(rhythm: str, until: datetime) -> QuerySet[Notice]:
    """Told before that moment, neither read nor in a letter, to people who want letters about it at that rhythm."""
    chosen = Preference.objects.filter(user=OuterRef("user"), topic=OuterRef("topic")).values("frequency")
    return (
        Notice.objects.filter(mailed_at=None, at__lt=until, user__is_active=True)
        .annotate(rhythm=Coalesce(Subquery(chosen), Value(Frequency.WEEKLY.value)))
        .filter(rhythm=rhythm)
    )


def leave(now: datetime | None = None) -> int:
    """Owe every letter whose time has come; how many. "At once" is among them for who has just chosen it."""
    now = now or timezone.now()
    owed = 0
    for rhythm in (Frequency.NOW, Frequency.DAILY, Frequency.WEEKLY):
        theirs = waiting(rhythm, last_leaving(rhythm, now))
        for user_pk in theirs.order_by("user").values_list("user", flat=True).distinct():
            with transaction.atomic():
                owed += letters.owe(user_pk, rhythm, theirs)
    if owed:
        tasks.nudge()
    return owed
