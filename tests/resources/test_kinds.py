"""The kinds as data, and what `validate` answers."""

import pytest
from django.core.management import call_command

from resources.kinds import KINDS, THEMES, Type, completeness, public_facts, tolerate, validate
from resources.kinds.lists import ADMINISTRATION_LICENCES, LICENCES
from tests.make import a_member, a_territory
from tests.sheets import PRACTICE, SHEETS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def territory():
    a_territory()


@pytest.mark.parametrize("slug", SHEETS)
def test_a_full_sheet_says_every_fact_of_its_kind_and_is_right(slug):
    assert set(SHEETS[slug]) == {fact.code for fact in KINDS[slug].typed}
    clean, errors = validate(slug, SHEETS[slug], complete=True)
    assert errors == {}
    assert clean == SHEETS[slug]
    assert completeness(slug, SHEETS[slug]) == 100


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_kind_holds_together(kind):
    assert len({fact.code for fact in kind.facts}) == len(kind.facts), "a fact is asked twice"
    assert 5 <= len(kind.steps) <= 7
    assert kind.fact(kind.main).type is Type.MARKDOWN
    assert {step.code for step in kind.steps} >= set(kind.reading)
    assert len({step.code for step in kind.steps}) == len(kind.steps)
    for fact in kind.facts:
        assert not fact.hidden_unless or kind.fact(fact.hidden_unless).type is Type.BOOLEAN
        assert not fact.not_before or fact.not_before in kind.by_code
        assert bool(fact.columns) == (fact.type is Type.TABLE)
        assert bool(fact.choices) == (fact.type in (Type.CHOICE, Type.CHOICES))
        assert len({choice.code for choice in fact.choices}) == len(fact.choices)


def test_there_are_22_themes_each_in_both_languages():
    assert len(THEMES) == 22
    assert all(theme.fr and str(theme.label) and theme.rubrique for theme in THEMES.values())


def test_an_empty_sheet_is_asked_for_what_the_domain_requires_and_no_more():
    _clean, errors = validate("good-practice", {}, complete=True)
    assert set(errors) == {
        *("title", "summary", "brief", "themes", "territory", "language", "contacts", "visibility", "licence"),
        *("retention_class", "final_disposition", "problem", "context", "objectives", "target_groups"),
        *("description", "public_action_lever", "stage", "started_on", "stakeholders", "participation_level"),
        *("human_resources_fte", "budget_lines", "legal_framework", "results", "evidence_level", "difficulties"),
        *("what_failed", "success_factors", "transfer_org_kinds", "transfer_prerequisites", "transfer_offer"),
    }
    assert validate("good-practice", {}, complete=False) == ({}, {})


@pytest.mark.parametrize(
    ("code", "typed", "stored"),
    [
        ("title", "  Ouvrir\tles \u202eachats\x00 ", "Ouvrir les achats"),
        ("problem", "un\r\ndeux\x07 ", "un\ndeux"),
        ("description", "## Titre\r\n\r\n- a", "## Titre\n\n- a"),
        ("human_resources_fte", "1 234,50", "1234.50"),
        ("human_resources_fte", "1\u202f234,50", "1234.50"),
        ("human_resources_fte", 0.2, "0.2"),
        ("human_resources_fte", "", None),
        ("lead_time_months", "12", 12),
        ("lead_time_months", "12,0", 12),
        ("started_on", "3/2024", "2024-03"),
        ("started_on", "2024-03-31", "2024-03"),
        ("review_due_on", "31/03/2026", "2026-03-31"),
        ("objectives", [" a ", "", "b"], ["a", "b"]),
        ("target_groups", ["staff", "staff", ""], ["staff"]),
        ("results_provisional", None, False),
        ("evidence_level", 0, "0"),
        ("adapts", " https://exemple.fr/a?b=c ", "https://exemple.fr/a?b=c"),
        (
            "budget_lines",
            [{}, {"label": " x ", "planned": "1 000"}, {"label": " "}],
            [{"label": "x", "planned": "1000"}],
        ),
        ("territory", " epci-242100410 ", "epci-242100410"),
    ],
)
def test_what_people_type_gets_its_stored_form(code, typed, stored):
    clean, errors = validate("good-practice", {code: typed}, complete=False)
    assert errors == {}
    assert clean == {code: stored}


@pytest.mark.parametrize(
    ("code", "typed", "said"),
    [
        ("title", "x" * 101, ["Title", "100", "101"]),
        ("problem", "x" * 1501, ["problem", "1500", "1501"]),
        ("objectives", list("abcdef"), ["Objectives", "5", "6"]),
        ("themes", ["habitat", "mobilite", "alimentation", "energie-climat"], ["Themes", "3", "4"]),
        ("tags", ["x" * 301], ["Keywords", "300", "301"]),
        ("stage", "flying", ["Where it stands", "flying"]),
        ("target_groups", "staff", ["For whom"]),
        ("target_groups", [["staff"]], ["For whom"]),
        ("human_resources_fte", "beaucoup", ["Staff", "beaucoup"]),
        ("human_resources_fte", "-1", ["Staff", "0"]),
        ("human_resources_fte", "1e9", ["Staff", "1e9"]),
        ("human_resources_fte", "9" * 21, ["Staff"]),
        ("human_resources_fte", float("nan"), ["Staff", "nan"]),
        ("lead_time_months", "1,5", ["Time to set it up", "whole"]),
        ("started_on", "13/2024", ["Started", "13/2024"]),
        ("review_due_on", "2026-02-30", ["2026-02-30"]),
        ("results_provisional", "yes", ["provisional"]),
        ("adapts", "javascript:alert(1)", ["Adapted from", "https://"]),
        ("adapts", "https://a@b.example/", ["Adapted from"]),
        ("adapts", "https://[", ["Adapted from"]),
        ("territory", "com-00000", ["com-00000"]),
        ("contacts", [{"email": "a@b.fr"}], ["Who to ask", "row 1", "Function"]),
        ("contacts", [{"function": "f", "email": "a b@c"}], ["E-mail"]),
        ("contacts", [{"function": "f", "password": "x"}], ["password"]),
        ("contacts", ["f"], ["Who to ask"]),
        ("contacts", {"function": "f"}, ["Who to ask"]),
        ("acts_matter_code", "0.1", ["0.1"]),
        ("title", ["x"], ["Title"]),
        ("validation", [], ["validation"]),
        ("is_staff", True, ["is_staff"]),
    ],
)
def test_what_is_wrong_is_said_with_its_field_and_its_limit(code, typed, said):
    clean, errors = validate("good-practice", {code: typed}, complete=False)
    assert clean == {}
    assert list(errors) == [code]
    for word in said:
        assert word in " ".join(errors[code])


def test_every_problem_of_a_table_is_told_with_its_row():
    rows = [{"indicator": "a", "value": "1"}, {"value": "2"}, {"indicator": "c"}]
    _clean, errors = validate("good-practice", {"results": rows}, complete=False)
    assert len(errors["results"]) == 2
    assert "row 2" in errors["results"][0]
    assert "row 3" in errors["results"][1]


def test_a_table_that_asks_for_two_rows_may_be_empty_but_not_have_one():
    assert validate("policy-note", {"options": []}, complete=False)[1] == {}
    assert "2" in validate("policy-note", {"options": [{"description": "a"}]}, complete=False)[1]["options"][0]


def test_a_thousand_empty_rows_are_refused_before_they_are_looked_at():
    assert "results" in validate("good-practice", {"results": [{}] * 1000}, complete=False)[1]


def test_an_end_does_not_come_before_its_start():
    dates = {"started_on": "2024-03", "ended_on": "2024-02"}
    clean, errors = validate("good-practice", dates, complete=False)
    assert "Started" in errors["ended_on"][0]
    assert clean == {"started_on": "2024-03"}


@pytest.mark.parametrize("licence", [choice.code for choice in LICENCES])
@pytest.mark.parametrize("is_administration", [True, False])
def test_an_administration_gives_two_licences_only(licence, is_administration):
    member = a_member(is_administration=is_administration)
    _clean, errors = validate("good-practice", {"licence": licence}, complete=False, member=member)
    assert ("licence" in errors) == (is_administration and licence not in ADMINISTRATION_LICENCES)


def test_hidden_facts_are_not_public():
    shown = public_facts("good-practice", PRACTICE | {"unknown": "x"})
    assert "what_failed" not in shown
    assert "unknown" not in shown
    assert not {"retention_class", "final_disposition", "electoral_sensitive"} & set(shown)
    assert shown["contacts"] == [{"function": "Chargée de mission ESS", "service": "Développement économique"}]
    assert "what_failed" in public_facts("good-practice", PRACTICE | {"what_failed_public": True})
    assert "what_failed" not in public_facts("good-practice", PRACTICE | {"what_failed_public": "true"})


def test_what_comes_from_elsewhere_is_kept_as_far_as_it_is_understood():
    facts = {"stage": "running", "evidence_level": "9", "results": "many", "colour": "blue", "problem": ""}
    assert tolerate("good-practice", facts) == {"stage": "running"}


def test_what_colleagues_look_for_weighs_most():
    without = {
        code: completeness("good-practice", {k: v for k, v in PRACTICE.items() if k != code})
        for code in ("results", "budget_lines", "contacts", "recognition", "tags")
    }
    assert max(without["results"], without["budget_lines"], without["contacts"]) < min(
        without["recognition"], without["tags"]
    )
    assert completeness("good-practice", {}) == 0


def test_the_console_tells_every_fact_of_every_kind(capsys):
    call_command("kinds")
    said = capsys.readouterr().out
    for kind in KINDS.values():
        assert f"\n{kind.slug}: " in f"\n{said}"
        for fact in kind.facts:
            assert f" {fact.code}: {fact.label} ({fact.type}" in said
    assert (
        "what_failed: What did not work (text, at most 1500, required, for members unless what_failed_public)" in said
    )
