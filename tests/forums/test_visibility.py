"""What is said among members reaches nobody else, whatever the address; what a place has not taken, its author only."""

import re
from urllib.parse import quote

import pytest
from django.urls import reverse

from federation.models import Activity, Actor, StoredObject
from forums import actions, arrivals
from forums.models import Forum, Post, Thread
from rtes_hub.search import index
from tests.make import (
    a_coordinator,
    a_forum,
    a_post,
    a_reader,
    a_remote_forum,
    a_speaker,
    a_thread,
    a_user,
    a_visitor,
)

pytestmark = pytest.mark.django_db

CANARY = "canari-jaune"


@pytest.fixture
def closed():
    member = a_reader(full_name=f"Personne {CANARY}")
    forum = a_forum(f"Cercle {CANARY}", access="closed", description=CANARY, theme="")
    thread = a_thread(forum, by=member, title=f"Titre {CANARY}", source=f"Texte {CANARY}")
    post = a_post(thread, by=member, source=f"Suite {CANARY}")
    actions.edit(post, by=member, source=f"Suite {CANARY} corrigée")
    return forum, thread, post


def addresses(forum: Forum, thread: Thread, post: Post) -> list[str]:
    return [
        forum.get_absolute_url(),
        thread.get_absolute_url(),
        thread.get_absolute_url() + "?fin",
        reverse("post", args=[post.pk]),
        reverse("post-history", args=[post.pk]),
        reverse("voice", args=[post.voice.handle]),
    ]


@pytest.mark.parametrize("who", ["visitor", "outsider"])
def test_a_closed_forum_is_not_there_for_others(client, closed, who):
    """404, the same as for what never was: neither words nor status tell that it exists."""
    if who == "outsider":
        client.force_login(a_user())
    for path in addresses(*closed):
        answer = client.get(path)
        assert answer.status_code == 404, path
        assert words(answer) == words(client.get("/forums/n-a-jamais-existe/")), path


def words(answer) -> str:
    """What the page says, without its own address and without the token of its forms."""
    path = answer.request["PATH_INFO"] + (
        "?" + answer.request["QUERY_STRING"] if answer.request["QUERY_STRING"] else ""
    )
    page = re.sub(r'(csrfmiddlewaretoken" value=")[^"]+', r"\1", answer.content.decode())
    return page.replace(quote(path), "").replace(path, "")


@pytest.mark.parametrize("who", ["visitor", "outsider"])
def test_nothing_of_a_closed_forum_is_on_any_other_page(client, closed, who):
    if who == "outsider":
        client.force_login(a_user())
    for path in ("/", "/forums/", "/ressources/?q=canari", "/mentions/?q=canari"):
        assert CANARY not in client.get(path).content.decode(), path


def test_it_is_there_for_members(client, closed):
    client.force_login(a_reader())
    for path in addresses(*closed):
        assert client.get(path, follow=True).status_code == 200, path
    assert CANARY in client.get("/forums/").content.decode()


@pytest.mark.parametrize("path", ["thread-reply", "thread-act", "post-edit", "post-delete", "post-validate"])
def test_what_one_may_not_read_cannot_be_acted_upon(client, closed, path):
    _forum, thread, post = closed
    client.force_login(a_user())
    args = {"thread-reply": [thread.pk], "thread-act": [thread.pk, "verrouiller"]}.get(path, [post.pk])
    assert client.post(reverse(path, args=args), {"source": "x"}).status_code == 404


def test_nothing_of_a_closed_forum_leaves_the_hub(closed):
    assert not StoredObject.objects.exists()
    assert not Activity.objects.exists()
    assert not Actor.objects.filter(type__in=("Group", "Person")).exists()


def test_a_search_finds_closed_words_for_members_only(closed):
    assert index.find(CANARY) == []
    assert closed[1].uri in index.find(CANARY, members=True)


def test_what_another_hub_has_not_taken_is_for_its_author_and_coordinators():
    author = a_speaker()
    thread = a_thread(a_remote_forum(), by=author)
    readers = {"visitor": a_visitor(), "member": a_speaker(), "author": author, "coordinator": a_coordinator()}

    def read_by(things):
        return {name for name, reader in readers.items() if things.visible_to(reader).exists()}

    assert read_by(Thread.objects) == read_by(Post.objects) == {"author", "coordinator"}
    arrivals.shown(thread.uri)
    assert read_by(Thread.objects) == read_by(Post.objects) == set(readers)


def test_a_removed_discussion_is_gone_for_those_who_could_read_it(client):
    thread = a_thread()
    path = thread.get_absolute_url()
    actions.delete(thread.posts.get(), by=thread.voice.user)
    assert client.get(path).status_code == 410
    assert thread.title not in client.get(path).content.decode()


def test_a_removed_closed_discussion_is_gone_for_nobody_else(client, closed):
    _forum, thread, _post = closed
    for post in thread.posts.all():
        actions.delete(post, by=post.voice.user)
    assert client.get(thread.get_absolute_url()).status_code == 404
