"""The one client: what it refuses to read, to follow and to connect to. Against real sockets."""

import json
import socket
import threading
import time
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import pytest

from federation import actors, fetch, pinned
from federation.errors import Refused, TryLater
from tests.federation.peers import a_server

ACTIVITY = "application/activity+json"

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings):
    with a_server(settings) as made:
        yield made


def page(server, path, document=None, media_type=ACTIVITY, **more):
    """What GET finds at `path`; `document` says its own address unless told otherwise."""
    url = f"{server.origin}{path}"
    body = document if isinstance(document, bytes) else json.dumps(document or {"id": url, "type": "Note"}).encode()
    server.pages[path] = (media_type, body)
    return url


@contextmanager
def raw_server(settings, answer):
    """A server that is handed the bare socket, for what no HTTP library would send."""
    listener = socket.create_server(("127.0.0.1", 0))
    netloc = f"127.0.0.1:{listener.getsockname()[1]}"
    settings.RTES = replace(settings.RTES, test_peers=settings.RTES.test_peers | {netloc})
    knocks = []

    def serve():
        while True:
            try:
                line, _ = listener.accept()
            except OSError:
                return
            with line:
                knocks.append(line.recv(65536))
                try:
                    answer(line)
                except OSError:
                    continue

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://{netloc}", knocks
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def redirect(*targets):
    """Each knock is sent on to the next target, the last one for ever."""
    waiting = list(targets)

    def answer(line):
        target = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        line.sendall(f"HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n".encode())

    return answer


def says(body: bytes, *headers: str):
    head = "\r\n".join(["HTTP/1.1 200 OK", f"Content-Type: {ACTIVITY}", *headers]).encode()
    return lambda line: line.sendall(head + b"\r\n\r\n" + body)


def test_a_document_is_read_where_it_says_it_lives(server):
    url = page(server, "/note")
    assert fetch.get_document(url) == (url, {"id": url, "type": "Note"})


def test_a_signed_get_is_signed_by_the_hub_itself(settings):
    with raw_server(settings, says(b"{}", "Content-Length: 2")) as (origin, knocks), pytest.raises(Refused):
        fetch.get_document(f"{origin}/a", signer=actors.instance())
    assert b'keyId="http://127.0.0.1:8000/ap/actor#main-key"' in knocks[0]
    assert b"Accept-Encoding: identity" in knocks[0]


def test_a_document_with_another_id_of_its_server_is_asked_for_there_once(server):
    url = page(server, "/note")
    page(server, "/alias", {"id": url, "type": "Note"})
    assert fetch.get_document(f"{server.origin}/alias")[0] == url
    assert server.asked == ["/alias", "/note"]


def test_a_document_that_never_lives_where_it_says_is_refused(server):
    page(server, "/a", {"id": f"{server.origin}/b"})
    page(server, "/b", {"id": f"{server.origin}/c"})
    with pytest.raises(Refused):
        fetch.get_document(f"{server.origin}/a")
    assert server.asked == ["/a", "/b"]


@pytest.mark.parametrize("lie", ["https://victim.example/note", None, 1, "", ["x"]])
def test_a_document_that_says_it_lives_elsewhere_is_refused(server, lie):
    url = page(server, "/note", {"id": lie, "type": "Note"})
    with pytest.raises(Refused):
        fetch.get_document(url)


@pytest.mark.parametrize(
    "media_type",
    ["text/html", "application/json", "application/ld+json", "image/png", "", 'application/ld+json; profile="other"'],
)
def test_a_file_that_somebody_uploaded_is_no_document(server, media_type):
    url = page(server, "/upload", media_type=media_type)
    with pytest.raises(Refused):
        fetch.get_document(url)


@pytest.mark.parametrize(
    "media_type",
    [
        "application/activity+json; charset=utf-8",
        "Application/Activity+JSON",
        'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
    ],
)
def test_both_types_of_document_are_read(server, media_type):
    url = page(server, "/note", media_type=media_type)
    assert fetch.get_document(url)[0] == url


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"id": 1, "id": 2}', b'{"a": NaN}', b'{"a": "\xff"}', b"[" * 5000, b'{"@graph": []}']
)
def test_json_that_can_be_read_in_two_ways_is_refused(settings, body):
    with raw_server(settings, says(body, f"Content-Length: {len(body)}")) as (origin, _), pytest.raises(Refused):
        fetch.get_document(f"{origin}/a")


@pytest.mark.parametrize(
    ("status", "failure"),
    [(404, Refused), (401, Refused), (410, fetch.Gone), (500, TryLater), (503, TryLater), (429, TryLater)],
)
def test_what_an_answer_means(settings, status, failure):
    answer = f"HTTP/1.1 {status} So\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n".encode()
    with raw_server(settings, lambda line: line.sendall(answer)) as (origin, _), pytest.raises(failure) as raised:
        fetch.get_document(f"{origin}/a")
    if failure is TryLater:
        assert raised.value.after == 120


def test_a_server_that_listens_no_more_is_asked_again_later(settings):
    with raw_server(settings, says(b"")) as (origin, _):
        pass
    with pytest.raises(TryLater):
        fetch.get_document(f"{origin}/a")


# Size and time ----------------------------------------------------------------------------------------------------


def test_a_body_over_the_limit_is_refused_whatever_its_length_says(settings, monkeypatch):
    monkeypatch.setattr(fetch, "MAX_DOCUMENT", 1000)
    chunk = b"3e8\r\n" + b"x" * 1000 + b"\r\n"
    for headers, body in (
        (["Content-Length: 2000"], b" " * 2000),
        (["Connection: close"], b" " * 2000),
        (["Transfer-Encoding: chunked"], chunk * 2 + b"0\r\n\r\n"),
    ):
        with raw_server(settings, says(body, *headers)) as (origin, _), pytest.raises(Refused, match="larger"):
            fetch.get_document(f"{origin}/a")


def test_a_compressed_body_is_refused_unread(settings):
    with (
        raw_server(settings, says(b"\x1f\x8b" + b"x" * 10, "Content-Encoding: gzip", "Content-Length: 12")) as (
            origin,
            _,
        ),
        pytest.raises(Refused, match="compressed"),
    ):
        fetch.get_document(f"{origin}/a")


@pytest.mark.parametrize("what", ["headers", "body", "nothing"])
def test_a_server_that_drips_is_left_at_the_deadline(settings, monkeypatch, what):
    """Each byte comes in time, so that no wait between two of them ever ends the exchange: only the whole does."""
    monkeypatch.setattr(pinned, "TOTAL", 0.3)
    left = threading.Event()
    starts = {
        "headers": b"HTTP/1.1 200 OK\r\nX: ",
        "body": b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n",
        "nothing": b"",
    }

    def drip(line):
        try:
            line.sendall(starts[what])
            for _ in range(500):
                if what != "nothing":
                    line.sendall(b"x")
                time.sleep(0.02)
        finally:
            left.set()

    with raw_server(settings, drip) as (origin, _), pytest.raises(TryLater):
        fetch.get_document(f"{origin}/a")


# Redirects --------------------------------------------------------------------------------------------------------


def test_a_redirect_is_followed(server, settings):
    url = page(server, "/note")
    with raw_server(settings, redirect(url)) as (origin, _):
        assert fetch.get_document(f"{origin}/a")[0] == url


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:1/secret",
        "http://169.254.169.254/latest/meta-data",
        "https://10.0.0.1/",
        "https://[::1]/",
        "https://2130706433/",
        "file:///etc/passwd",
        "data:application/activity+json,{}",
        "gopher://127.0.0.1:70/",
        "https://user:password@hub.example/",
        "//evil\\@hub.example/",
    ],
)
def test_a_redirect_to_what_is_never_spoken_to_is_refused(settings, target):
    with raw_server(settings, redirect(target)) as (origin, knocks), pytest.raises(Refused):
        fetch.get_document(f"{origin}/a")
    assert len(knocks) == 1


def test_a_loop_and_a_long_way_are_refused(settings):
    with raw_server(settings, redirect("/a")) as (origin, knocks):
        with pytest.raises(Refused):
            fetch.get_document(f"{origin}/a")
        assert len(knocks) == 1
    with raw_server(settings, redirect("/b", "/c", "/d", "/e", "/f")) as (origin, knocks):
        with pytest.raises(Refused):
            fetch.get_document(f"{origin}/a")
        assert len(knocks) == 1 + fetch.MAX_REDIRECTS


def test_another_server_never_gets_our_signature(settings):
    with ExitStack() as servers:
        other, theirs = servers.enter_context(raw_server(settings, says(b"{}", "Content-Length: 2")))
        origin, ours = servers.enter_context(raw_server(settings, redirect(f"{other}/b")))
        with pytest.raises(Refused):
            fetch.get_document(f"{origin}/a", signer=actors.instance())
    assert b"signature" in ours[0].lower()
    assert b"signature" not in theirs[0].lower()


def test_a_post_is_signed_and_never_redirected(settings):
    with raw_server(settings, redirect("/b")) as (origin, knocks):
        answer = fetch.post(f"{origin}/inbox", b"{}", signer=actors.instance(), format="cavage")
    assert answer.status == 302
    assert len(knocks) == 1
    assert b"Digest: SHA-256=" in knocks[0]


# Cards ------------------------------------------------------------------------------------------------------------


def test_a_card_is_json_of_the_type_asked_for(server):
    url = page(server, "/card", {"links": []}, "application/jrd+json; charset=utf-8")
    assert fetch.get_json(url, ["application/json", "application/jrd+json"]) == {"links": []}
    with pytest.raises(Refused):
        fetch.get_json(url, ["application/json"])


def test_a_card_is_small(server):
    url = page(server, "/card", {"links": ["x" * fetch.MAX_CARD]}, "application/json")
    with pytest.raises(Refused, match="larger"):
        fetch.get_json(url, ["application/json"])


def test_the_environment_is_not_asked_for_a_proxy(server, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    url = page(server, "/note")
    assert fetch.get_document(url)[0] == url
