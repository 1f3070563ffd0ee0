"""A forum of ours: what is said in it is shown to all who follow it, once, and what it does not take is answered."""

import json

import pytest

from federation import actors, api, groups
from federation.errors import Refused
from federation.models import Activity, Delivery, StoredObject
from federation.wire import canonical, names, read, write
from tests.federation.knocking import hear
from tests.federation.peers import a_follower, a_peer, a_remote_actor
from tests.federation.talking import READER, a_forum, a_post, inboxes_of, owed, written
from tests.federation.test_discovery import get
from tests.federation.wire.material import complaints

pytestmark = pytest.mark.django_db


def wrapped(activities):
    """The types of what was announced."""
    return [one["object"]["type"] if isinstance(one["object"], dict) else "" for one in activities]


# What our people say in it ----------------------------------------------------------------------------------------


def test_what_is_said_in_a_forum_of_ours_is_announced_then_shown(forum, claire):
    thread = a_post(claire, place=forum.uri)
    api.publish(thread)
    first, second = owed(forum)
    create = json.loads(bytes(Activity.objects.get(type="Create").body))
    assert first["object"] == create
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


def test_canonical_bytes_stay_what_they_were(forum, claire):
    """A wrapped activity is put in as it came, and only once."""
    inner = canonical.dumps({"id": "https://x.example/1", "type": "Create", "object": groups._HERE})
    body = groups._wrap(forum, "http://127.0.0.1:8000/ap/activities/1", inner)
    assert body.count(inner) == 1
    assert json.loads(body)["object"] == json.loads(inner)
