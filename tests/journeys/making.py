"""Making hubs for the journeys, and taking them away. What all begin with is prepared once, then copied."""

import atexit
import itertools
import os
import shutil
import socket
import threading
from pathlib import Path

import kombu
import psycopg

from tests.journeys.hubs import ON_POSTGRES, SERVER, Hub

_GIVEN: set[int] = set()  #: ports, by this process

#: Hubs are made two at a time; what they are copied from, once.
_PREPARED = threading.Lock()


def free_ports(number: int) -> list[int]:
    """Below those that the system gives to whoever calls out, and a range for each process: two runs may go on at once.

    A hub that is stopped finds its port again.
    """
    first = 10_000 + os.getpid() % 1_000 * 20
    return list(itertools.islice((port for port in range(first, 32_000) if _is_free(port)), number))


def _is_free(port: int) -> bool:
    if port in _GIVEN:
        return False
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    _GIVEN.add(port)
    return True


def make(name: str, port: int, peers: str, root: Path) -> Hub:
    """A hub with its tables, its own actors and the official territories; it does not run yet."""
    hub = Hub(name=name, port=port, folder=root / name, peers=peers)
    hub.folder.mkdir(parents=True)
    with _PREPARED:
        template = _template(root.parent)
        if ON_POSTGRES:
            with psycopg.connect(_server_url(), autocommit=True) as connection:
                connection.execute(f'CREATE DATABASE "{hub.database}" TEMPLATE "{template.database}"')
        else:
            shutil.copy(template.folder / "hub.sqlite3", hub.folder)
    return hub


def _template(root: Path) -> Hub:
    """Tables and the official territories, and nothing of any hub: made once, then copied. It never runs."""
    template = Hub(name="prepared", port=1, folder=root / "prepared", peers="")
    if template.folder.exists():
        return template
    template.folder.mkdir()
    if ON_POSTGRES:
        with psycopg.connect(_server_url(), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{template.database}"')
        atexit.register(_drop, template.database)
    template.manage("migrate", "-v", "0")
    template.manage("createcachetable", "-v", "0")
    template.manage("load_territories", "-v", "0")
    return template


def forget(hub: Hub) -> None:
    hub.stop()
    if ON_POSTGRES:
        _drop(hub.database)
    if broker := os.environ.get("BROKER_URL"):
        with kombu.Connection(broker) as connection:
            connection.default_channel.queue_delete(f"rtes.127.0.0.1:{hub.port}")
    shutil.rmtree(hub.folder, ignore_errors=True)


def _drop(database: str) -> None:
    with psycopg.connect(_server_url(), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


def _server_url() -> str:
    return f"{SERVER.rpartition('/')[0]}/postgres".replace("postgres://", "postgresql://", 1)
