"""Where a sheet went, and the proof of its withdrawal: for whoever may withdraw it, and nobody else."""

import pytest
from django.urls import reverse

from federation import actors
from federation.models import Actor, Peer
from resources import actions
from tests.federation.peers import a_follower, a_peer
from tests.make import a_member, a_practice, a_reader, an_editor

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet():
    """On its way to two partners, one of which does not answer."""
    actors.prepare()
    author = Actor.objects.get(uri=a_member().actor_uri)
    for number in (1, 2):
        a_follower(author, f"https://voisin{number}.example", peer=a_peer(f"https://voisin{number}.example"))
    made = a_practice()
    Peer.objects.filter(origin="https://voisin2.example").update(failures=4)
    return made


def test_its_editor_sees_how_many_received_it_and_who_does_not_answer(client, sheet):
    client.force_login(an_editor())
    page = client.get(sheet.get_absolute_url()).content.decode()
    assert "Received by 0 of 2" in page and "1 does not answer" in page
    assert "https://voisin2.example: on its way, but they do not answer" in page


def test_a_reader_sees_nothing_of_it(client, sheet):
    client.force_login(a_reader())
    assert "voisin1.example" not in client.get(sheet.get_absolute_url()).content.decode()


def test_its_editor_downloads_the_proof_of_withdrawal(client, sheet):
    client.force_login(an_editor())
    proof = reverse("resource-withdrawal", args=[sheet.pk])
    assert client.get(proof).status_code == 404, "it is not withdrawn"
    address = sheet.get_absolute_url()
    actions.withdraw(sheet, by=None, reason="Erreur")
    gone = client.get(address)
    assert gone.status_code == 410 and proof in gone.content.decode()
    answer = client.get(proof)
    assert "attachment" in answer.headers["Content-Disposition"]
    document = answer.json()
    assert (document["id"], document["type"]) == (sheet.uri, "Tombstone")
    assert document["proof"]["verificationMethod"].startswith(actors.instance().uri)
    hubs = [one["rtes:hub"] for one in document["rtes:confirmations"]]
    assert hubs == ["https://voisin1.example", "https://voisin2.example"]


def test_nobody_else_downloads_it(client, sheet):
    actions.withdraw(sheet, by=None, reason="Erreur")
    proof = reverse("resource-withdrawal", args=[sheet.pk])
    assert client.get(proof).status_code == 404
    client.force_login(a_reader())
    assert client.get(proof).status_code == 404
    assert "voisin1.example" not in client.get(sheet.get_absolute_url()).content.decode()
