"""What came before what it answers: who may have it waited for, and how much of it."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from federation.errors import Refused
from federation.models import Activity, Incoming, StoredObject
from forums import actions, orphans
from forums.models import Orphan, Post, Voice
from tests.federation.knocking import a_speaker
from tests.forums.test_arrivals import an_answer
from tests.forums.wire import an_answer_by, announced, says
from tests.make import a_forum, a_thread, an_author

pytestmark = pytest.mark.django_db

NOWHERE = "https://nowhere.example/1"


def test_whoever_is_kept_out_is_not_waited_for_nor_announced(client, hub, jeanne):
    thread = a_thread()
    says(client, jeanne, an_answer_by(jeanne, thread.uri, thread.forum.uri))
    Voice.objects.filter(actor_uri=jeanne.uri).update(barred_until=timezone.now() + timedelta(days=1))
    orphan = an_answer_by(jeanne, NOWHERE, thread.forum.uri)
    says(client, jeanne, orphan)
    assert ("Create", orphan.uri) not in announced(thread.forum)
    assert not Orphan.objects.exists()


def test_nothing_waits_in_a_forum_that_is_closed(client, hub, jeanne):
    forum = a_forum()
    actions.close_forum(forum, by=None)
    orphan = an_answer_by(jeanne, NOWHERE, forum.uri)
    says(client, jeanne, orphan)
    assert ("Create", orphan.uri) not in announced(forum)
    assert not Orphan.objects.exists()


@pytest.mark.parametrize(("limit", "same_author"), [("MAX_OF_AN_AUTHOR", True), ("MAX_OF_A_HUB", False)])
def test_nobody_and_no_hub_takes_the_room_of_all(monkeypatch, limit, same_author):
    monkeypatch.setattr(orphans, limit, 1)
    first = an_author(type="Person", name="Jeanne Colas")
    second = first if same_author else an_author(type="Person", name="Paul")
    actions.receive_post(an_answer(first, NOWHERE), first)
    with pytest.raises(Refused):
        actions.receive_post(an_answer(second, NOWHERE, "https://partner.example/o/2"), second)
    other = an_author("https://other.example", type="Person", name="Alix")
    actions.receive_post(an_answer(other, NOWHERE, "https://other.example/o/1"), other)
    assert Orphan.objects.count() == 2


# What others hear of it -------------------------------------------------------------------------------------------


def an_early_answer(client, jeanne, thread):
    """Said before what it answers: the later one, and the earlier one."""
    first = an_answer_by(jeanne, thread.uri, thread.forum.uri, body="<p>Un.</p>")
    second = an_answer_by(jeanne, first.uri, thread.forum.uri, body="<p>Deux.</p>")
    assert says(client, jeanne, second).state == "done"
    return first, second


def test_nobody_hears_of_what_waits_until_it_is_taken_in_and_then_in_its_order(client, hub, jeanne):
    thread = a_thread()
    before = announced(thread.forum)
    first, second = an_early_answer(client, jeanne, thread)
    assert announced(thread.forum) == before
    outbox = client.get(f"{thread.forum.uri}/outbox?page=1".removeprefix("http://127.0.0.1:8000")).content.decode()
    assert second.uri not in outbox
    says(client, jeanne, first)
    assert announced(thread.forum)[len(before) :] == [
        ("Create", first.uri),
        ("", first.uri),
        ("Create", second.uri),
        ("", second.uri),
    ]
    said = Activity.objects.get(actor__uri=thread.forum.uri, type="Announce Create", object_uri=second.uri)
    assert bytes(Incoming.objects.get(lane=second.uri).body).strip() in bytes(said.body)


def test_what_is_turned_down_when_its_turn_comes_is_refused_like_anything_else(client, hub, jeanne, server):
    thread = a_thread()
    paul = a_speaker(server, "/ap/people/paul", type="Person")
    first = an_answer_by(jeanne, thread.uri, thread.forum.uri)
    early = an_answer_by(paul, first.uri, thread.forum.uri)
    says(client, paul, early)
    Voice.objects.filter(actor_uri=paul.uri).update(barred_until=timezone.now() + timedelta(days=1))
    says(client, jeanne, first)
    assert [uri for _verb, uri in announced(thread.forum)].count(early.uri) == 0
    refusal = json.loads(bytes(Activity.objects.get(type="Reject").body))
    assert (refusal["to"], refusal["object"]) == ([paul.uri], Incoming.objects.get(lane=early.uri).uri)
    assert "may not write here" in refusal["summary"]
    assert not StoredObject.objects.filter(uri=early.uri).exists()
    assert not Post.objects.filter(uri=early.uri).exists()
    assert not Orphan.objects.exists()
