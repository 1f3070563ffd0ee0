"""What one may speak of, found by URI. Apps that never import each other meet here: one tells, another asks.

@subjects.tells
def _sheet(reader, uri) -> Subject | None: ...
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.contrib.auth.models import AnonymousUser

from rtes_hub.accounts.models import User

Reader = User | AnonymousUser


class Readers(StrEnum):
    """Who may read a thing."""

    EVERYONE = "everyone"
    MEMBERS = "members"  #: of this hub
    SOME = "some"


@dataclass(frozen=True, kw_only=True)
class Subject:
    uri: str
    title: str  #: plain, one line
    path: str  #: its page on this hub
    readers: Readers
    themes: tuple[str, ...] = ()  #: slugs, the main one first


Tell = Callable[[Reader, str], Subject | None]

_TELLERS: list[Tell] = []


def tells(tell: Tell) -> Tell:
    """This function answers for things of its app: None when the URI is none of them, or not for that reader."""
    _TELLERS.append(tell)
    return tell


def find(reader: Reader, uri: str) -> Subject | None:
    """The thing of that URI, here or a partner's, if this person may read it now."""
    return next((found for tell in _TELLERS if uri and (found := tell(reader, uri))), None)
