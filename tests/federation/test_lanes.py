import threading
import time
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from federation import actors, delivery, pinned
from federation.models import Activity, Delivery, Peer
from tests.federation.owed import HOUR, after, owe, states, turn
from tests.federation.peers import a_peer, a_server

#: Threads see only what is committed. Naming the apps makes Django empty the tables with CASCADE: PostgreSQL wants it
#: for the token table that knox makes beside ours.
committed = pytest.mark.django_db(transaction=True, available_apps=[app.name for app in apps.get_app_configs()])


@pytest.fixture
def author(db):
    return actors.make("Organization", "dijon-metropole", name="Dijon Métropole")


@pytest.fixture
def there(settings, db):
    with a_server(settings) as server:
        a_peer(server.origin)
        yield server


def test_a_lane_held_by_a_living_sender_is_left_to_it(author, there):
    owe(author, there)
    Peer.objects.update(lease_until=timezone.now() + timedelta(seconds=10))
    turn()
    assert there.received == []


def test_a_lane_whose_sender_was_killed_is_taken_over_when_its_lease_ends(author, there):
    owe(author, there)
    Peer.objects.update(lease_until=timezone.now() + delivery.LEASE)
    with after(delivery.LEASE + timedelta(seconds=1)):
        turn()
    assert states() == ["sent"]
    assert Peer.objects.get().lease_until is None


def test_a_sender_whose_lane_was_taken_over_stops(author, there):
    owe(author, there)
    lane = delivery._claim_one()
    Peer.objects.update(lease_until=timezone.now() + HOUR)
    lane.serve()
    assert there.received == []


def test_a_delivery_cancelled_while_it_is_sent_leaves_the_lane_well(author, there, monkeypatch):
    owe(author, there)
    real = delivery.attempt._double_knock

    def cancelled(owed):
        reply = real(owed)
        Delivery.objects.all().delete()
        return reply

    monkeypatch.setattr(delivery.attempt, "_double_knock", cancelled)
    turn()
    assert not Delivery.objects.exists()
    assert Peer.objects.get().failures == 0


def test_a_fault_of_ours_is_seen_and_stops_nobody(author, there, monkeypatch, caplog):
    other = actors.make("Organization", "beaune")
    owe(author, there, about="http://127.0.0.1:8000/ap/objects/1")
    owe(other, there, about="http://127.0.0.1:8000/ap/objects/2")
    real = delivery.attempt.fetch.post

    def broken(url, body, *, signer, format):
        if signer == author:
            raise RuntimeError("the key is lost")
        return real(url, body, signer=signer, format=format)

    monkeypatch.setattr(delivery.attempt.fetch, "post", broken)
    turn()
    assert states() == ["waiting", "sent"]
    assert "the key is lost" in caplog.text
    assert "fault of this hub" in Delivery.objects.first().last_error


def test_nothing_due_costs_one_query(author, django_assert_num_queries):
    with django_assert_num_queries(1):
        turn()


@committed
def test_a_server_that_hangs_keeps_no_other_waiting(settings):
    author = actors.make("Organization", "dijon-metropole")
    released, hanging = threading.Event(), threading.Event()

    def hang():
        hanging.set()
        released.wait(10)
        return 202

    with a_server(settings) as slow, a_server(settings) as quick:
        slow.answers = [hang]
        owe(author, slow)
        delivery.turn()
        assert hanging.wait(5)
        assert not Activity.objects.filter(deliveries__state="sent").exists()
        owe(author, slow, quick)
        delivery.turn()
        sent = Delivery.objects.filter(state="sent").values_list("peer__origin", flat=True)
        assert list(sent) == [quick.origin], "served while the other hangs"
        assert len(slow.received) == 1, "and the one that hangs is not asked twice"
        released.set()
        delivery.turn(wait=True)
        assert set(states()) == {"sent"}
        assert len(slow.received) == 2


@committed
def test_many_servers_are_all_served_in_one_turn(settings):
    author = actors.make("Organization", "dijon-metropole")
    with a_server(settings) as there:
        peers = [a_peer(f"http://127.0.0.1:{port}") for port in range(9001, 9031)]
        owe(author, there)
        activity = Activity.objects.get()
        Delivery.objects.all().delete()
        Delivery.objects.bulk_create(
            [Delivery(activity=activity, peer=peer, inbox=f"{there.origin}/inbox/{peer.pk}") for peer in peers]
        )
        delivery.turn(wait=True)
        assert len(there.received) == len({one.path for one in there.received}) == 30
    assert set(states()) == {"sent"}
    assert not Peer.objects.exclude(lease_until=None).exists()


@committed
def test_a_lane_is_kept_for_as_long_as_its_sender_lives_however_long_the_server_takes(settings, monkeypatch):
    monkeypatch.setattr(delivery, "RENEWED", 0.05)
    author = actors.make("Organization", "dijon-metropole")
    leases = []

    def hang():
        for _ in range(200):
            lease = Peer.objects.values_list("lease_until", flat=True).get()
            leases.extend([lease] if lease not in leases else [])
            if len(leases) == 3:
                break
            time.sleep(0.05)
        connection.close()
        return 202

    with a_server(settings) as there:
        there.answers = [hang]
        owe(author, there)
        delivery.turn(wait=True)
        assert len(there.received) == 1
    assert leases == sorted(leases)
    assert len(leases) == 3, "renewed while the server made it wait"
    assert states() == ["sent"]
    assert Peer.objects.get().lease_until is None


def test_a_lease_outlives_several_renewals_that_come_late():
    assert delivery.LEASE.total_seconds() >= 3 * delivery.RENEWED


def test_one_connection_serves_all_that_is_owed_to_a_server(author, there, monkeypatch):
    opened, real = [], pinned._open_socket
    monkeypatch.setattr(pinned, "_open_socket", lambda host, port: opened.append(port) or real(host, port))
    for number in range(4):
        owe(author, there, about=f"http://127.0.0.1:8000/ap/objects/{number}")
    turn()
    assert states() == ["sent"] * 4
    assert len(opened) == 1
