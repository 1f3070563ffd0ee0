"""What was said in the forums of partners before we followed them, read page after page."""

import pytest
from django.utils import timezone

from federation import visits
from federation.models import Place, StoredObject
from federation.wire import write
from tests.federation.knocking import a_speaker
from tests.federation.next_door import announces, says_yes
from tests.federation.talking import a_post, show, written

pytestmark = pytest.mark.django_db


def test_what_was_said_before_is_read_page_after_page_once_it_says_yes(client, next_door, talk):
    forum, author = next_door.opens(), a_speaker(next_door.server, "/ap/people/1", type="Person")
    old, new = (written(a_post(author, place=forum.uri)) for _ in range(2))
    reply = written(a_post(author, place=forum.uri, in_reply_to=new["id"]))
    next_door.holds(forum, announces(forum, author, reply, new), announces(forum, author, old))
    next_door.lists(forum)
    visits.turn()
    assert talk.received == []
    says_yes(client, forum)
    visits.turn()
    assert [post.uri for post in talk.received] == [new["id"], reply["id"], old["id"]]
    row = Place.objects.get()
    assert (row.backfill, row.pages) == ("done", 3)
    visits.turn()
    assert len(talk.received) == 3


def test_a_killed_worker_begins_again_at_the_page_it_was_on(client, next_door, talk):
    forum, author = next_door.opens(), a_speaker(next_door.server, "/ap/people/1", type="Person")
    first, second = (written(a_post(author, place=forum.uri)) for _ in range(2))
    next_door.holds(forum, announces(forum, author, first), announces(forum, author, second))
    next_door.lists(forum)
    visits.turn()
    says_yes(client, forum)
    missing = next_door.server.pages.pop(f"{forum.path}/outbox?page=2")
    visits.turn()
    row = Place.objects.get()
    assert (row.backfill, row.pages, row.tries) == ("running", 2, 1)
    next_door.server.pages[f"{forum.path}/outbox?page=2"] = missing
    next_door.server.asked.clear()
    Place.objects.update(next_try=timezone.now())
    visits.turn()
    assert [path for path in next_door.server.asked if "outbox" in path] == [f"{forum.path}/outbox?page=2"]
    assert [post.uri for post in talk.received] == [first["id"], second["id"]]


def test_two_workers_on_one_page_take_it_once(client, next_door, talk):
    forum, author = next_door.opens(), a_speaker(next_door.server, "/ap/people/1", type="Person")
    next_door.holds(forum, announces(forum, author, written(a_post(author, place=forum.uri))))
    next_door.lists(forum)
    visits.turn()
    says_yes(client, forum)
    row = visits.due_places().get()
    visits.step(row)
    visits.step(row)
    assert Place.objects.get().pages == 1


def test_what_is_forged_in_an_outbox_is_passed_over(client, next_door, talk):
    forum, author = next_door.opens(), a_speaker(next_door.server, "/ap/people/1", type="Person")
    other = next_door.opens("/ap/groups/2")
    good = written(a_post(author, place=forum.uri))
    items = [
        *announces(other, author, written(a_post(author, place=forum.uri))),
        *announces(forum, author, written(a_post(author, place=other.uri))),
        forum.says("Announce", {"type": "Create"}),
        "https://victim.example/activities/1",
        *announces(forum, author, good),
    ]
    next_door.holds(forum, items)
    next_door.lists(forum)
    visits.turn()
    says_yes(client, forum)
    visits.turn()
    assert [post.uri for post in talk.received] == [good["id"]]
    assert not StoredObject.objects.exclude(uri=good["id"]).exists()


def test_a_third_server_that_is_down_keeps_nothing_else_from_being_read(client, next_door, talk, stopped):
    forum, author = next_door.opens(), a_speaker(next_door.server, "/ap/people/1", type="Person")
    lost, good = written(a_post(stopped, place=forum.uri)), written(a_post(author, place=forum.uri))
    next_door.holds(forum, [*announces(forum, stopped, lost), *announces(forum, author, good)])
    next_door.lists(forum)
    visits.turn()
    says_yes(client, forum)
    for _ in range(visits.STUBBORN + 2):
        assert talk.received == []
        Place.objects.update(next_try=timezone.now())
        visits.turn()
        if talk.received:
            break
    assert [post.uri for post in talk.received] == [good["id"]]


def test_a_list_of_lemmy_has_no_pages(client, next_door, talk):
    forum, author = next_door.opens(), a_speaker(next_door.server, "/ap/people/1", type="Person")
    thing = written(a_post(author, place=forum.uri))
    items = announces(forum, author, thing)
    show(next_door.server, write.collection(f"{forum.uri}/outbox", total=1, items=items))
    next_door.lists(forum)
    visits.turn()
    says_yes(client, forum)
    visits.turn()
    assert [post.uri for post in talk.received] == [thing["id"]]
    assert Place.objects.get().backfill == "done"
