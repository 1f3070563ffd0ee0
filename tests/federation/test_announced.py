"""What places elsewhere announce: taken from their own server only, read where it lives otherwise, never twice."""

from dataclasses import replace

import pytest

from federation import actors, announced, api
from federation.models import Actor, Follow, StoredObject, Tombstone
from federation.wire import write
from tests.federation.knocking import a_speaker, hear, knock
from tests.federation.peers import a_peer, a_server
from tests.federation.talking import a_person, a_place_elsewhere, a_post, show, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(partner, server, talk):
    """A forum of a partner."""
    return a_place_elsewhere(server)


@pytest.fixture
def third(hub, settings):
    """Somebody of a server that is no partner."""
    with a_server(settings) as made:
        yield a_speaker(made, "/users/lea", type="Person")


def a_create(author, place, **facts):
    """(activity, thing) of a post in the place."""
    thing = written(a_post(author, place=place.uri, **facts))
    return write.create(author.new_uri("activities"), thing), thing


def kinds(talk):
    return [told[0] for told in talk.told]


def test_what_a_partner_says_in_its_own_place_is_taken_from_the_place(client, partner, place, talk):
    activity, thing = a_create(partner, place)
    assert hear(client, place, place.says("Announce", activity)).state == "done"
    assert [(post.uri, post.place, post.author) for post in talk.received] == [(thing["id"], place.uri, partner.uri)]
    assert thing["id"] not in partner.server.asked


def test_shown_a_second_time_it_is_no_second_thing(client, partner, place, talk):
    activity, thing = a_create(partner, place)
    for object_ in (activity, thing["id"], activity, thing["id"]):
        assert hear(client, place, place.says("Announce", object_)).state == "done"
    assert len(talk.received) == 1
    assert StoredObject.objects.filter(uri=thing["id"]).count() == 1


def test_shown_by_its_id_alone_it_is_read_where_it_lives(client, partner, place, talk):
    _, thing = a_create(partner, place)
    show(partner.server, thing)
    hear(client, place, place.says("Announce", thing["id"]))
    assert [post.uri for post in talk.received] == [thing["id"]]


def test_what_a_third_server_says_there_is_read_at_that_server(client, place, third, talk):
    activity, thing = a_create(third, place, body="<p>Le vrai texte.</p>")
    show(third.server, thing)
    forged = activity | {"object": activity["object"] | {"content": "<p>faux</p>", "contentMap": {"fr": "<p>faux</p>"}}}
    assert hear(client, place, place.says("Announce", forged)).state == "done"
    assert [post.body for post in talk.received] == ["<p>Le vrai texte.</p>"]
    assert Actor.objects.get(uri=third.uri).peer.level == "unknown"


def test_its_change_and_its_end_are_checked_there_too(client, place, third, talk):
    activity, thing = a_create(third, place)
    show(third.server, thing)
    hear(client, place, place.says("Announce", activity))
    forged = third.says(
        "Update", thing | {"content": "<p>faux</p>", "updated": "2026-09-01T00:00:00Z", "rtes:version": 7}
    )
    hear(client, place, place.says("Announce", forged))
    end = third.says("Delete", thing["id"])
    assert hear(client, place, place.says("Announce", end)).state == "ignored"
    assert kinds(talk) == ["received"]
    newer = written(a_post(third, uri=thing["id"], place=place.uri, version=2, body="<p>Nouveau.</p>"))
    show(third.server, newer)
    hear(client, place, place.says("Announce", third.says("Update", newer)))
    assert talk.received[-1].body == "<p>Nouveau.</p>"
    third.server.gone.add(thing["id"].removeprefix(third.server.origin))
    assert hear(client, place, place.says("Announce", end | {"id": third.new_uri()})).state == "done"
    assert kinds(talk) == ["received", "received", "removed"]


FORGED = {
    "the place speaks for a server that denies it": lambda place, third, thing: third.says("Create", thing),
    "an author of another server than the thing": lambda place, third, thing: place.says(
        "Create", thing | {"attributedTo": place.uri}
    ),
    "a thing of a blocked server": lambda place, third, thing: (
        {"id": "https://bad.example/a", "type": "Create"}
        | {"actor": "https://bad.example/u", "object": thing | {"id": "https://bad.example/o"}}
    ),
    "an activity without an id": lambda place, third, thing: {"type": "Create", "actor": third.uri, "object": thing},
    "a vote": lambda place, third, thing: third.says("Dislike", "http://127.0.0.1:8000/ap/objects/1"),
    "an activity of no kind": lambda place, third, thing: third.says("Frobnicate", thing["id"]),
}


@pytest.mark.parametrize("what", FORGED)
def test_a_forged_announce_changes_nothing(client, place, third, talk, what):
    a_peer("https://bad.example", "blocked")
    _, thing = a_create(third, place)
    before = StoredObject.objects.count(), Actor.objects.count()
    incoming = hear(client, place, place.says("Announce", FORGED[what](place, third, thing)))
    assert incoming.state == "ignored"
    assert talk.told == []
    assert (StoredObject.objects.count(), Actor.objects.count()) == before


def test_a_place_shows_only_what_is_said_in_it(client, partner, place, third, talk):
    elsewhere = written(a_post(third, place="https://other.example/ap/groups/9"))
    nowhere = third.a_note()
    for thing in (show(third.server, elsewhere), show(third.server, nowhere)):
        assert hear(client, place, place.says("Announce", thing["id"])).state == "ignored"
    assert talk.told == []
    assert not StoredObject.objects.exists()


def test_an_answer_that_names_no_place_is_said_where_the_thread_is(client, partner, place, third, talk):
    activity, thread = a_create(partner, place)
    hear(client, place, place.says("Announce", activity))
    note = show(third.server, third.a_note(type="Note", inReplyTo=thread["id"]))
    hear(client, place, place.says("Announce", note["id"]))
    assert (talk.received[-1].kind, talk.received[-1].place) == ("post", place.uri)


def test_whom_nobody_follows_announces_to_no_effect(client, partner, server, place, talk):
    activity, thing = a_create(partner, place)
    unknown = a_speaker(server, "/ap/groups/2", type="Group")
    person = a_speaker(server, "/ap/people/1", type="Person")
    for speaker in (unknown, person, partner):
        assert hear(client, speaker, speaker.says("Announce", activity)).state == "ignored"
    Follow.objects.update(state=Follow.State.REFUSED)
    assert hear(client, place, place.says("Announce", thing["id"])).state == "ignored"
    assert talk.told == []


def test_third_parties_can_be_left_out(client, place, third, talk, monkeypatch):
    monkeypatch.setattr(announced, "THIRD_PARTIES", False)
    activity, thing = a_create(third, place)
    show(third.server, thing)
    assert hear(client, place, place.says("Announce", activity)).state == "ignored"
    assert talk.told == []


def test_a_deletion_that_comes_first_still_wins(client, partner, place, talk):
    activity, thing = a_create(partner, place)
    hear(client, place, place.says("Announce", partner.says("Delete", thing["id"])))
    assert Tombstone.objects.get().uri == thing["id"]
    assert hear(client, place, place.says("Announce", activity)).state == "ignored"
    assert talk.told == []


def test_an_author_who_is_gone_is_gone_there_too(client, place, third, talk):
    activity, thing = a_create(third, place)
    show(third.server, thing)
    hear(client, place, place.says("Announce", activity))
    end = third.says("Delete", third.uri)
    assert hear(client, place, place.says("Announce", end)).state == "ignored"
    third.server.gone.add(third.path)
    assert hear(client, place, place.says("Announce", end | {"id": third.new_uri()})).state == "done"
    assert talk.told[-1] == ("removed", thing["id"])


def test_a_thread_that_moves_to_a_neighbour_follows(client, partner, server, place, talk):
    activity, thing = a_create(partner, place)
    hear(client, place, place.says("Announce", activity))
    moved = written(a_post(partner, uri=thing["id"], place=f"{server.origin}/ap/groups/2", version=2))
    hear(client, place, place.says("Announce", partner.says("Update", moved)))
    assert talk.received[-1].place == f"{server.origin}/ap/groups/2"


# What who moderates there does ------------------------------------------------------------------------------------


@pytest.fixture
def thread(client, partner, place, talk):
    """Said there by a partner, and shown here."""
    activity, thing = a_create(partner, place)
    hear(client, place, place.says("Announce", activity))
    talk.told.clear()
    return thing["id"]


def acts(moderator, place, thread):
    lock = moderator.says("Lock", thread)
    add = moderator.says("Add", thread, target=f"{place.uri}/featured")
    return {
        "lock": (lock, ("locked", thread, True)),
        "unlock": (moderator.says("Undo", lock), ("locked", thread, False)),
        "pin": (add, ("featured", thread, True)),
        "unpin": (moderator.says("Remove", thread, target=f"{place.uri}/featured"), ("featured", thread, False)),
        "undo pin": (moderator.says("Undo", add), ("featured", thread, False)),
        "remove": (moderator.says("Delete", thread, summary="Hors sujet."), ("moderated", thread, "Hors sujet.")),
    }


ACTS = ("lock", "unlock", "pin", "unpin", "undo pin", "remove")


@pytest.mark.parametrize("act", ACTS)
def test_what_a_moderator_does_there_is_done_here(client, server, place, thread, talk, act):
    moderator = a_speaker(server, "/ap/people/anyone", type="Person")
    activity, told = acts(moderator, place, thread)[act]
    assert hear(client, place, place.says("Announce", activity)).state == "done"
    assert talk.told == [told]


@pytest.mark.parametrize("act", ACTS)
def test_a_moderator_may_say_it_in_person(client, server, place, thread, talk, act):
    moderator = a_speaker(server, "/ap/people/moderator", type="Person")
    activity, told = acts(moderator, place, thread)[act]
    assert hear(client, moderator, activity).state == "done"
    assert talk.told == [told]


@pytest.mark.parametrize("act", ACTS)
def test_nobody_else_moderates_there(client, server, place, third, thread, talk, act):
    """A neighbour who is no moderator; somebody of another server, even announced; and another place."""
    neighbour = a_speaker(server, "/ap/people/2", type="Person")
    assert hear(client, neighbour, acts(neighbour, place, thread)[act][0]).state == "ignored"
    foreign = acts(third, place, thread)[act][0]
    assert hear(client, place, place.says("Announce", foreign)).state == "ignored"
    Follow.objects.update(state=Follow.State.ACCEPTED)
    other = a_place_elsewhere(server, "/ap/groups/7")
    own = acts(a_speaker(server, "/ap/people/moderator", type="Person"), other, thread)[act][0]
    assert hear(client, other, other.says("Announce", own)).state == "ignored"
    assert talk.told == []
    assert StoredObject.objects.get(uri=thread).removed_at is None


def test_a_removal_that_is_taken_back_gives_the_text_again(client, partner, server, place, thread, talk):
    moderator = a_speaker(server, "/ap/people/moderator", type="Person")
    removal = moderator.says("Delete", thread, summary="Erreur.")
    hear(client, place, place.says("Announce", removal))
    assert StoredObject.objects.get(uri=thread).document == ""
    show(server, written(a_post(partner, uri=thread, place=place.uri)))
    hear(client, place, place.says("Announce", moderator.says("Undo", removal)))
    assert [told[0] for told in talk.told] == ["moderated", "received"]
    assert StoredObject.objects.get(uri=thread).removed_at is None
    # What its author deletes stays deleted, whoever takes what back.
    hear(client, place, place.says("Announce", partner.says("Delete", thread)))
    hear(client, place, place.says("Announce", moderator.says("Undo", removal | {"id": moderator.new_uri()})))
    assert StoredObject.objects.get(uri=thread).removed_at is not None


def test_ours_that_is_removed_there_is_gone_here_until_it_is_shown_again(client, server, place, talk):
    claire = a_person()
    post = a_post(claire, place=place.uri, body="<p>CANARI</p>")
    api.publish(post)
    moderator = a_speaker(server, "/ap/people/moderator", type="Person")
    removal = moderator.says("Delete", post.uri, summary="Hors sujet.")
    hear(client, place, place.says("Announce", removal))
    path = post.uri.removeprefix("http://127.0.0.1:8000")
    answer = client.get(path, headers={"Accept": "application/activity+json", "Host": "127.0.0.1:8000"})
    assert answer.status_code == 410
    assert b"CANARI" not in answer.content
    hear(client, place, place.says("Announce", moderator.says("Undo", removal)))
    assert talk.told == [("moderated", post.uri, "Hors sujet."), ("shown", post.uri)]
    assert StoredObject.objects.get(uri=post.uri).removed_at is None


def test_who_moderates_is_what_the_place_says(client, server, place, thread, talk):
    new = a_speaker(server, "/ap/people/new", type="Person")
    old = a_speaker(server, "/ap/people/moderator", type="Person")
    target = f"{place.uri}/moderators"
    hear(client, place, place.says("Announce", old.says("Add", new.uri, target=target)))
    assert hear(client, new, new.says("Lock", thread)).state == "done"
    hear(client, place, place.says("Announce", old.says("Remove", new.uri, target=target)))
    assert hear(client, new, new.says("Undo", new.says("Lock", thread))).state == "ignored"
    assert talk.told == [("locked", thread, True)]


def test_in_open_mode_a_place_of_any_server_is_heard_once_it_is_followed(client, hub, third, talk, settings):
    settings.RTES = replace(settings.RTES, federation="open")
    a_peer(third.server.origin, "unknown")
    place = a_place_elsewhere(third.server, "/c/ess")
    a_peer(third.server.origin, "unknown")
    activity, _ = a_create(third, place)
    assert hear(client, place, place.says("Announce", activity)).state == "done"
    assert len(talk.received) == 1
    assert knock(client, third, third.says("Announce", activity)).status_code == 403
    assert actors.find(place.uri) is not None
