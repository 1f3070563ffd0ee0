"""Forums through the API: what a program may read and write, and how it is refused."""

import jsonschema
import pytest
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator

from forums import actions
from forums.models import Post, Thread
from tests.make import (
    a_coordinator,
    a_forum,
    a_post,
    a_practice,
    a_question,
    a_reader,
    a_remote_forum,
    a_speaker,
    a_thread,
    a_user,
)
from tests.resources.programs import API, is_problem, send, signed

pytestmark = pytest.mark.django_db


def titles(client, path, **extra):
    return [one["title"] for one in send(client, "get", path, **extra).json()["results"]]


# Reading ----------------------------------------------------------------------------------------------------------


def test_anyone_reads_open_forums_and_nothing_of_closed_ones(client):
    opened, closed = a_forum("Achats"), a_forum("CANARI", access="closed")
    thread, hidden = a_thread(opened), a_thread(closed, by=a_reader(), title="CANARI", source="CANARI")
    post, hidden_post = a_post(thread), a_post(hidden, by=a_reader(), source="CANARI")
    for extra in ({}, signed(a_user())):
        assert titles(client, "forums/", **extra) == ["Achats"]
        assert titles(client, "threads/", **extra) == [thread.title]
        assert (
            titles(client, f"threads/?forum={closed.pk}", **extra) == titles(client, "threads/?q=canari", **extra) == []
        )
        assert send(client, "get", f"posts/?thread={hidden.pk}", **extra).json()["results"] == []
        for path in (f"forums/{closed.pk}/", f"threads/{hidden.pk}/", f"posts/{hidden_post.pk}/"):
            answer = send(client, "get", path, **extra)
            absent = send(client, "get", path.split("/")[0] + "/999999/", **extra)
            assert is_problem(answer, 404) == is_problem(absent, 404)
            assert answer.content == absent.content
    member = signed(a_reader())
    assert set(titles(client, "forums/", **member)) == {"Achats", "CANARI"}
    assert titles(client, "threads/?q=canari", **member) == ["CANARI"]
    assert send(client, "get", f"posts/{hidden_post.pk}/", **member).json()["source"] == "CANARI"
    one = send(client, "get", f"posts/{post.pk}/").json()
    assert (one["thread"], one["is_first"], one["parent"]) == (thread.pk, False, thread.posts.get(is_first=True).pk)
    assert one["author"]["hub"] == "http://127.0.0.1:8000"


def test_threads_are_narrowed(client):
    sheet = a_practice()
    forum = a_forum(theme="alimentation")
    asked = a_question(forum, title="Question", about=sheet.uri)
    a_thread(title="Sujet", source="Une légumerie.")
    assert titles(client, "threads/?state=open") == ["Question"]
    assert titles(client, f"threads/?forum={forum.pk}") == ["Question"]
    assert titles(client, f"threads/?about={sheet.uri}") == ["Question"]
    assert titles(client, "threads/?q=légumerie") == ["Sujet"]
    assert titles(client, "forums/?theme=alimentation&local=true&access=open") == [forum.title]
    one = send(client, "get", f"threads/{asked.pk}/").json()
    assert (one["about"], one["state"], one["forum"]) == (sheet.uri, "open", forum.pk)
    assert one["territory"]["id"] == "epci-242100410"


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("threads/?stat=open", "stat"),
        ("threads/?state=nothing", "state"),
        ("threads/?forum=x", "forum"),
        ("threads/?forum=99999999999999999999999", "forum"),
        ("threads/?limit=0", "limit"),
        ("posts/", "thread"),
        ("posts/?thread=x", "thread"),
        ("forums/?theme=nothing", "theme"),
    ],
)
def test_a_wrong_parameter_is_refused_by_its_name(client, path, field):
    assert list(is_problem(send(client, "get", path), 400)["errors"]) == [field]


def test_pages_follow_each_other_while_others_write(client):
    thread = a_thread()
    made = {a_post(thread, source=f"Réponse {number}").pk for number in range(5)} | {thread.posts.get(is_first=True).pk}
    seen, url = [], f"{API}posts/?thread={thread.pk}&limit=2"
    while url:
        page = client.get(url).json()
        seen += [one["id"] for one in page["results"]]
        if len(seen) == 2:
            made.add(a_post(thread, source="Entre-temps").pk)
        url = page["next"]
    assert len(seen) == len(set(seen)) == 7
    assert set(seen) == made


def test_what_is_removed_keeps_its_place_and_no_word(client):
    post = a_post(source="CANARI")
    actions.delete(post, by=a_coordinator(), reason="Hors charte.")
    answer = send(client, "get", f"posts/?thread={post.thread_id}")
    assert "CANARI" not in answer.content.decode()
    gone = answer.json()["results"][1]
    assert (gone["id"], gone["html"], gone["source"], gone["removed_by"]) == (post.pk, "", "", "here")
    assert gone["removed_at"]


def test_a_page_costs_the_same_whatever_its_length(client, django_assert_max_num_queries):
    forum = a_forum()
    threads = [a_question(forum, title=f"Clause {number}") for number in range(4)]
    for number in range(8):
        a_post(threads[0], source=f"Réponse {number}")
    for path, most in (
        ("threads/", 2),
        ("threads/?q=clause", 6),
        (f"posts/?thread={threads[0].pk}", 2),
        ("forums/", 2),
    ):
        with django_assert_max_num_queries(most):
            assert send(client, "get", path).json()["results"]


# Writing ----------------------------------------------------------------------------------------------------------


def test_a_program_asks_answers_validates_changes_and_deletes(client):
    forum, asker, helper = a_forum(), a_speaker(), a_speaker()
    asks, helps = signed(asker), signed(helper)
    body = {"forum": forum.pk, "title": "Quel seuil ?", "source": "**Quel** seuil ?", "is_question": True}
    begun = send(client, "post", "threads/", body, **asks)
    assert begun.status_code == 201, begun.content
    thread = begun.json()
    assert begun["Location"].endswith(f"/api/v1/threads/{thread['id']}/")
    assert (thread["state"], thread["post_count"]) == ("open", 1)
    said = send(client, "post", "posts/", {"thread": thread["id"], "source": "221 000 euros."}, **helps)
    assert said.status_code == 201
    post = said.json()
    under = {"thread": thread["id"], "parent": post["id"], "source": "Merci."}
    assert send(client, "post", "posts/", under, **asks).json()["parent"] == post["id"]
    taken = send(client, "post", f"threads/{thread['id']}/validate/", {"post": post["id"]}, **asks).json()
    assert (taken["state"], taken["answer"]) == ("validated", post["uri"])
    back = send(client, "post", f"threads/{thread['id']}/validate/", {"post": None}, **asks).json()
    assert (back["state"], back["answer"]) == ("answered", "")
    changed = send(client, "patch", f"posts/{post['id']}/", {"source": "**443 000** euros."}, **helps).json()
    assert (changed["version"], changed["source"]) == (2, "**443 000** euros.")
    assert "<strong>443 000</strong>" in changed["html"]
    first = Post.objects.get(uri=thread["uri"])
    titled = send(client, "patch", f"posts/{first.pk}/", {"title": "Quel seuil européen ?"}, **asks)
    assert titled.status_code == 200
    assert Thread.objects.get().title == "Quel seuil européen ?"
    assert send(client, "delete", f"posts/{post['id']}/", **helps).status_code == 204
    assert send(client, "get", f"posts/{post['id']}/").json()["html"] == ""


def test_consent_is_given_on_the_site_never_through_a_program(client):
    forum, newcomer = a_forum(), a_reader()
    body = {"forum": forum.pk, "title": "Quel seuil ?", "source": "Quel seuil ?"}
    assert is_problem(send(client, "post", "threads/", body, **signed(newcomer)), 409)["detail"]
    assert list(
        is_problem(send(client, "post", "threads/", body | {"consent": True}, **signed(newcomer)), 400)["errors"]
    )
    assert not Thread.objects.exists()
    closed = a_forum(access="closed")
    assert send(client, "post", "threads/", body | {"forum": closed.pk}, **signed(newcomer)).status_code == 201


@pytest.mark.parametrize(
    ("path", "body", "fields"),
    [
        ("threads/", {}, {"forum", "title", "source"}),
        ("threads/", {"forum": 999, "title": "x", "source": "x"}, {"forum"}),
        ("threads/", {"forum": "x", "title": "x" * 201, "source": "x" * 20001}, {"forum", "title", "source"}),
        ("threads/", {"forum": "F", "title": "x", "source": "x", "pinned": True}, {"pinned"}),
        ("threads/", {"forum": "F", "title": "x", "source": "x", "about": "https://x.example/1"}, {"about"}),
        ("threads/", ["x"], {""}),
        ("posts/", {}, {"thread", "source"}),
        ("posts/", {"thread": "T", "source": "   "}, {"source"}),
        ("posts/", {"thread": "T", "source": "x", "parent": 999}, {"parent"}),
        ("posts/", {"thread": 999, "source": "x"}, {"thread"}),
        ("posts/", {"thread": "T", "source": "x", "voice": 1, "uri": "https://x.example"}, {"voice", "uri"}),
    ],
)
def test_what_is_wrong_is_refused_by_field_and_nothing_is_kept(client, path, body, fields):
    thread = a_thread()
    before = Post.objects.count()
    if isinstance(body, dict):
        body = {name: {"F": thread.forum_id, "T": thread.pk}.get(value, value) for name, value in body.items()}
    answer = send(client, "post", path, body, **signed(a_speaker()))
    assert set(is_problem(answer, 400)["errors"]) == fields
    assert Post.objects.count() == before


def test_a_closed_forum_named_by_a_stranger_is_as_one_that_is_not_there(client):
    closed = a_forum(access="closed")
    hidden = a_thread(closed, by=a_reader())
    stranger = signed(a_user())
    for path, body, absent in (
        ("threads/", {"forum": closed.pk, "title": "x", "source": "x"}, {"forum": 999}),
        ("posts/", {"thread": hidden.pk, "source": "x"}, {"thread": 999}),
    ):
        answers = [send(client, "post", path, sent, **stranger) for sent in (body, body | absent)]
        assert answers[0].status_code == 400
        assert answers[0].content == answers[1].content


WHO = {
    "nobody": (lambda: None, 401),
    "somebody without a post": (a_user, 403),
    "another member": (a_speaker, 403),
}


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("patch", "posts/{post}/", {"source": "x"}),
        ("delete", "posts/{post}/", None),
        ("post", "posts/{post}/remove/", {"reason": "x"}),
        ("post", "threads/{thread}/validate/", {"post": 1}),
    ],
)
def test_who_may_not_is_refused_and_nothing_changes(client, who, method, path, body):
    thread = a_question()
    post = a_post(thread)
    make, code = WHO[who]
    person = make()
    extra = signed(person) if person else {}
    sent = {name: post.pk if name == "post" else value for name, value in body.items()} if body else None
    is_problem(send(client, method, path.format(post=post.pk, thread=thread.pk), sent, **extra), code)
    thread.refresh_from_db()
    after = Post.objects.get(pk=post.pk)
    assert (after.source, after.removed_at, thread.answer_uri) == (post.source, None, "")


def test_a_token_that_only_reads_writes_nothing(client):
    speaker = a_speaker()
    body = {"thread": a_thread().pk, "source": "x"}
    assert "write" in is_problem(send(client, "post", "posts/", body, **signed(speaker, "read")), 403)["detail"]
    assert Post.objects.count() == 1


def test_what_is_not_possible_now_is_a_conflict(client):
    thread = actions.lock(a_thread(), by=None)
    speaker = signed(a_speaker())
    is_problem(send(client, "post", "posts/", {"thread": thread.pk, "source": "x"}, **speaker), 409)
    ended = actions.close_forum(a_forum(), by=None)
    body = {"forum": ended.pk, "title": "x", "source": "x"}
    is_problem(send(client, "post", "threads/", body, **speaker), 409)


def test_a_coordinator_removes_with_a_reason(client):
    post, coordinator = a_post(), signed(a_coordinator())
    assert list(is_problem(send(client, "post", f"posts/{post.pk}/remove/", {}, **coordinator), 400)["errors"]) == [
        "reason"
    ]
    is_problem(send(client, "delete", f"posts/{post.pk}/", **coordinator), 400)
    done = send(client, "post", f"posts/{post.pk}/remove/", {"reason": "Hors charte."}, **coordinator)
    assert done.status_code == 204
    post.refresh_from_db()
    assert (post.removed_by, post.removed_why) == ("here", "Hors charte.")


def test_what_is_said_in_a_partners_forum_is_shown_to_others_once_its_hub_shows_it(client):
    forum, speaker = a_remote_forum(), a_speaker()
    body = {"forum": forum.pk, "title": "Quel seuil ?", "source": "Quel seuil ?"}
    thread = send(client, "post", "threads/", body, **signed(speaker)).json()
    assert thread["shown"] is False
    assert send(client, "get", f"threads/{thread['id']}/").status_code == 404
    assert send(client, "get", f"threads/{thread['id']}/", **signed(speaker)).status_code == 200


# Description ------------------------------------------------------------------------------------------------------


def test_answers_are_as_described(client):
    with translation.override("en"):
        described = SchemaGenerator(api_version=None).get_schema(request=None, public=True)
    post = a_post(a_question())
    actions.delete(a_post(post.thread), by=a_coordinator(), reason="Hors charte.")
    for component, path in (
        ("PaginatedForumList", "forums/"),
        ("PaginatedThreadList", "threads/"),
        ("PaginatedPostList", f"posts/?thread={post.thread_id}"),
        ("Post", f"posts/{post.pk}/"),
    ):
        answer = send(client, "get", path).json()
        schema = {**described, "$ref": f"#/components/schemas/{component}"}
        jsonschema.Draft202012Validator(schema).validate(answer)
