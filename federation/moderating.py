"""What who moderates a place elsewhere does to what was said in it: closes, pins, removes; and takes that back.

Only from the place's own server: announced by the place itself, or said by somebody whom that server lists among its
moderators. And only about what was said in that place (federation.md I7).
"""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from federation import received, registry
from federation.errors import Refused
from federation.models import Actor, StoredObject
from federation.wire import read, urls
from federation.wire.shapes import Head

MAX_MODERATORS = 100
UNDONE = ("Lock", "Add", "Remove", "Delete")  #: what may be taken back


def place_of(uri: str) -> Actor | None:
    """The place elsewhere in which a thing was said."""
    said_in = StoredObject.objects.filter(uri=uri).exclude(place="").values_list("place", flat=True).first()
    return Actor.objects.filter(uri=said_in, local=False, type="Group").first() if said_in else None


def act(head: Head, activity: Mapping[str, Any], *, place: Actor, announced: bool) -> None:
    """Give effect to what a moderator says. Raises: Refused: whoever speaks may not, or it is no act of moderation."""
    _check_may(head, place, announced)
    undone = head.object if head.type == "Undo" else None
    if undone is not None:
        head = read.activity(undone)
        _check_may(head, place, announced)
    act = _ACTS.get((head.type, undone is not None))
    if act is None:
        raise Refused("this hub does nothing of that verb in a place")
    act(head, undone or activity, place)


def _check_may(head: Head, place: Actor, announced: bool) -> None:
    if not urls.same_origin(head.actor, place.uri):
        raise Refused("only moderators of the place's own server may do that")
    if not announced and head.actor not in (place.uri, *place.moderators):
        raise Refused("that actor does not moderate the place")


def _find(uri: str, place: Actor) -> StoredObject:
    stored = StoredObject.objects.select_for_update().filter(uri=uri, place=place.uri).first()
    if stored is None:
        raise Refused("nothing of that id was said in that place")
    return stored


def _speaker(stored: StoredObject) -> registry.Federated:
    return registry.for_kind(stored.kind) or registry.Federated()


def _lock(head: Head, _activity: Mapping[str, Any], place: Actor) -> None:
    stored = _find(head.object_id, place)
    _speaker(stored).locked(stored.uri, True)


def _unlock(head: Head, _activity: Mapping[str, Any], place: Actor) -> None:
    stored = _find(head.object_id, place)
    _speaker(stored).locked(stored.uri, False)


def _add(head: Head, _activity: Mapping[str, Any], place: Actor) -> None:
    _curate(head, place, add=True)


def _remove(head: Head, _activity: Mapping[str, Any], place: Actor) -> None:
    _curate(head, place, add=False)


def _curate(head: Head, place: Actor, *, add: bool) -> None:
    if head.target and head.target == place.collections.get("featured"):
        stored = _find(head.object_id, place)
        StoredObject.objects.filter(pk=stored.pk).update(featured=add)
        _speaker(stored).featured(stored.uri, add)
    elif head.target and head.target == place.collections.get("moderators"):
        others = [uri for uri in place.moderators if uri != head.object_id]
        place.moderators = [*others, head.object_id][-MAX_MODERATORS:] if add else others
        place.save(update_fields=["moderators"])
    else:
        raise Refused("the target is no collection of that place")


def _take_away(head: Head, activity: Mapping[str, Any], place: Actor) -> None:
    stored = _find(head.object_id, place)
    if stored.removed_at is not None:
        return
    reason = read.reason(activity)
    if stored.local:
        # Ours is gone from its only place. Its text stays here, unserved, in case that is taken back.
        StoredObject.objects.filter(pk=stored.pk).update(moderated=True, removed_at=timezone.now())
    else:
        received.empty(stored, moderated=True)
    _speaker(stored).removed_by_moderator(stored.uri, reason)


def restore(uri: str, head: Head, place: Actor) -> None:
    """It may be taken in again: the removal was taken back. Raises: Refused."""
    _check_may(head, place, True)
    StoredObject.objects.filter(uri=uri, place=place.uri, moderated=True).update(
        removed_at=None, moderated=False, version=0
    )


def _give_back(head: Head, _activity: Mapping[str, Any], place: Actor) -> None:
    """Of ours: it is shown again. A thing of others was asked for again, see federation.announced."""
    stored = _find(head.object_id, place)
    if stored.local and stored.moderated:
        StoredObject.objects.filter(pk=stored.pk).update(moderated=False, removed_at=None)
        _speaker(stored).shown(stored.uri)


#: By what is said, and whether it is taken back.
_ACTS = {
    ("Lock", False): _lock,
    ("Lock", True): _unlock,
    ("Add", False): _add,
    ("Add", True): _remove,
    ("Remove", False): _remove,
    ("Remove", True): _add,
    ("Delete", False): _take_away,
    ("Delete", True): _give_back,
}
