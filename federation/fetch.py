"""The one HTTP client of the hub: documents, WebFinger, NodeInfo, deliveries. Nothing else opens a connection.

Two failures only: `Refused`, the answer will not change by asking again; `TryLater`, it may.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin

import requests
from django.utils import timezone
from urllib3.exceptions import HTTPError

from federation import addresses, keyring, patience, pinned
from federation.errors import Refused, TryLater
from federation.models import Actor
from federation.wire import Malformed, names, strict_json

MAX_DOCUMENT = 1024 * 1024  #: bytes of an ActivityPub document
MAX_CARD = 64 * 1024  #: bytes of a WebFinger or NodeInfo answer
MAX_ANSWER = 2000  #: characters kept of the answer to a delivery
MAX_REDIRECTS = 3
REDIRECTS = (301, 302, 303, 307, 308)
PATIENCE_STATUS = (408, 425, 429)  #: with every 5xx: ask again later

USER_AGENT = "rtes-hub"

_adapter = pinned.Adapter()


@dataclass
class Traffic:
    """What was exchanged, headers and bodies."""

    requests: int = 0
    sent: int = 0  #: bytes
    received: int = 0


_traffic: ContextVar[Traffic | None] = ContextVar("traffic", default=None)


@contextmanager
def metered() -> Iterator[Traffic]:
    """Counts what is asked and answered in the block, in this thread."""
    traffic = Traffic()
    before = _traffic.set(traffic)
    try:
        yield traffic
    finally:
        _traffic.reset(before)


def _count(prepared: requests.PreparedRequest, answer: "Answer") -> None:
    if (traffic := _traffic.get()) is not None:
        said = len(prepared.body or b"") + len(str(prepared.url)) + _size(prepared.headers)
        traffic.requests, traffic.sent = traffic.requests + 1, traffic.sent + said
        traffic.received += len(answer.body) + _size(answer.headers) + len("HTTP/1.1 200 OK\r\n\r\n")


def _size(headers: Mapping[str, str | bytes]) -> int:
    return sum(len(name) + len(value) + len(": \r\n") for name, value in headers.items())


class Gone(Refused):
    """410: it was there, and its owner removed it."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    status: int
    headers: Mapping[str, str]  #: names in lower case
    body: bytes = b""

    @property
    def text(self) -> str:
        """The beginning of the body, for people to read."""
        return self.body.decode("utf-8", "replace")[:MAX_ANSWER]


def get_document(url: str, *, signer: Actor | None = None) -> tuple[str, dict[str, Any]]:
    """An ActivityPub document and where it really lives: its own `id`, which is the final URL.

    A document that gives itself another id of the same origin is asked for once more, at that id.
    Raises: Refused (Gone on 410), TryLater.
    """
    with pinned.time_limit():
        final, document = _document(url, signer)
        if (named := document.get("id")) != final:
            if addresses.origin(named) != addresses.origin(final):
                raise Refused("the document says that it lives on another server", 403)
            final, document = _document(str(named), signer)
            if document.get("id") != final:
                raise Refused("the document does not live where it says", 403)
    return final, document


def _document(url: str, signer: Actor | None) -> tuple[str, dict[str, Any]]:
    final, answer = _get(url, names.ACCEPT, MAX_DOCUMENT, signer)
    if not names.is_activity_type(answer.headers.get("content-type", "")):
        raise Refused("the answer is not an ActivityPub document", 403)
    return final, _json(answer.body)


def get_json(url: str, types: Iterable[str], cap: int = MAX_CARD) -> dict[str, Any]:
    """A JSON object of one of the media `types`, at most `cap` bytes. Never signed. Raises: Refused, TryLater."""
    wanted = tuple(types)
    with pinned.time_limit():
        _, answer = _get(url, ", ".join(wanted), cap, None)
    media_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in wanted:
        raise Refused(f"the answer is {media_type or 'of no type'}, not {' or '.join(wanted)}", 403)
    return _json(answer.body)


def date(url: str) -> datetime | None:
    """The time on the clock of a server, by its `Date`; None when it does not say. Raises: Refused, TryLater."""
    with pinned.time_limit():
        said = _exchange("GET", url, {}, b"", MAX_ANSWER, None, "cavage").headers.get("date", "")
    try:
        found = parsedate_to_datetime(said)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def post(url: str, body: bytes, *, signer: Actor, format: str) -> Answer:
    """One signed POST. A redirect is an answer like another, and is not followed. Raises: Refused, TryLater."""
    with pinned.time_limit():
        return _exchange("POST", url, {}, body, MAX_ANSWER * 4, signer, format)


def _get(url: str, accept: str, cap: int, signer: Actor | None) -> tuple[str, Answer]:
    """Follow redirects, each checked like the first URL; another origin never gets our signature."""
    home = addresses.origin(url)
    seen: set[str] = set()
    while True:
        if url in seen or len(seen) > MAX_REDIRECTS:
            raise Refused("the answer is an endless redirect", 403)
        seen.add(url)
        answer = _knock(url, accept, cap, signer if addresses.origin(url) == home else None)
        if answer.status not in REDIRECTS:
            break
        url = urljoin(url, answer.headers.get("location", ""))
    if answer.status == 200:
        return url, answer
    if answer.status == 410:
        raise Gone(f"{url} is gone", 410)
    if answer.status >= 500 or answer.status in PATIENCE_STATUS:
        pause = patience.retry_after(answer.headers, timezone.now())
        raise TryLater(f"{url} answered {answer.status}", pause.total_seconds() if pause else None)
    raise Refused(f"{url} answered {answer.status}", 403)


def _knock(url: str, accept: str, cap: int, signer: Actor | None) -> Answer:
    """Signed in the older way first, then in the newer when that one is refused."""
    answer = _exchange("GET", url, {"Accept": accept}, b"", cap, signer, "cavage")
    if signer is not None and answer.status in (400, 401):
        answer = _exchange("GET", url, {"Accept": accept}, b"", cap, signer, "rfc9421")
    return answer


def _exchange(
    method: str, url: str, headers: Mapping[str, str], body: bytes, cap: int, signer: Actor | None, format_: str
) -> Answer:
    addresses.origin(url)
    sent = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity", **headers}
    if signer is not None:
        sent |= keyring.sign(signer, method, url, body or None, format_)
    prepared = requests.Request(method, url, headers=sent, data=body or None).prepare()
    if prepared.url != url:
        raise Refused("not a canonical URL", 400)
    try:
        response = _adapter.send(prepared, stream=True, timeout=(pinned.CONNECT, pinned.READ))
        try:
            answer = _read(response, cap)
            _count(prepared, answer)
            return answer
        finally:
            response.close()
    except (requests.RequestException, HTTPError, OSError) as error:
        raise TryLater(f"{addresses.origin(url)} did not answer: {type(error).__name__}") from error


def _read(response: requests.Response, cap: int) -> Answer:
    """The body is read for the answers we use, never past the cap, whatever Content-Length says."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    if response.status_code in REDIRECTS:
        return Answer(status=response.status_code, headers=headers)
    if headers.get("content-encoding", "identity").lower() not in ("", "identity"):
        raise Refused("the answer is compressed, though we asked for none of it", 403)
    wanted = response.request.method == "GET" and response.status_code == 200
    body = response.raw.read(cap + 1, decode_content=False)
    if wanted and len(body) > cap:
        raise Refused(f"the answer is larger than {cap} bytes", 403)
    return Answer(status=response.status_code, headers=headers, body=body[:cap])


def _json(body: bytes) -> dict[str, Any]:
    try:
        return strict_json.loads(body)
    except Malformed as error:
        raise Refused(f"the answer is not the JSON we read: {error}", 403) from error
