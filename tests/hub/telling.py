"""Things to tell in tests, about a prefix of their own: everyone sees "test:…", save those who were shut out."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.core import mail

from rtes_hub.accounts.models import User
from rtes_hub.notices import actions, digests, letters, registry
from rtes_hub.notices.models import Frequency, Topic

#: A Wednesday of summer, and the Monday after; seven in Paris is five in UTC.
WEDNESDAY = datetime(2026, 7, 15, 10, tzinfo=UTC)
MONDAY = datetime(2026, 7, 20, 5, tzinfo=UTC)


@pytest.fixture
def shut_out(monkeypatch: pytest.MonkeyPatch) -> set[tuple[int, str]]:
    """(person, name) pairs that may not be seen; a test adds to it."""
    hidden: set[tuple[int, str]] = set()
    monkeypatch.setattr(registry, "_BY_PREFIX", dict(registry._BY_PREFIX))

    @registry.may_see("test")
    def _(user: User, name: str) -> bool:
        return (user.pk, name) not in hidden

    return hidden


def tell(*people: User, **said: Any) -> None:
    news = {
        "key": "answer:1",
        "about": "test:1",
        "group": "Cantines bio",
        "title": "Camille vous répond",
        "text": "Oui, nous l’avons fait.",
        "path": "/discussions/1/",
    }
    actions.tell_all(people, said.pop("topic", Topic.ANSWER), **news | said)


def wants(user: User, frequency: str, topic: str = Topic.ANSWER) -> User:
    actions.prefer(user, {topic: Frequency(frequency).value})
    return user


def told_at(when: datetime, *people: User, **said: Any) -> None:
    with time_machine.travel(when, tick=False):
        tell(*people, **said)


def post(when: datetime) -> list[mail.EmailMultiAlternatives]:
    """What leaves when the scheduler and the worker have a turn at that moment."""
    before = len(mail.outbox)
    with time_machine.travel(when, tick=False):
        digests.leave()
        letters.turn()
    return mail.outbox[before:]
