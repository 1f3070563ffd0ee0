from dataclasses import replace

import pytest

from federation import actors
from federation.models import Peer
from tests.federation.owed import owe
from tests.federation.peers import a_peer, a_server

pytestmark = pytest.mark.django_db

TOKEN = "a-token-for-tests"


def read(client, given):
    return client.get("/metrics", headers={"Authorization": f"Bearer {given}"})


def test_without_a_token_set_there_is_nothing(client):
    assert read(client, "").status_code == 404


@pytest.mark.parametrize("given", ["", "wrong", "é"])
def test_whoever_has_not_the_token_finds_nothing(client, settings, given):
    settings.RTES = replace(settings.RTES, metrics_token=TOKEN)
    assert read(client, given).status_code == 404


def test_what_waits_is_counted_in_the_database(client, settings):
    with a_server(settings) as there:
        a_peer(there.origin)
        owe(actors.make("Organization", "dijon"), there)
    settings.RTES = replace(settings.RTES, metrics_token=TOKEN)
    page = read(client, TOKEN).content.decode()
    assert 'rtes_deliveries{state="waiting"} 1.0' in page
    assert 'rtes_deliveries{state="sent"} 0.0' in page
    assert f'rtes_partner_waiting{{hub="{Peer.objects.get().origin}"}} 1.0' in page
