"""What changed here, in the order of the changes, withdrawals too: `rtes:changes`, as a partner reads it.

Order is given to changes after their commit, by whoever first looks (`number`): a number once seen has no smaller one
to come, whatever transactions overlap. Numbers follow the clock, so that a hub restored from an older backup gives none
that it gave in the life it forgot (docs/decisions/0016-convergence.md).
"""

import time
from collections.abc import Collection, Iterable
from typing import Any

from django.db import transaction
from django.db.models import F, Max

from federation import actors
from federation.errors import Refused
from federation.models import Numbering, Peer, StoredObject
from federation.partners import scope
from federation.wire import canonical, digests, names, strict_json, vocabulary, write

PAGE = 100  #: things
MAX_KEYS = 40  #: things asked for by their keys at once
MAX_BYTES = 512 * 1024  #: of documents in one page; one thing always fits
AT_ONCE = 5000  #: changes numbered in one statement


def number() -> None:
    """Give what changed since its place in the order."""
    waiting = StoredObject.objects.filter(local=True, change=None)
    if not waiting.exists():
        return
    with transaction.atomic():
        Numbering.objects.get_or_create(pk=1)
        row = Numbering.objects.select_for_update().get(pk=1)
        # One that is being changed right now is left for the next time: it will be a change again.
        found = waiting.select_for_update(skip_locked=True).order_by("pk").values_list("pk", flat=True)
        while pks := list(found[:AT_ONCE]):
            base = max(row.last, time.time_ns() // 1000)
            StoredObject.objects.filter(pk__in=pks).update(change=F("pk") + base)
            row.last = base + (StoredObject.objects.aggregate(last=Max("pk"))["last"] or 0)
        row.save()


def collection(peer: Peer) -> dict[str, Any]:
    here = actors.url(actors.CHANGES)
    return write.collection(here, total=scope.own(peer).count(), first=f"{here}?after=0")


def page(peer: Peer, after: str, *, uri: str) -> dict[str, Any]:
    """What changed after that number. Raises: Refused, for a cursor that is not ours."""
    if not (after.isascii() and after.isdigit() and len(after) <= 18):
        raise Refused("after: not a cursor of this collection", 400)
    number()
    later = scope.own(peer).filter(change__gt=int(after)).order_by("change")
    rows = _fitting(later.select_related("actor")[:PAGE])
    left = later.count() - len(rows)
    last = rows[-1].change if rows else int(after)
    cursor = f"{actors.url(actors.CHANGES)}?after={last}"
    document = _page(uri, rows) | {"rtes:cursor": cursor, "rtes:remaining": left}
    return document | ({"next": cursor} if left else {})


def named(peer: Peer, keys: Collection[str], *, uri: str = "") -> dict[str, Any]:
    """Those things, as they are now. `rtes:unknown` are the keys of which this hub knows nothing at all."""
    if len(keys) > MAX_KEYS:
        raise Refused(f"keys: at most {MAX_KEYS} at once", 400)
    rows = _fitting(scope.own(peer).filter(key__in=keys).select_related("actor").order_by("key"))
    known = StoredObject.objects.filter(local=True, key__in=keys).values_list("key", flat=True)
    return _page(uri or actors.url(actors.CHANGES), rows) | {"rtes:unknown": sorted({*keys} - {*known})}


def _fitting(rows: Iterable[StoredObject]) -> list[StoredObject]:
    found: list[StoredObject] = []
    size = 0
    for row in rows:
        size += len(row.document.encode())
        if found and size > MAX_BYTES:
            break
        found.append(row)
    return found


def _page(uri: str, rows: list[StoredObject]) -> dict[str, Any]:
    """Each document keeps its own context, so that what is signed in it can be checked."""
    return {
        "@context": vocabulary.CONTEXT,
        "id": uri,
        "type": "OrderedCollectionPage",
        "partOf": actors.url(actors.CHANGES),
        "orderedItems": [_item(row) for row in rows],
        "rtes:leaves": [f"{row.key}{row.leaf}" for row in rows],
    }


def _item(row: StoredObject) -> dict[str, Any]:
    gone_at = row.removed_at or row.actor.gone_at
    if gone_at is None:
        return strict_json.loads(row.document.encode())
    tombstone = write.tombstone(row.uri, former_type=row.former_type, deleted=gone_at, published=row.published)
    return tombstone | {"attributedTo": row.actor.uri}


def copies(peer: Peer, keys: Collection[str], *, uri: str) -> dict[str, Any]:
    """Our copies of things that this partner once told us and has lost. Raises: Refused."""
    if len(keys) > MAX_KEYS:
        raise Refused(f"keys: at most {MAX_KEYS} at once", 400)
    rows = _fitting(scope.held(peer).filter(key__in=keys, removed_at=None).exclude(document="").order_by("key"))
    return {
        "@context": names.AS2,
        "id": uri,
        "type": "OrderedCollectionPage",
        "orderedItems": [strict_json.loads(row.document.encode()) for row in rows],
    }


def size(document: dict[str, Any]) -> int:
    return len(canonical.dumps(document))


def is_key(text: str) -> bool:
    return len(text) == digests.KEY and set(text) <= set(digests.HEX)
