"""What a collectivité that left has published is in the care of the coordinators: of nobody else, and no more."""

from itertools import product

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from federation.models import Activity
from resources import actions, rules, workflow
from resources.kinds import KINDS
from resources.models import Resource
from rtes_hub.territories import actions as territory_actions
from tests.make import a_coordinator, a_member, a_sheet, an_administrator, an_editor
from tests.resources.test_rules import CASES, MAY, do, ready, undone

pytestmark = pytest.mark.django_db

CARING = {"coordinator": a_coordinator, "administrator": an_administrator}
OUT = ("published", "archived")


def after_it_left(sheet: Resource) -> Resource:
    territory_actions.leave(sheet.member, by=None)
    return Resource.objects.get(pk=sheet.pk)


@pytest.mark.parametrize(("state", "acts"), CASES)
def test_coordinators_tend_what_is_out_and_begin_nothing(state, acts):
    editor = an_editor()
    sheet, state = ready(state)
    sheet = after_it_left(sheet)
    people = {role: make() for role, make in CARING.items()}
    for act, (role, person) in product(acts, people.items()):
        may = state in OUT and role in MAY.get((act, state), set())
        assert rules.may(person, act, sheet) is may, f"{act}, {role}"
        assert (act in rules.allowed(person, sheet)) is may, f"{act}, {role}"
    assert not rules.allowed(editor, sheet)
    assert not rules.may_create(people["coordinator"], sheet.member)
    for act in acts:
        assert not rules.may(editor, act, sheet), act
        with undone(), pytest.raises((PermissionDenied, workflow.NotPossible)):
            do(act, sheet, editor)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("word", "state"), [("retirer", "withdrawn"), ("archiver", "archived")])
def test_a_coordinator_takes_it_back_through_its_page(client, kind, word, state):
    sheet = after_it_left(a_sheet(kind))
    client.force_login(a_coordinator())
    assert client.get(sheet.get_absolute_url()).status_code == 200
    answer = client.post(reverse("resource-move", args=[sheet.pk, word]), {"reason": "Données fausses"})
    assert answer.status_code == 302
    sheet.refresh_from_db()
    assert sheet.state == state
    said = {"withdrawn": "Delete", "archived": "Update"}[state]
    assert Activity.objects.filter(object_uri=sheet.uri, type=said).exists()


def test_a_coordinator_corrects_it():
    sheet, coordinator = after_it_left(a_sheet("good-practice")), a_coordinator()
    actions.save_draft(sheet, {"title": "Un titre juste"}, by=coordinator)
    actions.publish(sheet, by=coordinator)
    assert Resource.objects.get(pk=sheet.pk).title == "Un titre juste"


def test_the_sheets_of_other_hubs_are_nobody_s_here():
    sheet = a_sheet("good-practice", member=a_member())
    Resource.objects.filter(pk=sheet.pk).update(local=False)
    sheet.member.local = False
    assert not rules.allowed(a_coordinator(), sheet)
