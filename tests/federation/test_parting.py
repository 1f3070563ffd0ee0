from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied

from federation import actors, delivery, outbox
from federation.errors import Refused
from federation.models import Delivery, Follow, Incoming, Peer, StoredObject
from federation.partners import agreement, charter
from federation.partners.agreement import Impossible
from rtes_hub.accounts.models import Identity
from tests import make
from tests.federation.agreements import (
    HUB,
    a_partner,
    a_stranger,
    acts,
    said,
    they_answer,
    they_ask,
    we_asked,
)
from tests.federation.knocking import a_speaker, knock
from tests.federation.peers import a_peer, a_remote_actor, a_remote_hub, a_server

pytestmark = pytest.mark.django_db


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
    assert said() == ["Delete"]
    assert not delivery.due().exists()
    assert not Follow.objects.exists()
    assert not StoredObject.objects.exists()
    assert agreement.unblock(HUB, by=None).level == "unknown"
    assert [owed.activity.type for owed in delivery.due()] == ["Delete"]


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
