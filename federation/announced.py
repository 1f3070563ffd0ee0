"""What a place elsewhere announces: the activities that it hands on, and the things it shows (FEP-1b12).

The place has signed, nobody else. Of an actor on its own server it may speak; a thing of any other server is taken from
the copy when its author's proof says so (FEP-8b32), else read where it lives (FEP-fe34; federation.md I3). Votes are
not counted here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings

from federation import actors, addresses, fetch, moderating, proving, received, registry
from federation.errors import Refused
from federation.models import Actor, Peer, StoredObject, Tombstone
from federation.said import Said
from federation.wire import Malformed, read, urls
from federation.wire.shapes import ActorDoc, Head

#: In a partner's place, what people of other servers say is taken too, since the partner moderates it (security.md
#: B13). False: only what partners say. Blocked servers are never heard.
THIRD_PARTIES = True

_STATEMENTS = ("Create", "Update")


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A thing, as its origin or its place has it, and its author."""

    thing: Mapping[str, Any]
    author: Actor | ActorDoc


def gather(said: Said) -> Said:
    """Read where it lives what cannot be taken from the place. Raises: Refused, TryLater."""
    inner = _inner(said.head)
    if inner is not None and inner.type == "Delete":
        _check_gone(inner, said)
        return said
    shown = _gather(said.actor, said.head, said.activity)
    return said if shown is None else replace(said, thing=shown.thing, author=shown.author)


def gather_item(place: Actor, item: str | Mapping[str, Any]) -> Shown | None:
    """The same, for an item of the outbox of a place; None when there is nothing to take. Raises: TryLater."""
    try:
        document = _at_home(item, place) if isinstance(item, str) else item
        head = read.activity(document)
        if head.type != "Announce" or head.actor != place.uri:
            raise Refused("it is not announced by the place")
        return _gather(place, head, document)
    except (Refused, Malformed):
        return None


def _at_home(uri: str, place: Actor) -> dict[str, Any]:
    if not urls.same_origin(uri, place.uri):
        raise Refused("it lives on another server than the place")
    return fetch.get_document(uri, signer=actors.instance())[1]


def _gather(place: Actor, head: Head, document: Mapping[str, Any]) -> Shown | None:
    inner = _inner(head)
    if inner is None:
        return _fetched(head.object_id) if _is_news(head.object_id) else None
    if inner.type == "Undo":
        return _restored(place, inner)
    if inner.type not in _STATEMENTS or addresses.is_ours(inner.object_id):
        return None
    if inner.object is not None and urls.same_origin(place.uri, inner.actor, inner.object_id):
        context = head.object.get("@context") if head.object else None
        thing = {"@context": context or document.get("@context"), **inner.object}
        return Shown(thing=thing, author=_author(thing))
    if inner.type != "Update" and not _is_news(inner.object_id):
        return None
    return _proven(inner, head.object or {}) or _fetched(inner.object_id)


def _proven(inner: Head, activity: Mapping[str, Any]) -> Shown | None:
    """As its author signed it, be it handed on by anybody. None: it must be read where it lives. Raises: Refused."""
    if inner.object is None or not urls.same_origin(inner.actor, inner.object_id):
        return None
    _check_heard(inner.actor)
    author = proving.author(activity, inner.actor)
    if author is None:
        return None
    return Shown(thing={**inner.object, "@context": activity["@context"]}, author=author)


def _inner(head: Head) -> Head | None:
    """The activity that is handed on; None when a thing is shown, be it embedded."""
    if head.object is None or "actor" not in head.object or "attributedTo" in head.object:
        return None
    try:
        return read.activity(head.object)
    except Malformed as error:
        raise Refused(error.reason, 400) from error


def _is_news(uri: str) -> bool:
    return not addresses.is_ours(uri) and not StoredObject.objects.filter(uri=uri).exists()


def _fetched(uri: str) -> Shown:
    _check_heard(uri)
    final, thing = fetch.get_document(uri, signer=actors.instance())
    if final != uri:
        raise Refused("the object lives at another address than its id")
    return Shown(thing=thing, author=_author(thing))


def _check_heard(uri: str) -> None:
    peer = Peer.objects.filter(origin=addresses.origin(uri)).first()
    level = peer.level if peer else Peer.Level.UNKNOWN
    if level == Peer.Level.BLOCKED:
        raise Refused("its server is blocked here")
    if level != Peer.Level.PARTNER and settings.RTES.federation != "open" and not THIRD_PARTIES:
        raise Refused("its server is no partner")


def _author(thing: Mapping[str, Any]) -> Actor | ActorDoc:
    try:
        uri = read.publication(thing).author
    except Malformed as error:
        raise Refused(error.reason, 400) from error
    _check_heard(uri)
    return actors.find(uri) or actors.fetch_document(uri)


def _restored(place: Actor, undo: Head) -> Shown | None:
    """A removal is taken back: we kept no text, so it is asked for again."""
    undone = undo.object or {}
    if undone.get("type") != "Delete":
        return None
    uri = read.activity(undone).object_id
    removed = StoredObject.objects.filter(uri=uri, local=False, moderated=True, place=place.uri).exists()
    return _fetched(uri) if removed else None


def _check_gone(inner: Head, said: Said) -> None:
    """Of a thing of another server, that server has the word, unless it is removed by who moderates the place."""
    if urls.same_origin(inner.actor, said.actor.uri):
        return
    _check_heard(inner.object_id)
    if urls.same_origin(inner.actor, inner.object_id) and proving.author(said.head.object or {}, inner.actor):
        return
    try:
        document = fetch.get_document(inner.object_id, signer=actors.instance())[1]
    except fetch.Gone:
        return
    if document.get("type") != "Tombstone":
        raise Refused("its own server still shows it")


# Its effect -------------------------------------------------------------------------------------------------------


def run(said: Said) -> None:
    """Raises: Refused, and nothing was done."""
    place, inner = said.actor, _inner(said.head)
    if inner is not None and inner.type not in (*_STATEMENTS, "Delete"):
        if inner.type == "Undo" and said.thing is not None:
            moderating.restore(read.activity(inner.object or {}).object_id, inner, place)
            take(_shown(said), place=place)
            return
        moderating.act(inner, said.head.object or {}, place=place, announced=True)
        return
    if inner is not None and inner.type == "Delete":
        _delete(inner, said)
    elif said.thing is not None:
        take(_shown(said), place=place)
    else:
        _is_shown(inner.object_id if inner else said.head.object_id, place)


def _shown(said: Said) -> Shown:
    if said.thing is None or said.author is None:
        raise Refused("there is nothing to take")
    return Shown(thing=said.thing, author=said.author)


def take(shown: Shown, *, place: Actor) -> None:
    """Store what a place shows, with its author. In a transaction. Raises: Refused."""
    author = shown.author
    if not isinstance(author, Actor):
        peer = Peer.objects.get_or_create(origin=addresses.origin(author.uri))[0]
        author = actors.keep(author, peer)
    received.take(shown.thing, actor=author, place=place)


def _is_shown(uri: str, place: Actor) -> None:
    """Of ours, the app is told; of what we hold already, there is nothing more to do."""
    stored = StoredObject.objects.filter(uri=uri, local=True, place=place.uri, removed_at=None).first()
    if stored is not None and (speaker := registry.for_kind(stored.kind)):
        speaker.shown(uri)


def _delete(inner: Head, said: Said) -> None:
    """By its author, who has been believed or asked; else by who moderates the place."""
    if inner.object_id == inner.actor:
        if author := actors.find(inner.actor):
            received.remove_all_of(author)
        return
    stored = StoredObject.objects.filter(uri=inner.object_id).select_related("actor").first()
    if stored is None:
        # What comes late must not stay.
        if urls.same_origin(inner.actor, inner.object_id):
            Tombstone.objects.get_or_create(uri=inner.object_id, actor_uri=inner.actor)
        return
    if stored.actor.uri != inner.actor:
        moderating.act(inner, said.head.object or {}, place=said.actor, announced=True)
    elif not stored.local:
        received.remove(stored.uri, actor=stored.actor)
