"""The head of an activity: enough to know whose it is and what it asks."""

from federation.wire.errors import Malformed
from federation.wire.read.values import Document, many, must, recipients, reference, types
from federation.wire.shapes import Head

_KNOWN = frozenset(
    {
        "Create",
        "Update",
        "Delete",
        "Follow",
        "Accept",
        "Reject",
        "Undo",
        "Announce",
        "Lock",
        "Add",
        "Remove",
        "Join",
        "Leave",
        "Offer",
        "Flag",
        "Invite",
        "Move",
    }
)


def activity(doc: Document) -> Head:
    """Raises `Malformed` without a type, or without an id and an actor that are absolute URLs.

    An embedded actor is only its id: the profile is to be fetched where it lives. An embedded object is given as it
    came; whether it may be believed depends on its origin.
    """
    found = types(doc)
    if not found:
        raise Malformed("type: absent")
    actors = many(doc.get("actor"))
    if len(actors) != 1:
        raise Malformed("actor: there must be exactly one")
    object_ = next(iter(many(doc.get("object"))), None)
    return Head(
        id=must(doc.get("id"), "id"),
        type=next((item for item in found if item in _KNOWN), found[0]),
        actor=must(actors[0], "actor"),
        object_id=reference(object_),
        object=object_ if isinstance(object_, dict) else None,
        target=reference(doc.get("target")),
        to=recipients(doc.get("to")),
        cc=recipients(doc.get("cc")),
    )
