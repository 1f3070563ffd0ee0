"""What Mastodon, Lemmy and NodeBB say, as people of this hub read it."""

import pytest

from federation import places
from federation.models import Follow, Peer
from federation.wire import read, write
from forums.models import Forum, Post, Thread
from tests.federation.knocking import hear
from tests.federation.talking import (
    SAMPLE_FORUM,
    SAMPLE_THREAD,
    a_sample_actor,
    sample,
    show,
)
from tests.make import a_forum, a_thread

pytestmark = pytest.mark.django_db


class Sent:
    """The samples of one software, sent by a server to a forum and a thread of ours."""

    def __init__(self, server, host):
        self.server = server
        self.thread = a_thread(a_forum("Achats responsables"))
        self.forum = self.thread.forum
        self.hosts = {
            f"https://{host}": server.origin,
            SAMPLE_FORUM: self.forum.uri,
            SAMPLE_THREAD: self.thread.uri,
        }
        self.peer = Peer.objects.update_or_create(origin=server.origin, defaults={"level": "partner"})[0]

    def __call__(self, name):
        return sample(name, **self.hosts)

    def actor(self, name, path):
        return a_sample_actor(self.server, self(name), path)

    def place(self, name, path):
        """A community or a category, found and followed."""
        made = self.actor(name, path)
        places.welcome(read.actor(self(name)), [], self.peer)
        Follow.objects.update(state=Follow.State.ACCEPTED)
        return made


def page_of(client, thread):
    return client.get(thread.get_absolute_url()).content.decode()


@pytest.fixture
def lemmy(hub, server):
    return Sent(server, "lemmy.example")


@pytest.fixture
def mastodon(hub, server):
    return Sent(server, "mastodon.example")


@pytest.fixture
def nodebb(hub, server):
    return Sent(server, "nodebb.example")


def test_a_mention_from_mastodon_is_a_thread_called_by_its_first_line(client, mastodon):
    lea = mastodon.actor("mastodon-person", "/users/lea")
    said = mastodon("mastodon-create-note-to-forum")
    said["object"]["content"] += '<p onclick="x()">Deux<script>alert(1)</script></p><img src="https://x.example/i.png">'
    hear(client, lea, said)
    thread = Thread.objects.get(uri=said["object"]["id"])
    assert (thread.forum, thread.title) == (mastodon.forum, "Une question sur les clauses #ess")
    html = page_of(client, thread)
    assert "Deux" in html
    assert "onclick" not in html
    assert "alert(1)" not in html
    assert '<img src="https://x.example' not in html
    assert '<a href="https://x.example' in thread.posts.get().html
    assert "Affiche" in html
    assert mastodon.server.netloc in html


def test_an_answer_from_mastodon_and_its_deletion(client, mastodon):
    lea = mastodon.actor("mastodon-person", "/users/lea")
    said = mastodon("mastodon-create-note-to-forum")
    said["object"] |= {"inReplyTo": mastodon.thread.uri, "cc": [], "tag": []}
    hear(client, lea, said | {"cc": []})
    post = Post.objects.get(uri=said["object"]["id"])
    assert (post.thread, post.is_first) == (mastodon.thread, False)
    gone = lea.says("Delete", {"id": said["object"]["id"], "type": "Tombstone"})
    assert hear(client, lea, gone).state == "done"
    post.refresh_from_db()
    assert (post.html, post.removed_by) == ("", "author")


def test_a_thread_of_lemmy_with_its_link_and_its_answers(client, lemmy):
    marc = lemmy.actor("lemmy-person", "/u/marc")
    community = lemmy.place("lemmy-group", "/c/ess")
    hear(client, community, lemmy("lemmy-announce-create"))
    thread = Thread.objects.get(uri=f"{lemmy.server.origin}/post/55")
    assert (thread.forum.uri, thread.title) == (community.uri, "Titre du sujet")
    assert "https://exemple.example/article" in page_of(client, thread)
    comment = lemmy("lemmy-comment") | {"inReplyTo": thread.uri, "attributedTo": marc.uri}
    hear(client, community, community.says("Announce", write.create(f"{marc.uri}/1", comment)))
    thread.refresh_from_db()
    assert thread.post_count == 2


def test_a_community_is_shown_under_its_name_and_its_hub(client, lemmy):
    community = lemmy.place("lemmy-group", "/c/ess")
    forum = Forum.objects.get(uri=community.uri)
    assert (forum.local, forum.hub) == (False, lemmy.server.origin)
    assert forum.title in client.get("/forums/").content.decode()


def test_an_answer_from_lemmy_to_a_thread_of_ours(client, lemmy):
    marc = lemmy.actor("lemmy-person", "/u/marc")
    comment = lemmy("lemmy-comment")
    hear(client, marc, marc.says("Create", comment, cc=[lemmy.forum.uri]))
    assert Post.objects.get(uri=comment["id"]).thread == lemmy.thread


def test_a_topic_of_nodebb(client, nodebb):
    nodebb.actor("nodebb-person", "/uid/1")
    category = nodebb.place("nodebb-group", "/category/2")
    document = show(nodebb.server, nodebb("nodebb-article"))
    hear(client, category, category.says("Announce", document["id"]))
    thread = Thread.objects.get(uri=document["id"])
    assert (thread.title, thread.forum.uri) == ("Bienvenue", category.uri)
    assert "Texte" in page_of(client, thread)
