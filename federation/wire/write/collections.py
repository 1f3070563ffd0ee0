"""Collections and their pages (ActivityPub §5, ActivityStreams §5)."""

from collections.abc import Iterable, Mapping
from typing import Any

from federation.wire import names, vocabulary


def collection(uri: str, *, total: int, first: str = "", last: str = "") -> dict[str, Any]:
    """Without `first` its items are hidden: only their number is told."""
    document: dict[str, Any] = {
        "@context": names.AS2,
        "id": uri,
        "type": "OrderedCollection",
        "totalItems": total,
    }
    return document | {key: value for key, value in (("first", first), ("last", last)) if value}


def page(
    uri: str, *, part_of: str, items: Iterable[str | Mapping[str, Any]], next: str = "", prev: str = ""
) -> dict[str, Any]:
    """`items` are ids, or whole documents; these lose their own context for that of the page."""
    document: dict[str, Any] = {
        "@context": vocabulary.CONTEXT,
        "id": uri,
        "type": "OrderedCollectionPage",
        "partOf": part_of,
        "orderedItems": [
            item if isinstance(item, str) else {key: value for key, value in item.items() if key != "@context"}
            for item in items
        ],
    }
    return document | {key: value for key, value in (("next", next), ("prev", prev)) if value}
