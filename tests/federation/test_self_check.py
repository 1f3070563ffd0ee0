from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone, translation

from federation import actors, fetch, keyring
from federation.errors import TryLater
from federation.models import Incoming
from federation.operating import check
from tests import make
from tests.federation.peers import a_peer, a_server

pytestmark = pytest.mark.django_db


def said(findings):
    with translation.override("en"):
        return {str(found.name): (found.ok, str(found.said)) for found in findings}


def loop(client, monkeypatch, **changed):
    """The hub's client, leading straight to its own views; `changed` is what a proxy would have done to the headers."""

    def post(url, body, *, signer, format):
        headers = keyring.sign(signer, "POST", url, body, format) | changed
        answer = client.post(check.LOOP, body, content_type=headers.pop("Content-Type"), headers=headers)
        return SimpleNamespace(status=answer.status_code, body=answer.content)

    monkeypatch.setattr(fetch, "post", post)


def test_a_signed_message_comes_back_as_it_left(client, hub, monkeypatch):
    loop(client, monkeypatch)
    assert [found.ok for found in check._signature()] == [True, True]
    assert not Incoming.objects.exists()


@pytest.mark.parametrize("changed", [{"Date": "Mon, 02 Jan 2006 15:04:05 GMT"}, {"Signature": "x"}, {"Digest": "x"}])
def test_a_proxy_that_changes_what_is_signed_is_found(client, hub, monkeypatch, changed):
    loop(client, monkeypatch, **changed)
    ok, sentence = said(check._signature())["Signature, through your public address"]
    assert not ok
    assert "reverse proxy" in sentence


def test_another_address_than_the_public_one_is_found(client, hub, monkeypatch):
    seen = b'{"scheme": "http", "host": "10.0.0.1:8000"}'
    monkeypatch.setattr(fetch, "post", lambda *_, **__: SimpleNamespace(status=200, body=seen))
    ok, sentence = said(check._signature())["Headers of the reverse proxy"]
    assert not ok
    assert "X-Forwarded-Proto" in sentence
    assert "10.0.0.1" in sentence


def test_nobody_else_is_told_how_the_hub_is_seen(client, partner):
    answer = client.post(check.LOOP, b"{}", content_type="application/activity+json")
    assert answer.status_code == 401
    assert "host" not in answer.json()
    body, url = b"{}", actors.url(check.LOOP)
    theirs = actors.make("Organization", "beaune")
    headers = keyring.sign(theirs, "POST", url, body, "cavage")
    answer = client.post(check.LOOP, body, content_type=headers.pop("Content-Type"), headers=headers)
    assert answer.status_code == 401


def webfinger(monkeypatch, answer):
    monkeypatch.setattr(fetch, "get_json", lambda *_: answer)
    return said(check._webfinger())


def test_the_name_of_the_hub_leads_to_it_or_it_is_said(hub, monkeypatch):
    ours = actors.instance()
    account = f"acct:{ours.handle}@{actors.host()}"
    links = [{"rel": "self", "href": ours.uri}]
    assert all(ok for ok, _ in webfinger(monkeypatch, {"subject": account, "links": links}).values())
    other = webfinger(monkeypatch, {"subject": "acct:x@other.example", "links": links})
    assert other["Domain of the names"][0] is False
    assert "other.example" in other["Domain of the names"][1]
    assert webfinger(monkeypatch, {"subject": account, "links": "none"})["Name of the hub (WebFinger)"][0] is False


@pytest.mark.parametrize(("seconds", "ok"), [(0, True), (120, False), (-120, False)])
def test_the_clock_is_compared_with_that_of_partners(settings, monkeypatch, seconds, ok):
    a_peer("https://partner.example")
    monkeypatch.setattr(fetch, "date", lambda _: timezone.now() + timedelta(seconds=seconds))
    assert said(check._clocks())["Clock"][0] is ok


def test_the_date_of_a_server_is_read_and_a_silent_one_is_left(settings):
    with a_server(settings) as server:
        a_peer(server.origin)
        assert fetch.date(f"{server.origin}/x") is not None
        assert said(check._clocks())["Clock"][0]
    with a_server(settings) as silent:
        pass
    assert check._gap(silent.origin) is None


def test_a_hub_that_cannot_reach_itself_is_told_what_to_see(settings, hub, capsys):
    with a_server(settings) as gone:
        pass
    settings.RTES = replace(settings.RTES, base_url=gone.origin)
    with pytest.raises(CommandError), translation.override("en"):
        call_command("federation", "check")
    assert "does not reach" in capsys.readouterr().out


def test_opening_the_page_speaks_to_nobody_and_the_button_tests(client, hub, monkeypatch):
    asked = []

    def post(*_args, **_options):
        asked.append(1)
        raise TryLater("no route")

    for name in ("post", "get_json", "get_document"):
        monkeypatch.setattr(fetch, name, post)
    for who in (make.a_user(), make.an_editor()):
        client.force_login(who)
        assert client.post(reverse("exchange-test")).status_code == 403
    client.force_login(make.a_coordinator())
    client.get(reverse("exchange-test"))
    assert asked == []
    page = client.post(reverse("exchange-test"), headers={"accept-language": "en"}).content.decode()
    assert len(asked) == 3
    assert "no route" in page
