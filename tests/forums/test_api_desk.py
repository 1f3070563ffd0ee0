"""What coordinators and people do with forums through the API: effect, silence, and who is refused."""

from datetime import timedelta

import pytest
from django.utils import timezone

from federation.models import Activity
from forums import actions, reading
from forums.models import Forum, Reading, Visit, Voice
from rtes_hub.notices.models import Notice
from tests.make import a_coordinator, a_forum, a_post, a_reader, a_speaker, a_thread, a_user
from tests.resources.programs import is_problem, send, signed

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(hub_of_forums):
    return signed(a_coordinator())


@pytest.fixture
def hub_of_forums():
    return a_forum("Achats")


def test_a_coordinator_opens_describes_closes_and_reopens_a_forum(client, desk):
    made = send(client, "post", "forums/", {"title": "Alimentation", "theme": "alimentation"}, **desk)
    assert made.status_code == 201
    path = f"forums/{made.json()['id']}/"
    assert made["Location"].endswith(path)
    changed = send(client, "patch", path, {"description": "Cantines."}, **desk).json()
    assert (changed["title"], changed["description"], changed["theme"]) == ("Alimentation", "Cantines.", "alimentation")
    assert send(client, "post", path + "close/", **desk).json()["closed_at"]
    is_problem(send(client, "post", path + "close/", **desk), 409)
    assert send(client, "post", path + "reopen/", **desk).json()["closed_at"] is None


def test_of_a_closed_forum_nothing_leaves(client, desk):
    before = Activity.objects.count()
    made = send(client, "post", "forums/", {"title": "Entre nous", "access": "closed"}, **desk)
    assert (made.json()["access"], Activity.objects.count()) == ("closed", before)
    assert is_problem(send(client, "get", f"forums/{made.json()['id']}/"), 404)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "title"),
        ({"title": "x", "theme": "x"}, "theme"),
        ({"title": "x", "access": "x"}, "access"),
        ({"titel": 1}, "titel"),
    ],
)
def test_a_wrong_forum_is_refused_by_its_field(client, desk, body, field):
    assert field in is_problem(send(client, "post", "forums/", body, **desk), 400)["errors"]
    assert Forum.objects.count() == 1


def test_a_coordinator_locks_pins_and_moves(client, desk, hub_of_forums):
    thread, other, closed = a_thread(hub_of_forums), a_forum("Mobilité"), a_forum("Clos", access="closed")
    path = f"threads/{thread.pk}/"
    for act, field, value in [("lock", "locked", True), ("pin", "pinned", True), ("unlock", "locked", False)]:
        assert send(client, "post", f"{path}{act}/", **desk).json()[field] is value
    is_problem(send(client, "post", path + "unlock/", **desk), 409)
    assert send(client, "post", path + "unpin/", **desk).json()["pinned"] is False
    assert send(client, "post", path + "move/", {"forum": other.pk}, **desk).json()["forum"] == other.pk
    is_problem(send(client, "post", path + "move/", {"forum": closed.pk}, **desk), 409)
    assert list(is_problem(send(client, "post", path + "move/", {"forum": 999999}, **desk), 400)["errors"]) == ["forum"]


@pytest.mark.parametrize("act", ["lock", "unlock", "pin", "unpin", "move", "close", "reopen"])
def test_nobody_else_does(client, hub_of_forums, act):
    thread = a_thread(hub_of_forums)
    of = f"forums/{hub_of_forums.pk}" if act in ("close", "reopen") else f"threads/{thread.pk}"
    body = {"forum": a_forum("Autre").pk} if act == "move" else None
    is_problem(send(client, "post", f"{of}/{act}/", body), 401)
    is_problem(send(client, "post", f"{of}/{act}/", body, **signed(a_reader())), 403)
    thread.refresh_from_db()
    hub_of_forums.refresh_from_db()
    assert (thread.locked, thread.pinned, thread.forum_id) == (False, False, hub_of_forums.pk)
    assert hub_of_forums.closed_at is None


def test_what_one_may_not_see_is_not_there(client):
    closed = a_forum("CANARI", access="closed")
    thread = a_thread(closed, by=a_reader())
    stranger = signed(a_user())
    for path in (f"forums/{closed.pk}/close/", f"forums/{closed.pk}/read/", f"threads/{thread.pk}/lock/"):
        is_problem(send(client, "post", path, **stranger), 404)
    assert not Reading.objects.exists()
    post = thread.posts.get()
    is_problem(send(client, "get", f"posts/{post.pk}/history/"), 404)


def test_a_coordinator_bars_and_lets_write_again(client, desk):
    speaker = a_speaker()
    path = f"people/{speaker.voice.handle}/"
    assert is_problem(send(client, "post", path + "bar/", {"days": 0, "reason": ""}, **desk), 400)["errors"].keys() == {
        "days",
        "reason",
    }
    is_problem(send(client, "post", path + "bar/", {"days": 7, "reason": "x"}, **signed(a_reader())), 403)
    assert not Notice.objects.filter(user=speaker).exists()
    assert send(client, "post", path + "bar/", {"days": 7, "reason": "Insultes."}, **desk).json()["barred_until"]
    assert Voice.objects.get(user=speaker).is_barred
    assert Notice.objects.filter(user=speaker).exists()
    assert send(client, "get", path).json()["barred_until"] is None
    assert send(client, "post", path + "unbar/", **desk).json()["barred_until"] is None


def test_whoever_agreed_to_nothing_is_known_to_members_only(client):
    member = a_reader(full_name="Camille Martin")
    a_thread(a_forum(access="closed"), by=member)
    path = f"people/{member.voice.handle}/"
    is_problem(send(client, "get", path), 404)
    assert send(client, "get", path, **signed(a_reader())).json()["name"] == "Camille Martin"


def test_agreeing_is_asked_once_and_by_members(client):
    member = a_reader(full_name="Camille Martin")
    token = signed(member)
    is_problem(send(client, "get", "consent/"), 401)
    is_problem(send(client, "post", "consent/", **signed(a_user())), 403)
    before = send(client, "get", "consent/", **token).json()
    assert (before["agreed_at"], before["name"], before["uri"]) == (None, "Camille Martin", None)
    assert not Voice.objects.filter(user=member).exists()
    agreed = send(client, "post", "consent/", **token).json()
    assert agreed["agreed_at"]
    assert agreed["uri"]
    assert send(client, "post", "consent/", **token).json() == agreed


def test_names_are_completed_for_members(client):
    a_reader(full_name="Zoé Lambert")
    is_problem(send(client, "get", "mentions/?q=zo"), 401)
    is_problem(send(client, "get", "mentions/?q=zo", **signed(a_user())), 403)
    found = send(client, "get", "mentions/?q=zo", **signed(a_reader())).json()
    assert [one["name"] for one in found] == ["Zoé Lambert"]


def test_history_is_read_until_the_message_is_removed(client):
    speaker = a_speaker()
    post = a_post(by=speaker, source="Avant")
    actions.edit(post, by=speaker, source="Après")
    (one,) = send(client, "get", f"posts/{post.pk}/history/").json()
    assert (one["source"], one["version"]) == ("Avant", 1)
    actions.delete(post, by=speaker)
    is_problem(send(client, "get", f"posts/{post.pk}/history/"), 404)


def test_unread_marks_follow_what_is_read(client, django_assert_max_num_queries):
    reader, forum = a_reader(), a_forum("Achats")
    token = signed(reader)
    assert send(client, "get", "forums/news/", **token).json() == {"since": None, "unread": {}, "is_more": False}
    is_problem(send(client, "get", "forums/news/"), 401)
    long_ago = timezone.now() - timedelta(days=2)
    Visit.objects.create(user=reader, first_at=long_ago, at=long_ago, before_at=long_ago)
    threads = [a_thread(forum, title=f"Sujet {number}") for number in range(3)]
    assert send(client, "get", "forums/news/", **token).json()["unread"] == {str(forum.pk): 3}
    with django_assert_max_num_queries(10):
        news = send(client, "get", "threads/news/", **token).json()["results"]
    assert len(news) == 3
    assert send(client, "post", f"threads/{threads[0].pk}/read/", **token).status_code == 204
    assert reading.unread_among(reader, threads) == {threads[1].pk, threads[2].pk}
    assert send(client, "post", "forums/read/", **token).json() == {"forums": 1}
    assert send(client, "get", "forums/news/", **token).json()["unread"] == {}
