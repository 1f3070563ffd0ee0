"""What can be reported, and what becomes of it. Only the app it belongs to knows: it answers here, from `reported.py`.

    @reportable("post")
    class ReportablePost(Reportable):
        def shown(self, reader: Reader, uri: str) -> Shown | None: ...

Reading comes first: what this person may not read cannot be reported, and looks like what is not there.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from rtes_hub.accounts.models import User

Reader = User | AnonymousUser


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A thing as whoever reports it reads it."""

    title: str  #: plain, one line
    excerpt: str  #: plain text
    path: str  #: where to look, "/…" on this hub
    hub: str = ""  #: name of the hub it comes from; "" for this one


class Reportable:
    """What an app says of its things that can be reported."""

    def shown(self, reader: Reader, uri: str) -> Shown | None:
        """None when it is not there, or not for them."""
        raise NotImplementedError

    def authors(self, uri: str) -> Iterable[User]:
        """The people of this hub who wrote it: they never decide about it themselves."""
        raise NotImplementedError

    def remove(self, uri: str, *, reason: str, by: User | None) -> None:
        """A coordinator decided that it must not stand: take it away and tell its authors why.

        What is gone already stays gone.
        """
        raise NotImplementedError


_BY_PREFIX: dict[str, Reportable] = {}


def reportable(prefix: str) -> "Register":
    """Raises: ValueError when the prefix is answered for already."""
    return Register(prefix)


class Register:
    def __init__(self, prefix: str) -> None:
        if prefix in _BY_PREFIX:
            raise ValueError(f"{prefix} is answered for already")
        self.prefix = prefix

    def __call__(self, cls: type[Reportable]) -> type[Reportable]:
        _BY_PREFIX[self.prefix] = cls()
        return cls


def find(about: str) -> tuple[Reportable, str] | None:
    """Who answers for "<prefix>:<uri>", and the URI."""
    prefix, _colon, uri = about.partition(":")
    known = _BY_PREFIX.get(prefix)
    return (known, uri) if known is not None and uri else None


def shown(reader: Reader, about: str) -> Shown | None:
    found = find(about)
    return found[0].shown(reader, found[1]) if found else None
