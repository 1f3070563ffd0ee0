"""What is asked of a partner in order to compare: signed by our instance actor, read strictly. Speaks to the network.

Every function raises Refused and TryLater, as federation.fetch does; no transaction may be open.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from federation import actors, addresses, fetch
from federation.errors import Refused, TryLater
from federation.models import Actor, Peer
from federation.partners import taking
from federation.partners.taking import Authors, Item
from federation.wire import Malformed, canonical, digests, read
from federation.wire.digests import Node

MAX_PREFIXES = 64  #: nodes asked for at once


@dataclass(frozen=True, kw_only=True)
class Tree:
    count: int
    root: str
    refused: int = 0  #: of the things that it knows, those it does not keep


def address(theirs: Actor, what: str) -> str:
    """Where that hub says its `changes` or `digest` are; "" when it offers none. Raises: Refused."""
    url = theirs.facts.get(what)
    if not isinstance(url, str) or not url:
        return ""
    if addresses.origin(url) != addresses.origin(theirs.uri):
        raise Refused(f"its {what} live on another server")
    return url


def _must(theirs: Actor, what: str) -> str:
    if url := address(theirs, what):
        return url
    raise Refused(f"it offers no rtes:{what}: its software is older than ours, or another")


def _get(url: str) -> Mapping[str, Any]:
    return fetch.get_document(url, signer=actors.instance())[1]


def trees(theirs: Actor) -> dict[str, Tree]:
    """{"own": what it publishes for us, "held": what it has of ours}."""
    said = _get(_must(theirs, "digest"))
    return {side: _tree(said.get(f"rtes:{side}")) for side in ("own", "held")}


def _tree(said: Any) -> Tree:
    facts = said if isinstance(said, Mapping) else {}
    count, root, refused = facts.get("rtes:count"), facts.get("rtes:root"), facts.get("rtes:refused", 0)
    if not (isinstance(count, int) and isinstance(root, str) and isinstance(refused, int)):
        raise Refused("its digest cannot be read")
    return Tree(count=count, root=root[:64], refused=refused)


def nodes(theirs: Actor, side: str, prefixes: Sequence[str]) -> dict[str, Node]:
    asked = urlencode({"of": side, "under": ",".join(prefixes)}, safe=",")
    said = _get(f"{_must(theirs, 'digest')}?{asked}").get("rtes:nodes")
    if not isinstance(said, list) or len(said) != len(prefixes):
        raise Refused("its digest cannot be read")
    return {prefix: _node(prefix, one) for prefix, one in zip(prefixes, said, strict=True)}


def _node(prefix: str, said: Any) -> Node:
    """A string of so many digests, each 16 characters; or a list of keys with their leaves."""
    width = len(digests.prefixes(prefix))
    if isinstance(said, str) and len(said) == width * digests.SHORT:
        parts = [said[at : at + digests.SHORT] for at in range(0, len(said), digests.SHORT)]
        return Node(children=tuple("" if part == digests.EMPTY else part for part in parts))
    if isinstance(said, list) and all(isinstance(row, str) and row.startswith(prefix) for row in said):
        return Node(rows=tuple((row[: digests.KEY], row[digests.KEY :]) for row in said))
    raise Refused("its digest cannot be read")


def page(url: str, theirs: Actor) -> Mapping[str, Any]:
    if addresses.origin(url) != addresses.origin(theirs.uri):
        raise Refused("the list of its changes lives on another server")
    return _get(url)


def named(theirs: Actor, keys: Iterable[str]) -> Mapping[str, Any]:
    return _get(f"{_must(theirs, 'changes')}?keys={','.join(keys)}")


def copies(theirs: Actor, keys: Iterable[str]) -> Mapping[str, Any]:
    return _get(f"{_must(theirs, 'changes')}?copies={','.join(keys)}")


def tell(peer: Peer, theirs: Actor, document: Mapping[str, Any]) -> dict[str, int]:
    """Give it a page of our things. {"kept", "refused", "unknown": how many}."""
    url, body = _must(theirs, "changes"), canonical.dumps(document)
    answer = fetch.post(url, body, signer=actors.instance(), format=peer.signature)
    if answer.status >= 500 or answer.status in fetch.PATIENCE_STATUS:
        raise TryLater(f"{url} answered {answer.status}")
    if answer.status != 200:
        raise Refused(f"{url} answered {answer.status}: {answer.text[:200]}")
    try:
        said = json.loads(answer.body)
        return {name: int(said[name]) for name in ("kept", "refused", "unknown")}
    except (ValueError, KeyError, TypeError) as error:
        raise Refused("its answer to our changes cannot be read") from error


def authors(items: Sequence[Item], peer: Peer) -> Authors:
    """Those of the page, each at its own address when it is not known here. One that cannot be read is left out."""
    found = taking.known(items, peer)
    for uri in {one.author for one in items} - found.keys() - {""}:
        try:
            if addresses.origin(uri) == peer.origin:
                final, document = fetch.get_document(uri, signer=actors.instance())
                if final == uri:
                    found[uri] = read.actor(document)
        except (Refused, Malformed):
            continue
    return found
