from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from rtes_hub.periodic import every, jobs, tick
from rtes_hub.periodic.models import Periodic

pytestmark = pytest.mark.django_db


@pytest.fixture
def ran(monkeypatch):
    """Only the jobs of the test, and the list of those that ran."""
    monkeypatch.setattr(jobs, "_JOBS", {})
    names = []

    @every(60, "test.minute")
    def minute():
        names.append("minute")

    @every(3600, "test.hour")
    def hour():
        names.append("hour")

    return names


def test_a_new_job_runs_at_once_then_waits_for_its_time(ran):
    now = timezone.now()
    assert sorted(tick(now)) == ["test.hour", "test.minute"]
    assert tick(now + timedelta(seconds=59)) == []
    assert tick(now + timedelta(seconds=60)) == ["test.minute"]
    assert sorted(ran) == ["hour", "minute", "minute"]


def test_of_two_schedulers_one_is_elected(ran):
    now = timezone.now()
    tick(now)
    due = now + timedelta(seconds=61)
    job = jobs._JOBS["test.minute"]
    assert jobs._elected(job, due)
    assert not jobs._elected(job, due)


def test_a_job_that_fails_stops_neither_the_others_nor_its_next_time(ran, caplog):
    now = timezone.now()

    @every(60, "test.broken")
    def broken():
        raise RuntimeError("out of order")

    assert sorted(tick(now)) == ["test.broken", "test.hour", "test.minute"]
    assert "out of order" in caplog.text
    assert "test.broken" in tick(now + timedelta(seconds=60))


def test_a_clock_put_back_does_not_silence_a_job(ran):
    now = timezone.now()
    tick(now + timedelta(days=400))
    assert sorted(tick(now)) == ["test.hour", "test.minute"]


def test_nothing_due_costs_one_query(ran, django_assert_num_queries):
    now = timezone.now()
    tick(now)
    with django_assert_num_queries(1):
        assert tick(now + timedelta(seconds=1)) == []


def test_two_jobs_cannot_have_one_name(ran):
    with pytest.raises(ValueError, match=r"test\.minute"):

        @every(5, "test.minute")
        def other():
            pass


def test_the_command_runs_once_and_says_what_ran(ran, capsys):
    call_command("tick", "--once")
    assert sorted(capsys.readouterr().out.split()) == ["test.hour", "test.minute"]
    assert Periodic.objects.count() == 2
