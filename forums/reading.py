"""What a person has read: by thread, by forum, and since they were last here. Only this module writes it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from forums.models import Forum, Post, Reading, Seen, Thread, Visit
from forums.visibility import Person, readable_forums, taken
from rtes_hub.accounts.models import User

#: Away for longer than this, one comes back for another visit.
BREAK = timedelta(minutes=30)
#: What came longer ago is no longer called new, read or not.
NEW_FOR = timedelta(days=60)
#: Unread threads that are counted, in all: then "and more".
MAX_UNREAD = 200


@dataclass(frozen=True, kw_only=True)
class Unread:
    by_forum: dict[int, int]  #: only forums that have some
    is_more: bool  #: there are more than were counted


def visit(user: User) -> Visit:
    """They are here now. `before_at` is when their visit before this one ended; their first sets where news begins."""
    now = timezone.now()
    here, is_new = Visit.objects.get_or_create(user=user, defaults={"first_at": now, "at": now, "before_at": now})
    if not is_new and now - here.at > BREAK:
        here.before_at = here.at
    if not is_new and now - here.at > timedelta(minutes=1):
        here.at = now
        here.save(update_fields=["at", "before_at"])
    return here


def is_first(here: Visit) -> bool:
    return here.at - here.first_at < BREAK and here.before_at == here.first_at


def mark(user: User, thread: Thread, at: datetime) -> None:
    """All that came until then in this thread is read."""
    row, is_new = Seen.objects.get_or_create(user=user, thread=thread, defaults={"at": at})
    if not is_new and row.at < at:
        Seen.objects.filter(pk=row.pk, at__lt=at).update(at=at)


def mark_all(user: User, forums: Iterable[Forum]) -> None:
    """Everything in these forums is read."""
    now = timezone.now()
    rows = [Reading(user=user, forum=forum, until=now) for forum in forums]
    Reading.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["user", "forum"], update_fields=["until"], batch_size=200
    )


def seen_at(user: User, thread: Thread) -> datetime:
    """Until when this thread is read; what came before their first visit is."""
    rows = [
        *Seen.objects.filter(user=user, thread=thread).values_list("at", flat=True),
        *Reading.objects.filter(user=user, forum=thread.forum_id).values_list("until", flat=True),
        *Visit.objects.filter(user=user).values_list("first_at", flat=True),
    ]
    return max(rows, default=timezone.now())


def first_unread(person: Person, thread: Thread, since: datetime) -> Post | None:
    """The first, in reading order, of those that came since."""
    if thread.news_at <= since:
        return None
    posts = Post.objects.within(thread, person).standing().filter(came_at__gt=since, is_first=False)
    return posts.exclude(voice__user=person.user.pk).in_reading_order().first()


def unread_among(user: User, threads: Sequence[Thread]) -> set[int]:
    """pks of those where something came since they were read."""
    if not threads:
        return set()
    seen = dict(Seen.objects.filter(user=user, thread__in=[t.pk for t in threads]).values_list("thread", "at"))
    until = dict(
        Reading.objects.filter(user=user, forum__in={t.forum_id for t in threads}).values_list("forum", "until")
    )
    since = _news_since(user.pk)
    return {
        thread.pk
        for thread in threads
        if thread.news_at > max(filter(None, (since, seen.get(thread.pk), until.get(thread.forum_id))))
    }


def unread(person: Person) -> Unread:
    """How many threads of each forum have something new, counted among the latest."""
    user = person.user.pk
    seen = Seen.objects.filter(user=user, thread=OuterRef("pk")).values("at")[:1]
    until = Reading.objects.filter(user=user, forum=OuterRef("forum")).values("until")[:1]
    found = (
        Thread.objects.filter(readable_forums(person, "forum__"), taken(person), removed_at=None)
        .filter(news_at__gt=_news_since(user))
        .annotate(seen_at=Subquery(seen), until=Subquery(until))
        .filter(Q(seen_at=None) | Q(seen_at__lt=F("news_at")), Q(until=None) | Q(until__lt=F("news_at")))
        .order_by("-news_at")
        .values_list("forum", flat=True)[: MAX_UNREAD + 1]
    )
    forums = list(found)
    return Unread(by_forum=dict(Counter(forums[:MAX_UNREAD])), is_more=len(forums) > MAX_UNREAD)


def _news_since(user: int | None) -> datetime:
    first = Visit.objects.filter(user=user).values_list("first_at", flat=True).first()
    now = timezone.now()
    return max(first or now, now - NEW_FOR)
