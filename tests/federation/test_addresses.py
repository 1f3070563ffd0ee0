"""Which URL may be an id, and which address may be connected to (security.md D3-D5)."""

import socket
import threading
from dataclasses import replace

import pytest

from federation import addresses, fetch, pinned
from federation.errors import Refused, TryLater

#: security.md D3 and D4: what five projects let through.
NOT_PLAIN = [
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:2::1",
    "2001:10::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fe80::1",
    "fe80::1%eth0",
    "2a01:cb00::1%eth0",
    "fec0::1",
    "ff02::1",
    "2130706433",
    "0x7f000001",
    "localhost",
]


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://hub.example", "https://hub.example"),
        ("https://hub.example/ap/actor", "https://hub.example"),
        ("https://hub.example/ap/actor#main-key", "https://hub.example"),
        ("https://xn--mtropole-b1a.example/a", "https://xn--mtropole-b1a.example"),
        ("http://127.0.0.1:8000/ap/actor", "http://127.0.0.1:8000"),
    ],
)
def test_who_may_be_named(url, origin):
    assert addresses.origin(url) == origin


@pytest.mark.parametrize(
    ("url", "status"),
    [
        (None, 400),
        (1, 400),
        ("", 400),
        ("hub.example/a", 400),
        ("//hub.example/a", 400),
        ("ftp://hub.example/a", 400),
        ("javascript:alert(1)", 400),
        ("data:application/json,{}", 400),
        ("https://" + "a" * 2100 + ".example/", 400),
        ("https://me@hub.example/a", 400),
        ("https://hub.example\\@evil.example/a", 400),
        ("https://hub.exa\tmple/a", 400),
        ("https://hub.example /a", 400),
        ("https://HUB.example/a", 400),
        ("https://hub.example./a", 400),
        ("https://hub.example:443/a", 400),
        ("https://métropole.example/a", 400),
        ("https://127.1/a", 400),
        ("https://0x7f000001/a", 400),
        ("https://2130706433/a", 400),
        ("https://0177.0.0.1/a", 400),
        ("https://①②⑦.⓪.⓪.①/a", 400),
        ("http://hub.example/a", 403),
        ("https://hub.example:8443/a", 403),
        ("https://127.0.0.1/a", 403),
        ("https://93.184.216.34/a", 403),
        ("https://[::1]/a", 403),
        ("https://localhost/a", 403),
        ("https://intranet/a", 403),
        ("http://127.0.0.1:9999/a", 403),
    ],
)
def test_who_may_not(url, status):
    with pytest.raises(Refused) as refused:
        addresses.origin(url)
    assert refused.value.status == status


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1::1", "2a01:cb00::1"])
def test_a_public_address_may_be_connected_to(address):
    assert addresses.may_connect(address, netloc="hub.example:443")


@pytest.mark.parametrize(
    "address",
    NOT_PLAIN,
)
def test_any_other_may_not(address):
    assert not addresses.may_connect(address, netloc="hub.example:443")


def test_a_test_peer_opens_itself_and_nothing_else(settings):
    settings.RTES = replace(settings.RTES, test_peers=frozenset({"127.0.0.1:9001"}))
    assert addresses.origin("http://127.0.0.1:9001/a") == "http://127.0.0.1:9001"
    assert addresses.may_connect("127.0.0.1", netloc="127.0.0.1:9001")
    assert not addresses.may_connect("10.0.0.1", netloc="127.0.0.1:9001")
    assert not addresses.may_connect("127.0.0.1", netloc="127.0.0.1:9002")
    for other in ("http://127.0.0.1:9002/a", "http://127.0.0.2:9001/a", "http://localhost:9001/a"):
        with pytest.raises(Refused):
            addresses.origin(other)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8000.evil.example/", "http://127.0.0.1:80001/a", "https://evil.example/http://127.0.0.1:8000"],
)
def test_what_only_looks_like_ours_is_not(url):
    assert not addresses.is_ours(url)
    assert addresses.is_ours("http://127.0.0.1:8000/ap/actor")


@pytest.mark.parametrize(
    "found", [["127.0.0.1"], ["10.0.0.1"], ["::1"], ["169.254.169.254"], ["8.8.8.8", "10.0.0.1"], []]
)
def test_a_name_that_leads_inside_is_refused_before_any_connection(monkeypatch, found):
    monkeypatch.setattr(pinned, "look_up", lambda host, port: found)
    monkeypatch.setattr(socket, "create_connection", lambda *a, **k: pytest.fail("connected"))
    with pytest.raises(Refused, match="not public"):
        fetch.get_document("https://rebinding.example/a")


def test_the_address_looked_at_is_the_one_connected_to(monkeypatch):
    """DNS may answer otherwise a moment later; nobody asks it again."""
    asked, connected = [], []

    def look_up(host, port):
        asked.append(host)
        return ["8.8.8.8"]

    def connect(address, timeout):
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(pinned, "look_up", look_up)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(TryLater):
        fetch.get_document("https://hub.example/a")
    assert asked == ["hub.example"]
    assert connected == [("8.8.8.8", 443)]


def test_a_name_that_is_never_found_holds_us_no_longer_than_our_patience(monkeypatch):
    """The system's resolver knows no deadline of ours."""
    never = threading.Event()
    monkeypatch.setattr(pinned, "CONNECT", 0.05)
    monkeypatch.setattr(pinned, "look_up", lambda host, port: never.wait())
    try:
        with pytest.raises(TryLater):
            fetch.get_document("https://silent.example/a")
    finally:
        never.set()


def test_a_name_that_cannot_be_looked_up_is_asked_for_again(monkeypatch):
    def look_up(host, port):
        raise socket.gaierror("no such name")

    monkeypatch.setattr(pinned, "look_up", look_up)
    with pytest.raises(TryLater):
        fetch.get_document("https://nowhere.example/a")
