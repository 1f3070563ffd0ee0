"""The index made again from what is there, after a change of the analyser. Each app says how, in its `indexing.py`."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import transaction

#: Puts in the index what is there of one app, and drops the rest; gives how many things can be found.
Remake = Callable[[], int]

BATCH = 500  #: things a transaction

_REMAKES: dict[str, Remake] = {}


def remakes(what: str) -> Callable[[Remake], Remake]:
    """This function answers for "resources", "discussions"… Raises: ValueError when another does already."""

    def register(remake: Remake) -> Remake:
        if what in _REMAKES:
            raise ValueError(f"{what} is answered for already")
        _REMAKES[what] = remake
        return remake

    return register


def everything() -> dict[str, int]:
    return {what: remake() for what, remake in _REMAKES.items()}


def in_batches(keys: Iterable[Any], put: Callable[[Sequence[Any]], None]) -> int:
    """Some at a time, each in a transaction of its own; `put` reads them again in it, as they are then."""
    listed = list(keys)
    for start in range(0, len(listed), BATCH):
        with transaction.atomic():
            put(listed[start : start + BATCH])
    return len(listed)
