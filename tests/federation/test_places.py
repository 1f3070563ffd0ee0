"""The forums of hubs: listed, found, followed, read, and gone."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from federation import actors, api, recurring, tasks, visits
from federation.errors import Refused
from federation.models import Activity, Actor, Follow, Peer, Place, StoredObject
from federation.wire import canonical, write
from federation.wire.names import ACTIVITY_JSON
from tests.federation.knocking import Speaker, a_speaker, hear
from tests.federation.peers import a_follower, a_peer
from tests.federation.talking import a_forum, a_person, a_post, followed, inboxes_of, owed, show, written
from tests.federation.test_discovery import get

pytestmark = pytest.mark.django_db

HUB = "/ap/actor"


class Neighbour:
    """A partner hub with a list of forums, served for real."""

    def __init__(self, server):
        self.server = server
        self.peer = a_peer(server.origin, actor_uri=f"{server.origin}{HUB}")
        self.hub = Speaker(server, HUB, type="Application")
        self.hub.show(**{"rtes:forums": f"{server.origin}/ap/forums"})
        self.lists()

    def lists(self, *forums):
        url = f"{self.server.origin}/ap/forums"
        show(self.server, write.collection(url, total=len(forums), items=[forum.uri for forum in forums]))

    def opens(self, path="/ap/groups/1"):
        forum = Speaker(self.server, path, type="Group").show(**{"rtes:theme": "https://w3id.org/rtes/theme/achats"})
        show(self.server, write.collection(f"{forum.uri}/moderators", total=1, items=[f"{self.server.origin}/mod"]))
        return forum

    def holds(self, forum, *pages):
        """Its outbox, in pages of Announces."""
        outbox = f"{forum.uri}/outbox"
        show(self.server, write.collection(outbox, total=0, first=f"{outbox}?page=1"))
        for number, items in enumerate(pages, 1):
            following = f"{outbox}?page={number + 1}" if number < len(pages) else ""
            page = write.page(f"{outbox}?page={number}", part_of=outbox, items=items, next=following)
            self.server.pages[f"{forum.path}/outbox?page={number}"] = (ACTIVITY_JSON, canonical.dumps(page))


@pytest.fixture
def neighbour(hub, server, talk):
    return Neighbour(server)


def says_yes(client, forum):
    follow = Follow.objects.get(followed__uri=forum.uri)
    return hear(client, forum, forum.says("Accept", follow.uri))


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


def test_the_forums_of_a_partner_are_found_and_followed(neighbour, talk):
    forum = neighbour.opens()
    neighbour.lists(forum)
    visits.turn()
    assert talk.told == [("found", forum.uri, "Région voisine", "achats")]
    (follow,) = owed()
    assert (follow["type"], follow["actor"], follow["object"]) == ("Follow", actors.instance().uri, forum.uri)
    assert Actor.objects.get(uri=forum.uri).moderators == [f"{neighbour.server.origin}/mod"]
    talk.told.clear()
    visits.turn()
    assert talk.told == []


def test_the_list_is_read_again_each_day_and_what_left_it_is_gone(neighbour, talk):
    forum = neighbour.opens()
    neighbour.lists(forum)
    visits.turn()
    neighbour.lists()
    visits.turn()
    assert ("gone", forum.uri) not in talk.told
    Peer.objects.update(places_next_try=timezone.now() - timedelta(seconds=1))
    visits.turn()
    assert talk.told[-1] == ("gone", forum.uri)
    assert owed()[-1]["type"] == "Undo"
    assert not Follow.objects.exists()


def test_a_list_that_cannot_be_read_is_asked_for_later_and_nothing_is_gone(neighbour, talk):
    forum = neighbour.opens()
    neighbour.lists(forum)
    visits.turn()
    del neighbour.server.pages["/ap/forums"]
    Peer.objects.update(places_next_try=timezone.now() - timedelta(seconds=1))
    visits.turn()
    assert talk.told[1:] == []
    peer = Peer.objects.get(pk=neighbour.peer.pk)
    assert (peer.places_tries, peer.places_next_try > timezone.now()) == (1, True)


def test_a_hub_without_forums_has_none(neighbour, talk):
    neighbour.hub.show()
    visits.turn()
    assert talk.told == []
    assert Peer.objects.get(pk=neighbour.peer.pk).places_next_try > timezone.now() + timedelta(hours=23)


@pytest.mark.parametrize("what", ["of another server", "no group", "missing"])
def test_what_is_no_forum_of_that_hub_is_passed_over(neighbour, server, talk, what):
    good = neighbour.opens()
    bad = {
        "of another server": Speaker(type(server)("https://victim.example", "victim.example"), "/ap/groups/1"),
        "no group": a_speaker(server, "/ap/people/1", type="Person"),
        "missing": Speaker(server, "/ap/groups/404", type="Group"),
    }[what]
    neighbour.lists(bad, good)
    visits.turn()
    assert [told[1] for told in talk.told] == [good.uri]


def test_a_partner_tells_that_a_forum_opens_and_closes(client, neighbour, talk):
    forum = neighbour.opens()
    target = f"{neighbour.server.origin}/ap/forums"
    assert hear(client, neighbour.hub, neighbour.hub.says("Add", forum.uri, target=target)).state == "done"
    assert hear(client, neighbour.hub, neighbour.hub.says("Remove", forum.uri, target=target)).state == "done"
    assert [told[:2] for told in talk.told] == [("found", forum.uri), ("gone", forum.uri)]


def test_nobody_else_opens_or_closes_a_forum_of_a_hub(client, neighbour, talk):
    forum = neighbour.opens()
    other = a_speaker(neighbour.server)
    target = f"{neighbour.server.origin}/ap/forums"
    for verb in ("Add", "Remove"):
        assert hear(client, other, other.says(verb, forum.uri, target=target)).state == "ignored"
        assert hear(client, neighbour.hub, neighbour.hub.says(verb, forum.uri, target=f"{target}/2")).state == "ignored"
    assert talk.told == []
    assert not Place.objects.exists()


def test_a_forum_says_no_and_the_partnership_stands(client, neighbour, talk):
    forum = neighbour.opens()
    neighbour.lists(forum)
    Peer.objects.update(agreement="accepted")
    visits.turn()
    follow = Follow.objects.get(followed__uri=forum.uri)
    hear(client, forum, forum.says("Reject", follow.uri))
    assert Follow.objects.get(pk=follow.pk).state == "refused"
    assert Peer.objects.get(pk=neighbour.peer.pk).agreement == "accepted"


def test_when_the_partnership_ends_its_forums_are_gone(neighbour, talk):
    forum = neighbour.opens()
    neighbour.lists(forum)
    visits.turn()
    Peer.objects.update(level="unknown")
    visits.turn()
    assert talk.told[-1] == ("gone", forum.uri)
    assert not Place.objects.exists()
    a_peer(neighbour.server.origin)
    visits.turn()
    assert talk.told[-1][:2] == ("found", forum.uri)


# Read -------------------------------------------------------------------------------------------------------------


def announces(forum, author, *things):
    return [forum.says("Announce", write.create(author.new_uri("activities"), thing)) for thing in things]


def test_what_was_said_before_is_read_page_after_page_once_it_says_yes(client, neighbour, talk):
    forum, author = neighbour.opens(), a_speaker(neighbour.server, "/ap/people/1", type="Person")
    old, new = (written(a_post(author, place=forum.uri)) for _ in range(2))
    reply = written(a_post(author, place=forum.uri, in_reply_to=new["id"]))
    neighbour.holds(forum, announces(forum, author, reply, new), announces(forum, author, old))
    neighbour.lists(forum)
    visits.turn()
    assert talk.received == []
    says_yes(client, forum)
    visits.turn()
    assert [post.uri for post in talk.received] == [new["id"], reply["id"], old["id"]]
    row = Place.objects.get()
    assert (row.backfill, row.pages) == ("done", 3)
    visits.turn()
    assert len(talk.received) == 3


def test_a_killed_worker_begins_again_at_the_page_it_was_on(client, neighbour, talk):
    forum, author = neighbour.opens(), a_speaker(neighbour.server, "/ap/people/1", type="Person")
    first, second = (written(a_post(author, place=forum.uri)) for _ in range(2))
    neighbour.holds(forum, announces(forum, author, first), announces(forum, author, second))
    neighbour.lists(forum)
    visits.turn()
    says_yes(client, forum)
    missing = neighbour.server.pages.pop(f"{forum.path}/outbox?page=2")
    visits.turn()
    row = Place.objects.get()
    assert (row.backfill, row.pages, row.tries) == ("running", 2, 1)
    neighbour.server.pages[f"{forum.path}/outbox?page=2"] = missing
    neighbour.server.asked.clear()
    Place.objects.update(next_try=timezone.now())
    visits.turn()
    assert [path for path in neighbour.server.asked if "outbox" in path] == [f"{forum.path}/outbox?page=2"]
    assert [post.uri for post in talk.received] == [first["id"], second["id"]]


def test_two_workers_on_one_page_take_it_once(client, neighbour, talk):
    forum, author = neighbour.opens(), a_speaker(neighbour.server, "/ap/people/1", type="Person")
    neighbour.holds(forum, announces(forum, author, written(a_post(author, place=forum.uri))))
    neighbour.lists(forum)
    visits.turn()
    says_yes(client, forum)
    row = visits.due_places().get()
    visits.step(row)
    visits.step(row)
    assert Place.objects.get().pages == 1


def test_what_is_forged_in_an_outbox_is_passed_over(client, neighbour, talk):
    forum, author = neighbour.opens(), a_speaker(neighbour.server, "/ap/people/1", type="Person")
    other = neighbour.opens("/ap/groups/2")
    good = written(a_post(author, place=forum.uri))
    items = [
        *announces(other, author, written(a_post(author, place=forum.uri))),
        *announces(forum, author, written(a_post(author, place=other.uri))),
        forum.says("Announce", {"type": "Create"}),
        "https://victim.example/activities/1",
        *announces(forum, author, good),
    ]
    neighbour.holds(forum, items)
    neighbour.lists(forum)
    visits.turn()
    says_yes(client, forum)
    visits.turn()
    assert [post.uri for post in talk.received] == [good["id"]]
    assert not StoredObject.objects.exclude(uri=good["id"]).exists()


def test_a_third_server_that_is_down_keeps_nothing_else_from_being_read(client, neighbour, talk, stopped):
    forum, author = neighbour.opens(), a_speaker(neighbour.server, "/ap/people/1", type="Person")
    lost, good = written(a_post(stopped, place=forum.uri)), written(a_post(author, place=forum.uri))
    neighbour.holds(forum, [*announces(forum, stopped, lost), *announces(forum, author, good)])
    neighbour.lists(forum)
    visits.turn()
    says_yes(client, forum)
    for _ in range(visits.STUBBORN + 2):
        assert talk.received == []
        Place.objects.update(next_try=timezone.now())
        visits.turn()
        if talk.received:
            break
    assert [post.uri for post in talk.received] == [good["id"]]


def test_a_list_of_lemmy_has_no_pages(client, neighbour, talk):
    forum, author = neighbour.opens(), a_speaker(neighbour.server, "/ap/people/1", type="Person")
    thing = written(a_post(author, place=forum.uri))
    items = announces(forum, author, thing)
    show(neighbour.server, write.collection(f"{forum.uri}/outbox", total=1, items=items))
    neighbour.lists(forum)
    visits.turn()
    says_yes(client, forum)
    visits.turn()
    assert [post.uri for post in talk.received] == [thing["id"]]
    assert Place.objects.get().backfill == "done"


def test_a_nudge_is_given_when_something_is_due_and_only_then(neighbour, monkeypatch):
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
