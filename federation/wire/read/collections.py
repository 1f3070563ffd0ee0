"""Collections, their pages, and documents that are lists of links."""

from typing import Any

from federation.wire.errors import Malformed
from federation.wire.read.values import Document, many, must, reference, text
from federation.wire.shapes import Collection

MAX_ITEMS = 1000  #: of one page


def collection(doc: Document) -> Collection:
    """Raises `Malformed` without an id. Items that are neither an id nor a document are left out."""
    first = doc.get("first")
    total = doc.get("totalItems")
    inner = first if isinstance(first, dict) else {}
    items = _items(doc) or _items(inner)
    return Collection(
        uri=must(doc.get("id"), "id"),
        total=total if isinstance(total, int) and not isinstance(total, bool) and total >= 0 else None,
        first=reference(first),
        next=reference(doc.get("next")) or reference(inner.get("next")),
        items=items,
    )


def _items(doc: Document) -> tuple[str | Document, ...]:
    found = many(doc.get("orderedItems")) or many(doc.get("items"))
    if len(found) > MAX_ITEMS:
        raise Malformed(f"a page has more than {MAX_ITEMS} items")
    return tuple(item for item in found if isinstance(item, dict) or reference(item))


def link(jrd: Document, rel: str, *, type: str = "") -> str:
    """Where the first link of this relation leads. Spec: RFC 7033 §4.4.4; NodeInfo discovery has the same shape."""
    for item in many(jrd.get("links")):
        if isinstance(item, dict) and item.get("rel") == rel and (not type or _same_type(item.get("type"), type)):
            return reference(item.get("href"))
    return ""


def _same_type(said: Any, wanted: str) -> bool:
    return text(said).partition(";")[0].strip() == wanted.partition(";")[0]
