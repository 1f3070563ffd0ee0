"""A block hides what a server shared; a new agreement and its back-fill bring it back, save what it withdrew."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from federation import actors, received, registry
from federation.models import Peer, StoredObject
from federation.partners import agreement
from federation.publication import Publication
from federation.wire import write
from forums.models import Post
from resources.kinds import KINDS
from resources.models import Resource
from rtes_hub.search import index
from tests import make
from tests.federation.agreements import HUB
from tests.federation.peers import a_peer, a_remote_actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def theirs(hub):
    return a_remote_actor(HUB, peer=a_peer(HUB))


def block_and_partner_again():
    agreement.block(HUB, by=None)
    agreement.unblock(HUB, by=None)
    Peer.objects.update(level="partner", agreement="accepted")


def shared(theirs, kind):
    now = timezone.now().replace(microsecond=0) - timedelta(days=1)
    said = Publication(
        uri=f"{HUB}/o/{kind}",
        kind=kind,
        author=theirs.uri,
        title="Une ressourcerie",
        body="<p>Un texte.</p>",
        published=now,
        updated=now,
        version=3,
    )
    return write.article(said, followers=f"{theirs.uri}/followers")


def shown(uri):
    return Resource.objects.visible_to(None).filter(uri=uri, state="published").exists()


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_blocked_hub_shared_comes_back_with_its_back_fill(theirs, kind):
    document = shared(theirs, kind)
    received.take(document, actor=theirs)
    assert shown(document["id"])
    agreement.block(HUB, by=None)
    assert not shown(document["id"])
    assert not StoredObject.objects.exists()
    assert index.find("ressourcerie") == []
    assert Resource.objects.get().title == ""
    agreement.unblock(HUB, by=None)
    assert not shown(document["id"])
    Peer.objects.update(level="partner", agreement="accepted")
    received.take(document, actor=theirs)
    assert shown(document["id"])
    assert Resource.objects.get().withdrawn_at is None
    assert index.find("ressourcerie") == [document["id"]]


@pytest.mark.parametrize("kind", KINDS)
def test_what_its_author_withdrew_does_not_come_back(theirs, kind):
    document = shared(theirs, kind)
    received.take(document, actor=theirs)
    received.remove(document["id"], actor=theirs)
    block_and_partner_again()
    registry.for_kind(kind).receive(
        Publication(uri=document["id"], kind=kind, author=theirs.uri, title="Encore", version=9),
        actors.author(theirs),
    )
    assert not shown(document["id"])


def test_what_was_said_in_our_forums_comes_back_too(theirs):
    thread = make.a_thread()
    jeanne = a_remote_actor(HUB, peer=theirs.peer, type="Person", name="Jeanne Colas")
    answer = Publication(
        uri=f"{HUB}/o/post",
        kind="post",
        author=jeanne.uri,
        in_reply_to=thread.uri,
        body="<p>Chez nous, 15 %.</p>",
        published=timezone.now() - timedelta(hours=1),
    )
    for said in (answer, replace(answer, version=2, body="<p>Chez nous, 20 %.</p>")):
        registry.for_kind("post").receive(said, actors.author(jeanne))
    registry.for_kind("post").forget(answer.uri)
    assert Post.objects.get(uri=answer.uri).html == ""
    registry.for_kind("post").receive(replace(answer, version=2, body="<p>Chez nous, 20 %.</p>"), actors.author(jeanne))
    post = Post.objects.get(uri=answer.uri)
    assert (post.removed_at, "20 %" in post.html) == (None, True)


def test_an_app_that_says_nothing_of_blocks_removes():
    class Removes(registry.Federated):
        removed = ""

        def remove(self, uri):
            self.removed = uri

    speaker = Removes()
    speaker.forget("https://partner.example/o/1")
    assert speaker.removed == "https://partner.example/o/1"
