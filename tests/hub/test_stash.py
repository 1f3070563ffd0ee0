"""What is typed after a session ended is kept for people who were signed in, and for nobody else."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from rtes_hub.accounts import recurring, stash
from tests.make import a_contributor, a_practice, a_thread
from tests.returning import session_ended

pytestmark = pytest.mark.django_db

PASSWORD = "mot-de-passe-des-tests"


def paths():
    """Pages in which a signed-out person may send what they typed."""
    sheet, thread = a_practice("draft"), a_thread()
    return {
        "a sheet": reverse("resource-edit", args=[sheet.pk, "besoin"]),
        "no sheet": reverse("resource-edit", args=[999_999, "x"]),
        "an answer": reverse("thread-reply", args=[thread.pk]),
        "a report": f"{reverse('report')}?uri={sheet.uri}",
    }


@pytest.mark.parametrize("page", ["a sheet", "no sheet", "an answer", "a report"])
@pytest.mark.parametrize("cookie", [None, "1", "1:1abcde:forged"])
def test_who_never_signed_in_here_fills_nothing(page, cookie):
    path = paths()[page]
    for _ in range(3):
        client = Client()
        if cookie:
            client.cookies[settings.RETURNING_COOKIE_NAME] = cookie
        client.post(path, {"title": "a" * 100_000, "source": "a" * 100_000})
    assert not Session.objects.exists()


def test_every_sign_in_marks_the_browser(client):
    user = a_contributor()
    answer = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    cookie = answer.cookies[settings.RETURNING_COOKIE_NAME]
    assert cookie["max-age"] > settings.SESSION_COOKIE_AGE
    assert cookie["httponly"]


def test_a_session_that_ended_on_this_side_loses_nothing(client):
    """The whole way: signed in, the row is gone, what was sent meanwhile is there after signing in again."""
    user, path = a_contributor(), paths()["a sheet"]
    said = {"login": user.email, "password": PASSWORD}
    client.post(reverse("account_login"), said)
    Session.objects.all().delete()
    answer = client.post(path, {"problem": "Une heure de travail"})
    assert client.post(answer["Location"], said)["Location"] == path
    assert "Une heure de travail" in client.get(path).content.decode()


def test_what_is_kept_has_a_size(client):
    session_ended(client)
    client.post(paths()["a sheet"], {"problem": "a" * (stash.MAX_STASH + 1)})
    assert not Session.objects.exists()


def test_ended_sessions_are_forgotten_each_day(client):
    session_ended(client)
    client.post(paths()["a sheet"], {"problem": "Jamais repris"})
    recurring.forget_sessions()
    assert Session.objects.count() == 1
    Session.objects.update(expire_date=timezone.now() - timedelta(days=1))
    recurring.forget_sessions()
    assert not Session.objects.exists()
