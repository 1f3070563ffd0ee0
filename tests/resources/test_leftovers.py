"""Files without a row are deleted, a day later; never one that a row names, whichever room it belongs to."""

import os
import time

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import models

from resources import leftovers, recurring
from resources.models import Attachment
from tests.make import a_practice
from tests.resources.test_documents import joined

pytestmark = pytest.mark.django_db

#: Every field of the hub that names a file.
FIELDS = [
    (model, field)
    for model in apps.get_models()
    for field in model._meta.concrete_fields
    if isinstance(field, models.FileField)
]


@pytest.fixture(autouse=True)
def _a_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def a_file(name, *, days):
    path = settings.MEDIA_ROOT / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"%PDF-1.4")
    return aged(path, days)


def aged(path, days):
    then = time.time() - days * 86_400
    os.utime(path, (then, then))
    return path


@pytest.mark.parametrize(("model", "field"), FIELDS, ids=[str(field) for _, field in FIELDS])
def test_what_no_row_names_goes_and_what_one_names_stays(model, field, monkeypatch):
    """A row is only its name here: what else a room asks of it is its own business."""
    folder = field.upload_to.partition("/")[0]
    named, orphan = a_file(f"{folder}/2026/01/named.pdf", days=30), a_file(f"{folder}/2026/01/orphan.pdf", days=30)
    asked = []

    def rows(fields, names):
        asked.append({str(one) for one in fields})
        return {f"{folder}/2026/01/named.pdf"} & set(names)

    monkeypatch.setattr(leftovers, "_named", rows)
    recurring.delete_leftovers()
    assert named.exists()
    assert not orphan.exists()
    assert asked == [{str(one) for _, one in FIELDS}]


def test_the_file_of_a_sheet_stays_however_old():
    kept = joined(a_practice("draft"))
    path = aged(settings.MEDIA_ROOT / kept.file.name, 400)
    assert leftovers.delete() == 0
    assert path.exists()
    Attachment.objects.all().delete()
    assert leftovers.delete() == 1
    assert not path.exists()


def test_a_file_just_written_waits_for_its_row():
    path = a_file("attachments/2026/01/young.pdf", days=0.5)
    assert leftovers.delete() == 0
    assert path.exists()


def test_a_file_that_another_field_names_in_the_same_folder_stays():
    path = a_file("proofs/2026/01/shared.pdf", days=30)
    sheet = a_practice("draft")
    Attachment.objects.create(resource=sheet, token="t", title="t", media_type="x", file="proofs/2026/01/shared.pdf")
    assert leftovers.delete() == 0
    assert path.exists()


def test_nothing_else_of_the_hub_is_touched():
    others = [a_file(name, days=400) for name in ("hub.sqlite3", "mail/a.log", "secret.key")]
    assert leftovers.delete() == 0
    assert all(path.exists() for path in others)


def test_more_files_than_are_asked_for_at_once(monkeypatch):
    monkeypatch.setattr(leftovers, "AT_ONCE", 2)
    for number in range(5):
        a_file(f"attachments/2026/01/{number}.pdf", days=2)
    sheet = a_practice("draft")
    Attachment(resource=sheet, token="k", title="k", media_type="x").file.save("k.pdf", ContentFile(b"%PDF"), save=True)
    assert leftovers.delete() == 5
    assert Attachment.objects.get(token="k").file.storage.exists(Attachment.objects.get(token="k").file.name)
