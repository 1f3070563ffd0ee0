"""The forums of hubs: listed, found, followed, read, and gone."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from federation import actors, api, recurring, tasks, visits
from federation.errors import Refused
from federation.models import Activity, Actor, Follow, Peer, Place
from tests.federation.knocking import Speaker, a_speaker, hear
from tests.federation.next_door import HUB
from tests.federation.peers import a_follower, a_peer
from tests.federation.talking import a_forum, a_person, a_post, followed, inboxes_of, owed
from tests.federation.test_discovery import get

pytestmark = pytest.mark.django_db


# Ours -------------------------------------------------------------------------------------------------------------


def test_a_forum_that_opens_is_listed_and_told_to_partners(client, hub):
    a_peer()
    a_follower(actors.instance())
    forum = a_forum()
    for _ in range(2):
        api.place_open(forum.uri)
    (add,) = owed()
    assert (add["type"], add["actor"], add["object"], add["target"]) == (
        "Add",
        actors.instance().uri,
        forum.uri,
        actors.url("/ap/forums"),
    )
    assert inboxes_of(add["id"]) == {"https://partner.example/ap/inbox"}
    assert get(client, "/ap/forums").json()["orderedItems"] == [forum.uri]
    assert get(client, HUB).json()["rtes:forums"] == actors.url("/ap/forums")
    api.place_closed(forum.uri)
    assert owed()[-1]["type"] == "Remove"
    assert get(client, "/ap/forums").json()["orderedItems"] == []


def test_only_a_forum_of_ours_is_listed(hub):
    for uri in (actors.instance().uri, a_person().uri, "https://partner.example/ap/groups/1"):
        with pytest.raises(Refused):
            api.place_open(uri)
    assert not Actor.objects.filter(listed=True).exists()


# Found ------------------------------------------------------------------------------------------------------------


def test_the_forums_of_a_partner_are_found_and_followed(next_door, talk):
    forum = next_door.opens()
    next_door.lists(forum)
    visits.turn()
    assert talk.told == [("found", forum.uri, "Région voisine", "achats")]
    (follow,) = owed()
    assert (follow["type"], follow["actor"], follow["object"]) == ("Follow", actors.instance().uri, forum.uri)
    assert Actor.objects.get(uri=forum.uri).moderators == [f"{next_door.server.origin}/mod"]
    talk.told.clear()
    visits.turn()
    assert talk.told == []


def test_the_list_is_read_again_each_day_and_what_left_it_is_gone(next_door, talk):
    forum = next_door.opens()
    next_door.lists(forum)
    visits.turn()
    next_door.lists()
    visits.turn()
    assert ("gone", forum.uri) not in talk.told
    Peer.objects.update(places_next_try=timezone.now() - timedelta(seconds=1))
    visits.turn()
    assert talk.told[-1] == ("gone", forum.uri)
    assert owed()[-1]["type"] == "Undo"
    assert not Follow.objects.exists()


def test_a_list_that_cannot_be_read_is_asked_for_later_and_nothing_is_gone(next_door, talk):
    forum = next_door.opens()
    next_door.lists(forum)
    visits.turn()
    del next_door.server.pages["/ap/forums"]
    Peer.objects.update(places_next_try=timezone.now() - timedelta(seconds=1))
    visits.turn()
    assert talk.told[1:] == []
    peer = Peer.objects.get(pk=next_door.peer.pk)
    assert (peer.places_tries, peer.places_next_try > timezone.now()) == (1, True)


def test_a_hub_without_forums_has_none(next_door, talk):
    next_door.hub.show()
    visits.turn()
    assert talk.told == []
    assert Peer.objects.get(pk=next_door.peer.pk).places_next_try > timezone.now() + timedelta(hours=23)


@pytest.mark.parametrize("what", ["of another server", "no group", "missing"])
def test_what_is_no_forum_of_that_hub_is_passed_over(next_door, server, talk, what):
    good = next_door.opens()
    bad = {
        "of another server": Speaker(type(server)("https://victim.example", "victim.example"), "/ap/groups/1"),
        "no group": a_speaker(server, "/ap/people/1", type="Person"),
        "missing": Speaker(server, "/ap/groups/404", type="Group"),
    }[what]
    next_door.lists(bad, good)
    visits.turn()
    assert [told[1] for told in talk.told] == [good.uri]


def test_a_partner_tells_that_a_forum_opens_and_closes(client, next_door, talk):
    forum = next_door.opens()
    target = f"{next_door.server.origin}/ap/forums"
    assert hear(client, next_door.hub, next_door.hub.says("Add", forum.uri, target=target)).state == "done"
    assert hear(client, next_door.hub, next_door.hub.says("Remove", forum.uri, target=target)).state == "done"
    assert [told[:2] for told in talk.told] == [("found", forum.uri), ("gone", forum.uri)]


def test_nobody_else_opens_or_closes_a_forum_of_a_hub(client, next_door, talk):
    forum = next_door.opens()
    other = a_speaker(next_door.server)
    target = f"{next_door.server.origin}/ap/forums"
    for verb in ("Add", "Remove"):
        assert hear(client, other, other.says(verb, forum.uri, target=target)).state == "ignored"
        assert hear(client, next_door.hub, next_door.hub.says(verb, forum.uri, target=f"{target}/2")).state == "ignored"
    assert talk.told == []
    assert not Place.objects.exists()


def test_a_forum_says_no_and_the_partnership_stands(client, next_door, talk):
    forum = next_door.opens()
    next_door.lists(forum)
    Peer.objects.update(agreement="accepted")
    visits.turn()
    follow = Follow.objects.get(followed__uri=forum.uri)
    hear(client, forum, forum.says("Reject", follow.uri))
    assert Follow.objects.get(pk=follow.pk).state == "refused"
    assert Peer.objects.get(pk=next_door.peer.pk).agreement == "accepted"


def test_when_the_partnership_ends_its_forums_are_gone(next_door, talk):
    forum = next_door.opens()
    next_door.lists(forum)
    visits.turn()
    Peer.objects.update(level="unknown")
    visits.turn()
    assert talk.told[-1] == ("gone", forum.uri)
    assert not Place.objects.exists()
    a_peer(next_door.server.origin)
    visits.turn()
    assert talk.told[-1][:2] == ("found", forum.uri)


def test_a_nudge_is_given_when_something_is_due_and_only_then(next_door, monkeypatch):
    nudged = []
    monkeypatch.setattr(tasks, "nudge_places", lambda: nudged.append(1))
    recurring.visit_places()
    assert nudged == [1]
    visits.turn()
    recurring.visit_places()
    assert nudged == [1]


def test_a_partners_person_follows_a_forum_of_ours(client, partner):
    forum = a_forum()
    assert hear(client, partner, partner.says("Follow", forum.uri)).state == "done"
    assert Follow.objects.get(followed=forum).state == "accepted"
    assert json.loads(bytes(Activity.objects.get(type="Accept").body))["actor"] == forum.uri


def test_what_is_said_in_a_forum_is_not_in_the_catalogue_that_partners_read(client, hub, server, talk):
    forum = a_forum()
    place = followed(Speaker(server, "/ap/groups/1", type="Group").show())
    for where in (forum.uri, place.uri):
        api.publish(a_post(a_person(), place=where))
    assert get(client, actors.instance().outbox).json()["totalItems"] == 0
