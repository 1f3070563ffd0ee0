"""What a partner's changes do here: page by page, each page one transaction. What cannot be kept is known all the same.

The partner speaks for its own things only: the documents of its own origin, over a channel that its instance actor
signed or that its own server answered on.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from federation import actors, addresses, received, registry
from federation.errors import Refused
from federation.models import Actor, Peer, StoredObject, Told
from federation.partners import scope
from federation.wire import Malformed, digests, read
from federation.wire.shapes import ActorDoc

logger = logging.getLogger(__name__)

Authors = Mapping[str, Actor | ActorDoc]


@dataclass(frozen=True, kw_only=True)
class Item:
    document: Mapping[str, Any]
    key: str
    leaf: str

    @property
    def uri(self) -> str:
        return str(self.document["id"])

    @property
    def author(self) -> str:
        said = self.document.get("attributedTo")
        return said if isinstance(said, str) else ""

    @property
    def is_tombstone(self) -> bool:
        return self.document.get("type") == "Tombstone"


@dataclass(kw_only=True)
class Outcome:
    kept: int = 0
    refused: int = 0
    unknown: int = 0  #: their author is not known here yet


def items(page: Mapping[str, Any], peer: Peer) -> list[Item]:
    """Raises: Refused, when the page is not made as FEDERATION.md says."""
    found = read.collection(page).items
    leaves = page.get("rtes:leaves")
    if not isinstance(leaves, list) or len(leaves) != len(found):
        raise Refused("rtes:leaves does not match the items of the page", 400)
    made = []
    for document, both in zip(found, leaves, strict=True):
        if not isinstance(document, Mapping) or not isinstance(document.get("id"), str) or not _is_leaf(both):
            raise Refused("an item of the page has no document, id or leaf", 400)
        one = Item(document=document, key=both[: digests.KEY], leaf=both[digests.KEY :])
        if addresses.origin(one.uri) != peer.origin or one.key != digests.key(one.uri):
            raise Refused(f"{one.uri} is not theirs to tell", 403)
        made.append(one)
    return made


def _is_leaf(both: object) -> bool:
    return isinstance(both, str) and len(both) == digests.KEY + digests.LEAF and set(both) <= set(digests.HEX)


def known(page: Iterable[Item], peer: Peer) -> dict[str, Actor | ActorDoc]:
    """Authors of these that we know, by URI."""
    uris = {one.author for one in page}
    return dict(Actor.objects.filter(uri__in=uris, peer=peer, local=False).in_bulk(field_name="uri"))


@transaction.atomic
def take(page: Sequence[Item], authors: Authors, peer: Peer, *, is_now: bool = False) -> Outcome:
    """`is_now`: it was asked for after what we hold was compared, so what is older than our copy is what they are now:
    a hub restored from a backup went back."""
    outcome, kept, done = Outcome(), dict(authors), list[tuple[Item, str]]()
    for one in page:
        author = kept.get(one.author)
        if author is None:
            outcome.unknown += 1
            continue
        reason = _take(one, author, kept, peer, is_now=is_now)
        outcome.refused += bool(reason)
        outcome.kept += not reason
        done.append((one, reason))
    _settle(done, peer)
    return outcome


def _take(one: Item, author: Actor | ActorDoc, kept: dict[str, Actor | ActorDoc], peer: Peer, *, is_now: bool) -> str:
    """The reason why it is not kept, if it is not. One bad thing does not keep the others from being read."""
    try:
        if isinstance(author, ActorDoc):
            with transaction.atomic():
                author = kept[author.uri] = actors.keep(author, peer)
        with transaction.atomic():
            if one.is_tombstone:
                received.remove(one.uri, actor=author)
                return ""
            if is_now:
                _go_back(one)
            received.take(one.document, actor=author)
    except Refused as error:
        return error.reason
    except Exception:
        logger.exception("%s: %s could not be taken in", peer.origin, one.uri)
        return "it could not be taken in: see the journal of this hub"
    return ""


def _go_back(one: Item) -> None:
    """Its owner was restored from a backup: what it says now stands, though we hold a later version."""
    stored = StoredObject.objects.filter(uri=one.uri, local=False, removed_at=None).exclude(leaf=one.leaf).first()
    if stored is None:
        return
    try:
        said = read.publication(one.document)
    except Malformed as error:
        raise Refused(error.reason, 400) from error
    if (said.version, said.updated or said.published or stored.updated) > (stored.version, stored.updated):
        return
    if speaker := registry.for_kind(stored.kind):
        speaker.forget(stored.uri)
    StoredObject.objects.filter(pk=stored.pk).update(version=0)


def _settle(done: Sequence[tuple[Item, str]], peer: Peer) -> None:
    """Remember what was told wherever the copy that is held does not say the same, with the reason if there is one."""
    uris = [one.uri for one, _ in done]
    leaves = dict(scope.held(peer).filter(uri__in=uris).values_list("uri", "leaf"))
    same = {one.uri for one, reason in done if not reason and leaves.get(one.uri) == one.leaf}
    Told.objects.filter(peer=peer, uri__in=same).delete()
    for one, reason in done:
        if one.uri in same:
            continue
        if reason:
            logger.info("%s: %s is not kept: %s", peer.origin, one.uri, reason)
        facts = {"key": one.key, "leaf": one.leaf, "reason": reason[:500]}
        Told.objects.update_or_create(peer=peer, uri=one.uri, defaults=facts)


def leave_out(peer: Peer, keys: Iterable[str]) -> int:
    """Copies of what is not for this hub any more, as their owner says by naming them not: they are not compared."""
    rows = scope.held(peer).filter(key__in=list(keys)).values_list("uri", "key")
    for uri, key in rows:
        Told.objects.update_or_create(peer=peer, uri=uri, defaults={"key": key, "leaf": "", "reason": ""})
    return len(rows)
