"""Who the door lets in, and that whoever it does not leaves nothing behind. Through HTTP, signed for real."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from federation import actors, inbox, storing
from federation.models import Incoming, Peer, SeenSignature
from federation.wire import canonical
from tests.federation.knocking import a_key, hub_uri, knock, state
from tests.federation.peers import a_peer

pytestmark = pytest.mark.django_db


def mode(settings, name):
    settings.RTES = replace(settings.RTES, federation=name)


@pytest.mark.parametrize("format_", ["cavage", "rfc9421"])
def test_a_partner_is_let_in_and_its_words_are_kept_once(client, partner, format_):
    activity = partner.says("Create", partner.a_note())
    assert knock(client, partner, activity, format=format_).status_code == 202
    kept = Incoming.objects.get()
    assert bytes(kept.body) == canonical.dumps(activity)
    assert (kept.uri, kept.actor_uri, kept.state) == (activity["id"], partner.uri, "waiting")
    assert actors.find(partner.uri).name == "Région voisine"


def spoiled(partner, **change):
    return partner.says("Create", partner.a_note(), **change)


DEEP = b'{"a":' * 40 + b"1" + b"}" * 40

#: What is wrong, the answer, and how it is made: the activity or body, then what `knock` spoils.
REFUSED = [
    ("unsigned", 401, lambda p: (spoiled(p), {"headers": {"Signature": None}})),
    ("a signature that is none", 400, lambda p: (spoiled(p), {"headers": {"Signature": "forged"}})),
    ("another's key under its name", 401, lambda p: (spoiled(p), {"key": a_key("other")})),
    ("a key of another server", 403, lambda p: (spoiled(p), {"key_id": "https://other.example/a#main-key"})),
    ("a key that its document does not list", 401, lambda p: (spoiled(p), {"key_id": f"{p.uri}#other"})),
    ("another body than signed", 401, lambda p: (spoiled(p), {"signed_body": b"{}"})),
    ("signed too long ago", 401, lambda p: (spoiled(p), {"now": timezone.now() - timedelta(minutes=6)})),
    ("signed in the future", 401, lambda p: (spoiled(p), {"now": timezone.now() + timedelta(minutes=6)})),
    ("signed for another server", 401, lambda p: (spoiled(p), {"signed_url": "http://other.example/ap/inbox"})),
    ("signed for another inbox", 401, lambda p: (spoiled(p), {"signed_url": "http://127.0.0.1:8000/ap/other"})),
    ("no digest", 401, lambda p: (spoiled(p), {"headers": {"Digest": None}})),
    ("too large", 413, lambda p: (b'{"a":"' + b"x" * inbox.MAX_BYTES + b'"}', {})),
    ("nested too deep", 400, lambda p: (DEEP, {})),
    ("no JSON", 400, lambda p: (b"{", {})),
    ("not UTF-8", 400, lambda p: (b'{"a":"\xff"}', {})),
    ("duplicate keys", 400, lambda p: (b'{"id":"https://a.example/1","id":"https://b.example/1"}', {})),
    ("no number", 400, lambda p: (b'{"id":NaN}', {})),
    ("rearranged by JSON-LD", 400, lambda p: (spoiled(p, **{"@graph": []}), {})),
    ("words with another meaning", 400, lambda p: (spoiled(p, **{"@context": {"actor": "https://e.example/x"}}), {})),
    ("not JSON by its type", 415, lambda p: (spoiled(p), {"headers": {"Content-Type": "text/html"}})),
    ("no type", 400, lambda p: (spoiled(p, type=...), {})),
    ("no id", 400, lambda p: (spoiled(p, id=...), {})),
    ("an id that is a number", 400, lambda p: (spoiled(p, id=1), {})),
    ("an actor that is a number", 400, lambda p: (spoiled(p, actor=1), {})),
    ("two actors", 400, lambda p: (spoiled(p, actor=[p.uri, p.uri + "x"]), {})),
    ("an id on another server", 403, lambda p: (spoiled(p, id="https://other.example/1"), {})),
    ("an id with a user", 400, lambda p: (spoiled(p, id="https://me@other.example/1"), {})),
    ("an id with a port", 403, lambda p: (spoiled(p, id="https://other.example:8443/1"), {})),
    ("an actor on another server", 403, lambda p: (spoiled(p, actor="https://other.example/a"), {})),
    ("an actor of ours", 403, lambda p: (spoiled(p, actor=hub_uri(), id=f"{hub_uri()}/1"), {})),
]


@pytest.mark.parametrize(("status", "make"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_whoever_is_refused_leaves_nothing(client, partner, status, make):
    activity, change = make(partner)
    before = state()
    answer = knock(client, partner, activity, **change)
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"]
    assert state() == before


def test_the_very_same_request_twice_is_a_replay(client, partner):
    activity = partner.says("Create", partner.a_note())
    now = timezone.now()
    assert knock(client, partner, activity, now=now).status_code == 202
    before = state()
    answer = knock(client, partner, activity, now=now)
    assert answer.status_code == 401
    assert "replayed" in answer.json()["detail"]
    assert state() == before


def test_the_same_activity_newly_signed_is_thanked_for_and_kept_once(client, partner):
    activity = partner.says("Create", partner.a_note())
    knock(client, partner, activity)
    before = state()
    assert knock(client, partner, activity, now=timezone.now() - timedelta(seconds=3)).status_code == 202
    assert Incoming.objects.count() == 1
    assert state() == before


def test_a_replay_is_forgotten_when_the_clock_refuses_it_anyway(client, partner, time_machine):
    knock(client, partner, partner.says("Create", partner.a_note()))
    storing.forget_signatures()
    assert SeenSignature.objects.exists()
    time_machine.move_to(timezone.now() + timedelta(minutes=11))
    storing.forget_signatures()
    assert not SeenSignature.objects.exists()


# Welcome ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["Create", "Update", "Announce", "Like", "Accept", "Undo", "Follow"])
def test_a_stranger_is_refused_before_anything_is_fetched(client, stranger, verb):
    before = state()
    activity = stranger.says(verb, stranger.a_note() if verb in ("Create", "Update") else stranger.new_uri())
    assert knock(client, stranger, activity).status_code == 403
    assert state() == before
    assert stranger.server.asked == []


def test_the_one_thing_a_stranger_may_say_is_a_request_for_partnership(client, stranger):
    assert knock(client, stranger, stranger.says("Follow", hub_uri())).status_code == 202
    assert Incoming.objects.get().peer.level == Peer.Level.UNKNOWN


def test_a_forged_request_for_partnership_leaves_nothing(client, stranger):
    before = state()
    assert knock(client, stranger, stranger.says("Follow", hub_uri()), key=a_key("other")).status_code == 401
    assert state() == before


def test_a_flood_of_requests_is_told_to_come_back(client, stranger, monkeypatch):
    monkeypatch.setattr(inbox, "MAX_REQUESTS", 1)
    a_peer("https://waiting.example", level="unknown", agreement="received")
    before = state()
    answer = knock(client, stranger, stranger.says("Follow", hub_uri()))
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert state() == before


def test_the_blocked_may_not_even_ask(client, stranger):
    a_peer(stranger.server.origin, level="blocked")
    assert knock(client, stranger, stranger.says("Follow", hub_uri())).status_code == 403


@pytest.mark.parametrize(("verb", "status"), [("Follow", 202), ("Undo", 202), ("Create", 403), ("Like", 403)])
def test_an_open_hub_lets_strangers_follow_and_no_more(client, settings, stranger, verb, status):
    mode(settings, "open")
    activity = stranger.says(verb, stranger.a_note() if verb == "Create" else stranger.new_uri())
    assert knock(client, stranger, activity).status_code == status


def test_a_hub_that_does_not_federate_lets_nobody_in(client, settings, partner):
    mode(settings, "off")
    assert knock(client, partner, partner.says("Create", partner.a_note())).status_code == 403


def test_the_goodbye_of_an_unknown_actor_costs_nothing(client, stranger):
    """Servers tell everybody, and their key is gone already: nothing is fetched for it."""
    before = state()
    assert knock(client, stranger, stranger.says("Delete", stranger.uri)).status_code == 202
    assert state() == before
    assert stranger.server.asked == []


# Addresses and load -----------------------------------------------------------------------------------------------


def test_each_actor_has_an_inbox_and_nobody_else(client, partner):
    own = f"{hub_uri()}/inbox"
    assert knock(client, partner, partner.says("Create", partner.a_note()), url=own).status_code == 202
    nobody = "http://127.0.0.1:8000/ap/orgs/nobody/inbox"
    assert knock(client, partner, partner.says("Create", partner.a_note()), url=nobody).status_code == 404


@pytest.mark.parametrize("format_", ["cavage", "rfc9421"])
@pytest.mark.parametrize("written", ["/ap/%69nbox", "/%61p/inbox?to=caf%C3%A9%2Fx", "/ap/inbox?to=a%20b+c"])
def test_an_inbox_is_signed_for_as_its_address_is_written(client, partner, written, format_):
    """Escapes and all: the signature covers them, though the path that the views see is decoded."""
    url = f"http://127.0.0.1:8000{written}"
    client.defaults["RAW_URI"] = written  # as gunicorn gives it
    assert knock(client, partner, partner.says("Create", partner.a_note()), url=url, format=format_).status_code == 202
    client.defaults["RAW_URI"] = "/ap/inbox"
    assert knock(client, partner, partner.says("Create", partner.a_note()), url=url, format=format_).status_code == 401


def test_a_server_without_raw_addresses_writes_them_anew(client, partner):
    url = "http://127.0.0.1:8000/ap/inbox?to=caf%C3%A9"
    assert knock(client, partner, partner.says("Create", partner.a_note()), url=url).status_code == 202


def test_an_inbox_is_only_written_to(client):
    answer = client.get("/ap/inbox")
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"


def test_nothing_is_promised_when_there_is_too_much_to_do(client, partner, monkeypatch):
    monkeypatch.setattr(storing, "MAX_WAITING", 0)
    monkeypatch.setattr(storing, "COUNT_EVERY", 0)
    knock(client, partner, partner.says("Create", partner.a_note()))
    before = state()
    answer = knock(client, partner, partner.says("Create", partner.a_note()))
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert state() == before


def test_a_body_in_chunks_is_told_to_say_its_length(client, partner):
    before = state()
    answer = client.generic("POST", "/ap/inbox", b"", headers={"Transfer-Encoding": "chunked"}, CONTENT_LENGTH="")
    assert answer.status_code == 411
    assert state() == before
