"""An actor elsewhere that moves: believed when both addresses say so, and only then."""

import pytest

from federation.models import Actor, Follow, Place
from tests.federation.knocking import Speaker, hear
from tests.federation.peers import a_peer, a_server
from tests.federation.talking import a_place_elsewhere, owed, sample

pytestmark = pytest.mark.django_db


@pytest.fixture
def next_server(settings):
    with a_server(settings) as other:
        a_peer(other.origin)
        yield other


def moving(server, next_server, *, type="Person", old="/ap/people/lea", new="/ap/people/lea-2"):
    """Who moves, and where to; both say so."""
    there = Speaker(next_server, new, type=type)
    here = Speaker(server, old, type=type)
    here.show(movedTo=there.uri)
    there.show(alsoKnownAs=[here.uri])
    return here, there


def move(client, here, there):
    said = sample("mastodon-move") | {"id": here.new_uri("activities"), "actor": here.uri}
    return hear(client, here, said | {"object": here.uri, "target": there.uri, "to": [f"{here.uri}/followers"]})


def test_who_moves_is_heard_at_the_new_address_only(client, hub, partner, server, next_server):
    here, there = moving(server, next_server)
    assert move(client, here, there).state == "done"
    assert Actor.objects.get(uri=here.uri).moved_to == there.uri
    assert Actor.objects.get(uri=there.uri).peer.origin == next_server.origin
    said = hear(client, here, here.says("Create", here.a_note()))
    assert (said.state, "new address" in said.error) == ("ignored", True)


@pytest.mark.parametrize(
    ("old_says", "new_says"),
    [
        pytest.param(False, True, id="the new address alone"),
        pytest.param(True, False, id="the old address alone"),
    ],
)
def test_a_move_that_one_address_alone_tells_changes_nothing(
    client, hub, partner, server, next_server, old_says, new_says
):
    here, there = moving(server, next_server)
    if not old_says:
        here.show()
    if not new_says:
        there.show()
    assert move(client, here, there).state == "ignored"
    assert Actor.objects.get(uri=here.uri).moved_to == ""
    assert not Actor.objects.filter(uri=there.uri).exists()


def test_nobody_moves_another(client, hub, partner, server, next_server):
    here, there = moving(server, next_server)
    said = partner.says("Move", here.uri, target=there.uri)
    assert hear(client, partner, said).state == "ignored"
    assert not Actor.objects.exclude(moved_to="").exists()


def test_a_second_move_waits_a_week(client, hub, partner, server, next_server):
    here, there = moving(server, next_server)
    move(client, here, there)
    third = Speaker(next_server, "/ap/people/lea-3", type="Person").show(alsoKnownAs=[here.uri])
    here.show(movedTo=third.uri)
    assert move(client, here, third).state == "ignored"
    assert Actor.objects.get(uri=here.uri).moved_to == there.uri


def test_nobody_moves_to_a_stranger(client, hub, partner, server, settings):
    with a_server(settings) as unknown:
        here, there = moving(server, unknown)
        assert move(client, here, there).state == "ignored"
        assert not Actor.objects.filter(uri=there.uri).exists()


def test_a_place_that_moves_is_followed_where_it_lives_now(client, hub, partner, server, next_server, talk):
    a_place_elsewhere(server)
    Follow.objects.update(document='{"id": "http://127.0.0.1:8000/f/1", "type": "Follow"}')
    Place.objects.create(actor=Actor.objects.get(uri=f"{server.origin}/ap/groups/1"))
    here, there = moving(server, next_server, type="Group", old="/ap/groups/1", new="/ap/groups/2")
    assert move(client, here, there).state == "done"
    assert [follow.followed.uri for follow in Follow.objects.filter(followed__type="Group")] == [there.uri]
    assert [said["type"] for said in owed()] == ["Undo", "Follow"]
    assert ("gone", here.uri) in talk.told
    assert [told[:2] for told in talk.told if told[0] == "found"] == [("found", there.uri)]
