from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from federation import actors, recurring
from federation.models import Delivery, Incoming, Peer, Watched
from federation.operating import alerts
from rtes_hub.audit.models import Line
from rtes_hub.notices.models import Notice
from tests import make
from tests.federation.owed import HOUR, after, owe, states, turn
from tests.federation.peers import a_peer, a_server

pytestmark = pytest.mark.django_db

ACTS = ("pause", "reprise", "essai", "renvoi", "relecture")


@pytest.fixture
def there(settings):
    with a_server(settings) as server:
        a_peer(server.origin, agreement="accepted", name="Réseau voisin")
        yield server


@pytest.fixture
def author(db):
    return actors.make("Organization", "dijon-metropole")


@pytest.fixture
def administrator(client):
    user = make.an_administrator()
    client.force_login(user)
    return user


def press(client, slug):
    return client.post(reverse("exchange-act", args=[Peer.objects.get().pk, slug]))


def shown(client):
    return client.get(reverse("exchange"), headers={"accept-language": "en"}).content.decode()


def as_program(user):
    program = APIClient()
    program.force_authenticate(user)
    return program.get(reverse("api-federation"))


def a_stuck_activity(body=b"{}"):
    return Incoming.objects.create(
        peer=Peer.objects.get(),
        uri="https://partner.example/a/1",
        actor_uri="https://partner.example/x",
        type="Unheard Of",
        body=body,
        state="parked",
        error="a fault of this hub: ValueError",
        received_at=timezone.now(),
    )


@pytest.mark.parametrize("slug", ACTS)
def test_only_administrators_act(client, there, author, slug):
    owe(author, there)
    Delivery.objects.update(state="parked")
    a_stuck_activity()
    assert press(client, slug)["Location"].startswith(reverse("account_login"))
    for who in (make.a_user(), make.an_editor(), make.a_coordinator()):
        client.force_login(who)
        assert press(client, slug).status_code == 403
    assert states() == ["parked"]
    assert Incoming.objects.get().state == "parked"
    assert not Watched.objects.exists()
    assert not Line.objects.filter(act__startswith="partner.").exists()


def test_coordinators_read_and_have_no_buttons(client, there):
    client.force_login(make.a_coordinator())
    page = shown(client)
    assert "Réseau voisin" in page
    assert "/administration/federation/" in page
    assert f"/administration/federation/{Peer.objects.get().pk}/" not in page
    for who in (make.a_user(), make.an_editor()):
        client.force_login(who)
        assert client.get(reverse("exchange")).status_code == 403


def test_a_button_is_no_link_and_an_unknown_act_is_not_there(client, administrator, there):
    assert client.get(reverse("exchange-act", args=[Peer.objects.get().pk, "pause"])).status_code == 405
    assert press(client, "inventer").status_code == 404


def test_each_partner_shows_its_queue_its_error_and_what_to_do(client, administrator, there, author):
    there.answers = [403]
    owe(author, there)
    turn()
    page = shown(client)
    assert "403" in page
    assert "Ask their administrator to accept" in page
    line = as_program(administrator).json()[0]
    assert (line["hub"], line["state"], line["waiting"], line["parked"]) == (there.origin, "failing", 1, 0)
    assert line["error"].startswith("403")


def test_those_in_difficulty_come_first_at_a_fixed_cost(client, administrator, django_assert_max_num_queries):
    for number in range(30):
        a_peer(f"https://h{number:02}.example", agreement="accepted", name=f"Hub {number:02}")
    Peer.objects.filter(name="Hub 29").update(failures=2)
    with django_assert_max_num_queries(12):
        page = shown(client)
    assert page.index("Hub 29") < page.index("Hub 00")


def test_with_no_partner_the_page_says_where_to_begin(client, administrator):
    assert reverse("partners") in shown(client)


def test_a_program_needs_the_same_right(client, there):
    assert client.get(reverse("api-federation")).status_code == 401
    assert [as_program(who).status_code for who in (make.an_editor(), make.a_coordinator())] == [403, 200]


def test_a_paused_partner_is_sent_nothing_until_it_is_resumed(client, administrator, there, author):
    press(client, "pause")
    owe(author, there)
    turn()
    press(client, "essai")
    turn()
    assert there.received == []
    assert "Paused" in shown(client)
    press(client, "reprise")
    turn()
    assert len(there.received) == 1
    assert list(Line.objects.filter(by=administrator).order_by("pk").values_list("act", flat=True)) == [
        "partner.pause",
        "partner.retry",
        "partner.resume",
    ]


def test_what_waits_behind_a_pause_is_not_given_up(client, administrator, there, author):
    press(client, "pause")
    owe(author, there)
    with after(timedelta(days=20)):
        recurring.prune()
        assert states() == ["waiting"]
        client.force_login(administrator)
        press(client, "reprise")
        recurring.prune()
        turn()
    assert states() == ["sent"]


def test_trying_now_wakes_a_closed_lane(client, administrator, there, author):
    owe(author, there)
    Delivery.objects.update(next_try=timezone.now() + HOUR, tries=5)
    Peer.objects.update(open_until=timezone.now() + HOUR, failures=5)
    turn()
    assert there.received == []
    press(client, "essai")
    turn()
    assert states() == ["sent"]


def test_all_that_a_partner_refused_is_sent_again_in_its_order(client, administrator, there, author):
    there.answers = [422, 422]
    first, second = owe(author, there), owe(author, there, about="http://127.0.0.1:8000/ap/objects/2")
    turn()
    assert states() == ["parked", "parked"]
    there.received.clear()
    press(client, "renvoi")
    turn()
    assert [one.document["id"] for one in there.received] == [first.uri, second.uri]


def test_what_was_sent_or_is_another_partners_is_left(client, administrator, there, author):
    owe(author, there)
    turn()
    there.received.clear()
    press(client, "renvoi")
    turn()
    assert there.received == []
    assert not Line.objects.filter(act="partner.send_all_again").exists()


def test_what_could_not_be_taken_in_is_read_again(client, administrator, there):
    a_stuck_activity()
    press(client, "relecture")
    assert Incoming.objects.get().state == "waiting"


def test_what_lost_its_body_is_left(client, administrator, there):
    a_stuck_activity(body=b"")
    press(client, "relecture")
    assert Incoming.objects.get().state == "parked"


def fail_for(there, author):
    make.an_administrator()
    make.a_coordinator()
    make.an_editor()
    there.answers = [503]
    owe(author, there)
    turn()
    alerts.look()


def told(django_capture_on_commit_callbacks, pause):
    """(new notices, new letters) once the hub looked."""
    notices, mail.outbox = Notice.objects.count(), []
    with after(pause), django_capture_on_commit_callbacks(execute=True):
        alerts.look()
        alerts.look()
    return Notice.objects.count() - notices, len(mail.outbox)


def test_those_who_run_the_hub_are_told_once_each_time(there, author, django_capture_on_commit_callbacks):
    fail_for(there, author)
    silent, both = (0, 0), (2, 2)
    minute = timedelta(minutes=1)
    moments = [HOUR - minute, HOUR + minute, 2 * HOUR, 24 * HOUR + minute, 48 * HOUR, 169 * HOUR, 300 * HOUR]
    got = [told(django_capture_on_commit_callbacks, moment) for moment in moments]
    assert got == [silent, both, silent, both, silent, both, silent]


def test_the_letter_says_what_to_do(there, author, django_capture_on_commit_callbacks):
    fail_for(there, author)
    told(django_capture_on_commit_callbacks, 25 * HOUR)
    letter = mail.outbox[0]
    assert letter.subject == "Réseau voisin ne reçoit plus rien depuis un jour"
    assert "Écrivez à leur administrateur" in letter.body
    assert reverse("exchange") in letter.body


def test_once_it_takes_what_we_send_that_is_told_once(there, author, django_capture_on_commit_callbacks):
    fail_for(there, author)
    told(django_capture_on_commit_callbacks, 2 * HOUR)
    with after(3 * HOUR):
        turn()
        assert states() == ["sent"]
    assert told(django_capture_on_commit_callbacks, 4 * HOUR) == (2, 2)
    assert told(django_capture_on_commit_callbacks, 40 * HOUR) == (0, 0)


def test_a_failure_shorter_than_an_hour_is_told_to_nobody(there, author, django_capture_on_commit_callbacks):
    fail_for(there, author)
    with after(timedelta(minutes=30)):
        turn()
    assert told(django_capture_on_commit_callbacks, 2 * HOUR) == (0, 0)


@pytest.mark.parametrize("choice", ["pause", "block"])
def test_nobody_is_told_of_a_partner_that_is_left_alone(there, author, choice, django_capture_on_commit_callbacks):
    fail_for(there, author)
    if choice == "pause":
        Watched.objects.update(paused_at=timezone.now())
    else:
        Peer.objects.update(level="blocked")
    assert told(django_capture_on_commit_callbacks, 30 * HOUR) == (0, 0)


def test_a_mail_server_that_is_down_does_not_undo_the_notice(
    there, author, django_capture_on_commit_callbacks, monkeypatch
):
    def down(*_args):
        raise ConnectionRefusedError

    fail_for(there, author)
    monkeypatch.setattr(alerts, "send_mail", down)
    assert told(django_capture_on_commit_callbacks, 2 * HOUR) == (2, 0)
