"""What a server may say while we talk of an agreement: of the two hubs, and never of one of ours who did not ask."""

from dataclasses import replace

import pytest

from federation import actors, processing
from federation.models import Actor, Follow, Incoming, Peer
from federation.partners import agreement, ties
from tests.federation.knocking import Speaker, a_speaker, hub_uri, knock
from tests.federation.peers import a_peer

pytestmark = pytest.mark.django_db

VERBS = ("Follow", "Undo", "Accept", "Reject", "Create", "Update", "Delete", "Announce", "Like", "Join")


@pytest.fixture
def boss(stranger):
    """The instance actor of the stranger's server."""
    return Speaker(stranger.server, "/ap/actor", type="Application").show()


@pytest.fixture
def dijon(hub):
    return actors.make("Organization", "dijon")


def talking(boss, state):
    """Our talks with that hub stand so; both Follows are remembered."""
    peer = a_peer(boss.server.origin, level="unknown", agreement=state, actor_uri=boss.uri)
    theirs = Actor.objects.create(
        uri=boss.uri, peer=peer, type="Application", handle="hub", inbox=f"{boss.uri}/inbox", keys=[]
    )
    ours = actors.instance()
    for follower, followed in ((theirs, ours), (ours, theirs)):
        follow = {"id": f"{follower.uri}/follows/1", "actor": follower.uri, "object": followed.uri}
        ties.remember(follower, followed, follow)
    return peer


#: By state: what the instance actor may say, of its Follow ("theirs"), ours, or our hub.
MAY = {
    "none": {("Follow", "hub")},
    "asked": {("Follow", "hub"), ("Accept", "ours"), ("Reject", "ours"), ("Undo", "theirs")},
    "received": {("Follow", "hub"), ("Undo", "theirs")},
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", MAY)
def test_only_the_two_hubs_speak_of_their_agreement(client, stranger, boss, dijon, state, verb):
    talking(boss, state)
    named = {
        "hub": hub_uri(),
        "dijon": dijon.uri,
        "theirs": f"{boss.uri}/follows/1",
        "ours": f"{hub_uri()}/follows/1",
        "other": boss.new_uri(),
    }
    for name, uri in named.items():
        answer = knock(client, boss, boss.says(verb, uri))
        assert (answer.status_code == 202) == ((verb, name) in MAY[state]), (name, answer.content)
        answer = knock(client, stranger, stranger.says(verb, uri))
        # Whoever is no hub may ask, and is answered no.
        assert (answer.status_code == 202) == ((verb, name) == ("Follow", "hub")), (name, answer.content)


@pytest.mark.parametrize("state", ["refused", "ended"])
@pytest.mark.parametrize("verb", VERBS)
def test_a_hub_that_is_partner_no_more_may_take_back_and_ask_again(client, boss, dijon, state, verb):
    talking(boss, state)
    expected = 202 if verb in ("Undo", "Reject", "Delete") else 403
    assert knock(client, boss, boss.says(verb, dijon.uri)).status_code == expected
    assert knock(client, boss, boss.says("Follow", hub_uri())).status_code == 202


def test_who_asks_for_partnership_follows_no_collectivite_meanwhile(client, boss, dijon):
    knock(client, boss, boss.says("Follow", hub_uri()))
    processing.turn_inbox()
    assert Peer.objects.get().agreement == "received"
    for number in range(3):
        other = a_speaker(boss.server, f"/ap/orgs/{number}")
        assert knock(client, other, other.says("Follow", dijon.uri)).status_code == 403
    assert not Follow.objects.filter(followed=dijon).exists()


def test_what_was_let_in_from_a_partner_binds_nobody_once_it_is_one_no_more(client, partner, dijon):
    knock(client, partner, partner.says("Follow", dijon.uri))
    Peer.objects.update(level="unknown", agreement="ended")
    processing.turn_inbox()
    assert Incoming.objects.get().state == "ignored"
    assert not Follow.objects.exists()


def test_an_open_hub_is_followed_by_strangers(client, settings, stranger, dijon):
    settings.RTES = replace(settings.RTES, federation="open")
    knock(client, stranger, stranger.says("Follow", dijon.uri))
    processing.turn_inbox()
    assert Follow.objects.get().followed == dijon


@pytest.mark.parametrize("refusing", ["us", "them"])
def test_after_a_no_nobody_follows_anybody(client, boss, dijon, refusing):
    peer = talking(boss, "received" if refusing == "us" else "asked")
    Follow.objects.create(follower=Actor.objects.get(uri=boss.uri), followed=dijon, uri=f"{boss.uri}/follows/2")
    if refusing == "us":
        agreement.refuse(peer, by=None)
    else:
        knock(client, boss, boss.says("Reject", f"{hub_uri()}/follows/1"))
        processing.turn_inbox()
    assert Peer.objects.get().agreement == "refused"
    assert not Follow.objects.exists()


def test_a_second_application_does_not_take_the_request_of_the_first(client, boss):
    eve = Speaker(boss.server, "/users/eve", type="Application").show()
    for speaker in (boss, eve):
        assert knock(client, speaker, speaker.says("Follow", hub_uri())).status_code == 202
        processing.turn_inbox()
    peer = Peer.objects.get()
    assert (peer.agreement, peer.actor_uri) == ("received", boss.uri)
    assert Follow.objects.get().follower.uri == boss.uri
