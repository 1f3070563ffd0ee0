"""Telling people of one thing: a notice each, and what each wants by letter. Words are kept in each one's language."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone, translation
from django.utils.functional import Promise

from rtes_hub.accounts.models import User
from rtes_hub.notices import letters
from rtes_hub.notices.models import Frequency, Notice, Preference, Topic, Watch
from rtes_hub.text import clean

AT_ONCE = 500  #: people told in one go
LINE = 300  #: characters of a title, a group, a key
TEXT = 5000
PATH = 500

Words = str | Promise  #: lazy ones are said in the language of whoever is told: gettext_lazy, format_lazy


@dataclass(frozen=True, kw_only=True)
class News:
    """One thing to tell. `path` opens on this hub; `about` is what a notice may be seen for (notices.registry)."""

    topic: Topic
    key: str
    about: str
    group: Words
    title: Words
    text: Words = ""  #: plain; its lines are kept
    path: str
    watched: Collection[str] = ()  #: the targets it is news of

    def __post_init__(self) -> None:
        if not self.path.startswith("/") or self.path.startswith("//") or len(self.path) > PATH:
            raise ValueError(f"{self.path[:80]!r} is no path of this hub")
        object.__setattr__(self, "key", key_of(self.key))

    @cached_property
    def _said(self) -> dict[str, dict[str, str]]:
        return {}

    def said(self, language: str) -> dict[str, str]:
        """group, title and text in that language, each within its limits and harmless in a page or a header."""
        if language not in self._said:
            self._said[language] = words(language, group=self.group, title=self.title, text=self.text)
        return self._said[language]


def key_of(key: str) -> str:
    """As it is kept: an address may be longer than a key."""
    return key if len(key) <= LINE else hashlib.sha256(key.encode()).hexdigest()


def words(language: str, *, text: Words, **lines: Words) -> dict[str, str]:
    """The text and some lines in that language, each within its limits and harmless in a page or a header."""
    with translation.override(language):
        said = {name: clean.line(str(line), LINE) for name, line in lines.items()}
        return said | {"text": "\n".join(clean.line(line, TEXT) for line in str(text).splitlines())[:TEXT].strip()}


def to_each(people: Iterable[User], news: News) -> bool:
    """Tell those who were not told yet; whether a letter is owed at once. In the transaction of the caller."""
    listed = list({person.pk: person for person in people if person.is_active}.values())
    owed = [_to_some(listed[start : start + AT_ONCE], news) for start in range(0, len(listed), AT_ONCE)]
    return any(owed)


def _to_some(people: list[User], news: News) -> bool:
    told = set(Notice.objects.filter(key=news.key, user__in=people).values_list("user", flat=True))
    people = [person for person in people if person.pk not in told]
    rhythms = _rhythms(people, news)
    now = timezone.now()
    rows = [
        Notice(
            user=person,
            topic=news.topic,
            key=news.key,
            about=news.about,
            path=news.path,
            at=now,
            mailed_at=now if rhythms[person.pk] == Frequency.NEVER else None,
            **news.said(person.language),
        )
        for person in people
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    at_once = [pk for pk, rhythm in rhythms.items() if rhythm == Frequency.NOW]
    return letters.owe_each(at_once, news.key) if at_once else False


def _rhythms(people: list[User], news: News) -> dict[int, str]:
    """How each wants letters about this: as chosen for the topic; never, when all they follow it by is silent."""
    chosen = Preference.objects.filter(user__in=people, topic=news.topic).values_list("user", "frequency")
    rhythms = dict.fromkeys((person.pk for person in people), Frequency.WEEKLY.value) | dict(chosen)
    if news.watched:
        by = Watch.objects.filter(user__in=people, target__in=news.watched).values_list("user", "silent")
        silent: dict[int, bool] = {}
        for pk, is_silent in by:
            silent[pk] = silent.get(pk, True) and is_silent
        rhythms |= {pk: Frequency.NEVER.value for pk, all_of_them in silent.items() if all_of_them}
    return rhythms
