"""What others say in a forum of ours: announced as it came, or answered with the reason why not."""

import json
from dataclasses import replace

import pytest

from federation import api, processing
from federation.models import Activity, Actor, StoredObject
from federation.wire import write
from tests.federation.knocking import hear, knock
from tests.federation.talking import READER, a_post, inboxes_of, owed, written

pytestmark = pytest.mark.django_db


def test_what_a_partner_says_in_it_is_announced_to_the_byte_to_its_author_too(client, forum, partner, talk):
    document = written(a_post(partner, place=forum.uri))
    # Spaces, an escape and a number that another writer would spell otherwise.
    raw = json.dumps(write.create(partner.new_uri("activities"), document) | {"score": 1.50}, indent=1).encode()
    assert knock(client, partner, raw).status_code == 202
    processing.turn_inbox()
    assert talk.told == [("received", document["id"])]
    announce = Activity.objects.get(type="Announce Create")
    assert raw in bytes(announce.body)
    assert json.loads(bytes(announce.body))["object"] == json.loads(raw)
    assert inboxes_of(announce.uri) == {f"{READER}/ap/inbox", f"{partner.server.origin}/ap/inbox"}
    assert Activity.objects.get(type="Announce").object_uri == document["id"]


def test_said_twice_it_is_announced_once(client, forum, partner, talk):
    document = written(a_post(partner, place=forum.uri))
    for _ in range(2):
        hear(client, partner, write.create(partner.new_uri("activities"), document))
    assert len(talk.received) == 1
    assert Activity.objects.filter(type="Announce Create").count() == 1


def test_what_is_not_taken_is_answered_with_the_reason_and_leaves_nothing(client, forum, partner, talk):
    talk.is_locked = True
    activity = write.create(partner.new_uri("activities"), written(a_post(partner, place=forum.uri)))
    assert hear(client, partner, activity).state == "done"
    (refusal,) = owed(forum)
    assert (refusal["type"], refusal["object"], refusal["summary"]) == (
        "Reject",
        activity["id"],
        "the discussion is closed",
    )
    assert refusal["to"] == [partner.uri]
    assert not StoredObject.objects.exists()
    assert not Activity.objects.filter(type__startswith="Announce").exists()


def test_its_author_takes_back_what_was_said_here(client, forum, partner, talk):
    document = written(a_post(partner, place=forum.uri))
    hear(client, partner, write.create(partner.new_uri("activities"), document))
    hear(client, partner, partner.says("Delete", document["id"]))
    assert talk.told[-1] == ("removed", document["id"])
    assert Activity.objects.filter(type="Announce Delete", object_uri=document["id"]).count() == 1


def test_an_author_who_is_gone_is_gone_for_all_readers(client, forum, partner, talk):
    document = written(a_post(partner, place=forum.uri))
    hear(client, partner, write.create(partner.new_uri("activities"), document))
    partner.server.gone.add(partner.path)
    hear(client, partner, partner.says("Delete", partner.uri))
    assert talk.told[-1] == ("removed", document["id"])
    assert inboxes_of(Activity.objects.get(type="Announce Delete").uri) == {f"{READER}/ap/inbox"}


def test_a_moderator_removes_what_somebody_elsewhere_said(client, forum, partner, talk):
    document = written(a_post(partner, place=forum.uri))
    hear(client, partner, write.create(partner.new_uri("activities"), document))
    api.withdraw(document["id"], by_moderator=True, reason="Insulte.")
    assert not StoredObject.objects.exclude(document="").exists()
    removal = Activity.objects.get(type="Announce Delete")
    assert f"{partner.server.origin}/ap/inbox" in inboxes_of(removal.uri)
    later = partner.says("Update", document | {"updated": "2026-06-01T00:00:00Z", "rtes:version": 9})
    assert hear(client, partner, later).state == "ignored"


def test_what_was_said_elsewhere_is_not_ours_to_withdraw(client, partner, talk):
    document = partner.a_note()
    hear(client, partner, partner.says("Create", document))
    api.withdraw(document["id"], by_moderator=True)
    assert StoredObject.objects.get().removed_at is None


def test_an_answer_to_what_was_said_in_it_is_said_in_it(client, forum, claire, partner, talk):
    """Other software names no place in an answer."""
    thread = a_post(claire, place=forum.uri)
    api.publish(thread)
    note = partner.a_note(type="Note", inReplyTo=thread.uri)
    hear(client, partner, partner.says("Create", note))
    post = talk.received[0]
    assert (post.kind, post.place, post.in_reply_to) == ("post", forum.uri, thread.uri)


def test_an_answer_to_a_sheet_goes_to_the_app_too(client, partner, talk, hub):
    author = api.open_actor(type="Organization", handle="dijon", name="Dijon")
    sheet = a_post(Actor.objects.get(uri=author), kind="good-practice")
    api.publish(sheet)
    hear(client, partner, partner.says("Create", partner.a_note(type="Note", inReplyTo=sheet.uri)))
    post = talk.received[0]
    assert (post.kind, post.place, post.in_reply_to) == ("post", "", sheet.uri)


def test_an_answer_that_comes_before_what_it_answers_is_handed_over(client, forum, partner, talk):
    unknown = partner.new_uri()
    document = written(a_post(partner, place=forum.uri, in_reply_to=unknown))
    hear(client, partner, write.create(partner.new_uri("activities"), document))
    assert talk.received[0].in_reply_to == unknown


def test_a_forum_that_is_closed_takes_nothing(client, forum, partner, talk):
    api.close_actor(forum.uri)
    activity = write.create(partner.new_uri("activities"), written(a_post(partner, place=forum.uri)))
    assert hear(client, partner, activity).state == "ignored"
    assert talk.told == []


def test_what_is_said_in_somebody_elses_place_waits_until_that_shows_it(client, partner, talk, hub):
    for place in ("https://third.example/ap/groups/1", "http://127.0.0.1:8000/ap/groups/none"):
        activity = write.create(partner.new_uri("activities"), written(a_post(partner, place=place)))
        assert hear(client, partner, activity).state == "ignored"
    assert talk.told == []


def test_a_vote_in_a_poll_is_no_answer(client, forum, claire, partner, talk):
    thread = a_post(claire, place=forum.uri)
    api.publish(thread)
    vote = partner.a_note(type="Note", name="Oui", inReplyTo=thread.uri)
    del vote["content"]
    assert hear(client, partner, partner.says("Create", vote)).state == "ignored"
    assert talk.received == []


# Who may write from where -----------------------------------------------------------------------------------------


def test_a_stranger_says_nothing_here_unless_the_hub_is_open(client, forum, stranger, talk, settings):
    activity = write.create(stranger.new_uri("activities"), written(a_post(stranger, place=forum.uri)))
    assert knock(client, stranger, activity).status_code == 403
    settings.RTES = replace(settings.RTES, federation="open")
    unrelated = stranger.says("Create", stranger.a_note())
    assert knock(client, stranger, unrelated).status_code == 403
    assert hear(client, stranger, activity | {"id": stranger.new_uri("activities")}).state == "done"
    assert [post.place for post in talk.received] == [forum.uri]
    gone = stranger.says("Delete", talk.received[0].uri)
    assert hear(client, stranger, gone).state == "done"
