"""Lists that are read page by page: each page begins where another ended, whatever was added meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from forums.models import Forum, Post, Thread
from forums.visibility import Person
from rtes_hub.notices.models import Watch

THREADS = 20  #: of a page
POSTS = 50
MAX_PINNED = 10
WAITING = 5  #: questions without an answer that are shown first

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

#: How the list of a forum may be narrowed, by the word of the address.
FILTERS = ("sans-reponse", "mes-discussions", "suivies")


# Threads ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class ThreadPage:
    threads: list[Thread]
    next: str = ""  #: where the next page begins


def mark_of(thread: Thread) -> str:
    """A place in the list by what was there, not by how many stood above."""
    return f"{(thread.last_post_at - _EPOCH) // _MICROSECOND}-{thread.pk}"


def _place(mark: str) -> tuple[datetime, int] | None:
    moment, _dash, pk = mark.partition("-")
    if not (moment.isdecimal() and pk.isdecimal() and len(moment) < 18 and len(pk) < 19):
        return None
    return _EPOCH + int(moment) * _MICROSECOND, int(pk)


def threads(
    person: Person, forum: Forum, *, only: str = "", after: str = "", without: Sequence[Thread] = ()
) -> ThreadPage:
    """The latest written in first; the pinned ones are listed apart, unless the list is narrowed."""
    found = narrowed(listed(person, forum), person, only)
    found = found if only else found.filter(pinned=False)
    if place := _place(after):
        moment, pk = place
        found = found.filter(Q(last_post_at__lt=moment) | Q(last_post_at=moment, pk__lt=pk), last_post_at__lte=moment)
    rows = list(found.exclude(pk__in=[one.pk for one in without]).order_by("-last_post_at", "-pk")[: THREADS + 1])
    return ThreadPage(threads=rows[:THREADS], next=mark_of(rows[THREADS - 1]) if len(rows) > THREADS else "")


def listed(person: Person, forum: Forum) -> QuerySet[Thread]:
    """Those of one forum, with what a line of the list shows."""
    return Thread.objects.within(forum, person).select_related("voice__member")


def narrowed(found: QuerySet[Thread], person: Person, only: str) -> QuerySet[Thread]:
    match only:
        case "sans-reponse":
            return found.filter(state=Thread.State.OPEN)
        case "mes-discussions":
            return found.filter(pk__in=Post.objects.standing().filter(voice__user=person.user.pk).values("thread"))
        case "suivies":
            return found.filter(uri__in=followed(person, "thread")["thread"])
    return found


def pinned(person: Person, forum: Forum) -> list[Thread]:
    return list(listed(person, forum).filter(pinned=True).order_by("-last_post_at", "-pk")[:MAX_PINNED])


def waiting(found: QuerySet[Thread], person: Person) -> list[Thread]:
    """Questions of others without an answer, those that wait longest first."""
    questions = found.filter(state=Thread.State.OPEN, locked=False)
    return list(questions.exclude(voice__user=person.user.pk).order_by("started_at", "pk")[:WAITING])


def followed(person: Person, *prefixes: str) -> dict[str, list[str]]:
    """What a person follows of these sorts: {"theme": ["commande-publique"], "forum": [URI]}."""
    wanted = Q()
    for prefix in prefixes:
        wanted |= Q(target__startswith=f"{prefix}:")
    found: dict[str, list[str]] = {prefix: [] for prefix in prefixes}
    for target in Watch.objects.filter(wanted, user=person.user.pk).values_list("target", flat=True):
        prefix, _colon, name = target.partition(":")
        found[prefix].append(name)
    return found


# Posts ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class PostPage:
    posts: list[Post]
    previous: int | None = None  #: pk of the post the page before begins with; 0 for the first page
    next: int | None = None

    @property
    def is_last(self) -> bool:
        return self.next is None


_KEY = ("branch_at", "branch", "written_at", "pk")


def posts(person: Person, thread: Thread, *, begin: int | None = None, end: bool = False) -> PostPage:
    """The answers of a thread, from one of them on, from the first, or the last ones (`end`)."""
    found = (
        Post.objects.within(thread, person)
        .filter(is_first=False)
        .select_related("voice__member", "parent__voice")
        .defer("source", "parent__source", "parent__html")
    )
    anchor = found.filter(pk=begin).first() if begin else None
    if end:
        last = list(found.order_by(*(f"-{name}" for name in _KEY))[: POSTS + 1])
        begins = last[POSTS - 1] if len(last) > POSTS else None
        return PostPage(posts=last[:POSTS][::-1], previous=_page_before(found, begins))
    rows = list((found.filter(_from(anchor)) if anchor else found).in_reading_order()[: POSTS + 1])
    return PostPage(
        posts=rows[:POSTS],
        previous=_page_before(found, anchor),
        next=rows[POSTS].pk if len(rows) > POSTS else None,
    )


def _page_before(found: QuerySet[Post], anchor: Post | None) -> int | None:
    """With which post the page before this one begins; 0: with the first of all. None: there is none."""
    if anchor is None:
        return None
    before = found.filter(_before(anchor)).order_by(*(f"-{name}" for name in _KEY))
    pks = list(before.values_list("pk", flat=True)[: POSTS + 1])
    if not pks:
        return None
    return pks[POSTS - 1] if len(pks) > POSTS else 0


def _from(anchor: Post) -> Q:
    return _beyond(anchor, "gt") | Q(pk=anchor.pk)


def _before(anchor: Post) -> Q:
    return _beyond(anchor, "lt")


def _beyond(anchor: Post, side: str) -> Q:
    """Those that stand further on that side, in reading order."""
    beyond, same = Q(), Q()
    for name in _KEY:
        value: Any = getattr(anchor, name)
        beyond |= same & Q(**{f"{name}__{side}": value})
        same &= Q(**{name: value})
    return beyond & Q(**{f"branch_at__{side}e": anchor.branch_at})
