"""How far measures, themes and pledges have come, and which days count. Pure: no table, no clock.

Progress is a whole number of per cent, or None where nothing counts. It is what a local authority says of itself.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from resources.kinds.charter_words import Status

#: Statuses that say the progress by themselves, whatever was typed.
SAID = {Status.NOT_STARTED: 0, Status.DROPPED: 0, Status.DONE: 100}
#: After these, nothing more is awaited.
CLOSED = frozenset({Status.DONE, Status.DROPPED, Status.NOT_APPLICABLE})


@dataclass(frozen=True, kw_only=True)
class Rolled:
    themes: Mapping[str, int | None]  #: by code, in the order given
    whole: int | None


def counted(status: str, progress: int) -> int | None:
    """What a commitment counts for; None when it does not concern whoever pledged, and counts for nothing.

    A measure that was dropped was promised all the same: it counts, for 0.
    """
    if status == Status.NOT_APPLICABLE:
        return None
    return SAID.get(Status(status), progress)


def mean(values: Iterable[int | None]) -> int | None:
    """The mean of what counts, to the nearest whole; never 100 before all is done, nor 0 once something has begun."""
    numbers = [value for value in values if value is not None]
    if not numbers:
        return None
    total, count = sum(numbers), len(numbers)
    if total in (0, 100 * count):
        return total // count
    return min(max((2 * total + count) // (2 * count), 1), 99)


def roll_up(commitments: Iterable[tuple[str, int | None]], themes: Iterable[str]) -> Rolled:
    """(theme, what it counts for), … → each theme, and the pledge: every measure weighs the same.

    A measure under none of the `themes`, since the charter has changed, counts in the whole.
    """
    found = list(commitments)
    return Rolled(
        themes={theme: mean(value for of, value in found if of == theme) for theme in themes},
        whole=mean(value for _of, value in found),
    )


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or its last one: a month after 31 January is 28 or 29 February."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def elapsed(start: date, end: date, today: date) -> int:
    """How much of the window is behind us, in per cent; 0 before it opens, 100 once it is closed."""
    if today <= start:
        return 0
    return 100 if today >= end else (today - start).days * 100 // (end - start).days


def is_late(status: str, deadline: date, today: date) -> bool:
    return today > deadline and Status(status) not in CLOSED


def next_update(today: date, months: int, end: date) -> date:
    """When to tell of it again: as often as the charter wants, and once more on the last day of the window."""
    following = months_after(today, months)
    return end if today < end < following else following
