"""What an actor does. `to` and `cc` are always there: Lemmy drops an activity without them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from federation.wire import names, vocabulary
from federation.wire.errors import Malformed
from federation.wire.write.dates import rfc3339


def create(id: str, obj: Mapping[str, Any]) -> dict[str, Any]:
    """`obj` is what `article` gave: said by its author, to whom it is addressed."""
    return _about_object("Create", id, obj, dated="published")


def update(id: str, obj: Mapping[str, Any]) -> dict[str, Any]:
    """`obj` is what `article` or `actor` gave, whole: an update replaces everything (ActivityPub §7.3)."""
    return _about_object("Update", id, obj, dated="updated")


def tombstone(uri: str, *, former_type: str, deleted: datetime, published: datetime | None = None) -> dict[str, Any]:
    """What stands, with 410, where something was (ActivityPub §6.4)."""
    document = {
        "@context": names.AS2,
        "id": uri,
        "type": "Tombstone",
        "formerType": former_type,
        "deleted": rfc3339(deleted),
    }
    return document | ({"published": rfc3339(published)} if published else {})


def delete(
    id: str, *, actor: str, tombstone: Mapping[str, Any], followers: str = "", place: str = ""
) -> dict[str, Any]:
    """By its author. `place` is where it was said."""
    heard = [uri for uri in (followers, place) if uri]
    document = _activity("Delete", id, actor, _embedded(tombstone), to=[names.PUBLIC], cc=heard)
    return document | ({"audience": place} if place else {})


def follow(id: str, *, actor: str, object: str) -> dict[str, Any]:
    return _activity("Follow", id, actor, object, to=[object])


def accept(id: str, *, actor: str, follow: Mapping[str, Any]) -> dict[str, Any]:
    """`follow` is the Follow received: its sender finds it again by its id, or by who follows whom."""
    return _answer("Accept", id, actor, follow)


def reject(id: str, *, actor: str, follow: Mapping[str, Any]) -> dict[str, Any]:
    """Also after an Accept: it then ends the relation."""
    return _answer("Reject", id, actor, follow)


def undo(id: str, *, actor: str, activity: Mapping[str, Any]) -> dict[str, Any]:
    """Of one of our own activities, addressed as it was."""
    return _activity(
        "Undo", id, actor, _embedded(activity), to=list(activity.get("to", ())), cc=list(activity.get("cc", ()))
    )


def _about_object(type: str, id: str, obj: Mapping[str, Any], *, dated: str) -> dict[str, Any]:
    if obj["type"] in names.ACTOR_TYPES:
        followers = obj.get("followers")
        return _activity(
            type,
            id,
            obj["id"],
            _embedded(obj),
            to=[names.PUBLIC],
            cc=[followers] if followers else [],
            context=vocabulary.ACTOR_CONTEXT,
        )
    activity = _activity(
        type, id, obj["attributedTo"], _embedded(obj), to=obj["to"], cc=obj["cc"], context=vocabulary.CONTEXT
    )
    return activity | {key: obj[key] for key in ("audience", dated) if key in obj}


def _answer(type: str, id: str, actor: str, follow: Mapping[str, Any]) -> dict[str, Any]:
    follower, followed = (_id(follow.get(key)) for key in ("actor", "object"))
    embedded = {"id": _id(follow), "type": "Follow", "actor": follower, "object": followed}
    return _activity(type, id, actor, embedded, to=[follower])


def _activity(
    type: str,
    id: str,
    actor: str,
    object: Any,
    *,
    to: list[str],
    cc: list[str] | None = None,
    context: Any = names.AS2,
) -> dict[str, Any]:
    return {
        "@context": context,
        "id": id,
        "type": type,
        "actor": actor,
        "to": list(to),
        "cc": list(cc or ()),
        "object": object,
    }


def _embedded(document: Mapping[str, Any]) -> dict[str, Any]:
    """One context, at the top: readers of plain JSON look nowhere else. A proof is of the whole alone."""
    return {key: value for key, value in document.items() if key not in ("@context", "proof")}


def _id(value: Any) -> str:
    found = value.get("id") if isinstance(value, Mapping) else value
    if not isinstance(found, str):
        raise Malformed("a Follow must name itself, its actor and its object")
    return found
