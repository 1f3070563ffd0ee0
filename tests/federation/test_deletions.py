"""What others take back: gone for ever, by whoever owned it and nobody else."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from federation import actors
from federation.models import StoredObject, Tombstone
from federation.wire import write
from tests.federation.knocking import a_practice, create, hear

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("as_tombstone", [True, False])
def test_what_its_author_deletes_is_gone_for_ever(client, partner, shelf, as_tombstone):
    document = a_practice(partner, version=1)
    uri = document["id"]
    create(client, partner, document)
    thing = write.tombstone(uri, former_type="Article", deleted=timezone.now()) if as_tombstone else uri
    assert hear(client, partner, partner.says("Delete", thing)).state == "done"
    stored = StoredObject.objects.get()
    assert stored.document == ""
    assert stored.removed_at is not None
    assert shelf.removed == [uri]
    again = a_practice(partner, uri, version=9, updated=datetime(2026, 9, 1, tzinfo=UTC))
    assert create(client, partner, again).state == "ignored"
    assert len(shelf.received) == 1


def test_a_deletion_that_comes_first_still_wins(client, partner, shelf):
    document = a_practice(partner)
    hear(client, partner, partner.says("Delete", document["id"]))
    assert Tombstone.objects.get().uri == document["id"]
    assert create(client, partner, document).state == "ignored"
    assert not StoredObject.objects.exists()
    assert shelf.received == []


def test_a_neighbour_can_neither_delete_nor_forbid(client, partner, neighbour, shelf):
    """Pre-empting an id blocks nobody's genuine word (security B5, B14)."""
    first, second = a_practice(partner), a_practice(partner)
    create(client, partner, first)
    assert hear(client, neighbour, neighbour.says("Delete", first["id"])).state == "ignored"
    hear(client, neighbour, neighbour.says("Delete", second["id"]))
    assert create(client, partner, second).state == "done"
    assert StoredObject.objects.filter(removed_at=None).count() == 2


def test_the_authors_deletion_counts_though_a_neighbour_said_it_first(client, partner, neighbour, shelf):
    document = a_practice(partner)
    for speaker in (neighbour, partner, partner):
        assert hear(client, speaker, speaker.says("Delete", document["id"])).state == "done"
    assert Tombstone.objects.filter(uri=document["id"]).count() == 2
    assert create(client, partner, document).state == "ignored"
    assert not StoredObject.objects.exists()
    assert shelf.received == []


def test_an_actor_who_is_gone_takes_all_it_published_along(client, partner, shelf):
    document = a_practice(partner)
    create(client, partner, document)
    partner.server.gone.add(partner.path)
    assert hear(client, partner, partner.says("Delete", partner.uri)).state == "done"
    assert shelf.removed == [document["id"]]
    assert actors.find(partner.uri).gone_at is not None


def test_an_actor_whose_server_still_shows_it_is_not_gone(client, partner, shelf):
    create(client, partner, a_practice(partner))
    assert hear(client, partner, partner.says("Delete", partner.uri)).state == "ignored"
    assert shelf.removed == []
