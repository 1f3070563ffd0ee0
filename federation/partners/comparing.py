"""Two hubs compared and made equal, and the proof of it. Each heals itself of what the other owns, and tells the other
what it owns itself. Speaks to the network; each page of effects is one transaction.

Why it ends, and what becomes of a hub restored from a backup: docs/decisions/0016-convergence.md.
"""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from federation import actors, addresses, fetch
from federation.models import Actor, Confirmation, Found, Peer, StoredObject, Told
from federation.partners import changes, remote, scope, taking
from federation.partners.remote import Tree
from federation.wire import canonical, digests
from federation.wire.digests import Row

ROUNDS = 4  #: comparisons at once; what still differs is compared again later
PAUSE = 0.5  #: seconds between two rounds of which the first changed nothing: the other side is at work


@dataclass(kw_only=True)
class Side:
    """Things of one of the two hubs, as both know them."""

    here: Tree = field(default_factory=lambda: Tree(count=0, root=""))
    there: Tree = field(default_factory=lambda: Tree(count=0, root=""))
    found: int = 0  #: things that differed, all rounds together
    healed: int = 0

    @property
    def is_equal(self) -> bool:
        return self.here.root == self.there.root

    def as_json(self) -> dict[str, Any]:
        one = {
            name: {"count": tree.count, "root": tree.root}
            for name, tree in (("here", self.here), ("there", self.there))
        }
        refused = {"refused_here": self.here.refused, "refused_there": self.there.refused}
        return one | refused | {"found": self.found, "healed": self.healed, "equal": self.is_equal}


@dataclass(kw_only=True)
class Comparison:
    peer: Peer
    theirs: Actor
    began: datetime = field(default_factory=timezone.now)
    ours_side: Side = field(default_factory=Side)
    theirs_side: Side = field(default_factory=Side)
    rounds: int = 0

    @property
    def is_equal(self) -> bool:
        return self.ours_side.is_equal and self.theirs_side.is_equal


def compare(peer: Peer, theirs: Actor, *, patience: float = 0) -> dict[str, Any]:
    """The proof, ready for JSON. `patience`: seconds to wait for what the other side must do. Raises: Refused,
    TryLater, Malformed."""
    comparison, begun = Comparison(peer=peer, theirs=theirs), time.monotonic()
    with fetch.metered() as traffic:
        while not _round(comparison):
            if _is_enough(comparison, time.monotonic() - begun, patience):
                break
    if comparison.is_equal:
        _confirm(peer, comparison.began)
    return {
        "partner": peer.origin,
        "hub": actors.url(""),
        "at": comparison.began.isoformat(timespec="seconds"),
        "equal": comparison.is_equal,
        "theirs": comparison.theirs_side.as_json(),
        "ours": comparison.ours_side.as_json(),
        "rounds": comparison.rounds,
        "requests": traffic.requests,
        "bytes": traffic.sent + traffic.received,
        "seconds": round(time.monotonic() - begun, 2),
    }


def _is_enough(comparison: Comparison, seconds: float, patience: float) -> bool:
    if comparison.rounds < ROUNDS:
        return False
    if seconds > patience:
        return True
    time.sleep(PAUSE)
    return False


def _round(comparison: Comparison) -> bool:
    """True when both sides are equal; what differs has been mended otherwise."""
    peer, theirs = comparison.peer, comparison.theirs
    comparison.rounds += 1
    held, own = scope.held_rows(peer), scope.own_rows(peer)
    said = remote.trees(theirs)
    refused = Told.objects.filter(peer=peer).exclude(reason="").count()
    comparison.theirs_side.here = Tree(count=len(held), root=digests.root(held), refused=refused)
    comparison.theirs_side.there = said["own"]
    comparison.ours_side.here = Tree(count=len(own), root=digests.root(own))
    comparison.ours_side.there = said["held"]
    if not comparison.theirs_side.is_equal:
        differing = _walk(theirs, "own", held)
        comparison.theirs_side.found += len(differing)
        comparison.theirs_side.healed += pull(peer, theirs, differing)
    if not comparison.ours_side.is_equal:
        differing = _walk(theirs, "held", own)
        comparison.ours_side.found += len(differing)
        comparison.ours_side.healed += push(peer, theirs, differing, {key for key, _ in own})
    return comparison.is_equal


def _walk(theirs: Actor, side: str, rows: Sequence[Row]) -> list[str]:
    """Keys of the things that differ, from the root down."""
    frontier, keys = [""], set[str]()
    while frontier:
        batch, frontier = frontier[: remote.MAX_PREFIXES], frontier[remote.MAX_PREFIXES :]
        for prefix, node in remote.nodes(theirs, side, batch).items():
            below, found = digests.differing(rows, prefix, node)
            frontier += below
            keys |= found
    return sorted(keys)


# Theirs, mended here ----------------------------------------------------------------------------------------------


def pull(peer: Peer, theirs: Actor, keys: Sequence[str]) -> int:
    """Read these as they are now. How many were settled."""
    settled, lost = 0, False
    for at in range(0, len(keys), changes.MAX_KEYS):
        left = set(keys[at : at + changes.MAX_KEYS])
        while left:
            page = remote.named(theirs, sorted(left))
            items = taking.items(page, peer)
            outcome = taking.take(items, remote.authors(items, peer), peer, is_now=True)
            settled += outcome.kept + outcome.refused
            if not items:
                unknown = page.get("rtes:unknown")
                gone = left & set(unknown) if isinstance(unknown, list) else set()
                settled += taking.leave_out(peer, left - gone)
                lost = lost or bool(gone)
                break
            left -= {one.key for one in items}
    if lost:
        # It forgot them, as a hub restored from a backup does: it is for their owner to say what becomes of them.
        remote.tell(peer, theirs, changes.named(peer, []))
    return settled


# Ours, mended there -----------------------------------------------------------------------------------------------


def push(peer: Peer, theirs: Actor, keys: Sequence[str], ours: Collection[str]) -> int:
    """Tell these as they are now, after what was lost here has been found again there."""
    strays = [key for key in keys if key not in ours]
    for at in range(0, len(strays), changes.MAX_KEYS):
        _find_again(peer, theirs, strays[at : at + changes.MAX_KEYS])
    told = 0
    for at in range(0, len(keys), changes.MAX_KEYS):
        left = set(keys[at : at + changes.MAX_KEYS])
        while left:
            page = changes.named(peer, sorted(left))
            here = {str(one)[: digests.KEY] for one in page["rtes:leaves"]}
            answer = remote.tell(peer, theirs, page)  # an empty page makes them come and look for themselves
            told += answer["kept"] + answer["refused"]
            if not here:
                break
            left -= here
    return told


def _find_again(peer: Peer, theirs: Actor, keys: Sequence[str]) -> None:
    """They hold things of ours of which we know nothing: we were restored from a backup. Their copy is kept for people
    to see; the thing itself is withdrawn, since nothing of what they hold is proven to be ours."""
    known = set(StoredObject.objects.filter(local=True, key__in=keys).values_list("key", flat=True))
    lost = [key for key in keys if key not in known]
    if not lost:
        return
    for document in remote.copies(theirs, lost).get("orderedItems") or []:
        uri = document.get("id") if isinstance(document, dict) else None
        if isinstance(uri, str) and addresses.is_ours(uri) and digests.key(uri) in lost:
            _keep_found(peer, uri, document)


@transaction.atomic
def _keep_found(peer: Peer, uri: str, document: dict[str, Any]) -> None:
    Found.objects.get_or_create(uri=uri, defaults={"peer": peer, "document": canonical.dumps(document).decode()})
    author = Actor.objects.filter(uri=str(document.get("attributedTo")), local=True).first() or actors.instance()
    now = timezone.now().replace(microsecond=0)
    facts = {"actor": author, "local": True, "published": now, "updated": now, "removed_at": now}
    StoredObject.objects.get_or_create(uri=uri, defaults=facts | {"former_type": str(document.get("type"))[:40]})


def _confirm(peer: Peer, began: datetime) -> None:
    """Their digest says that they know of each withdrawal that was made before."""
    known = Confirmation.objects.filter(peer=peer).values("uri")
    withdrawn = scope.own(peer).filter(removed_at__lte=began).exclude(uri__in=known).values_list("uri", flat=True)
    Confirmation.objects.bulk_create(
        [Confirmation(peer=peer, uri=uri, at=began) for uri in withdrawn], ignore_conflicts=True
    )
