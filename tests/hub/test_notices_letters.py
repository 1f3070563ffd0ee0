"""Letters: when they leave, what they say, and what they never say."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from rtes_hub.accounts.actions import deactivate
from rtes_hub.notices import actions, digests, letters
from rtes_hub.notices.models import Letter, Topic
from tests.hub.telling import MONDAY, WEDNESDAY, post, shut_out, tell, told_at, wants
from tests.make import a_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shut_out")]
__all__ = ["shut_out"]

CANARY = "canari-7f3a91"


@pytest.fixture
def person():
    return a_user("camille@example.org", full_name="Camille Martin")


# When -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rhythm", "now", "left"),
    [
        ("daily", "2026-07-15T04:59:59Z", "2026-07-14T05:00:00Z"),
        ("daily", "2026-07-15T05:00:00Z", "2026-07-15T05:00:00Z"),
        ("daily", "2026-01-15T06:30:00Z", "2026-01-15T06:00:00Z"),  # winter
        ("daily", "2026-01-15T05:30:00Z", "2026-01-14T06:00:00Z"),
        ("weekly", "2026-07-20T04:59:59Z", "2026-07-13T05:00:00Z"),
        ("weekly", "2026-07-20T05:00:00Z", "2026-07-20T05:00:00Z"),
        ("weekly", "2026-07-26T23:00:00Z", "2026-07-20T05:00:00Z"),
        ("weekly", "2026-03-30T05:00:00Z", "2026-03-30T05:00:00Z"),  # the clocks changed the day before
    ],
)
def test_letters_leave_at_seven_in_paris_and_on_mondays(rhythm, now, left):
    assert digests.last_leaving(rhythm, datetime.fromisoformat(now)) == datetime.fromisoformat(left)


def test_weekly_is_the_rule_and_nothing_leaves_before(person):
    told_at(WEDNESDAY, person)
    assert post(WEDNESDAY + timedelta(days=1)) == []
    assert post(MONDAY - timedelta(seconds=1)) == []
    (letter,) = post(MONDAY)
    assert letter.to == ["camille@example.org"]
    assert "Oui, nous l’avons fait." in letter.body


def test_a_scheduler_that_was_stopped_at_seven_does_it_when_it_is_back(person):
    told_at(WEDNESDAY, person)
    told_at(MONDAY + timedelta(hours=1), person, key="answer:2", title="Trop tard pour ce lundi")
    (letter,) = post(MONDAY + timedelta(hours=30))
    assert "Trop tard" not in letter.body
    (letter,) = post(MONDAY + timedelta(days=7))
    assert "Trop tard" in letter.body
    assert "Camille vous répond" not in letter.body


@pytest.mark.parametrize(
    ("frequency", "at_once", "next_day", "next_monday"),
    [("now", 1, 0, 0), ("daily", 0, 1, 0), ("weekly", 0, 0, 1), ("never", 0, 0, 0)],
)
def test_each_frequency_is_kept_and_tells_once(person, frequency, at_once, next_day, next_monday):
    wants(person, frequency)
    told_at(WEDNESDAY, person)
    assert len(post(WEDNESDAY)) == at_once
    assert len(post(WEDNESDAY + timedelta(days=1))) == next_day
    assert len(post(MONDAY)) == next_monday
    assert post(MONDAY + timedelta(days=30)) == []


def test_who_now_wants_letters_at_once_has_what_waited(person):
    told_at(WEDNESDAY, person, title="Un")
    told_at(WEDNESDAY, person, key="answer:2", title="Deux")
    wants(person, "now")
    (letter,) = post(WEDNESDAY + timedelta(minutes=1))
    assert "2" in letter.subject
    assert "Un" in letter.body
    assert "Deux" in letter.body


def test_what_was_read_in_the_hub_is_in_no_digest(person):
    told_at(WEDNESDAY, person)
    actions.mark_all_read(person)
    assert post(MONDAY) == []


def test_nothing_is_sent_when_there_is_nothing(person):
    assert post(MONDAY) == []
    assert not Letter.objects.exists()


# What -----------------------------------------------------------------------------------------------------------------


def test_a_digest_is_grouped_and_the_newest_first(person):
    for hours, group, title in [(0, "Mobilité", "A"), (1, "Cantines", "B"), (2, "Mobilité", "C"), (3, "Cantines", "D")]:
        when = WEDNESDAY + timedelta(hours=hours)
        told_at(when, person, key=f"k{hours}", group=group, title=f"Nouvelle {title}", text=f"Texte de {title}.")
    (letter,) = post(MONDAY)
    html = letter.alternatives[0][0]
    expected = [
        "Cantines",
        "Nouvelle D",
        "Texte de D.",
        "Nouvelle B",
        "Mobilité",
        "Nouvelle C",
        "Nouvelle A",
        "Texte de A.",
    ]
    for said in (letter.body, html[html.index("<body") :]):
        assert sorted(expected, key=said.index) == expected
        assert all(said.count(word) == 1 for word in expected)


def test_links_are_absolute_and_on_this_hub(person):
    told_at(WEDNESDAY, person)
    (letter,) = post(MONDAY)
    html = letter.alternatives[0][0]
    assert "http://127.0.0.1:8000/discussions/1/" in letter.body
    links = re.findall(r'href="([^"]*)"', html)
    assert "http://127.0.0.1:8000/discussions/1/" in links
    assert all(link.startswith("http://127.0.0.1:8000/") for link in links)


@pytest.mark.parametrize(("language", "word"), [("fr", "Bonjour"), ("en", "Hello")])
def test_a_letter_speaks_the_language_of_its_reader(language, word):
    told_at(WEDNESDAY, a_user(language=language))
    (letter,) = post(MONDAY)
    assert letter.body.startswith(word)
    assert f'<html lang="{language}">' in letter.alternatives[0][0]


def test_a_letter_shows_fifty_and_says_that_there_are_more(person):
    with time_machine.travel(WEDNESDAY, tick=False):
        for number in range(53):
            tell(person, key=f"answer:{number}", title=f"Nouvelle {number}.")
    (letter,) = post(MONDAY)
    assert letter.body.count("Nouvelle ") == letters.IN_A_LETTER
    assert re.search(r"\b3 ", letter.body.split("Nouvelle ")[-1])
    assert post(MONDAY + timedelta(days=7)) == []


@pytest.mark.parametrize("field", ["title", "group", "text"])
def test_no_header_is_added_by_what_is_told(person, field):
    wants(person, "now")
    tell(person, **{field: "Bonjour\r\nBcc: tous@example.org\r\n\r\n<script>alert(1)</script>\u2028x"})
    (letter,) = post(timezone.now())
    source = letter.message()
    assert source["Bcc"] is None
    assert letter.recipients() == ["camille@example.org"]
    assert "\n" not in str(source["Subject"]).replace("\n ", "")
    assert "<script>" not in letter.alternatives[0][0]


def test_a_letter_says_how_to_stop_it_and_answers_no_absence(person):
    told_at(WEDNESDAY, person)
    (letter,) = post(MONDAY)
    headers = letter.message()
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"].startswith("<http://127.0.0.1:8000/avis/stop/")
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["List-Unsubscribe"].strip("<>") in letter.body


# Never what one may not see -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("frequency", ["now", "daily", "weekly"])
def test_what_was_withdrawn_after_it_was_told_is_not_mailed(person, shut_out, frequency):
    wants(person, frequency)
    told_at(WEDNESDAY, person, title=CANARY, text=CANARY, group=CANARY)
    told_at(WEDNESDAY, person, key="answer:2", about="test:2", title="Autre chose")
    shut_out.add((person.pk, "1"))
    sent = post(MONDAY)
    assert CANARY not in "".join(letter.message().as_string() for letter in sent)
    assert "Autre chose" in "".join(letter.body for letter in sent)


def test_nothing_is_sent_to_a_deactivated_person(person):
    told_at(WEDNESDAY, person)
    wants(person, "now", Topic.MENTION)
    told_at(WEDNESDAY, person, topic=Topic.MENTION, key="mention:1")
    deactivate(person, by=None)
    assert post(MONDAY) == []
    assert not Letter.objects.exists()
