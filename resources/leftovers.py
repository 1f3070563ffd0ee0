"""Files that no row names: an act that failed after its file was written leaves one behind."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db.models import FileField
from django.utils import timezone

YOUNG = timedelta(days=1)  #: the row of a younger file may not be written yet
AT_ONCE = 500  #: files asked for in one query


def delete() -> int:
    """Delete what has stood unnamed for a day in the folders that file fields write to. How many files that was."""
    fields = list(_fields())
    gone = 0
    for some in _batches(_old(sorted({_folder(field) for field in fields}))):
        for name in some.keys() - _named(fields, some.keys()):
            some[name].unlink(missing_ok=True)
            gone += 1
    return gone


def _fields() -> Iterator[FileField]:
    """Of every app: a room that keeps files somewhere else, or shares a folder, is asked too."""
    for model in apps.get_models():
        yield from (field for field in model._meta.concrete_fields if isinstance(field, FileField))


def _folder(field: FileField) -> str:
    return str(field.upload_to).partition("/")[0]


def _old(folders: Iterable[str]) -> Iterator[tuple[str, Path]]:
    """(name as a row would have it, where it is)."""
    root, before = Path(settings.MEDIA_ROOT), (timezone.now() - YOUNG).timestamp()
    for folder in filter(None, folders):
        for path in (root / folder).rglob("*"):
            if path.is_file() and path.stat().st_mtime < before:
                yield path.relative_to(root).as_posix(), path


def _batches(files: Iterator[tuple[str, Path]]) -> Iterator[dict[str, Path]]:
    while some := dict(islice(files, AT_ONCE)):
        yield some


def _named(fields: list[FileField], names: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for field in fields:
        rows = field.model._base_manager.filter(**{f"{field.name}__in": list(names)})
        found.update(rows.values_list(field.name, flat=True))
    return found
