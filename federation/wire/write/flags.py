"""Reports, and what was decided on them. There is no profile: federation.md E15 says who reads what."""

from collections.abc import Sequence
from typing import Any

from federation.wire import names


def flag(id: str, *, actor: str, things: Sequence[str], to: str, reason: str, place: str = "") -> dict[str, Any]:
    """`things` are URIs, alone or a list; `place` is the community that one of them was said in."""
    document: dict[str, Any] = {
        "@context": names.AS2,
        "id": id,
        "type": "Flag",
        "actor": actor,
        "to": [to],
        "cc": [],
        "object": things[0] if len(things) == 1 else list(things),
        "content": reason,
        "summary": reason,
    }
    return document | ({"audience": place} if place else {})


def answer_to_flag(id: str, *, actor: str, flag: str, to: str, accepted: bool, reason: str) -> dict[str, Any]:
    """Accept: it was removed. Reject: it stays. The reasons stand in the summary."""
    return {
        "@context": names.AS2,
        "id": id,
        "type": "Accept" if accepted else "Reject",
        "actor": actor,
        "to": [to],
        "cc": [],
        "object": flag,
        "summary": reason,
    }
