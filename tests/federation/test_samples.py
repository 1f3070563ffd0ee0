"""What Lemmy, NodeBB, Mastodon and Discourse send about forums, through the real door, as their apps get it."""

from dataclasses import replace

import pytest

from federation import api
from federation.models import Actor, Follow, StoredObject
from federation.wire import write
from tests.federation.knocking import hear
from tests.federation.peers import a_peer
from tests.federation.talking import (
    SAMPLE_FORUM,
    SAMPLE_THREAD,
    a_forum,
    a_person,
    a_post,
    a_sample_actor,
    followed,
    owed,
    sample,
    show,
)

pytestmark = pytest.mark.django_db

ORG = "https://hub.example/ap/orgs/terre-et-mer"


class Sent:
    """The samples of one software, sent by a partner's server to a forum and a thread of ours."""

    def __init__(self, server, host):
        self.server = server
        self.forum = a_forum("achats-responsables")
        claire = a_person()
        self.thread = a_post(claire, place=self.forum.uri)
        api.publish(self.thread)
        self.org = api.open_actor(type="Organization", handle="terre-et-mer", name="Terre et Mer")
        self.hosts = {
            f"https://{host}": server.origin,
            SAMPLE_FORUM: self.forum.uri,
            SAMPLE_THREAD: self.thread.uri,
            ORG: self.org,
        }
        a_peer(server.origin)

    def __call__(self, name):
        return sample(name, **self.hosts)

    def actor(self, name, path):
        return a_sample_actor(self.server, self(name), path)


@pytest.fixture
def lemmy(hub, server, talk):
    return Sent(server, "lemmy.example")


@pytest.fixture
def marc(lemmy):
    return lemmy.actor("lemmy-person", "/u/marc")


@pytest.fixture
def community(lemmy):
    return followed(lemmy.actor("lemmy-group", "/c/ess"))


@pytest.fixture
def page(client, lemmy, marc, community, talk):
    """A thread of the community, shown here."""
    hear(client, community, lemmy("lemmy-announce-create"))
    talk.told.clear()
    return f"{lemmy.server.origin}/post/55"


def test_a_thread_that_lemmy_announces(client, lemmy, marc, community, talk):
    assert hear(client, community, lemmy("lemmy-announce-create")).state == "done"
    (thread,) = talk.received
    assert (thread.kind, thread.title, thread.body.strip()) == ("thread", "Titre du sujet", "<p>Texte</p>")
    assert (thread.place, thread.author, thread.mentions) == (community.uri, marc.uri, ())
    assert thread.attachments[0].url == "https://exemple.example/article"
    # Its second announce is the same thing again.
    assert hear(client, community, lemmy("lemmy-announce-page")).state == "done"
    assert len(talk.received) == 1


def test_an_answer_that_lemmy_announces_to_a_thread_of_its_own(client, lemmy, marc, community, page, talk):
    comment = lemmy("lemmy-comment") | {"inReplyTo": page}
    hear(
        client,
        community,
        community.says("Announce", write.create(f"{marc.uri}/1", comment | {"attributedTo": marc.uri})),
    )
    assert (talk.received[-1].kind, talk.received[-1].in_reply_to) == ("post", page)


def test_an_answer_from_lemmy_to_a_thread_of_ours(client, lemmy, marc, talk):
    """The sample names a community of its own as audience, and a thread of ours as parent: the thread decides."""
    comment = lemmy("lemmy-comment")
    assert hear(client, marc, marc.says("Create", comment, cc=[lemmy.forum.uri])).state == "done"
    (post,) = talk.received
    assert (post.kind, post.in_reply_to, post.place) == ("post", lemmy.thread.uri, lemmy.forum.uri)
    assert lemmy.org in post.mentions


def test_lemmy_follows_a_forum_of_ours(client, lemmy, marc):
    assert hear(client, marc, lemmy("lemmy-follow")).state == "done"
    follow = Follow.objects.get(followed=lemmy.forum)
    assert (follow.follower.uri, follow.state) == (marc.uri, "accepted")
    assert owed(lemmy.forum)[-1]["type"] == "Accept"


def test_a_vote_that_lemmy_announces_is_ignored_politely(client, lemmy, marc, community, talk):
    assert hear(client, community, lemmy("lemmy-announce-vote")).state == "ignored"
    assert talk.told == []


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("lemmy-lock", ("locked", "/post/55", True)),
        ("lemmy-add-featured", ("featured", "/post/55", True)),
        ("lemmy-mod-remove", ("moderated", "/comment/9", "hors sujet")),
    ],
)
def test_what_moderators_of_lemmy_do(client, lemmy, marc, community, page, talk, name, told):
    author = lemmy.actor("lemmy-person", "/u/julie")
    comment = lemmy("lemmy-comment") | {"inReplyTo": page, "attributedTo": author.uri}
    hear(client, community, community.says("Announce", write.create(author.new_uri(), comment)))
    talk.told.clear()
    hear(client, community, community.says("Announce", lemmy(name)))
    verb, path, what = told
    assert talk.told == [(verb, f"{lemmy.server.origin}{path}", what)]


def test_a_report_from_lemmy(client, lemmy, marc, talk):
    assert hear(client, marc, lemmy("lemmy-flag")).state == "done"
    assert talk.told[-1] == ("reported", lemmy.thread.uri, "hors charte", marc.uri)


@pytest.mark.parametrize("name", ["lemmy-block-user"])
def test_what_this_hub_does_nothing_of_is_ignored(client, lemmy, marc, talk, name):
    assert hear(client, marc, lemmy(name)).state == "ignored"
    assert talk.told == []


def test_a_topic_of_nodebb_read_where_its_category_shows_it(client, hub, server, talk):
    sent = Sent(server, "nodebb.example")
    julie = sent.actor("nodebb-person", "/uid/1")
    category = followed(sent.actor("nodebb-group", "/category/2"))
    document = show(server, sent("nodebb-article"))
    hear(client, category, category.says("Announce", document["id"]))
    (topic,) = talk.received
    assert (topic.kind, topic.title, topic.place, topic.author) == ("thread", "Bienvenue", category.uri, julie.uri)
    assert "<p>Texte</p>" in topic.body


def test_a_topic_of_nodebb_said_in_a_forum_of_ours(client, hub, server, talk):
    sent = Sent(server, "nodebb.example")
    julie = sent.actor("nodebb-person", "/uid/1")
    article = sent("nodebb-article") | {"audience": sent.forum.uri}
    hear(client, julie, write.create(julie.new_uri(), article | {"to": [*article["to"], sent.forum.uri]}))
    assert [(topic.kind, topic.place) for topic in talk.received] == [("thread", sent.forum.uri)]
    assert [one["object"] for one in owed(sent.forum)][1:] == [article["id"]]


@pytest.fixture
def mastodon(hub, server, talk):
    return Sent(server, "mastodon.example")


def test_a_mention_from_mastodon_begins_a_thread(client, mastodon, talk):
    lea = mastodon.actor("mastodon-person", "/users/lea")
    assert hear(client, lea, mastodon("mastodon-create-note-to-forum")).state == "done"
    (thread,) = talk.received
    assert (thread.kind, thread.place, thread.author) == ("thread", mastodon.forum.uri, lea.uri)
    assert thread.title == "Une question sur les clauses #ess"
    assert (thread.tags, thread.mentions) == (("ess",), ())
    assert StoredObject.objects.get(uri=thread.uri).place == mastodon.forum.uri


def test_an_answer_from_mastodon_lands_in_the_thread(client, mastodon, talk):
    lea = mastodon.actor("mastodon-person", "/users/lea")
    said = mastodon("mastodon-create-note-to-forum")
    said["object"] |= {"inReplyTo": mastodon.thread.uri, "cc": [], "tag": []}
    said |= {"cc": []}
    hear(client, lea, said)
    (post,) = talk.received
    assert (post.kind, post.in_reply_to, post.place) == ("post", mastodon.thread.uri, mastodon.forum.uri)


def test_in_open_mode_any_mastodon_may_ask_a_forum(client, mastodon, server, talk, settings):
    settings.RTES = replace(settings.RTES, federation="open")
    a_peer(server.origin, "unknown")
    lea = mastodon.actor("mastodon-person", "/users/lea")
    assert hear(client, lea, mastodon("mastodon-create-note-to-forum")).state == "done"
    assert len(talk.received) == 1


def test_a_private_word_of_mastodon_is_no_thread(client, mastodon, talk):
    lea = mastodon.actor("mastodon-person", "/users/lea")
    said = mastodon("mastodon-create-note-to-forum") | {"to": [mastodon.forum.uri], "cc": []}
    said["object"] |= {"to": [mastodon.forum.uri], "cc": []}
    assert hear(client, lea, said).state == "ignored"
    assert talk.told == []


def test_a_topic_of_discourse_that_is_addressed_to_nobody(client, hub, server, talk):
    sent = Sent(server, "discourse.example")
    document = show(server, sent("discourse-note-without-to"))
    author = sent("nodebb-person") | {"id": document["attributedTo"], "inbox": f"{document['attributedTo']}/inbox"}
    for name in ("followers", "following", "outbox", "url", "endpoints", "publicKey"):
        author.pop(name)
    show(server, author)
    group = sent("lemmy-group")
    path = "/ap/actor/7972"
    group |= {name: f"{server.origin}{path}/{name}" for name in ("inbox", "outbox", "followers")}
    group["id"] = group["publicKey"]["owner"] = f"{server.origin}{path}"
    for name in ("attributedTo", "featured", "endpoints"):
        group.pop(name)
    place = followed(a_sample_actor(server, group, path))
    assert hear(client, place, place.says("Announce", document["id"])).state == "done"
    (topic,) = talk.received
    assert (topic.kind, topic.title, topic.place) == ("thread", "Sujet", place.uri)
    assert Actor.objects.filter(uri=document["attributedTo"]).exists()


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("<p>@achats Bonjour à tous</p><p>Voici.</p>", "Bonjour à tous"),
        ("<p>@achats @lea</p><p>La question</p>", "La question"),
        ("<p>Un<br>deux</p>", "Un"),
        (f"<p>{'mot ' * 80}</p>", f"{'mot ' * 48}mot…"),
        ("<p></p>", "…"),
        ("", "…"),
    ],
)
def test_what_has_no_title_is_called_by_its_first_line(client, mastodon, talk, body, title):
    lea = mastodon.actor("mastodon-person", "/users/lea")
    said = mastodon("mastodon-create-note-to-forum")
    said["object"] |= {"content": body, "contentMap": {"fr": body}}
    hear(client, lea, said)
    assert talk.received[0].title == title
    assert len(title) <= 200
