"""The file: a source, its licence, and items. Pure. Every problem is told with the number of its item."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MAX_FILE = 50 * 1024 * 1024  #: bytes

#: Keys that say what an item is; all others are words of its text.
KNOWN = frozenset(
    {
        "id",
        "title",
        "summary",
        "body",
        "description",
        "sections",
        "budget",
        "date",
        "url",
        "licence",
        "attribution",
        "collectivite",
        "siren",
    }
)


class Unreadable(Exception):
    """The file is not in the shape that docs/import.md describes."""


@dataclass(frozen=True, kw_only=True)
class Item:
    id: str  #: in its source; with it, what makes the item the same the next time
    title: str
    summary: str = ""
    sections: tuple[tuple[str, str], ...] = ()  #: heading, Markdown; the heading may be empty
    budget: str = ""
    date: str = ""  #: "2021-11-09", when it was published there
    url: str = ""
    licence: str = ""  #: in the words of its source
    attribution: tuple[str, ...] = ()
    said_by: str = ""  #: SIREN of the collectivité that the source names
    more: Mapping[str, str] = field(default_factory=dict)  #: what else is said, by its key


@dataclass(frozen=True, kw_only=True)
class Source:
    name: str
    licence: str
    attribution: str
    items: tuple[Item, ...]


def read(raw: bytes) -> Source:
    """Raises: Unreadable."""
    if len(raw) > MAX_FILE:
        raise Unreadable(f"The file is larger than {MAX_FILE // 1024**2} MB.")
    try:
        said = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"This is not JSON: {error}.") from error
    if not isinstance(said, dict) or not isinstance(said.get("items"), list):
        raise Unreadable('The file must be an object with a list "items".')
    name = _text(said.get("source"))
    if not name:
        raise Unreadable('"source" is missing: it says where the items come from, and finds them again next time.')
    items = tuple(_item(number, one) for number, one in enumerate(said["items"], start=1))
    seen: set[str] = set()
    for item in items:
        if item.id in seen:
            raise Unreadable(f'The id "{item.id}" is there twice.')
        seen.add(item.id)
    return Source(
        name=name, licence=_text(said.get("licence")), attribution=_text(said.get("attribution")), items=items
    )


def _item(number: int, said: Any) -> Item:
    if not isinstance(said, dict) or not _text(said.get("id")) or not _text(said.get("title")):
        raise Unreadable(f'Item {number} needs an "id" and a "title".')
    attribution = said.get("attribution") or []
    return Item(
        id=_text(said["id"]),
        title=_text(said["title"]),
        summary=_text(said.get("summary")),
        sections=_sections(number, said),
        budget=_text(said.get("budget")),
        date=_text(said.get("date")),
        url=_text(said.get("url")),
        licence=_text(said.get("licence")),
        attribution=tuple(_text(who) for who in (attribution if isinstance(attribution, list) else [attribution])),
        said_by=_text(said.get("siren")),
        more={str(key): text for key, value in said.items() if key not in KNOWN and (text := _text(value))},
    )


def _sections(number: int, said: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """`body` or `description`, then `sections`: {heading: text}, or [{"heading", "text"}] when one comes twice."""
    found = [("", text) for key in ("body", "description") if (text := _text(said.get(key)))]
    sections = said.get("sections") or {}
    if isinstance(sections, dict):
        found += [(_text(heading), _text(text)) for heading, text in sections.items()]
    elif isinstance(sections, list) and all(isinstance(one, dict) for one in sections):
        found += [(_text(one.get("heading")), _text(one.get("text"))) for one in sections]
    else:
        raise Unreadable(f'Item {number}: "sections" must be an object of headings and texts.')
    return tuple((heading, text) for heading, text in found if text)


def _text(value: Any) -> str:
    """Whatever a source puts there, as text; lists are enumerated."""
    match value:
        case None:
            return ""
        case list():
            return ", ".join(text for one in value if (text := _text(one)))
        case dict():
            return json.dumps(value, ensure_ascii=False)
        case bool():
            return "oui" if value else "non"
        case _:
            return str(value).replace("\x00", "").replace("\r\n", "\n").strip()
