import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied

from federation import actors, delivery, outbox
from federation.errors import Refused, TryLater
from federation.models import Activity, Actor, Delivery, Follow, Incoming, Peer, StoredObject
from federation.partners import agreement, answers, charter
from federation.partners.agreement import Impossible
from federation.wire import read
from rtes_hub.accounts.models import Identity
from rtes_hub.audit.models import Line
from tests import make
from tests.federation.knocking import a_speaker, knock
from tests.federation.peers import a_peer, a_remote_actor, a_remote_hub, a_server

pytestmark = pytest.mark.django_db

HUB = "https://partner.example"
CHARTER = {"hub": "Réseau voisin", "entity": "Région voisine", "contact": "ess@voisine.example", "rules": "Courtoisie."}


@pytest.fixture
def there(settings):
    """Another hub that can be discovered."""
    with a_server(settings) as server:
        uri = f"{server.origin}/ap/actor"
        nodeinfo = {"links": [{"rel": "https://www.w3.org/ns/activitystreams#Application", "href": uri}]}
        document = {
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": uri,
            "type": "Application",
            "preferredUsername": "hub",
            "name": "Réseau voisin",
            "inbox": f"{uri}/inbox",
            "outbox": f"{uri}/outbox",
        }
        server.pages["/.well-known/nodeinfo"] = ("application/json", json.dumps(nodeinfo).encode())
        server.pages["/ap/actor"] = ("application/activity+json", json.dumps(document).encode())
        yield server


def said():
    """What we owe, in order."""
    return [d.activity.type for d in Delivery.objects.select_related("activity").order_by("activity_id")]


def a_request(hub, number=1, **extra):
    ours = actors.instance().uri
    return {"id": f"{hub.uri}/follows/{number}", "type": "Follow", "actor": hub.uri, "object": ours, **extra}


def they_ask(hub, **extra):
    answers.on_follow_of_hub(hub, a_request(hub, **extra), hub.peer)
    return Peer.objects.get(pk=hub.peer_id)


def they_answer(type_, hub, about=None):
    about = about or Follow.objects.get(follower=actors.instance()).uri
    head = read.activity({"id": f"{hub.uri}/answers/1", "type": type_, "actor": hub.uri, "object": about})
    {"Accept": answers.on_accept, "Reject": answers.on_reject, "Undo": answers.on_undo}[type_](hub, head)
    return Peer.objects.get(pk=hub.peer_id)


def a_stranger():
    return a_remote_hub(peer=a_peer(HUB, "unknown"))


def we_asked():
    hub = a_stranger()
    hub.peer.agreement = "asked"
    hub.peer.actor_uri = hub.uri
    hub.peer.save()
    agreement.ties.follow(hub)
    return hub


def a_partner():
    hub = a_stranger()
    they_ask(hub)
    agreement.accept(hub.peer, by=None)
    they_answer("Accept", hub)
    Delivery.objects.all().delete()
    return Actor.objects.get(pk=hub.pk)


def acts():
    return list(Line.objects.order_by("pk").values_list("act", flat=True))


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


# Parting ----------------------------------------------------------------------------------------------------------


def a_waiting(type_):
    author = actors.make("Organization", f"dijon-{type_.lower()}")
    document = {"id": outbox.activity_uri(), "type": type_, "actor": author.uri}
    outbox.send(author, document, to_inboxes=[f"{HUB}/ap/inbox"], object_uri=f"{author.uri}/{type_}")


def test_ending_tells_them_and_only_withdrawals_still_leave():
    hub = a_partner()
    a_waiting("Create")
    a_waiting("Delete")
    peer = agreement.end(hub.peer, by=make.an_administrator())
    assert (peer.level, peer.agreement, peer.backfill) == ("unknown", "ended", "none")
    assert said() == ["Delete", "Undo", "Reject"]
    assert not Follow.objects.exists()
    assert acts()[-1] == "partner.end"


def test_what_a_former_partner_shared_stays():
    hub = a_partner()
    now = datetime(2026, 11, 1, tzinfo=UTC)
    StoredObject.objects.create(
        uri=f"{HUB}/o/1", kind="good-practice", actor=hub, local=False, document="{}", published=now, updated=now
    )
    agreement.end(hub.peer, by=None)
    assert StoredObject.objects.filter(removed_at=None).exists()


@pytest.mark.parametrize("type_", ["Undo", "Reject"])
def test_a_partner_that_leaves_is_a_partner_no_more(type_):
    hub = a_partner()
    about = Follow.objects.get(follower__local=type_ == "Reject").uri
    peer = they_answer(type_, hub, about=about)
    assert (peer.level, peer.agreement) == ("unknown", "ended")
    assert not Follow.objects.exists()
    assert said() == []
    assert acts()[-1] == "partner.ended"


def test_an_author_that_one_of_theirs_follows_no_more_is_only_that():
    hub = a_partner()
    author = actors.make("Organization", "dijon")
    fan = a_remote_actor(peer=hub.peer)
    Follow.objects.create(follower=fan, followed=author, uri=f"{fan.uri}/f/1", state="accepted")
    peer = they_answer("Undo", fan, about=f"{fan.uri}/f/1")
    assert peer.agreement == "accepted"
    assert not Follow.objects.filter(follower=fan).exists()


def test_nobody_undoes_the_follow_of_another():
    hub = a_partner()
    about = Follow.objects.get(follower__local=False).uri
    other = a_remote_actor(peer=hub.peer)
    assert they_answer("Undo", other, about=about).agreement == "accepted"


def test_a_stranger_cannot_be_parted_from():
    with pytest.raises(Impossible, match="not your partner"):
        agreement.end(a_peer(HUB, "unknown"), by=None)
    assert said() == []


def test_a_request_of_ours_may_be_taken_back():
    hub = we_asked()
    peer = agreement.end(Peer.objects.get(pk=hub.peer_id), by=None)
    assert peer.agreement == "ended"
    assert said() == ["Follow", "Undo"]


# Trust, block, sync -----------------------------------------------------------------------------------------------


def test_trust_makes_partners_on_this_side_at_once(there):
    peer = agreement.trust(there.origin, by=None)
    assert (peer.level, peer.agreement, peer.backfill) == ("partner", "accepted", "running")
    assert said() == ["Follow"]


def test_trust_does_not_wait_for_a_hub_that_is_down(settings):
    settings.RTES = replace(settings.RTES, test_peers=frozenset({"127.0.0.1:1"}))
    peer = agreement.trust("http://127.0.0.1:1", by=None)
    assert (peer.level, peer.actor_uri, peer.backfill) == ("partner", "", "running")
    assert said() == []


def test_trust_given_twice_is_given_once(there):
    agreement.trust(there.origin, by=None)
    agreement.trust(there.origin, by=None)
    assert said() == ["Follow"]
    assert acts() == ["partner.trust"]


def test_trust_answers_a_request_that_waits(there):
    uri = f"{there.origin}/ap/actor"
    hub = a_remote_hub(there.origin, peer=a_peer(there.origin, "unknown"), uri=uri)
    they_ask(hub)
    agreement.trust(there.origin, by=None)
    assert said() == ["Accept", "Follow"]


def test_blocking_ends_everything_and_hides_what_they_shared():
    hub = a_partner()
    a_waiting("Create")
    a_waiting("Delete")
    now = datetime(2026, 11, 1, tzinfo=UTC)
    StoredObject.objects.create(
        uri=f"{HUB}/o/1", kind="good-practice", actor=hub, local=False, document="{}", published=now, updated=now
    )
    peer = agreement.block(HUB, by=None)
    assert peer.level == "blocked"
    assert said() == []
    assert not Follow.objects.exists()
    assert not StoredObject.objects.exists()
    assert agreement.unblock(HUB, by=None).level == "unknown"


def test_a_blocked_hub_cannot_ask():
    hub = a_remote_hub(peer=a_peer(HUB, "blocked"))
    with pytest.raises(Refused):
        they_ask(hub)
    assert said() == []


def test_sync_reads_everything_again():
    hub = a_partner()
    Peer.objects.update(backfill="done", backfill_count=7, backfill_cursor="x")
    peer = agreement.sync(hub.peer, by=None)
    assert (peer.backfill, peer.backfill_count, peer.backfill_cursor) == ("running", 0, "")


# Who may ----------------------------------------------------------------------------------------------------------

ACTS = {
    "ask": lambda by: agreement.ask(HUB, by=by),
    "trust": lambda by: agreement.trust(HUB, by=by),
    "accept": lambda by: agreement.accept(Peer.objects.get(), by=by),
    "refuse": lambda by: agreement.refuse(Peer.objects.get(), by=by),
    "end": lambda by: agreement.end(Peer.objects.get(), by=by),
    "block": lambda by: agreement.block(HUB, by=by),
    "unblock": lambda by: agreement.unblock(HUB, by=by),
    "sync": lambda by: agreement.sync(Peer.objects.get(), by=by),
    "send_again": lambda by: agreement.send_again(Delivery(), by=by),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", [make.a_user, make.a_coordinator])
def test_only_administrators_decide(act, who):
    they_ask(a_stranger())
    before = Peer.objects.values().get()
    with pytest.raises(PermissionDenied):
        ACTS[act](who())
    assert Peer.objects.values().get() == before
    assert said() == []
    assert acts() == ["partner.asked"]


def test_our_charter_is_what_the_administrator_wrote():
    Identity.objects.update_or_create(pk=1, defaults={"name": "Réseau", "moderation_rules": "Être courtois.\n\nCiter."})
    assert charter.ours() == {"hub": "Réseau", "rules": "Être courtois.\n\nCiter."}


# Through the door -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("standing", "verb", "status"),
    [
        ("ended", "Delete", 202),
        ("ended", "Undo", 202),
        ("ended", "Reject", 202),
        ("ended", "Create", 403),
        ("ended", "Update", 403),
        ("refused", "Create", 403),
        ("refused", "Undo", 202),
        ("none", "Delete", 403),
    ],
)
def test_what_a_former_partner_may_still_say(client, settings, standing, verb, status):
    with a_server(settings) as server:
        a_peer(server.origin, "unknown", agreement=standing)
        speaker = a_speaker(server)
        assert knock(client, speaker, speaker.says(verb, speaker.new_uri())).status_code == status
    assert Incoming.objects.exists() is (status == 202)


def test_a_blocked_server_may_say_nothing_whatever_the_past(client, settings):
    with a_server(settings) as server:
        a_peer(server.origin, "blocked", agreement="ended")
        speaker = a_speaker(server)
        assert knock(client, speaker, speaker.says("Delete", speaker.new_uri())).status_code == 403
    assert not Incoming.objects.exists()
