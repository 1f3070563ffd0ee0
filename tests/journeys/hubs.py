"""Real hubs for the journeys: real processes, real sockets, commands and HTTP only. Nothing is reached from inside.

SQLite and the embedded worker by default. DATABASE_URL (PostgreSQL) and RTES_TASKS=celery with BROKER_URL in the
environment run the same journeys on the grown engines, each hub with a database of its own.
"""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import requests

ROOT = Path(__file__).resolve().parents[2]
SERVER = os.environ.get("DATABASE_URL", "")
ON_POSTGRES = SERVER.startswith("postgres")
#: Seconds. Generous: what is promised is printed, not asserted.
LONGEST = 100.0

PASSWORD = "mot-de-passe-du-voyage"

#: Starting Django costs more than most commands: some are given together.
IN_ONE_PROCESS = """
import json, sys, django
from django.core.management import call_command
django.setup()
for command in json.loads(sys.argv[1]):
    call_command(*command)
"""

T = TypeVar("T")


def eventually(question: Callable[[], T], what: str, *, within: float = LONGEST) -> T:
    """The first answer that is not empty. Fails with `what` when none comes.

    Asks often, then less and less: a hub counts what one address asks of its API.
    """
    deadline, pause = time.monotonic() + within, 0.1
    while not (answer := question()):
        assert time.monotonic() < deadline, f"waited {within:g} s in vain: {what}"
        time.sleep(pause)
        pause = min(pause * 1.2, 2.0)
    return answer


@dataclass
class Hub:
    name: str
    port: int
    folder: Path
    peers: str
    tokens: dict[str, str] = field(default_factory=dict)  #: by role
    _start: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> str:
        """Name on PostgreSQL."""
        return f"rtes_journey_{os.getpid()}_{self.name}"

    @property
    def environ(self) -> dict[str, str]:
        environ = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "CACHE_URL", "RTES_SECRET_KEY")}
        environ |= {
            "DJANGO_SETTINGS_MODULE": "rtes_hub.settings",
            "RTES_ENV": "development",
            "RTES_BASE_URL": self.url,
            "RTES_DATA_DIR": str(self.folder),
            "RTES_TEST_PEERS": self.peers,
        }
        return environ | ({"DATABASE_URL": f"{SERVER.rpartition('/')[0]}/{self.database}"} if ON_POSTGRES else {})

    # Its life --------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        assert self._start is None, "it runs"
        log = (self.folder / "start.log").open("a")
        argv = [sys.executable, "manage.py", "start", "--port", str(self.port), "--workers", "1"]
        self._start = subprocess.Popen(argv, cwd=ROOT, env=self.environ, stdout=log, stderr=log, text=True)
        eventually(self.is_ready, f"{self.name} to be ready\n{self.said()}", within=60)

    def is_ready(self) -> bool:
        assert self._start is not None
        assert self._start.poll() is None, f"{self.name} ended:\n{self.said()}"
        try:
            return requests.get(f"{self.url}/readyz", timeout=5).status_code == 200
        except requests.ConnectionError:
            return False

    def stop(self) -> None:
        if self._start is None:
            return
        self._start.send_signal(signal.SIGTERM)
        assert self._start.wait(20) == 0, self.said()
        self._start = None

    def said(self) -> str:
        log = self.folder / "start.log"
        return "\n".join(log.read_text().splitlines()[-40:]) if log.exists() else ""

    def process(self, *words: str) -> int:
        """The pid of the child whose command line holds one of these words; it leads a group of its own."""
        assert self._start is not None
        children = Path(f"/proc/{self._start.pid}/task/{self._start.pid}/children").read_text().split()
        for pid in children:
            if any(word in Path(f"/proc/{pid}/cmdline").read_text() for word in words):
                return int(pid)
        raise AssertionError(f"no {words} among the children of {self.name}")

    def worker(self) -> int:
        return self.process("db_worker", "celery")

    def web(self) -> int:
        return self.process("gunicorn")

    @contextlib.contextmanager
    def struck(self) -> Iterator[None]:
        """Its worker is killed -9, then it is stopped; after the block it runs again, and its worker is killed anew."""
        os.killpg(self.worker(), signal.SIGKILL)
        self.stop()
        yield
        self.start()
        os.killpg(self.worker(), signal.SIGKILL)

    # What is asked of it ---------------------------------------------------------------------------------------------

    def manage(self, *arguments: str) -> str:
        done = self.try_manage(*arguments)
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout

    def try_manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        argv = [sys.executable, "manage.py", *arguments]
        return subprocess.run(argv, cwd=ROOT, env=self.environ, capture_output=True, text=True)

    def add(self, role: str, territory: str, *, name: str = "") -> str:
        """A person with that role, and their API token, kept under the role or the name given."""
        address = f"{name or role}@{self.name}.example"
        post = ("--territory", territory, "--role", role, "--password", PASSWORD, "--token")
        said = self.manage("member", "add", address, *post)
        self.tokens[name or role] = said.split()[-1]
        return self.tokens[name or role]

    def add_each(self, territory: str, *roles: str) -> None:
        """The actors of a new hub, and one person a role: the same commands, in one process."""
        post = ("--territory", territory, "--password", PASSWORD, "--token")
        commands = [("identity", "--verbosity", "0")]
        commands += [("member", "add", f"{role}@{self.name}.example", "--role", role, *post) for role in roles]
        argv = [sys.executable, "-c", IN_ONE_PROCESS, json.dumps(commands)]
        done = subprocess.run(argv, cwd=ROOT, env=self.environ, capture_output=True, text=True)
        assert done.returncode == 0, f"{done.stdout}{done.stderr}"
        tokens = [line for line in done.stdout.splitlines() if line.startswith("rtes_")]
        self.tokens |= dict(zip(roles, tokens, strict=True))

    def sign_in(self, address: str) -> tuple[requests.Session, dict[str, str]]:
        """A browser's cookies, and the hidden field that each of its forms carries."""
        session = requests.Session()
        login = f"{self.url}/compte/connexion/"
        form = {"csrfmiddlewaretoken": _token(session.get(login, timeout=10).text)}
        answer = session.post(login, data={**form, "login": address, "password": PASSWORD}, timeout=10)
        assert answer.history, f"{address} is not signed in: {answer.status_code}"
        return session, {"csrfmiddlewaretoken": _token(session.get(f"{self.url}/compte/jetons/", timeout=10).text)}

    def call(self, method: str, path: str, *, by: str = "", **options: Any) -> requests.Response:
        """One request to the API, with the token of a role."""
        headers = {"Authorization": f"Token {self.tokens[by]}"} if by else {}
        return requests.request(method, f"{self.url}/api/v1/{path}", headers=headers, timeout=30, **options)

    def ask(self, path: str, *, by: str = "reader", **params: Any) -> Any:
        """What the API answers to a GET, or {} while the hub does not answer."""
        try:
            answer = self.call("GET", path, by=by, params=params)
        except requests.ConnectionError:
            return {}
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()

    def tell(self, path: str, *, by: str, status: int = 200, **said: Any) -> Any:
        """POST, and what is answered."""
        answer = self.call("POST", path, by=by, json=said)
        assert answer.status_code == status, f"{path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else {}

    def catalogue(self) -> dict[str, dict[str, Any]]:
        """What anybody may read, by URI; empty while it does not answer."""
        try:
            results = self.call("GET", "resources/").json()["results"]
        except requests.ConnectionError:
            return {}
        return {entry["uri"]: entry for entry in results}

    @property
    def member(self) -> str:
        """Slug of its one collectivité."""
        own = [m for m in self.call("GET", "members/").json()["results"] if m["hub"] == self.url]
        return own[0]["slug"]

    def digest(self) -> dict[str, Any]:
        return json.loads(self.manage("state_digest"))

    def settled(self) -> dict[str, Any]:
        """Its digest, once what was under way has ended: twice the same in a row."""
        return eventually(lambda: (now := self.digest()) == self.digest() and now, f"{self.name} to settle")


def _token(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found, page
    return found[1]


def calm(*_hubs: Hub) -> contextlib.AbstractContextManager[None]:
    """Nothing happens to it, where `Hub.struck` or `faults.cut` may stand."""
    return contextlib.nullcontext()
