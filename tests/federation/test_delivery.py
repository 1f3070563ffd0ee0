import json
from datetime import timedelta

import pytest

from federation import actors, delivery, outbox
from federation.models import Delivery, Peer
from tests.federation.owed import HOUR, after, owe, states, turn
from tests.federation.peers import a_follower, a_peer, a_server


@pytest.fixture
def author(db):
    return actors.make("Organization", "dijon-metropole", name="Dijon Métropole")


@pytest.fixture
def there(settings, db):
    with a_server(settings) as server:
        a_peer(server.origin)
        yield server


def test_what_was_signed_and_stored_is_what_arrives(author, there):
    activity = owe(author, there)
    turn()
    assert states() == ["sent"]
    [received] = there.received
    assert received.body == bytes(activity.body)
    assert received.headers["content-type"] == "application/activity+json"
    assert f'keyId="{author.uri}#main-key"' in received.headers["signature"]
    assert Peer.objects.get().last_out_at is not None


def test_nothing_is_sent_twice(author, there):
    owe(author, there)
    turn()
    turn()
    assert there.said == ["Create"]


def test_a_server_that_does_not_answer_is_tried_again_later_with_the_same_bytes(author, there):
    there.answers = [lambda: 0]
    owe(author, there)
    turn()
    assert states() == ["waiting"]
    turn()
    assert len(there.received) == 1, "not before its time"
    with after(timedelta(seconds=3)):
        turn()
    assert states() == ["sent"]
    one, two = there.received
    assert one.body == two.body
    assert one.headers["signature"] != two.headers["signature"], "a signature ages: it is made anew"


def test_a_silent_server_is_left_alone_by_all_that_waits_for_it(author, there):
    there.answers = [lambda: 0]
    owe(author, there)
    owe(author, there, about="http://127.0.0.1:8000/ap/objects/2")
    turn()
    assert len(there.received) == 1
    with after(timedelta(seconds=3)):
        turn()
    assert [json.loads(one.body)["object"][-1] for one in there.received] == ["1", "1", "2"]


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_says_how_long_and_is_obeyed(author, there, status):
    there.answers = [(status, {"Retry-After": "7200"})]
    owe(author, there)
    owe(author, there, about="http://127.0.0.1:8000/ap/objects/2")
    turn()
    with after(HOUR):
        turn()
        assert len(there.received) == 1
    with after(2 * HOUR + timedelta(seconds=1)):
        turn()
    assert states() == ["sent", "sent"]


def test_an_error_about_one_thing_holds_back_that_thing_and_nothing_else(author, there):
    there.answers = [500]
    owe(author, there, type="Create")
    owe(author, there, type="Update")
    owe(author, there, about="http://127.0.0.1:8000/ap/objects/2", type="Delete")
    turn()
    assert there.said == ["Create", "Delete"]
    with after(timedelta(seconds=3)):
        turn()
    assert there.said == ["Create", "Delete", "Create", "Update"]


@pytest.mark.parametrize("status", [400, 413, 415, 422])
def test_what_is_refused_for_good_is_parked_with_the_answer_and_the_next_goes(author, there, status):
    there.answers = [status, status] if status == 400 else [status]
    owe(author, there)
    owe(author, there)
    turn()
    assert states() == ["parked", "sent"]
    parked = Delivery.objects.first()
    assert parked.last_status == status
    assert "that was it" in parked.last_error
    with after(timedelta(days=2)):
        turn()
    assert there.said[-1] == "Create" and states() == ["parked", "sent"]


def test_what_was_parked_is_sent_again_by_hand(author, there):
    there.answers = [422]
    owe(author, there)
    turn()
    delivery.send_again(Delivery.objects.get())
    turn()
    assert states() == ["sent"]


def test_what_was_received_is_never_sent_again(author, there):
    owe(author, there)
    turn()
    delivery.send_again(Delivery.objects.get())
    turn()
    assert there.said == ["Create"]


@pytest.mark.parametrize("status", [401, 403])
def test_a_door_that_is_closed_is_knocked_at_hourly_and_the_administrator_sees_why(author, there, status):
    there.answers = [status] * 2 if status == 401 else [status]
    owe(author, there)
    turn()
    knocks = len(there.received)
    assert states() == ["waiting"]
    assert Peer.objects.get().last_error.startswith(f"{status}:")
    with after(timedelta(minutes=40)):
        turn()
        assert len(there.received) == knocks
    with after(timedelta(minutes=75)):
        turn()
    assert states() == ["sent"]
    assert Peer.objects.get().last_error == ""


def test_an_inbox_that_is_gone_gets_nothing_more(author, there):
    follower = a_follower(author, there.origin)
    there.answers = [410]
    owe(author, there)
    owe(author, there)
    turn()
    assert states() == ["parked", "parked"]
    assert len(there.received) == 1
    follower.refresh_from_db()
    assert follower.gone_at is not None
    assert not outbox.inboxes(author)


@pytest.mark.parametrize("status", [404, 301])
def test_an_inbox_that_moved_is_found_through_its_owners_document(author, there, status):
    follower = a_follower(author, there.origin, shared=False, inbox=f"{there.origin}/old")
    document = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": follower.uri,
        "type": "Organization",
        "preferredUsername": "region",
        "inbox": f"{there.origin}/new",
        "outbox": f"{there.origin}/outbox",
    }
    path = follower.uri.removeprefix(there.origin)
    there.pages[path] = ("application/activity+json", json.dumps(document).encode())
    there.answers = [status]
    owe(author, there, inbox="/old")
    turn()
    assert [one.path for one in there.received] == ["/old", "/new"]
    assert states() == ["sent"]


def test_an_inbox_that_is_not_found_is_asked_about_once_then_tried_hourly(author, there):
    follower = a_follower(author, there.origin, shared=False, inbox=f"{there.origin}/old")
    there.answers = [404, 404]
    owe(author, there, inbox="/old")
    turn()
    assert there.asked == [follower.uri.removeprefix(there.origin)]
    with after(timedelta(minutes=75)):
        turn()
    assert len(there.asked) == 1
    assert len(there.received) == 2
    assert states() == ["waiting"]


@pytest.mark.parametrize("refusal", [400, 401])
def test_a_server_that_wants_the_newer_signature_is_remembered(author, there, refusal):
    there.answers = [refusal, 202]
    owe(author, there)
    owe(author, there)
    turn()
    assert [one.format for one in there.received] == ["cavage", "rfc9421", "rfc9421"]
    assert states() == ["sent", "sent"]
    assert Peer.objects.get().signature == "rfc9421"


def test_a_server_that_went_back_to_the_older_signature_is_remembered_too(author, there):
    Peer.objects.update(signature="rfc9421")
    there.answers = [401, 202]
    owe(author, there)
    turn()
    assert [one.format for one in there.received] == ["rfc9421", "cavage"]
    assert Peer.objects.get().signature == "cavage"


def test_after_five_failures_in_a_row_one_probe_at_a_time(author, there):
    there.answers = [500] * 6
    for number in range(8):
        owe(author, there, about=f"http://127.0.0.1:8000/ap/objects/{number}")
    turn()
    assert len(there.received) == 5
    peer = Peer.objects.get()
    assert peer.failures == 5
    with after(timedelta(minutes=5, seconds=1)):
        turn()
        assert len(there.received) == 6, "one probe, which fails too"
    with after(timedelta(minutes=16)):
        turn()
    assert set(states()) == {"sent"}
    peer.refresh_from_db()
    assert (peer.failures, peer.open_until) == (0, None)


@pytest.mark.parametrize("wake", [delivery.hear, delivery.wake])
@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_server_that_speaks_is_awake(author, there, wake, status):
    there.answers = [status] * 5
    for number in range(5):
        owe(author, there, about=f"http://127.0.0.1:8000/ap/objects/{number}")
    turn()
    there.answers.clear()
    wake(Peer.objects.get())
    turn()
    assert set(states()) == {"sent"}


@pytest.mark.parametrize("wake", [delivery.hear, delivery.wake])
@pytest.mark.parametrize(
    "answer",
    [(429, {"Retry-After": "3600"}), (503, {"Retry-After": "3600"}), (500, {"Retry-After": "3600"})],
    ids=["429", "503", "500"],
)
def test_nothing_that_is_heard_or_decided_comes_before_the_date_a_server_gave(author, there, wake, answer):
    there.answers = [answer] * 5
    for number in range(5):
        owe(author, there, about=f"http://127.0.0.1:8000/ap/objects/{number}")
    turn()
    knocks = len(there.received)
    wake(Peer.objects.get())
    turn()
    with after(timedelta(minutes=59)):
        wake(Peer.objects.get())
        turn()
    assert len(there.received) == knocks
    there.answers.clear()
    with after(timedelta(minutes=61)):
        turn()
    assert set(states()) == {"sent"}


def test_a_server_that_asks_for_less_without_a_date_is_not_taken_at_another_word(author, there):
    there.answers = [429]
    owe(author, there)
    turn()
    delivery.hear(Peer.objects.get())
    turn()
    assert len(there.received) == 1


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_server_that_refuses_is_not_taken_at_another_word(author, there, status):
    """It was up all along: that it speaks to us says nothing new."""
    there.answers = [status] * 20
    for number in range(6):
        owe(author, there, about=f"http://127.0.0.1:8000/ap/objects/{number}")
    turn()
    knocks = len(there.received)
    delivery.hear(Peer.objects.get())
    turn()
    assert len(there.received) == knocks


def test_a_server_blocked_meanwhile_is_sent_nothing(author, there):
    owe(author, there)
    Peer.objects.update(level="blocked")
    turn()
    assert there.received == []
