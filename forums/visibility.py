"""Who may read what. Pages, API, search and notices all read through `visible_to`, and nothing else."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from rtes_hub.accounts.models import User
from rtes_hub.territories import rules as territory_rules

OPEN = "open"

Reader = User | AnonymousUser


def readable_forums(reader: Reader, path: str = "") -> Q:
    """Open ones, here and at partners'; closed ones for members of this hub. `path`: where the forum is, "forum__"."""
    everyone = Q(**{f"{path}access": OPEN})
    return everyone | Q(**{f"{path}local": True}) if territory_rules.is_member(reader) else everyone


def taken(reader: Reader, path: str = "") -> Q:
    """What its place shows. What it has not taken, or not yet, is for its author and for coordinators to know."""
    shown = Q(**{f"{path}shown": True})
    if not isinstance(reader, User) or not reader.is_active:
        return shown
    return Q() if reader.is_coordinator else shown | Q(**{f"{path}voice__user": reader.pk})


class ForumQuerySet(models.QuerySet[Any]):
    def visible_to(self, reader: Reader) -> "ForumQuerySet":
        return self.filter(readable_forums(reader))


class ThreadQuerySet(models.QuerySet[Any]):
    def visible_to(self, reader: Reader) -> "ThreadQuerySet":
        """Those that this person may read now: the only way to read them."""
        return self.filter(readable_forums(reader, "forum__"), taken(reader), removed_at=None)


class ThreadPostQuerySet(models.QuerySet[Any]):
    def visible_to(self, reader: Reader) -> "ThreadPostQuerySet":
        """Removed ones stay in their place, without a word of what they said; see `standing`."""
        in_thread = Q(thread__removed_at=None) & taken(reader, "thread__")
        return self.filter(readable_forums(reader, "thread__forum__"), in_thread, passed(reader))

    def standing(self) -> "ThreadPostQuerySet":
        return self.filter(removed_at=None)

    def in_reading_order(self) -> "ThreadPostQuerySet":
        return self.order_by("branch_at", "branch", "written_at", "pk")


def passed(reader: Reader) -> Q:
    shown = Q(passage__in=("", "shown"))
    if not isinstance(reader, User) or not reader.is_active:
        return shown
    return Q() if reader.is_coordinator else shown | Q(voice__user=reader.pk)
