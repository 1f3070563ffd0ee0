import pytest
from django.core.cache import caches
from django.db import connection

from federation import actors, pinned, registry
from tests.federation.agreements import a_discoverable_hub
from tests.federation.knocking import Shelf, a_speaker
from tests.federation.next_door import NextDoor
from tests.federation.peers import a_follower, a_peer, a_server
from tests.federation.talking import READER, Conversations, a_forum, a_person


@pytest.fixture(autouse=True)
def _forget_what_was_fetched():
    """The cache outlives the database of a test."""
    caches["federation"].clear()


@pytest.fixture(autouse=True)
def _no_transaction_waits_for_the_network(monkeypatch):
    """A slow partner would hold our locks: nothing is asked of anybody while one is open, save the test's own."""
    send = pinned.Adapter.send

    def checked(*args, **kwargs):
        assert all(block._from_testcase for block in connection.atomic_blocks), "a transaction is open"
        return send(*args, **kwargs)

    monkeypatch.setattr(pinned.Adapter, "send", checked)


@pytest.fixture
def hub(db):
    """Our own actors and their keys, so that the first request makes nothing."""
    actors.prepare()


@pytest.fixture
def server(settings):
    """A real one, that the hub may speak to."""
    with a_server(settings) as made:
        yield made


@pytest.fixture
def partner(hub, server):
    """A collectivité of a partner's server."""
    a_peer(server.origin)
    return a_speaker(server)


@pytest.fixture
def neighbour(server, partner):
    """Another one of the same server."""
    return a_speaker(server, "/ap/orgs/2")


@pytest.fixture
def stranger(hub, settings):
    """Somebody of a server we never heard of."""
    with a_server(settings) as made:
        yield a_speaker(made)


@pytest.fixture
def stopped(hub, settings):
    """A collectivité of a partner whose server listens no more."""
    with a_server(settings) as made:
        a_peer(made.origin)
    return a_speaker(made)


@pytest.fixture
def shelf(monkeypatch):
    """The app that speaks for good practices."""
    made = Shelf()
    monkeypatch.setattr(registry, "_BY_KIND", {"good-practice": made})
    return made


@pytest.fixture
def talk(monkeypatch):
    """The app that speaks for threads and posts."""
    made = Conversations()
    monkeypatch.setattr(registry, "_BY_KIND", {"thread": made, "post": made})
    return made


@pytest.fixture
def forum(hub):
    """A forum of ours, followed by a person of a partner."""
    made = a_forum()
    a_peer(READER)
    a_follower(made, READER)
    return made


@pytest.fixture
def claire(hub):
    """One of our people."""
    return a_person()


@pytest.fixture
def next_door(hub, server, talk):
    """A partner hub with forums."""
    return NextDoor(server)


@pytest.fixture
def there(settings):
    """Another hub that can be discovered."""
    with a_discoverable_hub(settings) as server:
        yield server
