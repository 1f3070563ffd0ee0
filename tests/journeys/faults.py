"""What befalls hubs on the journeys: processes killed at a chosen moment, a database held, a disk that is full."""

import contextlib
import os
import resource
import signal
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from tests.journeys.hubs import ON_POSTGRES, Hub, eventually


@contextlib.contextmanager
def cut(sender: Hub, receiver: Hub) -> Iterator[None]:
    """What is owed after the block is under way, and not answered, when the sender's worker is killed -9.

    The receiver is frozen meanwhile: it takes connections and says nothing. In the block, speak to the sender alone.
    """
    web, worker = receiver.web(), sender.worker()
    os.killpg(web, signal.SIGSTOP)
    try:
        yield
        eventually(lambda: is_speaking_to(worker, receiver.port), "the delivery to begin")
        os.killpg(worker, signal.SIGKILL)
    finally:
        os.killpg(web, signal.SIGCONT)
    eventually(lambda: worker not in running(sender), "the supervisor to see it")


def running(hub: Hub) -> list[int]:
    """Its worker, or nothing between the death of one and the birth of the next."""
    with contextlib.suppress(AssertionError):
        return [hub.worker()]
    return []


def sockets(group: int) -> set[str]:
    """Inodes of the sockets that the processes of a group hold."""
    found = set()
    for process in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError):
            if os.getpgid(int(process.name)) == group:
                found |= {str(fd.readlink()) for fd in (process / "fd").iterdir()}
    return found


def connections() -> list[list[str]]:
    """Local address, remote address, state (01: established), inode: hexadecimal, as the kernel says."""
    lines = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    return [[columns[1], columns[2], columns[3], f"socket:[{columns[9]}]"] for columns in lines]


def is_speaking_to(group: int, port: int) -> bool:
    """Whether a process of that group has a connection open to that port of this machine."""
    held = sockets(group)
    return any(_port(remote) == port and inode in held for _, remote, _, inode in connections())


def is_serving(group: int, port: int) -> bool:
    """Whether a process of that group has taken a connection that came to that port, and not ended it."""
    held = sockets(group)
    return any(_port(local) == port and state == "01" and inode in held for local, _, state, inode in connections())


def _port(address: str) -> int:
    return int(address.split(":")[1], 16)


@contextlib.contextmanager
def held(hub: Hub, table: str) -> Iterator[None]:
    """Nobody else writes in its database (on PostgreSQL: in that table) until the block ends."""
    with opened(hub) as connection:
        connection.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE" if ON_POSTGRES else "BEGIN IMMEDIATE")
        yield
        connection.rollback()


def told(hub: Hub, statement: str, *values: Any) -> list[Any]:
    """One statement in its database, as an operator could: `?` for each value. What it answers."""
    with opened(hub) as connection:
        cursor = connection.execute(statement.replace("?", "%s") if ON_POSTGRES else statement, values)
        rows = cursor.fetchall() if cursor.description else []
        connection.commit()
    return rows


@contextlib.contextmanager
def opened(hub: Hub) -> Iterator[Any]:
    if ON_POSTGRES:
        made: Any = psycopg.connect(hub.environ["DATABASE_URL"].replace("postgres://", "postgresql://", 1))
    else:
        made = sqlite3.connect(hub.folder / "hub.sqlite3", timeout=20, isolation_level=None)
    with contextlib.closing(made):
        yield made


@contextlib.contextmanager
def disk_full(*groups: int) -> Iterator[None]:
    """No process of these groups can make a file longer than a byte: what a full disk refuses, and no more."""
    inside = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit() and _is_in(path.name, groups)]
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    for pid in inside:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, most))
    try:
        yield
    finally:
        for pid in inside:
            with contextlib.suppress(ProcessLookupError):
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, most))


def _is_in(pid: str, groups: tuple[int, ...]) -> bool:
    with contextlib.suppress(ProcessLookupError):
        return os.getpgid(int(pid)) in groups
    return False
