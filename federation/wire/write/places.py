"""What a place says (FEP-1b12), and what is said of things in it by whoever moderates it: federation.md §1.I."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from federation.wire import names, vocabulary
from federation.wire.write.dates import rfc3339


def announce(
    id: str,
    *,
    actor: str,
    object: str | Mapping[str, Any],
    followers: str = "",
    published: datetime | None = None,
    wraps: bool = False,
) -> dict[str, Any]:
    """`object` is an activity that the place hands on, or the id of a thing it shows.

    An activity of ours keeps no context of its own, since what it says stands in that of the whole. `wraps`: `object`
    stands for an activity that the caller will put in.
    """
    wraps = wraps or isinstance(object, Mapping)
    document: dict[str, Any] = {
        "@context": object.get("@context", names.AS2) if isinstance(object, Mapping) else names.AS2,
        "id": id,
        "type": "Announce",
        "actor": actor,
        "to": [names.PUBLIC],
        "cc": [followers] if followers else [],
        "object": _bare(object) if isinstance(object, Mapping) else object,
    }
    if wraps:
        document["audience"] = actor
    return document | ({"published": rfc3339(published)} if published else {})


def add(id: str, *, actor: str, object: str, target: str, place: str = "", followers: str = "") -> dict[str, Any]:
    """Into a collection: what is pinned or who moderates in a place; or, without `place`, a place of the hub."""
    return _curate("Add", id, actor, object, target, place, followers)


def remove(id: str, *, actor: str, object: str, target: str, place: str = "", followers: str = "") -> dict[str, Any]:
    return _curate("Remove", id, actor, object, target, place, followers)


def lock(id: str, *, actor: str, object: str, place: str) -> dict[str, Any]:
    """No more answers to it. Undone, they are taken again."""
    return {"@context": vocabulary.MODERATION_CONTEXT, **_said("Lock", id, actor, object, place)}


def removal(id: str, *, actor: str, object: str, place: str, summary: str) -> dict[str, Any]:
    """A moderator takes another's thing away. It is the summary that says so, hence there must be one."""
    said = _said("Delete", id, actor, object, place)
    return {"@context": names.AS2, **said, "summary": summary}


def refusal(id: str, *, actor: str, activity: str, to: str, reason: str) -> dict[str, Any]:
    """The place does not take what `activity` says."""
    return {
        "@context": names.AS2,
        "id": id,
        "type": "Reject",
        "actor": actor,
        "to": [to],
        "cc": [],
        "object": activity,
        "summary": reason,
    }


def _curate(type: str, id: str, actor: str, object: str, target: str, place: str, followers: str) -> dict[str, Any]:
    said = _said(type, id, actor, object, place)
    if not place:
        said["cc"] = [followers] if followers else []
    return {"@context": names.AS2, **said, "target": target}


def _said(type: str, id: str, actor: str, object: str, place: str) -> dict[str, Any]:
    said: dict[str, Any] = {
        "id": id,
        "type": type,
        "actor": actor,
        "to": [names.PUBLIC],
        "cc": [place] if place else [],
    }
    return {**said, "object": object} | ({"audience": place} if place else {})


def _bare(activity: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in activity.items() if key not in ("@context", "proof")}
