"""The only writer of notices, of what is followed and of how often each person wants letters.

An app tells in the transaction of its act, with words that may be lazy: each person reads them in their language.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce, Left, Replace
from django.utils import timezone

from rtes_hub.accounts.models import User
from rtes_hub.audit.actions import record
from rtes_hub.notices import tasks, telling
from rtes_hub.notices.models import Frequency, Notice, Preference, Topic, Watch
from rtes_hub.notices.telling import News, Words
from rtes_hub.text import clean

MAX_WATCHES = 500  #: by person


# Telling ----------------------------------------------------------------------------------------------------------


def tell(
    user: User,
    topic: Topic,
    *,
    key: str,
    about: str,
    group: Words,
    title: Words,
    text: Words = "",
    path: str,
    by: AbstractBaseUser | None = None,
) -> None:
    """Tell one person, once for a key; nothing when it is their own act (`by`). See `tell_all`."""
    tell_all([user], topic, key=key, about=about, group=group, title=title, text=text, path=path, by=by)


@transaction.atomic
def tell_all(
    users: Iterable[User],
    topic: Topic,
    *,
    key: str,
    about: str,
    group: Words,
    title: Words,
    text: Words = "",
    path: str,
    by: AbstractBaseUser | None = None,
    watched: Iterable[str] | None = None,
) -> None:
    """Tell each, once for a key, save whoever did it.

    about: "<prefix>:<name>", of which `notices.registry` is asked whether the person may see it, each time it is shown
    and when a letter is written. group: the heading in letters. text: plain. path: where it opens, "/…" on this hub.
    watched: the targets by which they follow it, `about` alone when not said: whoever silenced them gets no letter.
    Raises: ValueError for a path that is none of this hub.
    """
    news = News(
        topic=topic,
        key=key,
        about=about,
        group=group,
        title=title,
        text=text,
        path=path,
        watched=(about,) if watched is None else tuple(watched),
    )
    if telling.to_each((user for user in users if by is None or user.pk != by.pk), news):
        tasks.nudge()


def restate(key: str, topic: Topic, *, title: Words, text: Words) -> None:
    """What was told under that key says other words now, in each one's language; nobody is told anew."""
    _restate(Notice.objects.filter(key=telling.key_of(key), topic=topic), title, text)


def restate_later(about: str, topic: Topic, *, first: str, title: Words, text: Words) -> None:
    """The same, of all that was told of a thing after what was told under the key `first`."""
    _restate(Notice.objects.filter(about=about, topic=topic).exclude(key=telling.key_of(first)), title, text)


def rename(abouts: QuerySet[Any], before: str, now: str) -> None:
    """What these are called in titles that were told. `abouts`: a query of one column."""
    renamed = Left(Replace("title", Value(before), Value(now)), telling.LINE)
    Notice.objects.filter(about__in=abouts, title__contains=before).update(title=renamed)


def _restate(told: QuerySet[Notice], title: Words, text: Words) -> None:
    for language in set(told.values_list("user__language", flat=True)):
        told.filter(user__language=language).update(**telling.words(language, title=title, text=text))


def settle(topic: Topic, about: str) -> None:
    """What was asked for is done, by whomever: nobody is asked for it any more."""
    _put_away(Notice.objects.filter(topic=topic, about=about))


def forget(about: str) -> None:
    """It was withdrawn: no text of it stays in anybody's notices, and no letter says it."""
    Notice.objects.filter(about=about).delete()


# Reading ----------------------------------------------------------------------------------------------------------


def mark_read(user: User, pks: Iterable[int]) -> int:
    """How many were not read yet. What is read in the hub is put in no digest."""
    return _put_away(Notice.objects.filter(user=user, pk__in=list(pks)))


def mark_all_read(user: User) -> int:
    return _put_away(Notice.objects.filter(user=user))


def _put_away(notices: QuerySet[Notice]) -> int:
    now = timezone.now()
    return notices.filter(read_at=None).update(read_at=now, mailed_at=Coalesce(F("mailed_at"), now))


# Following --------------------------------------------------------------------------------------------------------


def watch(user: User, target: str, label: str = "", *, path: str = "") -> bool:
    """Follow a target, "<prefix>:<name>". Twice is once. False when one follows MAX_WATCHES things already."""
    watched = Watch.objects.filter(user=user)
    if watched.filter(target=target).exists():
        return True
    if watched.count() >= MAX_WATCHES:
        return False
    said = {"label": clean.line(label, 300), "path": path[:500]}
    Watch.objects.get_or_create(user=user, target=target, defaults=said)
    return True


def unwatch(user: User, target: str) -> None:
    Watch.objects.filter(user=user, target=target).delete()


def silence(user: User, target: str, *, silent: bool = True) -> None:
    """Go on following it in the hub, without letters; or with them again."""
    Watch.objects.filter(user=user, target=target).update(silent=silent)


def is_watching(user: AbstractBaseUser, target: str) -> bool:
    return Watch.objects.filter(user=user.pk, target=target).exists()


def watchers(*targets: str) -> QuerySet[User]:
    """Who follows one of these, each once."""
    return User.objects.filter(is_active=True, pk__in=Watch.objects.filter(target__in=targets).values("user"))


# Preferences ------------------------------------------------------------------------------------------------------


def frequencies(user: User) -> dict[str, str]:
    """How often, for every topic."""
    return dict.fromkeys(Topic.values, Frequency.WEEKLY.value) | dict(
        Preference.objects.filter(user=user).values_list("topic", "frequency")
    )


@transaction.atomic
def prefer(user: User, wanted: Mapping[str, str]) -> None:
    """Say how often one wants letters, by topic; topics left out stay as they are. "Never" holds for what waits too."""
    now = frequencies(user)
    changes = {topic: frequency for topic, frequency in wanted.items() if now[topic] != frequency}
    for topic, frequency in changes.items():
        Preference.objects.update_or_create(user=user, topic=topic, defaults={"frequency": frequency})
        if frequency == Frequency.NEVER:
            Notice.objects.filter(user=user, topic=topic, mailed_at=None).update(mailed_at=timezone.now())
    if changes:
        record("notices.prefer", f"accounts.User:{user.pk}", by=user, **changes)


def stop(user: User, stops: str) -> None:
    """Stop the letters of a rhythm, or those about a topic (notices.stopping). Notices in the hub go on."""
    what, _colon, which = stops.partition(":")
    if what == "topic":
        prefer(user, {which: Frequency.NEVER})
    else:
        prefer(user, {topic: Frequency.NEVER for topic, rhythm in frequencies(user).items() if rhythm == which})
