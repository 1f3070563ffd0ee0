"""What an answer to a delivery means, and how long to wait before the next attempt. Pure: no database, no clock.

The promises are those of the partner convention: fourteen days of patience, no hammering, one verdict a status.
"""

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import Enum, auto

#: Wait after the first failure, the second…; the last one is repeated.
PATIENCE = [
    timedelta(seconds=2),
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=1),
]
SLOW = timedelta(hours=1)  #: when a person must do something on either side
JITTER = 0.2  #: of the hourly waits, so that a thousand deliveries do not knock together
LIFE = timedelta(days=14)  #: after its making a delivery is given up; a Delete never is
LONGEST_WAIT = timedelta(hours=24)  #: a longer Retry-After is not believed

BREAKER = 5  #: failures in a row that close a lane
BREAKER_WAIT = timedelta(minutes=5)  #: before the first probe; doubled at each failed probe
BREAKER_LONGEST = timedelta(hours=1)


class Verdict(Enum):
    SENT = auto()
    LATER = auto()  #: this delivery again, others meanwhile
    BUSY = auto()  #: nothing to this server before its time
    SLOW = auto()  #: again each hour, and tell the administrator: a key, a clock or a right is missing
    MOVED = auto()  #: ask the actor once where its inbox is; then as SLOW
    GONE = auto()  #: parked, and nothing more is sent to that inbox
    PARKED = auto()  #: refused for good: kept with the answer, to be sent again by hand


#: First line that holds the status decides.
VERDICTS: list[tuple[range | tuple[int, ...], Verdict]] = [
    (range(200, 300), Verdict.SENT),
    (range(300, 400), Verdict.MOVED),  # a POST is never redirected
    ((401, 403), Verdict.SLOW),
    ((404,), Verdict.MOVED),
    ((408, 425), Verdict.LATER),
    ((410,), Verdict.GONE),
    ((429, 503), Verdict.BUSY),
    ((501,), Verdict.PARKED),
    (range(400, 500), Verdict.PARKED),
    (range(500, 600), Verdict.LATER),
]


def verdict(status: int | None) -> Verdict:
    """`None`: nobody answered, so the whole server waits."""
    if status is None:
        return Verdict.BUSY
    return next((meaning for statuses, meaning in VERDICTS if status in statuses), Verdict.LATER)


def wait(tries: int) -> timedelta:
    """Before the next attempt, after so many failed ones (1 or more)."""
    base = PATIENCE[min(tries, len(PATIENCE)) - 1]
    return spread(base) if base >= SLOW else base


def spread(base: timedelta) -> timedelta:
    return base * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - no secret


def breaker_wait(failures: int) -> timedelta | None:
    """How long a lane stays closed after so many failures in a row; None while it may stay open."""
    if failures < BREAKER:
        return None
    return min(BREAKER_WAIT * 2 ** min(failures - BREAKER, 10), BREAKER_LONGEST)


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """What `Retry-After` asks for, in seconds or as a date (RFC 9110 §10.2.3), at most LONGEST_WAIT.

    `headers` has its names in lower case.
    """
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return timedelta(seconds=min(int(said[:12]), LONGEST_WAIT.total_seconds()))
    try:
        date = parsedate_to_datetime(said)
    except ValueError:
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=UTC)
    return min(max(date - now, timedelta()), LONGEST_WAIT)
