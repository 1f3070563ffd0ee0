"""What the rooms of some kinds (pooling, charters…) add to the pages that all resources share.

A room registers itself where its pages are, and is imported with its addresses: pages ask here, and know no room.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from resources.kinds.shape import Text
from resources.models import Resource
from rtes_hub.accounts.models import User


@dataclass(frozen=True, kw_only=True)
class Badge:
    """A few words on the card of a resource, in lists."""

    text: Text
    tone: str = ""  #: "ok" or "warning": how the style sheet says it


@dataclass(frozen=True, kw_only=True)
class Room:
    """Templates are included, with `room` as what the function beside them gave."""

    kind: str
    page: Callable[[HttpRequest, Resource], Any]  #: for the page of a resource that its reader may see
    head: str  #: template: above the brief
    body: str  #: template: between the key facts and the text
    badges: Callable[[list[Resource]], Mapping[int, Badge]]  #: by primary key; in one query, whatever their number
    workspace: Callable[[User], Any]  #: for "my workspace"
    desk: str  #: template of that


ROOMS: dict[str, Room] = {}


def register(room: Room) -> None:
    ROOMS[room.kind] = room


def dress(resources: Iterable[Resource]) -> list[Resource]:
    """The same, each with the badge that its room gives it."""
    listed = list(resources)
    for kind, room in ROOMS.items():
        of_kind = [resource for resource in listed if resource.kind == kind]
        badges = room.badges(of_kind) if of_kind else {}
        for resource in of_kind:
            resource.badge = badges.get(resource.pk)
    return listed


def desks(user: User) -> list[tuple[str, Any]]:
    """(template, what it reads) of each room that has something for this person."""
    found = [(room.desk, room.workspace(user)) for room in ROOMS.values()]
    return [(template, said) for template, said in found if said]
