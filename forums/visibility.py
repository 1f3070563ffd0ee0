"""Who may read what. Pages, API, search and notices all read through `visible_to`, and nothing else."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from rtes_hub.accounts.models import User
from rtes_hub.territories import rules as territory_rules

if TYPE_CHECKING:
    from forums.models import Forum, Thread

OPEN = "open"
SHOWN = ("", "shown")  #: passages of posts that everybody reads


@dataclass(frozen=True)
class Person:
    """Somebody, and what the rules ask of them: asked of the database once for a whole page."""

    user: User | AnonymousUser

    @classmethod
    def of(cls, reader: "Reader") -> "Person":
        return reader if isinstance(reader, Person) else cls(reader)

    @classmethod
    def known(cls, user: User, *, is_member: bool) -> "Person":
        """Of whom that was asked already, among many at once."""
        person = cls(user)
        person.__dict__["is_member"] = is_member
        return person

    @cached_property
    def is_member(self) -> bool:
        """Of this hub: holds a post today, or a role in the whole hub."""
        return territory_rules.is_member(self.user)

    @property
    def is_coordinator(self) -> bool:
        return isinstance(self.user, User) and self.user.is_coordinator


Reader = User | AnonymousUser | Person


def readable_forums(reader: Reader, path: str = "") -> Q:
    """Open ones, here and at partners'; closed ones for members of this hub. `path`: where the forum is, "forum__"."""
    everyone = Q(**{f"{path}access": OPEN})
    return everyone | Q(**{f"{path}local": True}) if Person.of(reader).is_member else everyone


def taken(reader: Reader, path: str = "") -> Q:
    """What its place shows. What it has not taken, or not yet, is for its author and for coordinators to know."""
    return _theirs(reader, Q(**{f"{path}shown": True}), f"{path}voice__user")


def passed(reader: Reader) -> Q:
    """The same of posts."""
    return _theirs(reader, Q(passage__in=SHOWN), "voice__user")


def _theirs(reader: Reader, shown: Q, author: str) -> Q:
    person = Person.of(reader)
    if person.is_coordinator:
        return Q()
    user = person.user
    return shown | Q(**{author: user.pk}) if isinstance(user, User) and user.is_active else shown


class ForumQuerySet(models.QuerySet[Any]):
    def visible_to(self, reader: Reader) -> "ForumQuerySet":
        return self.filter(readable_forums(reader))


class ThreadQuerySet(models.QuerySet[Any]):
    def visible_to(self, reader: Reader) -> "ThreadQuerySet":
        """Those that this person may read now: the only way to read them."""
        return self.filter(readable_forums(reader, "forum__"), taken(reader), removed_at=None)

    def within(self, forum: "Forum", reader: Reader) -> "ThreadQuerySet":
        """The same, in a forum that was found to be visible to this person: read along an index."""
        return self.filter(taken(reader), forum=forum, removed_at=None)


class ThreadPostQuerySet(models.QuerySet[Any]):
    def visible_to(self, reader: Reader) -> "ThreadPostQuerySet":
        """Removed ones stay in their place, without a word of what they said; see `standing`."""
        in_thread = Q(thread__removed_at=None) & taken(reader, "thread__")
        return self.filter(readable_forums(reader, "thread__forum__"), in_thread, passed(reader))

    def within(self, thread: "Thread", reader: Reader) -> "ThreadPostQuerySet":
        """The same, in a thread that was found to be visible to this person."""
        return self.filter(passed(reader), thread=thread)

    def standing(self) -> "ThreadPostQuerySet":
        return self.filter(removed_at=None)

    def in_reading_order(self) -> "ThreadPostQuerySet":
        return self.order_by("branch_at", "branch", "written_at", "pk")
