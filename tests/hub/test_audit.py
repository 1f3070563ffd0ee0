import pytest
from django.db import transaction

from rtes_hub.audit.actions import record
from rtes_hub.audit.models import Line
from tests.make import a_user

pytestmark = pytest.mark.django_db


def test_a_line_says_who_did_what():
    user = a_user()
    line = record("resource.publish", "https://hub.example/ap/objects/1", by=user, version=2)
    line.refresh_from_db()
    assert (line.by, line.act, line.details) == (user, "resource.publish", {"version": 2})


def test_an_act_that_fails_leaves_no_line():
    with pytest.raises(RuntimeError), transaction.atomic():
        record("resource.publish", "https://hub.example/ap/objects/1")
        raise RuntimeError
    assert not Line.objects.exists()


def test_lines_outlive_the_account():
    user = a_user()
    record("resource.publish", "https://hub.example/ap/objects/1", by=user)
    user.delete()
    assert Line.objects.get().by is None
