"""A request as signatures see it: plain values, each header found at most once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import SplitResult, urlsplit

from federation.wire import urls
from federation.wire.errors import BadSignature, Malformed

Headers = Iterable[tuple[str, str]]

_BODY_METHODS = frozenset({"POST", "PUT", "PATCH"})


@dataclass(frozen=True)
class Request:
    method: str
    url: str  #: absolute, as the sender wrote it: path and query not decoded
    headers: Headers
    body: bytes = b""
    parts: SplitResult = field(init=False)
    _values: dict[str, list[str]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        values: dict[str, list[str]] = {}
        for name, value in self.headers:
            values.setdefault(name.lower(), []).append(value.strip(" \t"))
        object.__setattr__(self, "_values", values)
        object.__setattr__(self, "parts", urlsplit(self.url))

    @property
    def has_body(self) -> bool:
        return bool(self.body) or self.method in _BODY_METHODS

    @property
    def path(self) -> str:
        return self.parts.path or "/"

    @property
    def authority(self) -> str:
        return urls.authority(self.url)

    def find(self, name: str) -> str | None:
        """The header of this lower-case name. Raises `BadSignature` when it comes twice: which one was signed?"""
        values = self._values.get(name, [])
        if len(values) > 1:
            raise BadSignature(f"{name}: said twice")
        return values[0] if values else None

    def header(self, name: str) -> str:
        value = self.find(name)
        if value is None:
            raise BadSignature(f"{name}: signed but absent")
        return value

    def check_host(self) -> None:
        """A message signed for another server must not be taken when someone passes it on to us."""
        host = self.header("host")
        try:
            ours = urls.authority(f"{self.parts.scheme}://{host}") == self.authority and "/" not in host
        except Malformed:
            raise BadSignature("host: not a host", 400) from None
        if not ours:
            raise BadSignature("host: not this server")


@dataclass(frozen=True)
class Window:
    """How far from our clock theirs may be."""

    now: datetime
    past: float  #: seconds
    future: float  #: seconds

    def check(self, where: str, moment: datetime) -> None:
        if moment < self.now - timedelta(seconds=self.past):
            raise BadSignature(f"{where}: too old")
        if moment > self.now + timedelta(seconds=self.future):
            raise BadSignature(f"{where}: in the future")

    def check_expiry(self, where: str, moment: datetime) -> None:
        if moment <= self.now:
            raise BadSignature(f"{where}: passed")


def http_date(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)


def from_http_date(text: str) -> datetime:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        raise BadSignature("date: not a date", 400) from None
    if moment.tzinfo is None:
        raise BadSignature("date: no time zone", 400)
    return moment


def from_timestamp(where: str, value: object) -> datetime:
    from_epoch = value if isinstance(value, int) and not isinstance(value, bool) else -1
    if not 0 <= from_epoch < 1 << 35:
        raise BadSignature(f"{where}: not a time in seconds", 400)
    return datetime.fromtimestamp(from_epoch, UTC)
