import json

import pytest

from federation import delivery
from federation.errors import Refused, TryLater
from federation.models import Activity, Follow, Peer
from federation.partners import agreement, answers
from federation.partners.agreement import Impossible
from rtes_hub.accounts.models import Identity
from rtes_hub.audit.models import Line
from tests import make
from tests.federation.agreements import (
    CHARTER,
    HUB,
    a_partner,
    a_stranger,
    acts,
    said,
    they_answer,
    they_ask,
    we_asked,
)
from tests.federation.peers import a_peer, a_remote_actor, a_remote_hub

pytestmark = pytest.mark.django_db


# We ask -----------------------------------------------------------------------------------------------------------


def test_asking_sends_one_follow_that_carries_our_charter(there):
    Identity.objects.update_or_create(pk=1, defaults={"name": "Réseau de Dijon", "entity": "Dijon Métropole"})
    administrator = make.an_administrator()
    peer = agreement.ask(there.origin, by=administrator)
    assert (peer.agreement, peer.level, peer.name) == ("asked", "unknown", "Réseau voisin")
    delivery.turn(inline=True)
    [received] = there.received
    assert received.path == "/ap/actor/inbox"
    assert received.document["type"] == "Follow"
    assert received.document["rtes:charter"] == {"hub": "Réseau de Dijon", "entity": "Dijon Métropole"}
    line = Line.objects.get()
    assert (line.act, line.target, line.by) == ("partner.ask", there.origin, administrator)


@pytest.mark.parametrize("typed", ["{}/", "{}/ressources/", " {} "])
def test_any_address_of_the_hub_will_do(there, typed):
    assert agreement.ask(typed.format(there.origin), by=None).origin == there.origin


@pytest.mark.parametrize(
    ("level", "state", "sentence"),
    [
        ("blocked", "ended", "blocked"),
        ("partner", "accepted", "already your partner"),
        ("unknown", "asked", "been asked"),
    ],
)
def test_a_hub_that_cannot_be_asked(there, level, state, sentence):
    a_peer(there.origin, level, agreement=state)
    with pytest.raises(Impossible, match=sentence):
        agreement.ask(there.origin, by=None)
    assert not Activity.objects.exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("http://127.0.0.1:8000", "your own hub"),
        ("", "not the address"),
        ("nonsense", "not the address"),
        ("https://user@hub.example", "not the address"),
        ("http://127.0.0.1:1", "not the address"),
        ("file:///etc/passwd", "not the address"),
    ],
)
def test_what_is_no_address_of_another_hub(typed, sentence):
    with pytest.raises(Impossible, match=sentence):
        agreement.ask(typed, by=None)
    assert not Peer.objects.exists()


def test_a_site_that_is_no_hub_is_not_asked(there):
    there.pages["/.well-known/nodeinfo"] = ("application/json", b'{"links": []}')
    with pytest.raises(Impossible, match="not a hub"):
        agreement.ask(there.origin, by=None)
    assert not Peer.objects.exists()


def test_a_hub_that_does_not_answer_is_not_asked(there):
    there.pages.clear()
    with pytest.raises(Impossible):
        agreement.ask(there.origin, by=None)
    assert not Peer.objects.exists()


def test_nobody_may_stand_for_a_hub_from_another_server(there):
    link = {"rel": "https://www.w3.org/ns/activitystreams#Application", "href": "https://other.example/ap/actor"}
    there.pages["/.well-known/nodeinfo"] = ("application/json", json.dumps({"links": [link]}).encode())
    with pytest.raises(Impossible, match="another server"):
        agreement.ask(there.origin, by=None)


def test_their_yes_makes_us_partners_and_begins_to_read_their_catalogue():
    hub = we_asked()
    peer = they_answer("Accept", hub)
    assert (peer.level, peer.agreement, peer.backfill) == ("partner", "accepted", "running")
    assert peer.agreed_at is not None
    assert Follow.objects.get().state == "accepted"


def test_their_yes_counts_once():
    hub = we_asked()
    they_answer("Accept", hub)
    Peer.objects.update(backfill="done")
    assert they_answer("Accept", hub).backfill == "done"


@pytest.mark.parametrize("asked", [True, False])
def test_a_yes_to_what_we_did_not_ask_is_refused(asked):
    hub = we_asked() if asked else a_stranger()
    with pytest.raises(Refused):
        they_answer("Accept", hub, about="http://127.0.0.1:8000/ap/activities/invented")
    assert Peer.objects.get().level == "unknown"


def test_their_no_is_kept_and_we_may_ask_again():
    hub = we_asked()
    peer = they_answer("Reject", hub)
    assert (peer.level, peer.agreement) == ("unknown", "refused")
    assert not Follow.objects.exists()
    agreement._check_may_ask(peer)


# They ask ---------------------------------------------------------------------------------------------------------


def test_a_request_is_kept_with_its_charter_and_nothing_is_answered_yet():
    peer = they_ask(a_stranger(), **{"rtes:charter": CHARTER | {"unknown": "field", "entity": "Région\u202e voisine"}})
    assert (peer.level, peer.agreement) == ("unknown", "received")
    assert peer.charter == CHARTER
    assert peer.name == "Réseau voisin"
    assert said() == []
    assert acts() == ["partner.asked"]


@pytest.mark.parametrize("charter_", [None, "text", [], {"hub": 1, "entity": ["x"]}])
def test_a_charter_that_is_none_harms_nobody(charter_):
    assert they_ask(a_stranger(), **{"rtes:charter": charter_}).charter == {}


def test_asking_twice_is_one_request():
    hub = a_stranger()
    they_ask(hub)
    they_ask(hub)
    assert acts() == ["partner.asked"]
    assert Follow.objects.count() == 1


def test_accepting_says_yes_and_follows_them_in_return():
    hub = a_stranger()
    peer = agreement.accept(they_ask(hub), by=make.an_administrator())
    assert (peer.level, peer.agreement) == ("partner", "accepted")
    assert said() == ["Accept", "Follow"]
    yes = json.loads(bytes(Activity.objects.get(type="Accept").body))
    assert yes["object"]["id"] == f"{hub.uri}/follows/1"
    assert set(Follow.objects.values_list("follower__local", "state")) == {(False, "accepted"), (True, "asked")}


def test_refusing_says_no_and_keeps_the_reason_here():
    peer = agreement.refuse(they_ask(a_stranger()), by=make.an_administrator(), reason="Pas de règles")
    assert (peer.level, peer.agreement) == ("unknown", "refused")
    assert said() == ["Reject"]
    assert "Pas de règles" not in bytes(Activity.objects.get().body).decode()
    assert Line.objects.get(act="partner.refuse").details["reason"] == "Pas de règles"
    assert not Follow.objects.exists()


def test_who_was_refused_may_ask_again():
    hub = a_stranger()
    agreement.refuse(they_ask(hub), by=None)
    assert they_ask(hub).agreement == "received"


def test_a_request_taken_back_is_gone():
    hub = a_stranger()
    they_ask(hub)
    assert they_answer("Undo", hub, about=f"{hub.uri}/follows/1").agreement == "none"
    with pytest.raises(Impossible, match="no request"):
        agreement.accept(hub.peer, by=None)


@pytest.mark.parametrize("kind", ["Person", "Organization", "Service", "Group"])
def test_who_is_no_hub_gets_a_no_and_leaves_nothing(kind):
    someone = a_remote_actor(peer=a_peer(HUB, "unknown"), type=kind)
    assert they_ask(someone).agreement == "none"
    assert said() == ["Reject"]
    assert not Follow.objects.exists()


def test_a_partner_that_follows_again_gets_its_yes_again():
    hub = a_partner()
    they_ask(hub, number=2)
    assert said() == ["Accept"]
    assert Follow.objects.filter(follower__local=True).count() == 1


def test_while_partners_nobody_else_of_that_server_takes_the_hubs_place():
    hub = a_partner()
    other = a_remote_hub(peer=hub.peer, uri=f"{HUB}/ap/impostor")
    peer = they_ask(other)
    assert peer.actor_uri == hub.uri
    assert said() == ["Reject"]


def test_two_requests_that_cross_make_one_agreement():
    hub = we_asked()
    peer = they_ask(hub)
    assert (peer.level, peer.agreement) == ("partner", "accepted")
    assert said() == ["Follow", "Accept"], "each follows once, and says yes"
    peer = they_answer("Accept", hub)
    assert (peer.agreement, peer.backfill) == ("accepted", "running")
    assert set(Follow.objects.values_list("follower__local", "state")) == {(False, "accepted"), (True, "accepted")}
    assert acts() == ["partner.accepted"]


def test_asking_who_asked_is_accepting():
    they_ask(a_stranger())
    peer = agreement.ask(HUB, by=None)
    assert peer.agreement == "accepted"
    assert said() == ["Accept", "Follow"]


def test_a_flood_of_requests_is_told_to_come_back(monkeypatch):
    monkeypatch.setattr(answers, "MAX_REQUESTS", 1)
    they_ask(a_stranger())
    other = a_remote_hub("https://other.example", peer=a_peer("https://other.example", "unknown"))
    with pytest.raises(TryLater):
        they_ask(other)
    assert Follow.objects.count() == 1
