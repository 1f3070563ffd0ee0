"""What the hub holds, as digests: two equal answers mean that nothing was changed in between."""

import hashlib
import json
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, ProgrammingError, models

#: Tables that move by themselves, or hold nothing of anybody's.
LEFT_OUT_TABLES = {
    "django_session",
    "django_tasks_db_dbtaskresult",
    "django_content_type",
    "auth_permission",
    "federation_seensignature",
    "federation_budget",
}

#: Columns that move without anything having been said: clocks, leases, tries.
VOLATILE = {
    "last_login",  # accounts.User
    "last_used_at",  # accounts.ApiToken
    "next_run",  # periodic.Periodic
    "fetched_at",  # federation.Actor
    "lease_until",  # federation.Peer and what follows
    "open_until",
    "not_before",
    "last_in_at",
    "last_out_at",
    "last_error",
    "failures",
    "backfill_next_try",
    "backfill_tries",
    "places_next_try",
    "places_tries",
    "next_try",  # federation.Delivery and Incoming
    "tries",
    "last_status",
}


def of_table(model: type[models.Model]) -> str:
    """SHA-256 of the rows in the order of their keys, one line of JSON each."""
    names = sorted(f.attname for f in model._meta.concrete_fields if f.attname not in VOLATILE)
    digest = hashlib.sha256()
    for row in model._base_manager.order_by("pk").values_list(*names).iterator(chunk_size=2000):
        digest.update(json.dumps(row, default=_plain, ensure_ascii=False, sort_keys=True).encode())
        digest.update(b"\n")
    return digest.hexdigest()


def of_files(root: Path) -> str:
    """SHA-256 over path, size and content digest of every file below `root`."""
    digest = hashlib.sha256()
    for path in sorted(p for p in root.rglob("*") if p.is_file()):
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        digest.update(f"{path.relative_to(root)}\0{path.stat().st_size}\0{content}\n".encode())
    return digest.hexdigest()


def state_digest() -> dict[str, Any]:
    """{"tables": {name: sha256}, "files": sha256}, hexadecimal."""
    return {
        "tables": {name: of_table(model) for name, model in tables().items()},
        "files": of_files(Path(settings.MEDIA_ROOT)),
    }


def tables() -> dict[str, type[models.Model]]:
    found = {m._meta.db_table: m for m in apps.get_models(include_auto_created=True) if not m._meta.proxy}
    return {name: found[name] for name in sorted(found.keys() - LEFT_OUT_TABLES)}


def _plain(value: Any) -> str:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value)


class Command(BaseCommand):
    help = "Print a SHA-256 of each table (volatile columns left out) and of the tree of files, as JSON."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--only", metavar="TABLE", action="append", help="only this table; may be repeated")

    def handle(self, *, only: list[str] | None, **_options: Any) -> None:
        known = tables()
        if unknown := sorted(set(only or ()) - known.keys()):
            raise CommandError(f"No such table: {', '.join(unknown)}. Tables: {', '.join(known)}.")
        try:
            digest = {"tables": {name: of_table(known[name]) for name in only}} if only else state_digest()
        except (OperationalError, ProgrammingError) as error:
            raise CommandError(f"The tables are not ready ({error}): run manage.py start first.") from error
        self.stdout.write(json.dumps(digest, indent=2))
