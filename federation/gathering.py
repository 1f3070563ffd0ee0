"""What a verb needs from the network before it has its effect. The rule was asked; no transaction is open.

Each gives `Said` back with what it found. Raises: Refused, TryLater.
"""

from dataclasses import replace
from typing import Any

from federation import actors, fetch, places
from federation.errors import Refused
from federation.said import Said
from federation.wire import Malformed


def thing(said: Said) -> Said:
    """What is published: as embedded, since its author signed it; or, given by its id alone, as its origin has it.

    What an actor says of itself is read at its own address only: a key that its document never listed, slipped into an
    embedded copy by whoever held an old one for a moment, would go on signing in its name.
    """
    if said.is_about_itself:
        return replace(said, author=actors.fetch_document(said.head.actor, afresh=True))
    if said.head.object is not None:
        return replace(said, thing={"@context": said.activity.get("@context"), **_addressed(said)})
    final, document = fetch.get_document(said.head.object_id, signer=actors.instance())
    if final != said.head.object_id:
        raise Refused("the object lives at another address than its id")
    return replace(said, thing=document)


def _addressed(said: Said) -> dict[str, Any]:
    """What says not to whom it is said is said to whom the activity is (ActivityPub §6.2). Seen: Discourse."""
    found = dict(said.head.object or {})
    if not {"to", "cc"} & found.keys() and "inbox" not in found:
        found |= {name: said.activity[name] for name in ("to", "cc") if name in said.activity}
    return found


def goodbye(said: Said) -> Said:
    """An actor is forgotten when its server says so too: 410, never 404."""
    if not said.is_about_itself:
        return said
    try:
        fetch.get_document(said.head.actor, signer=actors.instance())
    except fetch.Gone:
        return said
    raise Refused("the actor is still there")


def place(said: Said) -> Said:
    """The place that a hub opens."""
    if not is_list_of_places(said) or said.head.type != "Add":
        return said
    try:
        doc, moderators = places.look_at(said.head.object_id, said.peer)
    except Malformed as error:
        raise Refused(error.reason, 400) from error
    return replace(said, author=doc, moderators=tuple(moderators))


def is_list_of_places(said: Said) -> bool:
    """The collection in which that hub lists its places, spoken of by the hub itself."""
    forums = said.actor.facts.get("forums")
    return bool(forums) and said.head.target == forums and said.actor.uri == said.peer.actor_uri
