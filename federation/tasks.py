"""The engine's side: five tasks, and the nudges that enqueue them.

A task only nudges rows along. Rows hold attempts, times and states, so a task may run twice, at once, or never:
the sweep comes every few seconds. The modules that do the work import this one and say so with `@does`;
hence this module imports none of them, and federation.recurring, loaded at start, imports all.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db import transaction
from django_tasks import task
from django_tasks_db.models import DBTaskResult

LINGER = 0.06  #: seconds that the work of the inbox goes on looking after the last thing it found
#: Seconds after a nudge in which another one by the same process is left out: shorter than the work lingers.
ENOUGH = 0.05
MARKED = 60  #: seconds: a broker without worker is given one nudge of each sort in that time

_WORK: dict[str, Callable[..., object]] = {}


def does(name: str) -> Callable[[Callable[..., object]], Callable[..., object]]:
    """This function is the work of the task of that name, as below."""

    def register(work: Callable[..., object]) -> Callable[..., object]:
        _WORK[name] = work
        return work

    return register


@task()
def deliver() -> None:
    """Send what is due to every server that may be spoken to."""
    _do("deliver")


@task()
def process_inbox() -> None:
    """Give effect to what was received and stored."""
    _do("process_inbox")


@task()
def backfill(peer_pk: int) -> None:
    """Fetch what a partner published before we knew it."""
    _do("backfill", peer_pk)


@task()
def converge(peer_pk: int) -> None:
    """Compare with a partner, and mend what differs."""
    _do("converge", peer_pk)


@task()
def places() -> None:
    """Learn what places partners have, and what was said in them."""
    _do("places")


def nudge_delivery() -> None:
    _nudge(deliver)


def nudge_inbox() -> None:
    _nudge(process_inbox)


def nudge_backfill(peer_pk: int) -> None:
    _nudge(backfill, peer_pk)


def nudge_convergence(peer_pk: int) -> None:
    _nudge(converge, peer_pk)


def nudge_places() -> None:
    _nudge(places)


def _nudge(work: Any, *args: int) -> None:
    """After the commit. A broken engine is logged and harms nobody's act: what is owed stands as a row."""

    def enqueue() -> None:  # not a partial: Django names what fails, and a partial has no name
        if not _already_waits(work, args):
            work.enqueue(*args)

    if settings.RTES.federation != "off":
        transaction.on_commit(enqueue, robust=True)


def _do(name: str, *args: int) -> None:
    """What is nudged from now on is another task's: this one may have looked already."""
    if settings.RTES.tasks == "celery":
        caches["federation"].delete(_key(name, args))
    _WORK[name](*args)


def _already_waits(work: Any, args: tuple[int, ...]) -> bool:
    """A hundred acts in one transaction, or an hour without a worker, leave one nudge.

    A broker cannot be asked what waits in it: a mark in the cache says so, for a minute at most, in case it lost it.
    """
    if settings.RTES.tasks == "celery":
        return not caches["federation"].add(_key(work.name, args), True, MARKED)
    if work is process_inbox and not caches["throttle"].add(_key(work.name, args), True, ENOUGH):
        return True
    waiting = DBTaskResult.objects.ready().filter(task_path=work.module_path)
    return any(one.get("args") == list(args) for one in waiting.values_list("args_kwargs", flat=True)[:100])


def _key(name: str, args: tuple[int, ...]) -> str:
    return ":".join(("federation:nudged", name, *map(str, args)))
