import json

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import translation

from federation import actors, outbox
from federation.models import Activity, Delivery, Follow, Peer
from federation.partners import agreement, answers
from rtes_hub.audit.models import Line
from tests import make
from tests.federation.peers import a_peer, a_remote_hub, a_server

pytestmark = pytest.mark.django_db

HUB = "https://partner.example"
CHARTER = {
    "hub": "Réseau voisin",
    "entity": "Région <b>voisine</b>",
    "contact": "ess@voisine.example",
    "rules": "Un.\n\nDeux.",
}


@pytest.fixture
def administrator(client):
    user = make.an_administrator()
    client.force_login(user)
    return user


def a_request():
    """A hub asked us."""
    hub = a_remote_hub(peer=a_peer(HUB, "unknown"))
    follow = {"id": f"{hub.uri}/f/1", "type": "Follow", "actor": hub.uri, "object": actors.instance().uri}
    answers.on_follow_of_hub(hub, follow | {"rtes:charter": CHARTER}, hub.peer)
    return Peer.objects.get()


def a_parked(peer, status=422):
    author = actors.make("Organization", "dijon")
    document = {"id": outbox.activity_uri(), "type": "Update", "actor": author.uri}
    outbox.send(author, document, to_inboxes=[f"{HUB}/ap/inbox"], object_uri="http://127.0.0.1:8000/ap/objects/1")
    Delivery.objects.update(state="parked", last_status=status, last_error=f"{status}: no <title>", peer=peer)
    return Delivery.objects.get()


def pages(peer, delivery=None):
    return {
        "list": reverse("partners"),
        "detail": reverse("partner", args=[peer.pk]),
        "send again": reverse("partner-send-again", args=[peer.pk, delivery.pk if delivery else 1]),
        **{
            act: reverse("partner-decide", args=[peer.pk, act])
            for act in ("accepter", "refuser", "terminer", "bloquer")
        },
    }


@pytest.mark.parametrize("page", ["list", "detail", "send again", "accepter", "refuser", "terminer", "bloquer"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_these_pages_are_for_administrators(client, page, method):
    peer = a_request()
    url = pages(peer)[page]
    before = Peer.objects.values().get()
    answer = getattr(client, method)(url)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))
    for who in (make.a_user(), make.an_editor(), make.a_coordinator()):
        client.force_login(who)
        assert getattr(client, method)(url, {"url": HUB}).status_code == 403
    assert Peer.objects.values().get() == before
    assert not Activity.objects.exists()


def test_a_request_is_shown_with_its_charter_and_two_buttons(client, administrator):
    peer = a_request()
    page = client.get(reverse("partners")).content.decode()
    assert "Réseau voisin" in page
    assert "Région &lt;b&gt;voisine&lt;/b&gt;" in page
    assert "<p>Deux.</p>" in page
    assert reverse("partner-decide", args=[peer.pk, "accepter"]) in page
    assert reverse("partner-decide", args=[peer.pk, "refuser"]) in page


def test_accepting_is_one_click(client, administrator):
    peer = a_request()
    answer = client.post(reverse("partner-decide", args=[peer.pk, "accepter"]))
    assert answer["Location"] == reverse("partner", args=[peer.pk])
    peer.refresh_from_db()
    assert peer.level == "partner"
    assert Line.objects.get(act="partner.accept").by == administrator


@pytest.mark.parametrize("act", ["refuser", "terminer", "bloquer"])
def test_what_cannot_be_taken_back_lightly_is_asked_on_a_page_of_its_own(client, administrator, act):
    peer = a_request()
    answer = client.get(reverse("partner-decide", args=[peer.pk, act]))
    assert answer.status_code == 200
    assert "button--danger" in answer.content.decode()
    assert Peer.objects.get().agreement == "received"


def test_refusing_keeps_the_reason(client, administrator):
    peer = a_request()
    client.post(reverse("partner-decide", args=[peer.pk, "refuser"]), {"reason": "Pas de règles"})
    assert Peer.objects.get().agreement == "refused"
    assert Line.objects.get(act="partner.refuse").details["reason"] == "Pas de règles"
    assert [a.type for a in Activity.objects.all()] == ["Reject"]


def test_a_reason_too_long_comes_back_with_what_was_typed(client, administrator):
    peer = a_request()
    answer = client.post(reverse("partner-decide", args=[peer.pk, "refuser"]), {"reason": "x" * 501})
    assert "x" * 501 in answer.content.decode()
    assert Peer.objects.get().agreement == "received"


def test_what_is_no_more_possible_says_why(client, administrator):
    peer = a_peer(HUB, "unknown", agreement="ended")
    with translation.override("en"):
        answer = client.post(
            reverse("partner-decide", args=[peer.pk, "accepter"]), follow=True, headers={"accept-language": "en"}
        )
    assert "no request" in answer.content.decode()


def test_an_act_that_does_not_exist_is_not_there(client, administrator):
    assert client.post(reverse("partner-decide", args=[a_request().pk, "inventer"])).status_code == 404


def test_an_address_that_does_not_work_stays_in_the_form_with_a_sentence(client, administrator):
    answer = client.post(reverse("partners"), {"url": "not a hub"}, headers={"accept-language": "en"})
    page = answer.content.decode()
    assert 'value="not a hub"' in page
    assert "https://hub.example" in page
    assert not Peer.objects.exists()


def test_asking_from_the_page(client, administrator, settings):
    with a_server(settings) as there:
        uri = f"{there.origin}/ap/actor"
        link = {"rel": "https://www.w3.org/ns/activitystreams#Application", "href": uri}
        hub = {"id": uri, "type": "Application", "preferredUsername": "hub", "name": "Voisin", "inbox": f"{uri}/inbox"}
        there.pages["/.well-known/nodeinfo"] = ("application/json", json.dumps({"links": [link]}).encode())
        there.pages["/ap/actor"] = ("application/activity+json", json.dumps(hub).encode())
        answer = client.post(reverse("partners"), {"url": there.origin})
        assert answer["Location"] == reverse("partner", args=[Peer.objects.get().pk])
    assert Peer.objects.get().agreement == "asked"
    assert Follow.objects.get().follower == actors.instance()


def test_the_page_of_a_partner_says_how_the_exchange_goes(client, administrator):
    peer = agreement.accept(a_request(), by=None)
    Peer.objects.update(backfill="running", backfill_count=40, backfill_total=120, last_error="403: not <you>")
    page = client.get(reverse("partner", args=[peer.pk]), headers={"accept-language": "en"}).content.decode()
    assert "40 read of 120" in page
    assert "2 messages" in page
    assert "Ask their administrator to accept the partnership" in page
    assert "not &lt;you&gt;" in page


def test_what_was_refused_can_be_sent_again_with_a_button(client, administrator):
    peer = agreement.accept(a_request(), by=None)
    Delivery.objects.all().delete()
    parked = a_parked(peer)
    assert (
        reverse("partner-send-again", args=[peer.pk, parked.pk])
        in client.get(reverse("partner", args=[peer.pk])).content.decode()
    )
    client.post(reverse("partner-send-again", args=[peer.pk, parked.pk]))
    assert Delivery.objects.get().state == "waiting"
    assert Line.objects.filter(act="partner.send_again", by=administrator).exists()


def test_a_button_is_no_link(client, administrator):
    peer = a_request()
    parked = a_parked(peer)
    assert client.get(reverse("partner-send-again", args=[peer.pk, parked.pk])).status_code == 405
    assert Delivery.objects.get().state == "parked"


def test_a_server_without_any_agreement_has_no_page(client, administrator):
    peer = a_peer(HUB, "unknown")
    assert client.get(reverse("partner", args=[peer.pk])).status_code == 404


# The same from the console ----------------------------------------------------------------------------------------


def console(capsys, *words):
    with translation.override("en"):
        call_command("partner", *words)
    return capsys.readouterr().out


def test_the_console_lists_shows_and_decides(capsys):
    a_request()
    assert "They ask to be your partner" in console(capsys, "list")
    assert "Partner." in console(capsys, "accept", HUB)
    shown = console(capsys, "show", HUB)
    assert "Waiting to be sent: 2" in shown
    assert "contact: ess@voisine.example" in shown
    assert "ended" in console(capsys, "end", HUB)
    assert "Blocked" in console(capsys, "block", HUB)
    assert "No agreement" in console(capsys, "unblock", HUB)


def test_the_console_refuses_a_request(capsys):
    a_request()
    assert "refused" in console(capsys, "refuse", HUB, "--reason", "Pas de règles")
    assert Line.objects.get(act="partner.refuse").details["reason"] == "Pas de règles"


def test_the_console_trusts_a_hub_that_is_down(capsys, settings):
    with a_server(settings) as there:
        pass
    assert "does not answer yet" in console(capsys, "add", there.origin, "--trust")
    assert Peer.objects.get().level == "partner"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["add", "nonsense"], "not the address"),
        (["add", "http://127.0.0.1:8000"], "your own hub"),
        (["accept", HUB], "not known"),
        (["end", HUB], "not known"),
        (["unblock", HUB], "not blocked"),
    ],
)
def test_the_console_says_no_in_one_sentence(words, sentence):
    with translation.override("en"), pytest.raises(CommandError, match=sentence) as refusal:
        call_command("partner", *words)
    assert refusal.value.returncode == 1
    assert not Peer.objects.exists()
