"""The digest sees what is said and what is kept, and is blind to clocks."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from rtes_hub.accounts.models import User
from rtes_hub.management.commands.state_digest import VOLATILE, tables

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def digest(*arguments: str) -> dict:
    out = io.StringIO()
    call_command("state_digest", *arguments, stdout=out)
    return json.loads(out.getvalue())


def changed(before: dict, after: dict) -> set[str]:
    names = before["tables"].keys() | after["tables"].keys()
    found = {n for n in names if before["tables"].get(n) != after["tables"].get(n)}
    return found | ({"files"} if before["files"] != after["files"] else set())


def test_nothing_done_nothing_changed():
    assert digest() == digest()


def test_a_row_changes_its_table_and_no_other():
    before = digest()
    user = User.objects.create_user("elue@dijon.example")
    made = digest()
    assert changed(before, made) == {User._meta.db_table}
    user.full_name = "Élue"
    user.save()
    assert changed(made, digest()) == {User._meta.db_table}
    user.delete()
    assert digest() == before


def test_clocks_change_nothing():
    user = User.objects.create_user("elue@dijon.example")
    before = digest()
    user.last_login = timezone.now()
    user.save()
    assert digest() == before


def test_a_file_counts_by_its_path_and_its_content(folder):
    before = digest()
    (folder / "a").mkdir()
    (folder / "a" / "b.pdf").write_bytes(b"one")
    made = digest()
    assert changed(before, made) == {"files"}
    (folder / "a" / "b.pdf").write_bytes(b"two")
    assert digest()["files"] != made["files"]
    (folder / "a" / "b.pdf").write_bytes(b"one")
    assert digest() == made
    (folder / "a" / "b.pdf").rename(folder / "a" / "c.pdf")
    assert digest()["files"] != made["files"]


def test_one_table_may_be_asked_for():
    whole = digest()["tables"]
    assert digest("--only", "audit_line") == {"tables": {"audit_line": whole["audit_line"]}}


def test_a_table_that_is_not_there_is_named():
    with pytest.raises(CommandError, match="No such table: nothing"):
        digest("--only", "nothing")


def test_every_column_left_out_exists():
    """A column renamed must not be watched by accident, nor forgotten in the list."""
    columns = {field.attname for model in tables().values() for field in model._meta.concrete_fields}
    assert columns >= VOLATILE
