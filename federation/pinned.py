"""Connections that go only where we looked: the address checked is the address connected to.

Name, `Host`, SNI and the certificate stay those of the URL; only the socket is opened by number. Reading obeys
one deadline for the whole exchange, so that a server giving a byte at a time cannot hold us.
"""

import io
import socket
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from contextvars import ContextVar
from http import client
from threading import Thread
from time import monotonic
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from federation import addresses
from federation.errors import Refused

CONNECT = 5.0  #: seconds to find an address, and again to open a socket to it
READ = 10.0  #: seconds between two bytes
TOTAL = 15.0  #: seconds for everything: redirects, headers and body
POOLS = 200  #: servers whose connections are kept open
PER_SERVER = 4  #: connections kept open to one server

_deadline: ContextVar[float] = ContextVar("deadline")


@contextmanager
def time_limit() -> Iterator[None]:
    """All that is exchanged within must be over in TOTAL seconds, or `TimeoutError` is raised while reading."""
    token = _deadline.set(monotonic() + TOTAL)
    try:
        yield
    finally:
        _deadline.reset(token)


def _time_left(at_most: float) -> float:
    left = _deadline.get() - monotonic()
    if left <= 0:
        raise TimeoutError("the answer took too long")
    return min(left, at_most)


def _look_up_in_time(host: str, port: int) -> list[str]:
    """In a thread of its own: the system's resolver takes the time it likes, and we leave it there.

    Raises: OSError, of which `TimeoutError`.
    """
    answer: Future[list[str]] = Future()

    def ask() -> None:
        try:
            answer.set_result(look_up(host, port))
        except OSError as error:
            answer.set_exception(error)

    Thread(target=ask, name="resolver", daemon=True).start()
    return answer.result(timeout=_time_left(CONNECT))


def look_up(host: str, port: int) -> list[str]:
    """Addresses of a host, as the system resolves it."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _open_socket(host: str, port: int) -> socket.socket:
    """Refuses a host as soon as one of its addresses is not permitted: a name that mixes them is up to something.

    `Refused` is no OSError, so it crosses urllib3 as it is, where an OSError would be taken for a bad line.
    """
    netloc = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    found = _look_up_in_time(host, port)
    if not found or not all(addresses.may_connect(address, netloc=netloc) for address in found):
        raise Refused(f"{host} leads to an address that is not public", 403)
    failure: OSError | None = None
    for address in found[:3]:
        try:
            return socket.create_connection((address, port), timeout=_time_left(CONNECT))
        except OSError as error:
            failure = error
    raise failure or OSError("no address answered")


class _Patient(io.RawIOBase):
    """What a socket says, waiting no longer than the deadline leaves."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(_time_left(READ))
        return self._raw.readinto(buffer)  # type: ignore[attr-defined]

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Response(client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp.close()
        self.fp = io.BufferedReader(_Patient(sock))


class _Connection(HTTPConnection):
    response_class = _Response

    def _new_conn(self) -> socket.socket:
        return _open_socket(self._dns_host, self.port)


class _SecureConnection(HTTPSConnection):
    response_class = _Response

    def _new_conn(self) -> socket.socket:
        return _open_socket(self._dns_host, self.port)


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class Adapter(HTTPAdapter):
    """Called directly, without a requests.Session, which would read redirect bodies to their end, keep cookies, and ask
    the environment for proxies and passwords."""

    def __init__(self) -> None:
        super().__init__(pool_connections=POOLS, pool_maxsize=PER_SERVER)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **options: Any) -> None:
        self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
