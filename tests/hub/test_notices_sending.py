"""Sending letters: once each, with patience, whatever dies or runs twice."""

import threading
from datetime import timedelta
from unittest import mock

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.utils import timezone

from rtes_hub.notices import actions, digests, letters, recurring, telling
from rtes_hub.notices.models import Letter, Notice, Topic
from tests.hub.telling import MONDAY, WEDNESDAY, post, shut_out, tell, told_at, wants
from tests.make import a_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shut_out")]
__all__ = ["shut_out"]

CANARY = "canari-7f3a91"


@pytest.fixture
def person():
    return a_user("camille@example.org", full_name="Camille Martin")


def a_server_that_is_down():
    return mock.patch.object(EmailBackend, "send_messages", side_effect=ConnectionRefusedError)


# Never twice ----------------------------------------------------------------------------------------------------------


def test_running_everything_twice_sends_one_letter(person):
    told_at(WEDNESDAY, person)
    assert len(post(MONDAY) + post(MONDAY) + post(MONDAY + timedelta(minutes=10))) == 1
    assert Letter.objects.get().sent_at is not None


def test_a_letter_claimed_by_another_worker_is_left_alone(person):
    told_at(WEDNESDAY, person)
    with time_machine.travel(MONDAY, tick=False):
        digests.leave()
        assert letters._claim() is not None
        assert letters._claim() is None
    assert post(MONDAY) == []
    assert len(post(MONDAY + letters.LEASE)) == 1, "the worker was killed: its lease ends"


@pytest.mark.django_db(transaction=True)
def test_two_workers_and_two_schedulers_at_once_send_one_letter_each():
    people = [a_user() for _ in range(6)]
    tell(*people)
    Notice.objects.update(at=timezone.now() - timedelta(days=8))
    start, failures = threading.Barrier(3), []

    def work():
        try:
            start.wait()
            digests.leave()
            letters.turn()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(person.email for person in people)
    assert Letter.objects.filter(sent_at=None).count() == 0


def test_a_rival_that_takes_the_notices_in_between_leaves_no_letter_to_owe(person):
    told_at(WEDNESDAY, person)
    everything = Notice.objects.all()
    rivals = iter([lambda: letters.owe(person.pk, "weekly", everything)])

    def now():
        for rival in rivals:
            assert rival()
        return MONDAY

    with time_machine.travel(MONDAY, tick=False), mock.patch.object(letters.timezone, "now", now):
        assert not letters.owe(person.pk, "weekly", everything)
    assert len(post(MONDAY)) == 1


def test_a_rival_that_tells_the_same_in_between_makes_no_second_notice_nor_letter(person):
    wants(person, "now")
    rhythms = telling._rhythms
    rivals = iter([lambda: tell(person)])

    def slowly(*given):
        for rival in rivals:
            rival()
        return rhythms(*given)

    with mock.patch.object(telling, "_rhythms", slowly):
        tell(person)
    assert (Notice.objects.count(), Letter.objects.count()) == (1, 1)


def test_a_letter_keeps_its_id_from_one_attempt_to_the_next(person):
    told_at(WEDNESDAY, person)
    (first,) = post(MONDAY)
    Letter.objects.update(sent_at=None, next_try=MONDAY)  # killed before it could write that it was sent
    (again,) = post(MONDAY)
    assert first.message()["Message-ID"] == again.message()["Message-ID"]


# Patience -------------------------------------------------------------------------------------------------------------


def test_a_server_that_is_down_is_tried_again_with_patience_then_given_up(person):
    told_at(WEDNESDAY, person)
    now, waits = MONDAY, []
    with a_server_that_is_down():
        post(now)
        while (due := Letter.objects.get().next_try) is not None:
            assert post(due - timedelta(seconds=1)) == []
            waits.append(due - now)
            now = due
            post(now)
    assert waits == letters.PATIENCE
    assert Letter.objects.get().error.startswith("ConnectionRefusedError")
    assert post(now + timedelta(days=30)) == []


def test_a_server_that_is_down_is_not_hammered_with_all_that_is_owed():
    told_at(WEDNESDAY, *[a_user() for _ in range(10)])
    with a_server_that_is_down() as knocked:
        post(MONDAY)
    assert knocked.call_count == letters.GIVE_WAY
    assert len(post(MONDAY + timedelta(minutes=2))) == 10


def test_the_sweep_nudges_only_when_something_is_due(person, monkeypatch, django_assert_num_queries):
    nudges = []
    monkeypatch.setattr(recurring.tasks, "nudge", lambda: nudges.append(1))
    with django_assert_num_queries(1):
        recurring.sweep()
    assert not nudges
    wants(person, "now")
    tell(person)
    nudges.clear()
    recurring.sweep()
    assert nudges == [1]


def test_rows_are_forgotten_when_they_are_old(person):
    told_at(WEDNESDAY, person)
    told_at(WEDNESDAY, person, key="answer:2", topic=Topic.MENTION)
    post(MONDAY)
    with time_machine.travel(MONDAY + timedelta(days=91)):
        recurring.prune()
        assert (Letter.objects.count(), Notice.objects.count()) == (0, 2)
        assert digests.leave() == 0, "a notice whose letter is forgotten was mailed all the same"
    with time_machine.travel(WEDNESDAY + timedelta(days=366)):
        recurring.prune()
        assert not Notice.objects.exists()


def test_what_is_withdrawn_while_its_letter_waits_for_the_server_is_not_mailed(person):
    told_at(WEDNESDAY, person, title=CANARY)
    with a_server_that_is_down():
        assert post(MONDAY) == []
    actions.forget("test:1")
    assert post(MONDAY + timedelta(hours=1)) == []
    assert not Letter.objects.exists()
