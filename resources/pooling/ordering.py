"""In which order the gestures of one collectivité take effect, whatever the order in which they arrive. Pure.

Each gesture of a collectivité on an action has a `sequence`, one more than the last that its hub sent, and says which
one it comes `after`: the last that its hub still counts on. The hub of the lead takes them in that order, once each.
"""

from collections.abc import Iterable
from enum import Enum, auto
from typing import Protocol


class Turn(Enum):
    NOW = auto()  #: take it
    LATER = auto()  #: one that it follows has not come yet
    PAST = auto()  #: it came before, or something later did


class Sent(Protocol):
    """A step, as the hub that sent it keeps it."""

    @property
    def sequence(self) -> int: ...
    @property
    def is_awaited(self) -> bool: ...


def turn(sequence: int, after: int, *, last: int) -> Turn:
    """`last`: the sequence of the last one that was answered; 0 when there is none."""
    if sequence <= last:
        return Turn.PAST
    return Turn.LATER if after > last else Turn.NOW


def following(sent: Iterable[Sent], *, mirrored: int) -> tuple[int, int]:
    """(sequence, after) of a new gesture. `mirrored`: the last that the lead says it took into account.

    What was refused or given up is not waited for: were it waited for, a gesture lost for ever would stop all others.
    """
    steps = list(sent)
    sequence = max([mirrored, *(step.sequence for step in steps)]) + 1
    return sequence, max([mirrored, *(step.sequence for step in steps if step.is_awaited)])
