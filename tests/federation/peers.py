"""Other servers to test with: real sockets that record what they get and answer what the test says."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

from federation.models import Actor, Follow, Peer
from federation.wire import strict_json

_numbers = count(1)

#: An answer: a status, or a status and headers, or what to do before answering (hang, close).
Answer = int | tuple[int, dict[str, str]] | Callable[[], int]


@dataclass
class Received:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def document(self) -> dict[str, Any]:
        return strict_json.loads(self.body)

    @property
    def said(self) -> str:
        """ "Create", "Delete"…"""
        return str(self.document["type"])

    @property
    def format(self) -> str:
        return "rfc9421" if "signature-input" in self.headers else "cavage"


@dataclass
class Server:
    """`answers` are used one after the other, then 202 for ever; `pages` are what GET finds."""

    origin: str
    netloc: str
    answers: list[Answer] = field(default_factory=list)
    pages: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)  #: paths that answer 410

    @property
    def said(self) -> list[str]:
        return [one.said for one in self.received]


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            server.received.append(Received(self.path, headers, body))
            answer = server.answers.pop(0) if server.answers else 202
            if callable(answer):
                answer = answer()
            status, extra = answer if isinstance(answer, tuple) else (answer, {})
            if status == 0:
                self.close_connection = True
                return
            self._answer(status, b"that was it", extra)

        def do_GET(self) -> None:
            server.asked.append(self.path)
            media_type, body = server.pages.get(self.path, ("text/plain", b""))
            status = 410 if self.path in server.gone else 200 if body else 404
            self._answer(status, body, {"Content-Type": media_type})

        def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


@contextmanager
def a_server(settings: Any) -> Iterator[Server]:
    """A server of its own on loopback, that the hub may speak to."""
    made = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    netloc = f"127.0.0.1:{made.server_address[1]}"
    server = Server(origin=f"http://{netloc}", netloc=netloc)
    made.RequestHandlerClass = _handler(server)
    made.daemon_threads = True
    settings.RTES = replace(settings.RTES, test_peers=settings.RTES.test_peers | {netloc})
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        made.shutdown()
        made.server_close()


def a_peer(origin: str = "https://partner.example", level: str = "partner", **facts: Any) -> Peer:
    return Peer.objects.update_or_create(origin=origin, defaults={"level": level} | facts)[0]


def a_remote_actor(origin: str = "https://partner.example", *, shared: bool = True, **facts: Any) -> Actor:
    """Somebody on another server, with its shared inbox unless `shared=False`."""
    peer = facts.pop("peer", None) or Peer.objects.filter(origin=origin).first() or a_peer(origin)
    uri = f"{origin}/ap/orgs/{next(_numbers)}"
    made = {
        "uri": uri,
        "peer": peer,
        "type": "Organization",
        "handle": f"region-{next(_numbers)}",
        "inbox": f"{facts.get('uri', uri)}/inbox",
        "shared_inbox": f"{origin}/ap/inbox" if shared else "",
    }
    return Actor.objects.create(**made | facts)


def a_remote_hub(origin: str = "https://partner.example", **facts: Any) -> Actor:
    """The instance actor of another hub."""
    said = {"uri": f"{origin}/ap/actor", "type": "Application", "handle": "hub", "name": "Réseau voisin"}
    return a_remote_actor(origin, **said | {"outbox": f"{origin}/ap/actor/outbox"} | facts)


def a_follower(followed: Actor, origin: str = "https://partner.example", **facts: Any) -> Actor:
    """Somebody elsewhere who follows one of ours, and was accepted."""
    follower = a_remote_actor(origin, **facts)
    Follow.objects.create(
        follower=follower, followed=followed, uri=f"{follower.uri}/follows/1", state=Follow.State.ACCEPTED
    )
    return follower
