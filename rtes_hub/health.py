"""Two questions of machines: does it live (`/healthz`), may it be sent people (`/readyz`)?

Answers name what fails and never say more: they are public.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.core.cache import caches
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult

log = logging.getLogger(__name__)

#: A task still waiting after this means that no worker takes them.
OLDEST_TASK = timedelta(minutes=10)

_migrations_seen: list[bool] = []


@require_safe
@never_cache
def healthz(_request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(_request: HttpRequest) -> JsonResponse:
    checks = {name: "ok" if _passes(check) else "failing" for name, check in CHECKS.items()}
    ready = set(checks.values()) == {"ok"}
    return JsonResponse({"status": "ok" if ready else "failing", "checks": checks}, status=200 if ready else 503)


def _passes(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:  # whatever the engine's own error is, it is a failure to name and to log
        log.exception("not ready")
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def _migrations() -> bool:
    """Once true it stays so: this process knows no migration that comes later."""
    if not _migrations_seen:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        _migrations_seen.append(True)
    return True


def _cache() -> bool:
    for cache in caches.all():
        cache.get("readyz")
    return True


def _tasks() -> bool:
    return not DBTaskResult.objects.ready().filter(enqueued_at__lt=timezone.now() - OLDEST_TASK).exists()


CHECKS: dict[str, Callable[[], bool]] = {
    "database": _database,
    "migrations": _migrations,
    "cache": _cache,
    "tasks": _tasks,
}
