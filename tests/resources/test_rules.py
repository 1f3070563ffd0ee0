"""Who may do what: every role, every state, every act, through the actions and through the door."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client
from django.urls import reverse

from federation.models import Activity, Delivery
from resources import actions, rules, workflow
from resources.models import Comment, Resource, Revision, State, Visibility
from resources.views.moves import WORDS
from rtes_hub.audit.models import Line
from rtes_hub.search.models import Entry
from tests.make import (
    a_contributor,
    a_coordinator,
    a_member,
    a_practice,
    a_reader,
    a_remote_member,
    a_user,
    a_visitor,
    an_administrator,
    an_editor,
)
from tests.resources.typing import seen

pytestmark = pytest.mark.django_db

STATES = ("draft", "submitted", "published", "archived", "withdrawn")
ROLES = {
    "visitor": lambda: a_visitor(),
    "stranger": lambda: a_user(),
    "reader": lambda: a_reader(),
    "contributor": lambda: a_contributor(),
    "editor": lambda: an_editor(),
    "editor elsewhere": lambda: an_editor(a_member("com-21231")),
    "editor until yesterday": lambda: an_editor(ends_on=date(2020, 1, 1)),
    "coordinator": lambda: a_coordinator(),
    "administrator": lambda: an_administrator(),
}
_WRITERS = {"contributor", "editor", "coordinator", "administrator"}
_EDITORS = _WRITERS - {"contributor"}
#: (act, state) → who may. Written out again here, so that a slip in `rules.ACTS` is seen.
MAY = {
    ("edit", "draft"): _WRITERS,
    ("edit", "submitted"): _EDITORS,
    ("edit", "published"): _WRITERS,
    ("submit", "draft"): _WRITERS,
    ("submit", "published"): _WRITERS,
    ("take_back", "submitted"): _WRITERS,
    ("take_back", "published"): _WRITERS,
    ("send_back", "submitted"): _EDITORS,
    ("send_back", "published"): _EDITORS,
    ("publish", "draft"): _EDITORS,
    ("publish", "submitted"): _EDITORS,
    ("publish", "published"): _EDITORS,
    ("archive", "published"): _EDITORS,
    ("restore", "archived"): _EDITORS,
    ("withdraw", "published"): _EDITORS,
    ("withdraw", "archived"): _EDITORS,
    ("discard", "draft"): _WRITERS,
    ("discard", "published"): _WRITERS,
}
#: The acts that are about changes of what is published, proposed or not.
_OF_CHANGES, _OF_PROPOSED = ("submit", "publish", "discard"), ("take_back", "send_back")
#: A sheet for each state, and the acts tried on it; those that need changes, proposed or not, have sheets of their own.
CASES = [
    pytest.param(
        state, [act for act in rules.ACTS if state != "published" or act not in _OF_CHANGES + _OF_PROPOSED], id=state
    )
    for state in STATES
] + [
    pytest.param("changed", _OF_CHANGES, id="published, with changes"),
    pytest.param("proposed", _OF_PROPOSED, id="published, with proposed changes"),
]


def ready(state: str) -> tuple[Resource, str]:
    """The sheet, and the state that the table calls it by."""
    if state in STATES:
        return a_practice(state), state
    practice = a_practice("published")
    actions.save_draft(practice, {"tags": ["nouveau"]}, by=None)
    if state == "proposed":
        actions.submit(practice, by=None)
    return practice, "published"


def do(act: str, practice: Resource, user) -> None:
    more = {"send_back": {"comment": "À revoir"}}.get(act, {})
    if act == "edit":
        actions.save_draft(practice, {"tags": ["autre"]}, by=user)
    else:
        getattr(actions, act)(practice, by=user, **more)


def world() -> dict[str, object]:
    """All that an act could have left behind."""
    return {
        "resources": list(Resource.objects.order_by("pk").values()),
        "counts": [model.objects.count() for model in (Activity, Delivery, Revision, Comment, Line)],
        "found": list(Entry.objects.order_by("pk").values()),
    }


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside did not happen."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize(("state", "acts"), CASES)
def test_the_table_of_acts(state, acts):
    sheet, state = ready(state)
    people = {role: make() for role, make in ROLES.items()}
    before = world()
    for act, (role, user) in product(acts, people.items()):
        with undone():
            practice, cell = Resource.objects.get(pk=sheet.pk), f"{act}, {role}"
            may = role in MAY.get((act, state), set())
            assert rules.may(user, act, practice) is may, cell
            assert (act in rules.allowed(user, practice)) is may, cell
            if may:
                do(act, practice, user)
                assert world() != before, cell
            else:
                with pytest.raises((PermissionDenied, workflow.NotPossible)):
                    do(act, practice, user)
                assert world() == before, cell


@pytest.mark.parametrize(("state", "acts"), CASES)
def test_the_same_through_the_door(state, acts):
    practice, state = ready(state)
    people = {role: make() for role, make in ROLES.items()}
    for act, (role, user) in product(acts, people.items()):
        with undone():
            client, cell = Client(), f"{act}, {role}"
            if role != "visitor":
                client.force_login(user)
            before = world()
            answer = client.post(*sent(act, practice))
            if role in MAY.get((act, state), set()):
                assert answer.status_code in (200, 302), cell
                assert world() != before, cell
            else:
                assert answer.status_code in (302, 403, 404), cell
                assert world() == before, cell


def sent(act: str, practice: Resource) -> tuple[str, dict[str, str]]:
    word = {move: word for word, move in WORDS.items()}.get(act)
    if word is not None:
        return reverse("resource-move", args=[practice.pk, word]), {"comment": "À revoir"}
    return reverse("resource-edit", args=[practice.pk, "essentiel"]), {
        "title": "Autre",
        "seen": seen(practice, "essentiel"),
    }


def test_moves_and_acts_tell_the_same_story():
    moves = {(str(state), act) for state, act in workflow.MOVES}
    acts = {
        (str(state), act) for act, states in rules.ACTS.items() for state in states if act not in ("edit", "discard")
    }
    assert moves == acts


@pytest.mark.parametrize(("role", "may"), [(role, role in _WRITERS) for role in ROLES])
def test_who_may_begin_a_sheet(role, may):
    member, user = a_member(), ROLES[role]()
    assert rules.may_create(user, member) is may
    if not may:
        with pytest.raises(PermissionDenied):
            actions.start("good-practice", member=member, by=user)
        assert not Resource.objects.exists()


def test_nobody_writes_for_another_hub():
    member = a_remote_member()
    assert not rules.may_create(an_administrator(), member)


# Reading ----------------------------------------------------------------------------------------------------------

_OWN = {"reader", "contributor", "editor", "coordinator", "administrator"}
_MEMBERS = _OWN | {"editor elsewhere"}
READERS = {
    ("draft", "public"): _OWN,
    ("submitted", "public"): _OWN,
    ("published", "public"): set(ROLES),
    ("archived", "public"): set(ROLES),
    ("published", "members"): _MEMBERS,
    ("archived", "members"): _MEMBERS,
    ("published", "owner"): _OWN,
    ("archived", "owner"): _OWN,
    ("withdrawn", "public"): set(),
    ("withdrawn", "members"): set(),
    ("withdrawn", "owner"): set(),
}
#: Who is told that it is gone, rather than that there is nothing.
TOLD = {"public": set(ROLES), "members": _MEMBERS, "owner": _OWN}


@pytest.mark.parametrize(("state", "visibility"), READERS)
def test_who_reads_what(state, visibility):
    practice = a_practice(state, visibility=visibility)
    for role, make in ROLES.items():
        client, user = Client(), make()
        may = role in READERS[state, visibility]
        assert Resource.objects.visible_to(user).filter(pk=practice.pk).exists() is may, role
        if role != "visitor":
            client.force_login(user)
        status = client.get(practice.get_absolute_url()).status_code
        gone = state == "withdrawn" and role in TOLD[visibility]
        assert status == (200 if may else 410 if gone else 404), role


def test_a_member_who_was_deactivated_reads_as_a_passer_by():
    a_practice(visibility="members")
    user = a_reader()
    user.is_active = False
    user.save()
    assert not Resource.objects.visible_to(user).exists()


def test_states_and_visibilities_are_all_in_the_tables():
    assert {state for state, _ in READERS} == set(State.values)
    assert {visibility for _, visibility in READERS} == set(Visibility.values)
    assert set(STATES) == set(State.values)
