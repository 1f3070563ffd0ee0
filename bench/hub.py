"""A hub made for measuring: as in production, filled, served by gunicorn with two workers, and gone afterwards."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from rtes_hub import processes
from rtes_hub.env import ROOT

POSTGRES = os.environ.get("POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")
HOST = "bench.example"
WORKERS = 2
READY = 30.0  #: seconds to answer the first request
#: As a proxy on this machine would pass on what people ask.
HEADERS = {"Host": HOST, "X-Forwarded-Proto": "https", "Accept-Language": "fr"}
#: What belongs to a hub and may be set for another one in the caller's shell.
_OF_A_HUB = ("DATABASE_URL", "CACHE_URL", "BROKER_URL", "RTES_TASKS", "RTES_FEDERATION", "RTES_TEST_PEERS")


@dataclass(frozen=True, kw_only=True)
class Size:
    threads: int
    posts: int
    sheets: int


@dataclass(frozen=True, kw_only=True)
class Filled:
    """Paths to measure, and the cookie of a member."""

    forum: str
    thread: str
    sheet: str
    cookie: str


def environ(folder: Path, database_url: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name not in _OF_A_HUB}
    return inherited | {
        "DJANGO_SETTINGS_MODULE": "rtes_hub.settings",
        "PYTHONPATH": str(ROOT),
        "RTES_ENV": "production",
        "RTES_BASE_URL": f"https://{HOST}",
        "RTES_DATA_DIR": str(folder),
        "DATABASE_URL": database_url,
        "EMAIL_URL": "dummymail://",
    }


def fill(env: Mapping[str, str], size: Size) -> Filled:
    """Raises: RuntimeError with what was said."""
    words = f"threads={size.threads}, posts={size.posts}, sheets={size.sheets}"
    program = f"import django; django.setup(); from bench.fill import fill; fill({words})"
    done = subprocess.run([sys.executable, "-c", program], env=env, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr.strip())
    return Filled(**json.loads(done.stdout.splitlines()[-1]))


@dataclass(frozen=True, kw_only=True)
class Served:
    port: int
    pid: int  #: of gunicorn, which leads its workers

    def cpu(self) -> float:
        """Milliseconds of the processor that the workers have spent since they began."""
        workers = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        stats = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in workers]
        return sum(int(fields[11]) + int(fields[12]) for fields in stats) * 1000 / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def served(env: Mapping[str, str], *, app: str = "") -> Iterator[Served]:
    """Gunicorn serves the hub, or `app`, until the end of the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    web = processes.of_a_hub(env, bind=f"127.0.0.1:{port}", workers=WORKERS)[0]
    argv = [*web.argv, app] if app else [*web.argv]
    server = subprocess.Popen(argv, env=dict(web.env), cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        _wait(server, port)
        yield Served(port=port, pid=server.pid)
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()


def _wait(server: "subprocess.Popen[bytes]", port: int) -> None:
    until = time.monotonic() + READY
    while server.poll() is None and time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise RuntimeError("gunicorn does not answer")


# Databases --------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def sqlite(folder: Path) -> Iterator[str]:
    yield f"sqlite:///{folder / 'hub.sqlite3'}"


@contextlib.contextmanager
def postgres(server: str) -> Iterator[str]:
    """A database of its own on the server of that address, dropped afterwards. Raises: psycopg.OperationalError."""
    name = f"rtes_bench_{os.getpid()}"
    admin = urlsplit(server)._replace(scheme="postgresql", path="/postgres").geturl()
    with psycopg.connect(admin, autocommit=True, connect_timeout=3) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextlib.contextmanager
def a_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="rtes-bench-") as name:
        yield Path(name)
