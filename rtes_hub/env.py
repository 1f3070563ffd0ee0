"""What the operator says in the environment, read once and checked as a whole.

The names are a promise to operators (docs/operating.md): they do not change.
"""

import ipaddress
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ENVIRONMENTS = ("development", "test", "production")
FEDERATION_MODES = ("allowlist", "open", "off")
TASK_ENGINES = ("database", "celery")

#: Said aloud in production: a default would be a guess about somebody's data.
REQUIRED_IN_PRODUCTION = ("RTES_BASE_URL", "RTES_DATA_DIR", "DATABASE_URL", "EMAIL_URL")

ROOT = Path(__file__).resolve().parent.parent


class BadEnvironment(SystemExit):
    """The process stops with every problem at once, one a line."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(["RTES hub cannot start:", *(f"  - {p}" for p in problems)]))
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class Env:
    name: str  #: development, test or production
    base_url: str  #: scheme://host[:port], no trailing slash
    data_dir: Path
    database_url: str
    cache_url: str  #: empty: a table of the database
    email_url: str
    federation: str  #: allowlist, open or off
    metrics_token: str  #: empty: no /metrics
    tasks: str  #: database or celery
    broker_url: str
    test_peers: frozenset[str]  #: exact "host:port" on loopback that may be spoken to over http
    secret_key: str

    @property
    def is_production(self) -> bool:
        return self.name == "production"

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")


def read(environ: Mapping[str, str] = os.environ) -> Env:
    """Raises: BadEnvironment, naming each variable that is missing or wrong."""
    problems: list[str] = []

    def one_of(name: str, allowed: tuple[str, ...]) -> str:
        value = environ.get(name, "") or allowed[0]
        if value not in allowed:
            problems.append(f"{name} is {value!r}; it may be {', '.join(allowed)}.")
        return value

    name = one_of("RTES_ENV", ENVIRONMENTS)
    federation = one_of("RTES_FEDERATION", FEDERATION_MODES)
    tasks = one_of("RTES_TASKS", TASK_ENGINES)
    if name == "production":
        problems += [f"{v} is missing." for v in REQUIRED_IN_PRODUCTION if not environ.get(v)]
    if tasks == "celery" and not environ.get("BROKER_URL"):
        problems.append("BROKER_URL is missing: RTES_TASKS=celery needs it.")

    base_url = (environ.get("RTES_BASE_URL") or "http://127.0.0.1:8000").rstrip("/")
    problems += _base_url_problems(base_url, production=name == "production" and "RTES_BASE_URL" in environ)
    peers = frozenset(p for p in environ.get("RTES_TEST_PEERS", "").replace(" ", "").split(",") if p)
    problems += _peer_problems(peers, production=name == "production")
    if problems:
        raise BadEnvironment(problems)

    data_dir = _data_dir(environ, name)
    return Env(
        name=name,
        base_url=base_url,
        data_dir=data_dir,
        database_url=environ.get("DATABASE_URL") or f"sqlite:///{data_dir / 'hub.sqlite3'}",
        cache_url=environ.get("CACHE_URL", ""),
        email_url=environ.get("EMAIL_URL") or f"filemail:///{data_dir / 'mail'}",
        federation=federation,
        metrics_token=environ.get("RTES_METRICS_TOKEN", ""),
        tasks=tasks,
        broker_url=environ.get("BROKER_URL", ""),
        test_peers=peers,
        secret_key=_secret_key(environ, data_dir, name),
    )


def _data_dir(environ: Mapping[str, str], name: str) -> Path:
    return Path(environ.get("RTES_DATA_DIR") or ROOT / "var" / ("test" if name == "test" else "hub")).absolute()


def _base_url_problems(url: str, *, production: bool) -> list[str]:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return [f"RTES_BASE_URL: {url!r} is not a URL."]
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query or parts.username:
        return [f"RTES_BASE_URL: {url!r} must be scheme://host, with no path."]
    if production and (parts.scheme != "https" or parts.port):
        return [f"RTES_BASE_URL: {url!r} must be https without a port in production."]
    return []


def _peer_problems(peers: frozenset[str], *, production: bool) -> list[str]:
    if peers and production:
        return ["RTES_TEST_PEERS is set: it is refused when RTES_ENV=production."]
    return [
        f"RTES_TEST_PEERS: {peer!r} is not host:port on loopback." for peer in sorted(peers) if not _is_loopback(peer)
    ]


def _is_loopback(peer: str) -> bool:
    host, _, port = peer.rpartition(":")
    try:
        return port.isdigit() and 0 < int(port) < 65536 and ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost" and port.isdigit()


def _secret_key(environ: Mapping[str, str], data_dir: Path, name: str) -> str:
    """RTES_SECRET_KEY, or a key made once and kept in the data folder (mode 600).

    It also seals the private keys of our actors: losing it is losing them (docs/operating.md).
    """
    if given := environ.get("RTES_SECRET_KEY"):
        return given
    if name == "test":
        return "for-tests-only-" + "0" * 40
    path = data_dir / "secret.key"
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text().strip()
        with os.fdopen(descriptor, "w") as file:
            file.write(key := secrets.token_urlsafe(48))
        return key
    except OSError as error:
        raise BadEnvironment([f"RTES_DATA_DIR: cannot write in {data_dir} ({error.strerror})."]) from error
