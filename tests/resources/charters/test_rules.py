"""Who may pledge, tell progress and withdraw: every role, every state, every act, by the actions and by the door."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from federation.errors import Refused
from federation.models import Delivery
from resources import actions as resource_actions
from resources.charters import actions, arrivals, rules
from resources.charters.models import Pledge, Step, Update
from resources.models import Resource
from resources.workflow import NotPossible
from rtes_hub.audit.models import Line
from tests.make import (
    a_charter,
    a_contributor,
    a_coordinator,
    a_member,
    a_pledge,
    a_reader,
    a_user,
    a_visitor,
    an_administrator,
    an_author,
    an_editor,
)
from tests.resources.charters.test_asked_here import a_gesture, words

pytestmark = pytest.mark.django_db

#: Whoever acts for Dijon, which pledges; the charter is that of its metropolis.
ROLES = {
    "visitor": lambda town: a_visitor(),
    "stranger": lambda town: a_user(),
    "reader": lambda town: a_reader(town),
    "contributor": lambda town: a_contributor(town),
    "editor": lambda town: an_editor(town),
    "editor of the charter": lambda town: an_editor(a_member()),
    "editor until yesterday": lambda town: an_editor(town, ends_on=date(2020, 1, 1)),
    "coordinator": lambda town: a_coordinator(),
    "administrator": lambda town: an_administrator(),
}
_MAY = {"editor", "coordinator", "administrator"}
STATES = ("draft", "submitted", "published", "archived", "withdrawn")
#: (act, state of the charter) → who may. Written out again here, so that a slip in `rules.ACTS` is seen.
MAY = {
    ("pledge", "published"): _MAY,
    ("update", "published"): _MAY,
    ("update", "archived"): _MAY,
    ("withdraw", "published"): _MAY,
    ("withdraw", "archived"): _MAY,
}
CASES = [(act, state) for act in rules.ACTS for state in STATES]


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside did not happen."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def nothing_written() -> Iterator[None]:
    def rows() -> list[int]:
        return [model.objects.count() for model in (Pledge, Update, Step, Line, Delivery)]

    before, versions = rows(), list(Resource.objects.values_list("pk", "version"))
    yield
    assert rows() == before
    assert list(Resource.objects.values_list("pk", "version")) == versions


def a_case(act: str, state: str) -> tuple[Resource, object]:
    """A charter in that state, and the town; with a pledge when the act needs one."""
    town = a_member("com-21231")
    if act == "pledge" or state in ("draft", "submitted"):
        return a_charter(state), town
    charter = a_charter()
    a_pledge(charter, member=town)
    if state != "published":
        getattr(resource_actions, {"archived": "archive", "withdrawn": "withdraw"}[state])(charter, by=None)
    return charter, town


def attempt(act: str, charter: Resource, member, by) -> None:
    today = timezone.localdate()
    match act:
        case "pledge":
            words = {"signatory": "La maire", "signed_on": today, "mandate_starts_on": today, "measures": ["A1"]}
            actions.pledge(charter, member=member, by=by, **words)
        case "update":
            told = {"status": "running", "progress": 10, "next_update_due": today + timedelta(days=30)}
            actions.update_commitment(charter, "A1", member=member, by=by, **told)
        case "withdraw":
            actions.withdraw(charter, member=member, by=by, reason="Le conseil a voté contre.")


@pytest.mark.parametrize(("act", "state"), CASES)
def test_who_may_do_what_and_the_others_change_nothing(act, state):
    pk = a_case(act, state)[0].pk
    for role, make in ROLES.items():
        with undone():
            charter, town = Resource.objects.get(pk=pk), a_member("com-21231")
            user, may = make(town), role in MAY.get((act, state), set())
            assert rules.may(user, act, charter, town) is may, role
            if may:
                attempt(act, charter, town, user)
                assert Line.objects.filter(act=f"charters.{act}", by=user).exists(), role
                continue
            with nothing_written(), pytest.raises((PermissionDenied, NotPossible)) as refused, transaction.atomic():
                attempt(act, charter, town, user)
            assert (refused.type is NotPossible) is (role in _MAY), f"{role}: not now is another answer than not you"


@pytest.mark.parametrize(("act", "state"), CASES)
def test_the_same_table_for_an_author_of_another_hub(act, state):
    """Its hub says its pledge by a gesture. It may as much as ours: the state of the charter decides."""
    author = an_author(name="Nevers")
    charter = a_charter(state) if state in ("draft", "submitted") else a_charter()
    sent = []

    def say(act: str) -> None:
        sent.append(act)
        arrivals.answer(a_gesture(charter, author, act, len(sent), **said(act)), author)

    if act != "pledge" and state not in ("draft", "submitted"):
        say("pledge")
    if state in ("archived", "withdrawn"):
        getattr(resource_actions, {"archived": "archive", "withdrawn": "withdraw"}[state])(charter, by=None)
    if (act, state) in MAY:
        say(act)
        assert Line.objects.latest("pk").by_uri == author.uri
        return
    with nothing_written(), pytest.raises(Refused), transaction.atomic():
        say(act)


def said(act: str) -> dict[str, Any]:
    due = (timezone.localdate() + timedelta(days=30)).isoformat()
    if act == "withdraw":
        day = timezone.localdate().isoformat()
        return {"pledge": words(charter_version=1, withdrawn_on=day, reason="Le conseil a voté contre.")}
    if act == "update":
        rows = [{"measure": code, "status": "running", "progress": 10, "next_update_due": due} for code in ("A1", "B1")]
        return {"commitments": [row | {"updated_on": timezone.localdate().isoformat()} for row in rows]}
    return {}


def press(client: Client, act: str, charter: Resource, member):
    today = timezone.localdate()
    name = {"pledge": "pledge-edit", "update": "pledge-update", "withdraw": "pledge-withdraw"}[act]
    typed = {
        "pledge": {"signatory": "La maire", "signed_on": today, "mandate_starts_on": today, "measures": ["A1"]},
        "update": {
            "A1-status": "running",
            "A1-progress": "10",
            "A1-next_update_due": (today + timedelta(days=30)).isoformat(),
        },
        "withdraw": {"reason": "Le conseil a voté contre."},
    }[act]
    return client.post(reverse(name, args=[charter.pk, member.slug]), typed)


@pytest.mark.parametrize(("act", "state"), CASES)
def test_the_door_lets_in_the_same_people(act, state):
    charter, town = a_case(act, state)
    for role, make in ROLES.items():
        with undone():
            client, user = Client(), make(town)
            if role != "visitor":
                client.force_login(user)
            if role in MAY.get((act, state), set()):
                assert press(client, act, charter, town).status_code == 302, role
                assert Line.objects.filter(act=f"charters.{act}", by=user).exists(), role
                continue
            with nothing_written():
                answer = press(client, act, charter, town)
            if role == "visitor":
                assert answer.status_code == 302
                assert answer["Location"].startswith("/compte/connexion/")
            else:
                assert answer.status_code in (400, 403, 404), role
