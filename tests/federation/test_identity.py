"""How the door knows who knocks: by the actor's own document, and by nothing else."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.utils import timezone

from federation import actors
from federation.models import Actor, Peer
from federation.wire import read
from tests.federation.knocking import a_key, a_speaker, knock, state

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("lie", "status"),
    [
        ({"id": "https://victim.example/ap/orgs/1"}, 401),
        ({"inbox": "https://victim.example/inbox"}, 401),
        ({"publicKey": {"id": "https://victim.example/a#main-key", "owner": "x", "publicKeyPem": "x"}}, 401),
        ({"publicKey": []}, 401),
        ({"type": "Note"}, 401),
    ],
)
def test_a_document_that_lies_identifies_nobody(client, partner, lie, status):
    """Real: Fedify GHSA-8863-8468-7hq7, Mastodon CVE-2024-23832."""
    partner.show(**lie)
    before = state()
    assert knock(client, partner, partner.says("Create", partner.a_note())).status_code == status
    assert state() == before


def test_the_owner_in_a_key_document_is_not_believed(client, server, partner):
    """Real: Fedify GHSA-q9f8-5hc7-898f. The key belongs to a neighbour, whose document says otherwise."""
    neighbour = a_speaker(server, "/ap/orgs/2", key=a_key("other"))
    neighbour.show(publicKey=partner.document()["publicKey"] | {"id": neighbour.key_id})
    before = state()
    answer = knock(
        client, partner, partner.says("Create", partner.a_note()), key=neighbour.key, key_id=neighbour.key_id
    )
    assert answer.status_code == 401
    assert state() == before


def test_a_key_that_cannot_be_fetched_now_is_a_reason_to_come_back(client, stopped):
    before = state()
    answer = knock(client, stopped, stopped.says("Create", stopped.a_note()))
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert state() == before


def test_what_is_known_of_an_actor_serves_while_its_server_is_down(client, stopped):
    peer = Peer.objects.get(origin=stopped.server.origin)
    long_ago = timezone.now() - timedelta(days=2)
    known = actors.keep(read.actor(stopped.document()), peer)
    Actor.objects.filter(pk=known.pk).update(fetched_at=long_ago)
    assert knock(client, stopped, stopped.says("Create", stopped.a_note())).status_code == 202
    assert knock(client, stopped, stopped.says("Create", stopped.a_note()), key=a_key("other")).status_code == 503


def test_who_cannot_be_identified_is_asked_for_once_not_at_each_knock(client, partner):
    for _ in range(3):
        knock(client, partner, partner.says("Create", partner.a_note()), key=a_key("other"))
    assert partner.server.asked == [partner.path]


def test_a_new_key_is_looked_up_once_and_then_known(client, partner):
    knock(client, partner, partner.says("Create", partner.a_note()))
    caches["federation"].clear()
    partner.key = a_key("new")
    partner.show()
    assert knock(client, partner, partner.says("Create", partner.a_note())).status_code == 202
    assert knock(client, partner, partner.says("Create", partner.a_note())).status_code == 202
    assert partner.server.asked == [partner.path] * 2


def test_an_old_document_is_read_again(client, partner):
    knock(client, partner, partner.says("Create", partner.a_note()))
    Actor.objects.filter(uri=partner.uri).update(fetched_at=timezone.now() - timedelta(days=2))
    caches["federation"].clear()
    partner.show(name="Nouveau nom")
    assert knock(client, partner, partner.says("Create", partner.a_note())).status_code == 202
    assert actors.find(partner.uri).name == "Nouveau nom"
