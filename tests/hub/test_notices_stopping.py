"""The link that stops letters: one click, no session, nothing to guess."""

from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from rtes_hub.notices import actions, stopping
from rtes_hub.notices.models import Frequency, Notice, Topic
from tests.hub.telling import MONDAY, WEDNESDAY, post, shut_out, told_at, wants
from tests.make import a_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shut_out")]
__all__ = ["shut_out"]


@pytest.fixture
def person():
    return a_user("camille@example.org", full_name="Camille Martin")


def stop_url(letter) -> str:
    return letter.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://127.0.0.1:8000")


def test_one_click_stops_that_letter_without_session_or_csrf(person):
    told_at(WEDNESDAY, person)
    (letter,) = post(MONDAY)
    stranger = Client(enforce_csrf_checks=True)
    for _ in range(2):  # mail programs may send it twice
        answer = stranger.post(stop_url(letter), {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert not answer.cookies
    assert set(actions.frequencies(person).values()) == {Frequency.NEVER}
    told_at(MONDAY + timedelta(hours=1), person, key="answer:2")
    assert post(MONDAY + timedelta(days=7)) == []
    assert Notice.objects.filter(read_at=None).count() == 2, "the site goes on telling"


def test_stopping_one_letter_leaves_the_others(person):
    wants(person, "now")
    wants(person, "daily", Topic.MENTION)
    told_at(WEDNESDAY, person)
    (letter,) = post(WEDNESDAY)
    Client().post(stop_url(letter))
    chosen = actions.frequencies(person)
    assert (chosen["answer"], chosen["mention"], chosen["review"]) == ("never", "daily", "weekly")
    told_at(WEDNESDAY, person, topic=Topic.MENTION, key="mention:1")
    (letter,) = post(WEDNESDAY + timedelta(days=1))
    Client().post(stop_url(letter))
    assert (actions.frequencies(person)["mention"], actions.frequencies(person)["review"]) == ("never", "weekly")


def test_opening_the_link_only_asks(client, person):
    told_at(WEDNESDAY, person)
    (letter,) = post(MONDAY)
    answer = client.get(stop_url(letter), headers={"accept-language": "en"})
    assert answer.status_code == 200
    assert "Stop them" in answer.content.decode()
    assert person.email not in answer.content.decode()
    assert set(actions.frequencies(person).values()) == {Frequency.WEEKLY}


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_of_last_year_refuses_politely(client, person, method):
    with time_machine.travel(timezone.now() - stopping.LIFE - timedelta(days=1)):
        url = stopping.url(person, "rhythm:weekly")
    answer = getattr(client, method)(url.removeprefix("http://127.0.0.1:8000"), headers={"accept-language": "en"})
    assert answer.status_code == 410
    assert "more than a year old" in answer.content.decode()
    assert reverse("notice-settings") in answer.content.decode()
    assert set(actions.frequencies(person).values()) == {Frequency.WEEKLY}


@pytest.mark.parametrize(
    "token",
    [
        lambda user: "nonsense",
        lambda user: signing.dumps([user.pk, "rhythm:weekly"], salt=stopping.SALT)[:-2],
        lambda user: signing.dumps([user.pk, "rhythm:weekly"], salt="another"),
        lambda user: signing.dumps([user.pk, "all"], salt=stopping.SALT),
        lambda user: signing.dumps([user.pk + 1000, "rhythm:weekly"], salt=stopping.SALT),
    ],
)
def test_a_link_that_is_none_changes_nothing(client, person, token):
    answer = client.post(reverse("notices-stop", args=[token(person)]))
    assert answer.status_code == 404
    assert reverse("notice-settings") in answer.content.decode()
    assert set(actions.frequencies(person).values()) == {Frequency.WEEKLY}
