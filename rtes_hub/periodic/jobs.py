"""The jobs that recur, and the turn that runs those whose time has come."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.utils import timezone

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    name: str
    interval: timedelta
    run: Callable[[], object]


_JOBS: dict[str, Job] = {}


def every(seconds: float, name: str) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Run the decorated function every so many seconds, once in the whole hub.

    `name` is the key of its row: it never changes, or the job runs twice on the day it does.
    Raises: ValueError when the name is taken.
    """

    def register(run: Callable[[], object]) -> Callable[[], object]:
        known = _JOBS.get(name)
        if known and (known.run.__module__, known.run.__qualname__) != (run.__module__, run.__qualname__):
            raise ValueError(f"{name} is the name of another job")
        _JOBS[name] = Job(name, timedelta(seconds=seconds), run)
        return run

    return register


def tick(now: datetime | None = None) -> list[str]:
    """Run what is due and nobody else runs; the names of what ran. Costs one query when nothing is due.

    A job that raises is logged and comes again at its next time: it never stops the others.
    """
    now = now or timezone.now()
    return [job.name for job in _due(now) if _elected(job, now) and _run(job)]


def _rows() -> Any:
    """The table, found late: this module is imported with the package, before Django has loaded any model."""
    return apps.get_model("periodic", "Periodic")._default_manager


def _due(now: datetime) -> list[Job]:
    """Those whose time has come, or that were set so far ahead that the clock must have been put back."""
    rows = _rows()
    times: dict[str, datetime] = dict(rows.values_list("name", "next_run"))
    if missing := _JOBS.keys() - times.keys():
        rows.bulk_create([rows.model(name=name, next_run=now) for name in missing], ignore_conflicts=True)
        times |= dict.fromkeys(missing, now)
    return [job for job in _JOBS.values() if not now < times[job.name] <= now + job.interval]


def _elected(job: Job, now: datetime) -> bool:
    row = _rows().filter(name=job.name).exclude(next_run__gt=now, next_run__lte=now + job.interval)
    return bool(row.update(next_run=now + job.interval))


def _run(job: Job) -> bool:
    try:
        job.run()
    except Exception:
        logger.exception("%s failed; it comes again in %s", job.name, job.interval)
    return True
