"""Collections and their pages (ActivityPub §5, ActivityStreams §5)."""

from collections.abc import Iterable, Mapping
from typing import Any

from federation.wire import names, vocabulary


def collection(
    uri: str,
    *,
    total: int,
    first: str = "",
    last: str = "",
    owner: str = "",
    items: Iterable[str | Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """Without `first` and `items` what it holds is hidden: only the number is told. `items` are as those of a page."""
    document: dict[str, Any] = {
        "@context": names.AS2 if items is None else vocabulary.CONTEXT,
        "id": uri,
        "type": "OrderedCollection",
        "totalItems": total,
    }
    document |= {key: value for key, value in (("attributedTo", owner), ("first", first), ("last", last)) if value}
    return document if items is None else document | {"orderedItems": _items(items)}


def page(
    uri: str, *, part_of: str, items: Iterable[str | Mapping[str, Any]], next: str = "", prev: str = ""
) -> dict[str, Any]:
    """`items` are ids, or whole documents; these lose their own context for that of the page."""
    document: dict[str, Any] = {
        "@context": vocabulary.CONTEXT,
        "id": uri,
        "type": "OrderedCollectionPage",
        "partOf": part_of,
        "orderedItems": _items(items),
    }
    return document | {key: value for key, value in (("next", next), ("prev", prev)) if value}


def _items(items: Iterable[str | Mapping[str, Any]]) -> list[str | dict[str, Any]]:
    return [
        item if isinstance(item, str) else {key: value for key, value in item.items() if key != "@context"}
        for item in items
    ]
