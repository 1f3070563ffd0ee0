"""Turns: each activity has its effect once, in its order, and a poisoned one harms no other."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from federation import patience, processing
from federation.errors import TryLater
from federation.models import Incoming, StoredObject
from federation.wire import write
from tests.federation.knocking import a_practice, knock

pytestmark = pytest.mark.django_db


def waiting(partner, client, *activities):
    for activity in activities:
        assert knock(client, partner, activity).status_code == 202


def test_a_poisoned_activity_waits_and_blocks_only_its_own_thing(client, partner, shelf, monkeypatch, caplog):
    poisoned, healthy = a_practice(partner, title="Poison"), a_practice(partner)
    later = write.update(
        partner.new_uri("activities"),
        a_practice(partner, poisoned["id"], version=2, updated=datetime(2026, 5, 1, tzinfo=UTC)),
    )
    heal = shelf.receive

    def receive(publication, author):
        if publication.title == "Poison":
            raise ZeroDivisionError
        heal(publication, author)

    monkeypatch.setattr(shelf, "receive", receive)
    first = write.create(partner.new_uri("activities"), poisoned)
    waiting(partner, client, first, write.create(partner.new_uri("activities"), healthy), later)
    processing.turn_inbox()
    assert [publication.uri for publication, _ in shelf.received] == [healthy["id"]]
    row = Incoming.objects.get(uri=first["id"])
    assert (row.state, row.tries) == ("waiting", 1)
    assert "ZeroDivisionError" in row.error
    assert "could not be processed" in caplog.text

    monkeypatch.setattr(shelf, "receive", heal)
    Incoming.objects.update(next_try=timezone.now())
    processing.turn_inbox()
    assert [publication.title for publication, _ in shelf.received[1:]] == ["Poison", "Une ressourcerie"]


def test_what_fails_for_a_day_is_parked(client, partner, shelf, monkeypatch):
    def later(*_args, **_kwargs):
        raise TryLater("the disk is full")

    monkeypatch.setattr(shelf, "receive", later)
    waiting(partner, client, write.create(partner.new_uri("activities"), a_practice(partner)))
    for tries in range(1, 5):
        processing.turn_inbox()
        row = Incoming.objects.get()
        assert (row.state, row.tries) == ("waiting", tries)
        assert row.next_try >= timezone.now() + patience.PATIENCE[tries - 1] - timedelta(seconds=2)
        Incoming.objects.update(next_try=timezone.now())
    Incoming.objects.update(received_at=timezone.now() - timedelta(hours=25))
    processing.turn_inbox()
    row = Incoming.objects.get()
    assert (row.state, row.error) == ("parked", "the disk is full")
    assert not StoredObject.objects.exists()


def test_two_turns_at_once_have_one_effect(client, partner, shelf):
    waiting(partner, client, write.create(partner.new_uri("activities"), a_practice(partner)))
    row = Incoming.objects.get()
    processing.process(row)
    processing.process(row)
    assert len(shelf.received) == 1
