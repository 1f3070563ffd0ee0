"""Which of two catalogues differ, and where, at a cost that follows the difference (FEDERATION.md, *Convergence*).

Each thing has a key, from its id, and a leaf, from its version and state. Sorted by key, the things whose keys begin in
the same way make a node; a node's digest is the SHA-256 of what it holds. Who compares goes down from the root, into
the nodes that differ and no other.
"""

import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

KEY = 24  #: hex characters of the SHA-256 of an id
LEAF = 16  #: hex characters
SHORT = 16  #: hex characters of a node's digest, below the root
FEW = 4  #: things that a node names rather than dividing itself
ROOT_WIDTH = 2  #: hex characters by which the root divides itself: 256 children; every other, by one
HEX = "0123456789abcdef"
EMPTY = "0" * SHORT  #: on the wire, of a child that holds nothing

Row = tuple[str, str]  #: key, leaf


class Node(NamedTuple):
    """What is answered of a prefix: its children's digests in order, "" for an empty one; or the few rows it holds."""

    children: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()


def key(uri: str) -> str:
    return hashlib.sha256(uri.encode()).hexdigest()[:KEY]


def leaf(uri: str, version: int, updated: datetime) -> str:
    """Of a thing that stands. With its date: a hub that was restored may say another thing under the same version."""
    return _leaf(uri, "present", version, int(updated.timestamp()))


def withdrawn(uri: str) -> str:
    return _leaf(uri, "withdrawn")


def _leaf(*parts: object) -> str:
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:LEAF]


def root(rows: Iterable[Row]) -> str:
    """SHA-256, hex, over all rows in the order of their keys."""
    return hashlib.sha256("".join([key + leaf for key, leaf in rows]).encode()).hexdigest()


def within(rows: Sequence[Row], prefix: str) -> Sequence[Row]:
    """Those whose key begins so. `rows` are in order."""
    if not prefix:
        return rows
    return rows[bisect_left(rows, (prefix,)) : bisect_left(rows, (prefix + "g",))]


def prefixes(prefix: str) -> list[str]:
    """Of its children, in order."""
    found = [prefix]
    for _ in range(1 if prefix else ROOT_WIDTH):
        found = [one + digit for one in found for digit in HEX]
    return found


def node(rows: Sequence[Row], prefix: str) -> Node:
    """`rows` are in order; those of other prefixes are left alone."""
    held = within(rows, prefix)
    if len(held) <= FEW or len(prefix) >= KEY:
        return Node(rows=tuple(held))
    parts = [within(held, child) for child in prefixes(prefix)]
    return Node(children=tuple(root(part)[:SHORT] if part else "" for part in parts))


def differing(rows: Sequence[Row], prefix: str, theirs: Node) -> tuple[list[str], set[str]]:
    """Prefixes to look into next, and the keys found to differ, given what the other side says of this prefix."""
    held = within(rows, prefix)
    if not theirs.children:
        return [], {key for key, _ in {*held} ^ {*theirs.rows}}
    below, keys = [], set()
    for child, digest in zip(prefixes(prefix), theirs.children, strict=True):
        part = within(held, child)
        if not digest:
            keys |= {key for key, _ in part}
        elif not part or root(part)[:SHORT] != digest:
            below.append(child)
    return below, keys
