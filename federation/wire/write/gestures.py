"""What is asked of a thing, and the answer: Join, Leave and Offer with facts of ours (federation.md §2.4)."""

from collections.abc import Mapping
from typing import Any

from federation.publication import Gesture
from federation.wire import vocabulary

#: How each verb is called on the wire.
VERBS = {"join": "Join", "leave": "Leave", "offer": "Offer"}


def gesture(said: Gesture, *, to: str) -> dict[str, Any]:
    """For nobody but who answers. Raises: KeyError for a verb that does not travel."""
    return {
        "@context": vocabulary.CONTEXT,
        "id": said.uri,
        "type": VERBS[said.verb],
        "actor": said.author,
        "to": [to],
        "cc": [],
        "object": said.target,
    } | vocabulary.write_facts(said.facts)


def invite(id: str, *, actor: str, object: str, guest: str, text: str = "") -> dict[str, Any]:
    """To the thing `object`, for nobody but the guest; `text` is plain."""
    document = {
        "@context": vocabulary.CONTEXT,
        "id": id,
        "type": "Invite",
        "actor": actor,
        "to": [guest],
        "cc": [],
        "object": object,
        "target": guest,
    }
    return document | ({"summary": text} if text else {})


def answer(
    id: str, *, actor: str, gesture: str, to: str, accepted: bool, reason: str = "", facts: Mapping[str, Any]
) -> dict[str, Any]:
    """`gesture` is the id of what was asked, `facts` what the yes says more, `reason` plain text."""
    document: dict[str, Any] = {
        "@context": vocabulary.CONTEXT,
        "id": id,
        "type": "Accept" if accepted else "Reject",
        "actor": actor,
        "to": [to],
        "cc": [],
        "object": gesture,
    }
    return document | ({"summary": reason} if reason else {}) | vocabulary.write_facts(facts)
