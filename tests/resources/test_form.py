"""Writing a sheet: nothing is lost, nothing is asked twice, every refusal has a sentence."""

from itertools import pairwise

import pytest
from django.urls import reverse

from resources import actions, forms
from resources.kinds import KINDS
from resources.kinds.shape import Type
from resources.models import Resource, State
from resources.pooling.acts import ACTS
from tests.make import (
    a_contributor,
    a_member,
    a_practice,
    a_reader,
    a_sheet,
    a_territory,
    a_user,
    an_editor,
)
from tests.resources.typing import address, fields, send
from tests.sheets import SHEETS

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer(client):
    user = a_contributor()
    client.force_login(user)
    return user


# Beginning --------------------------------------------------------------------------------------------------------


def test_a_person_is_offered_only_what_they_may_write_for(client):
    a_member("com-21231", name="Dijon")
    client.force_login(a_contributor())
    page = client.get(reverse("resource-new")).content.decode()
    assert "Dijon Métropole" in page
    assert 'name="member" value=' in page
    assert "com-21231" not in page


def test_beginning_leads_to_the_first_step(client, writer):
    sent = {"kind": "good-practice", "member": a_member().pk}
    answer = client.post(reverse("resource-new"), sent)
    sheet = Resource.objects.get()
    assert answer["Location"] == address(sheet, "essentiel")
    assert (sheet.created_by, sheet.state) == (writer, State.DRAFT)


@pytest.mark.parametrize("sent", [{}, {"kind": "x", "member": "1"}, {"kind": "good-practice", "member": "999"}])
def test_a_choice_that_is_missing_is_asked_for(client, writer, sent):
    answer = client.post(reverse("resource-new"), sent)
    assert answer.status_code == 200
    assert "error-summary" in answer.content.decode()
    assert not Resource.objects.exists()


def test_a_collectivite_that_is_not_theirs_is_not_taken(client, writer):
    other = a_member("com-21231")
    client.post(reverse("resource-new"), {"kind": "good-practice", "member": other.pk})
    assert not Resource.objects.exists()


@pytest.mark.parametrize("who", [a_user, a_reader])
def test_who_writes_for_nobody_is_told_what_to_do(client, who):
    client.force_login(who())
    page = client.get(reverse("resource-new")).content.decode()
    assert '<form method="post" class="stack">' not in page
    assert 'class="empty"' in page


# Typing -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_whole_sheet_is_typed_step_by_step_and_says_what_was_typed(client, kind):
    user = an_editor()
    client.force_login(user)
    sheet = actions.start(kind, member=a_member(), by=user)
    places = [step.code for step in KINDS[kind].steps] + ["documents"]
    for code, following in pairwise(places):
        sent = fields(sheet, code, **SHEETS[kind])
        sent["go"] = "next"
        answer = send(client, address(sheet, code), sent)
        assert answer.status_code == 302, answer.content.decode()
        assert answer["Location"] == address(sheet, following)
    review = client.get(address(sheet, "relire")).content.decode()
    assert "100" in review
    client.post(reverse("resource-move", args=[sheet.pk, "publier"]))
    sheet.refresh_from_db()
    assert sheet.state == State.PUBLISHED
    facts = {code: value for code, value in SHEETS[kind].items() if code in sheet.facts}
    assert {code: sheet.facts[code] for code in facts} == facts


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_stored_is_what_the_form_shows_and_sends(client, kind):
    """Opening a published sheet and saving each step as it stands changes nothing that it says."""
    sheet = a_sheet(kind)
    client.force_login(an_editor())
    before = dict(sheet.facts)
    for step in KINDS[kind].steps:
        assert client.get(address(sheet, step.code)).status_code == 200
        send(client, address(sheet, step.code), fields(sheet, step.code))
    actions.publish(sheet, by=None)
    assert {**sheet.facts, "validation": 0} == {**before, "validation": 0}


def test_what_is_wrong_comes_back_as_it_was_typed_with_its_sentence(client, writer):
    sheet = a_practice("draft")
    sent = fields(sheet, "moyens", human_resources_fte="un quart", budget_lines=[{"label": "x", "planned": "cher"}])
    answer = send(client, address(sheet, "moyens"), sent)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="un quart"' in page
    assert 'value="cher"' in page
    assert 'href="#id_human_resources_fte"' in page
    assert 'aria-describedby="id_human_resources_fte_helptext id_human_resources_fte_error"' in page
    sheet.refresh_from_db()
    assert sheet.draft["human_resources_fte"] == "un quart"
    again = client.get(address(sheet, "moyens")).content.decode()
    assert 'value="un quart"' in again
    assert "error-summary" in again


@pytest.mark.parametrize(
    ("go", "leads_to"),
    [("next", None), ("save", None), ("previous", "action"), ("relire", "relire"), ("essentiel", "essentiel")],
)
def test_what_is_wrong_keeps_us_only_on_the_way_forward(client, writer, go, leads_to):
    sheet = a_practice("draft")
    sent = fields(sheet, "moyens", human_resources_fte="?")
    sent["go"] = go
    answer = send(client, address(sheet, "moyens"), sent)
    assert answer.status_code == (302 if leads_to else 200)
    if leads_to:
        assert answer["Location"] == address(sheet, leads_to)
    sheet.refresh_from_db()
    assert sheet.draft["human_resources_fte"] == "?"


def test_a_row_is_added_without_javascript_and_nothing_typed_is_lost(client, writer):
    sheet = a_practice("draft", results=None)
    sent = fields(sheet, "resultats", results=[{"indicator": "Emplois", "value": "12"}], difficulties="Peu")
    sent["add_row"] = "results"
    page = send(client, address(sheet, "resultats"), sent).content.decode()
    assert 'name="results-rows" value="2"' in page
    assert 'value="Emplois"' in page
    assert 'name="results-1-indicator"' in page
    sheet.refresh_from_db()
    assert sheet.draft["results"] == [{"indicator": "Emplois", "value": "12"}]


def test_a_row_is_removed_by_its_box(client, writer):
    sheet = a_practice("draft")
    rows = [{"indicator": "a", "value": "1"}, {"indicator": "b", "value": "2"}]
    sent = fields(sheet, "resultats", results=rows)
    sent["results-0-remove"] = "1"
    send(client, address(sheet, "resultats"), sent)
    sheet.refresh_from_db()
    assert sheet.draft["results"] == rows[1:]


@pytest.mark.parametrize("count", ["x", "-1", "²", "999999999"])
def test_a_forged_number_of_rows_does_no_harm(client, writer, count):
    sheet = a_practice("draft")
    sent = fields(sheet, "resultats")
    sent["results-rows"] = count
    assert send(client, address(sheet, "resultats"), sent).status_code in (200, 302)


def test_a_territory_is_found_by_its_name(client, writer):
    a_territory("com-21231")
    sheet = a_practice("draft")
    sent = fields(sheet, "essentiel")
    sent["territory"], sent["territory-name"] = "epci-242100410", "dijon"
    send(client, address(sheet, "essentiel"), sent)
    sheet.refresh_from_db()
    assert sheet.draft["territory"] == "com-21231"


def test_a_name_that_several_territories_have_comes_back_with_a_choice(client, writer):
    a_territory("com-1", name="Saint-Martin", code="11111")
    a_territory("com-2", name="Saint-Martin", code="22222")
    sheet = a_practice("draft")
    sent = fields(sheet, "essentiel")
    sent["territory"], sent["territory-name"] = "", "Saint-Martin"
    page = send(client, address(sheet, "essentiel"), sent).content.decode()
    assert 'value="Saint-Martin"' in page
    assert "11111" in page
    assert "22222" in page


def test_the_form_saves_by_itself(client, writer):
    sheet = a_practice("draft")
    sent = fields(sheet, "besoin", problem="x" * 1501)
    answer = send(client, address(sheet, "besoin"), sent, headers={"X-Autosave": "1"})
    assert answer.status_code == 200
    assert set(answer.json()) == {"saved_at", "errors"}
    assert list(answer.json()["errors"]) == ["problem"]
    sheet.refresh_from_db()
    assert len(sheet.draft["problem"]) == 1501


def test_saving_by_itself_then_by_hand_is_no_quarrel(client, writer):
    sheet = a_practice("draft")
    first = fields(sheet, "besoin", problem="un")
    send(client, address(sheet, "besoin"), first, headers={"X-Autosave": "1"})
    second = fields(sheet, "besoin", problem="un, deux")
    second["seen"] = first["seen"]
    assert send(client, address(sheet, "besoin"), second).status_code == 302
    sheet.refresh_from_db()
    assert sheet.draft["problem"] == "un, deux"


def test_a_step_that_is_not_of_the_kind_is_not_found(client, writer):
    assert client.get(address(a_practice("draft"), "enjeu")).status_code == 404


def test_no_table_may_hold_more_rows_than_a_form_reads():
    holders = [*KINDS.values(), *ACTS.values()]
    tables = [fact for holder in holders for fact in holder.facts if fact.type == Type.TABLE and not fact.auto]
    assert len(tables) > 5
    assert [fact.code for fact in tables if (fact.limit or 0) > forms.MAX_ROWS] == []
