"""Small questions to a JSON object that may answer in several shapes."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from federation.wire import names, urls
from federation.wire.errors import Malformed

Document = Mapping[str, Any]

_CONTROLS = {character: None for character in (*range(0x20), *range(0x7F, 0xA0)) if character not in (0x09, 0x0A)}


def many(value: Any) -> list[Any]:
    """null -> [], one value -> a list of it, a list -> itself without nulls."""
    if value is None:
        return []
    return [item for item in value if item is not None] if isinstance(value, list) else [value]


def text(value: Any) -> str:
    """A string, or "" for everything else."""
    return value if isinstance(value, str) else ""


def lines(value: str, limit: int) -> str:
    """Plain text on as many lines as it has, without control characters."""
    return value[: limit * 2].replace("\r\n", "\n").translate(_CONTROLS)[:limit]


def types(document: Document) -> list[str]:
    return [item for item in many(document.get("type")) if isinstance(item, str)]


def known_type(document: Document, known: frozenset[str]) -> str:
    """The first type we know, else the first one, else ""."""
    found = types(document)
    return next((item for item in found if item in known), found[0] if found else "")


def reference(value: Any) -> str:
    """The id behind a value: a URL, or an object with an id. "" when there is none that is an absolute URL."""
    found = value.get("id") if isinstance(value, Mapping) else value
    try:
        return urls.absolute(found)
    except Malformed:
        return ""


def references(value: Any) -> tuple[str, ...]:
    """The ids behind one value or several, each once, in their order."""
    found = (reference(item) for item in many(value))
    return tuple(dict.fromkeys(uri for uri in found if uri))


def must(value: Any, what: str) -> str:
    """As `reference`, for what cannot be missing."""
    found = value.get("id") if isinstance(value, Mapping) else value
    try:
        return urls.absolute(found)
    except Malformed as wrong:
        raise Malformed(f"{what}: {wrong.reason}") from None


def address(value: Any) -> str:
    """Where a link goes: a URL, or an object with href or url, or the first of several. "" for other than http(s)."""
    for item in many(value):
        found = item.get("href") or item.get("url") if isinstance(item, Mapping) else item
        if isinstance(found, list | Mapping):
            found = address(found)
        if result := reference(found):
            return result
    return ""


def recipients(value: Any) -> tuple[str, ...]:
    """Ids, with Public spelled in full; what is no id is left out."""
    found = (names.PUBLIC if text(item) in names.PUBLIC_SPELLINGS else reference(item) for item in many(value))
    return tuple(dict.fromkeys(uri for uri in found if uri))


def addressed(document: Document) -> tuple[str, ...]:
    """To whom it is said: `to`, `cc` and `audience`, Public spelled in full; nobody when nothing says it."""
    found = [uri for key in ("to", "cc", "audience") for uri in recipients(document.get(key))]
    return tuple(dict.fromkeys(found))


def is_public(document: Document) -> bool:
    """Is it addressed to everyone? Without any address it is not (federation.md G5)."""
    return names.PUBLIC in (*recipients(document.get("to")), *recipients(document.get("cc")))


def moment(value: Any) -> datetime | None:
    """RFC 3339 in any zone, whole seconds, UTC; None for anything else."""
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        # Seen: Mitra sends nanoseconds, of which only six digits are read.
        found = datetime.fromisoformat(_at_most_six_digits(value))
        return found.astimezone(UTC).replace(microsecond=0) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _at_most_six_digits(value: str) -> str:
    head, dot, tail = value.partition(".")
    digits = len(tail) - len(tail.lstrip("0123456789"))
    return f"{head}.{tail[: min(digits, 6)]}{tail[digits:]}" if dot and digits else value
