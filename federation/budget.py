"""How often strangers may make us fetch something: a garbage signature is free to make, and our GET hits who it names.

Its table is small by construction: a row an origin, made only while the budget of all lasts, dropped when it is over.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from federation.errors import TryLater
from federation.models import Budget

EVERYBODY = ""
#: Requests, in how long: for one origin, and for all of them together.
EACH = (3, timedelta(minutes=10))
ALL = (30, timedelta(minutes=1))


class TooOften(TryLater):
    """Too many questions of strangers, to be answered 429."""

    status = 429


def spend(origin: str) -> None:
    """Count one request to that origin, or nothing when it may not be made. Raises: TooOften."""
    now = timezone.now()
    with transaction.atomic():
        Budget.objects.exclude(origin=EVERYBODY).filter(since__lte=now - EACH[1]).delete()
        _spend(EVERYBODY, *ALL, now)
        _spend(origin, *EACH, now)


def _spend(origin: str, most: int, period: timedelta, now: datetime) -> None:
    row, _ = Budget.objects.select_for_update().get_or_create(origin=origin, defaults={"since": now})
    if row.since <= now - period:
        Budget.objects.filter(pk=row.pk).update(since=now, spent=0)
        row.since, row.spent = now, 0
    if row.spent >= most:
        raise TooOften("too many requests of servers that we do not know", (row.since + period - now).total_seconds())
    Budget.objects.filter(pk=row.pk).update(spent=F("spent") + 1)
