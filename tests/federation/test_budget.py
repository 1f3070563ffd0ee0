"""Nobody makes us knock at others' doors without end: a stranger proves nothing until its key was fetched."""

from datetime import timedelta

import pytest
from django.utils import timezone

from federation import budget
from federation.models import Budget, Incoming, Peer
from tests.federation.knocking import Speaker, a_key, a_practice, a_speaker, hub_uri, knock, state
from tests.federation.peers import a_peer, a_server

pytestmark = pytest.mark.django_db


def ask(client, server, number, **spoiled):
    """To be our partner, in the name of an actor that may not exist."""
    nobody = Speaker(server, f"/nobody/{number}")
    return knock(client, nobody, nobody.says("Follow", hub_uri()), **spoiled)


@pytest.mark.parametrize("known", ["never heard of", "reader", "asked", "received", "ended"])
def test_one_server_is_asked_three_times_in_ten_minutes_whatever_comes_in_its_name(
    client, stranger, known, time_machine
):
    server = stranger.server
    if known == "reader":
        a_peer(server.origin, level="reader")
    elif known != "never heard of":
        a_peer(server.origin, level="unknown", agreement=known, actor_uri=f"{server.origin}/ap/actor")
    answers = [ask(client, server, number) for number in range(40)]
    assert [answer.status_code for answer in answers] == [401] * 3 + [429] * 37
    assert len(server.asked) == len(set(server.asked)) == 3
    assert 0 < int(answers[-1]["Retry-After"]) <= 600
    assert answers[-1]["Content-Type"] == "application/problem+json"
    time_machine.move_to(timezone.now() + timedelta(minutes=11))
    assert ask(client, server, 50).status_code == 401


def test_all_strangers_together_make_us_ask_thirty_times_a_minute(client, hub, settings, monkeypatch, time_machine):
    monkeypatch.setattr(budget, "ALL", (4, timedelta(minutes=1)))
    time_machine.move_to(timezone.now(), tick=False)
    asked = 0
    for _ in range(6):
        with a_server(settings) as server:
            ask(client, server, 1)
            asked += len(server.asked)
    assert asked == 4
    assert Budget.objects.count() == 5, "a row each, and one for all: those who were refused leave none"
    time_machine.shift(timedelta(minutes=11))
    with a_server(settings) as server:
        assert ask(client, server, 1).status_code == 401
    assert Budget.objects.count() == 2


def test_one_server_that_is_refused_spends_nothing_of_what_is_for_all(client, stranger, settings):
    for number in range(60):
        ask(client, stranger.server, number)
    assert Budget.objects.get(origin="").spent == 3


def test_what_is_remembered_of_an_actor_costs_nothing(client, stranger):
    for _ in range(6):
        assert knock(client, stranger, stranger.says("Follow", hub_uri()), key=a_key("other")).status_code == 401
    assert Budget.objects.get(origin=stranger.server.origin).spent == 1
    assert knock(client, stranger, stranger.says("Follow", hub_uri())).status_code == 202


@pytest.mark.parametrize(
    "spoiled",
    [{"headers": {"Signature": "forged"}}, {"key_id": "https://other.example/a#main-key"}, {"signed_body": b"{}"}],
    ids=["no signature", "a key of another server", "another body"],
)
def test_what_is_refused_without_any_key_costs_nothing(client, stranger, spoiled):
    before = state()
    assert ask(client, stranger.server, 1, **spoiled).status_code in (400, 401, 403)
    assert stranger.server.asked == []
    assert not Budget.objects.exists()
    assert state() == before


def test_partners_are_asked_as_often_as_they_need(client, partner, monkeypatch):
    monkeypatch.setattr(budget, "ALL", (0, timedelta(minutes=1)))
    for number in range(5):
        one = a_speaker(partner.server, f"/ap/orgs/{number}")
        assert knock(client, one, one.says("Create", a_practice(one))).status_code == 202
    assert Incoming.objects.count() == 5
    assert Peer.objects.count() == 1
    assert not Budget.objects.exists()
