"""A forum of ours: what is said in it is shown to all who follow it, once, and what it does not take is answered."""

import json
from dataclasses import replace

import pytest

from federation import actors, api, groups, processing
from federation.errors import Refused
from federation.models import Activity, Actor, Delivery, StoredObject
from federation.wire import canonical, names, read, write
from tests.federation.knocking import a_speaker, hear, knock
from tests.federation.peers import a_follower, a_peer, a_remote_actor
from tests.federation.talking import a_forum, a_person, a_place_elsewhere, a_post, inboxes_of, owed, written
from tests.federation.test_discovery import get
from tests.federation.wire.material import complaints

pytestmark = pytest.mark.django_db

READER = "https://reader.example"


@pytest.fixture
def forum(hub):
    """Followed by a person of another partner."""
    made = a_forum()
    a_peer(READER)
    a_follower(made, READER)
    return made


@pytest.fixture
def claire(hub):
    return a_person()


def wrapped(activities):
    """The types of what was announced."""
    return [one["object"]["type"] if isinstance(one["object"], dict) else "" for one in activities]


# What our people say in it ----------------------------------------------------------------------------------------


def test_what_is_said_in_a_forum_of_ours_is_announced_then_shown(forum, claire):
    thread = a_post(claire, place=forum.uri)
    api.publish(thread)
    first, second = owed(forum)
    create = json.loads(bytes(Activity.objects.get(type="Create").body))
    assert first["object"] == {key: value for key, value in create.items() if key != "@context"}
    assert (first["type"], first["to"], first["cc"]) == ("Announce", [names.PUBLIC], [forum.followers])
    assert second["object"] == thread.uri
    assert inboxes_of(first["id"]) == inboxes_of(second["id"]) == {f"{READER}/ap/inbox"}
    assert complaints("lemmy-announce", first) == complaints("lemmy-announce", second) == []
    assert complaints("lemmy-create", first["object"]) == []


def test_who_follows_the_hub_for_its_sheets_is_not_sent_its_discussions(forum, claire):
    a_peer("https://catalogue.example")
    a_follower(actors.instance(), "https://catalogue.example")
    api.publish(a_post(claire, place=forum.uri))
    assert not Delivery.objects.filter(inbox__startswith="https://catalogue.example").exists()


def test_a_change_is_announced_and_said_twice_it_is_said_once(forum, claire):
    thread = a_post(claire, place=forum.uri)
    api.publish(thread)
    api.publish(thread)
    Delivery.objects.update(state=Delivery.State.SENT)
    api.publish(a_post(claire, uri=thread.uri, place=forum.uri, body="<p>Autre texte.</p>"))
    announced = [one for one in owed(forum) if isinstance(one["object"], dict)]
    assert wrapped(announced) == ["Create", "Update"]
    assert len({one["id"] for one in owed(forum)}) == 3


def test_who_is_called_by_name_hears_of_it(forum, claire):
    marc = a_remote_actor("https://lemmy.example")
    api.publish(a_post(claire, place=forum.uri, mentions=(marc.uri,)))
    create = Activity.objects.get(type="Create")
    assert inboxes_of(create.uri) == {"https://lemmy.example/ap/inbox"}
    document = StoredObject.objects.get().document
    assert f'"href":"{marc.uri}","name":"@{marc.handle}@lemmy.example"' in document


def test_what_its_author_withdraws_is_gone_for_all_readers(forum, claire):
    thread = a_post(claire, place=forum.uri, body="<p>CANARI</p>")
    api.publish(thread)
    api.withdraw(thread.uri)
    said = owed(forum)
    assert wrapped(said) == ["Delete"]
    assert said[0]["object"]["object"]["type"] == "Tombstone"
    assert not any(b"CANARI" in bytes(one.body) for one in Activity.objects.all())


def test_what_a_moderator_removes_says_why(forum, claire):
    thread = a_post(claire, place=forum.uri)
    api.publish(thread)
    api.withdraw(thread.uri, by_moderator=True, reason="Hors charte.")
    removal = next(one for one in owed(forum) if isinstance(one["object"], dict))["object"]
    assert (removal["type"], removal["summary"], removal["object"]) == ("Delete", "Hors charte.", thread.uri)
    assert removal["actor"] == actors.moderation().uri
    assert complaints("lemmy-delete", removal) == []


def test_a_lock_and_a_pin_are_announced_in_the_name_of_the_moderation(client, forum, claire):
    thread = a_post(claire, place=forum.uri)
    api.publish(thread)
    Delivery.objects.all().delete()
    api.lock(thread.uri, True, forum.uri)
    api.lock(thread.uri, False, forum.uri)
    api.feature(thread.uri, True, forum.uri)
    api.feature(thread.uri, True, forum.uri)
    pinned = get(client, groups.featured(forum)).json()
    api.feature(thread.uri, False, forum.uri)
    said = [one["object"] for one in owed(forum)]
    assert [one["type"] for one in said] == ["Lock", "Undo", "Add", "Remove"]
    assert {one["actor"] for one in said} == {actors.moderation().uri}
    assert get(client, groups.moderators(forum)).json()["orderedItems"] == [actors.moderation().uri]
    assert complaints("lemmy-lock", said[0]) == complaints("lemmy-add-remove", said[2]) == []
    assert [item["id"] for item in pinned["orderedItems"]] == [thread.uri]
    assert get(client, groups.featured(forum)).json()["orderedItems"] == []


@pytest.mark.parametrize("act", [api.lock, api.feature])
def test_a_place_elsewhere_is_not_ours_to_moderate(hub, act):
    with pytest.raises(Refused):
        act("https://partner.example/o/1", True, "https://partner.example/ap/groups/1")
    assert not Activity.objects.exists()


def test_a_thread_that_moves_is_announced_by_the_forum_it_leaves_too(forum, claire):
    other = a_forum("energie")
    thread = a_post(claire, place=forum.uri)
    api.publish(thread)
    api.publish(a_post(claire, uri=thread.uri, place=other.uri))
    updates = Activity.objects.filter(type="Announce Update")
    assert {update.actor for update in updates} == {forum, other}


# What others say in it --------------------------------------------------------------------------------------------


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


# What others read of it -------------------------------------------------------------------------------------------


def test_its_outbox_announces_what_was_said_in_it_as_it_is_now(client, forum, claire, partner, talk):
    thread = a_post(claire, place=forum.uri)
    api.publish(thread)
    api.publish(a_post(claire, uri=thread.uri, place=forum.uri, title="Un autre titre"))
    theirs = written(a_post(partner, place=forum.uri))
    hear(client, partner, write.create(partner.new_uri("activities"), theirs))
    gone = a_post(claire, place=forum.uri)
    api.publish(gone)
    api.withdraw(gone.uri)
    outbox = get(client, forum.outbox).json()
    assert outbox["totalItems"] == 2
    said = {one["object"]["object"]["id"]: one for one in outbox["orderedItems"]}
    assert set(said) == {thread.uri, theirs["id"]}
    assert said[thread.uri]["object"]["object"]["name"] == "Un autre titre"
    assert all(complaints("lemmy-announce", one) == [] for one in said.values())
    assert get(client, outbox["first"]).json()["orderedItems"] == outbox["orderedItems"]
    assert get(client, actors.instance().outbox).json()["totalItems"] == 0


def test_a_conversation_holds_all_that_was_said_in_it_oldest_first(client, forum, claire, partner, talk):
    thread = a_post(claire, place=forum.uri)
    api.publish(thread)
    document = read.publication(json.loads(StoredObject.objects.get().document))
    assert document.place == forum.uri
    theirs = written(a_post(partner, place=forum.uri, in_reply_to=thread.uri))
    hear(client, partner, write.create(partner.new_uri("activities"), theirs))
    answer = a_post(claire, place=forum.uri, in_reply_to=theirs["id"])
    api.publish(answer)
    assert json.loads(StoredObject.objects.get(uri=answer.uri).document)["context"] == f"{thread.uri}/context"
    conversation = get(client, f"{thread.uri}/context").json()
    assert conversation["orderedItems"] == [thread.uri, theirs["id"], answer.uri]
    assert conversation["attributedTo"] == forum.uri
    assert get(client, f"{thread.uri}/replies").json()["orderedItems"] == [theirs["id"]]
    assert get(client, f"{thread.uri}/likes").status_code == 404


def test_its_document_is_that_of_a_community(client, forum):
    document = get(client, forum.uri).json()
    assert complaints("lemmy-group", document) == complaints("mastodon-actor", document) == []
    assert (document["attributedTo"], document["featured"]) == (groups.moderators(forum), groups.featured(forum))
    assert document["manuallyApprovesFollowers"] is False


# What our people say in others' -----------------------------------------------------------------------------------


def test_what_is_said_in_a_place_elsewhere_goes_to_that_place_and_to_nobody_else(claire, server, talk):
    a_peer(server.origin)
    place = a_place_elsewhere(server)
    a_peer("https://third.example")
    a_follower(actors.instance(), "https://third.example")
    thread = a_post(claire, place=place.uri)
    api.publish(thread)
    (create,) = owed()
    assert (create["type"], create["audience"]) == ("Create", place.uri)
    assert inboxes_of(create["id"]) == {f"{place.uri}/inbox"}
    api.withdraw(thread.uri)
    assert owed()[-1]["type"] == "Delete"
    assert inboxes_of(owed()[-1]["id"]) == {f"{place.uri}/inbox"}


@pytest.mark.parametrize("level", ["unknown", "blocked"])
def test_nothing_is_said_in_the_place_of_a_hub_that_is_no_partner_any_more(claire, server, level):
    place = a_place_elsewhere(server)
    a_peer(server.origin, level)
    with pytest.raises(Refused):
        api.publish(a_post(claire, place=place.uri))
    with pytest.raises(Refused):
        api.publish(a_post(claire, place="https://nowhere.example/ap/groups/1"))
    assert not StoredObject.objects.exists()


def test_a_place_elsewhere_shows_what_we_said_or_refuses_it(client, claire, server, talk):
    place = a_place_elsewhere(server)
    thread, other = a_post(claire, place=place.uri), a_post(claire, place=place.uri)
    api.publish(thread)
    api.publish(other)
    creates = {one.object_uri: json.loads(bytes(one.body)) for one in Activity.objects.filter(type="Create")}
    hear(client, place, place.says("Announce", creates[thread.uri]))
    hear(client, place, place.says("Reject", creates[other.uri]["id"], summary="<p>Fermé.</p>"))
    assert talk.told == [("shown", thread.uri), ("refused", other.uri, "Fermé.")]
    # Only the place itself says so.
    neighbour = a_speaker(server, "/ap/groups/2", type="Group")
    assert hear(client, neighbour, neighbour.says("Reject", creates[thread.uri]["id"])).state == "ignored"
    assert hear(client, neighbour, neighbour.says("Announce", thread.uri)).state == "ignored"
    assert len(talk.told) == 2


def test_canonical_bytes_stay_what_they_were(forum, claire):
    """A wrapped activity is put in as it came, and only once."""
    inner = canonical.dumps({"id": "https://x.example/1", "type": "Create", "object": groups._HERE})
    body = groups._wrap(forum, "http://127.0.0.1:8000/ap/activities/1", inner)
    assert body.count(inner) == 1
    assert json.loads(body)["object"] == json.loads(inner)
