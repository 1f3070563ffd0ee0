"""Notices for programs."""

import json

import pytest

from rtes_hub.accounts.actions import make_token
from rtes_hub.notices.models import Notice
from tests.hub.telling import shut_out, tell
from tests.make import a_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shut_out")]
__all__ = ["shut_out"]

API = "/api/v1/notices/"


@pytest.fixture
def person():
    return a_user("camille@example.org")


def signed(user, *scopes):
    token = make_token(user, name="essai", scopes=scopes or ("read", "write"), by=None)
    return {"headers": {"Authorization": f"Token {token}"}}


def test_a_program_reads_and_marks_the_notices_of_its_owner(client, person, shut_out):
    other = a_user()
    for number in range(3):
        tell(person, other, key=f"answer:{number}", about=f"test:{number}", title=f"Nouvelle {number}")
    shut_out.add((person.pk, "0"))
    token = signed(person)
    answer = client.get(API, **token).json()
    assert [one["title"] for one in answer["results"]] == ["Nouvelle 2", "Nouvelle 1"]
    (newest, _older) = answer["results"]
    assert newest["url"] == "http://127.0.0.1:8000/discussions/1/"
    assert newest["read_at"] is None
    marked = client.post(f"{API}{newest['id']}/read/", **token)
    assert marked.json()["read_at"] is not None
    unread = client.get(API, {"unread": "true"}, **token).json()
    assert [one["title"] for one in unread["results"]] == ["Nouvelle 1"]
    assert client.post(f"{API}read/", **token).json() == {"read": 2}
    assert Notice.objects.filter(user=other, read_at=None).count() == 3
    theirs = Notice.objects.filter(user=other)[0].pk
    assert client.post(f"{API}{theirs}/read/", **token).status_code == 404


def test_a_program_without_token_or_right_is_refused(client, person, shut_out):
    tell(person)
    pk = Notice.objects.get().pk
    assert client.get(API).status_code == 401
    assert client.post(f"{API}read/").status_code == 401
    assert client.post(f"{API}read/", **signed(person, "read")).status_code == 403
    assert client.get(API, {"unred": "true"}, **signed(person)).status_code == 400
    shut_out.add((person.pk, "1"))
    answer = client.post(f"{API}{pk}/read/", **signed(person))
    assert answer.status_code == 404
    assert "Camille vous" not in json.dumps(answer.json())
