"""Bringing in what was written elsewhere, from the console: nothing is lost, nothing comes twice."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from resources.models import Resource, State
from rtes_hub.search import index
from rtes_hub.territories.models import Member
from tests.make import a_member, a_reader, a_territory, an_editor

pytestmark = pytest.mark.django_db

KEPT = "Un paragraphe que personne ne doit perdre."


def item(**said):
    return {
        "id": "fiche-1",
        "title": "Créer une recyclerie",
        "sections": {
            "Présentation de l'action": "La recyclerie ouvre trois jours par semaine.",
            "Objectifs": "- Réduire les déchets\n- Créer des emplois",
            "Partenaires": "- Association Réemploi\n- Région",
        },
        "budget": "12 500",
    } | said


@pytest.fixture
def bring(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"

    def run(*items, kind="good-practice", territory="epci-242100410", under="Licence Ouverte 2.0", **options):
        path = tmp_path / "sheets.json"
        file = {"source": "Plan climat", "licence": under, "attribution": "Service climat", "items": list(items)}
        path.write_text(json.dumps(file))
        said = StringIO()
        call_command("import_sheets", path, kind=kind, territory=territory, stdout=said, **options)
        return said.getvalue()

    return run


def test_headings_that_are_facts_become_facts_and_all_else_is_text(bring):
    a_member()
    bring(item(orientation="Économie circulaire"), publish=True, theme=["economie-circulaire"])
    sheet = Resource.objects.get()
    assert sheet.state == State.PUBLISHED
    assert sheet.title == "Créer une recyclerie"
    assert sheet.themes == ["economie-circulaire"]
    assert sheet.facts["objectives"] == ["Réduire les déchets", "Créer des emplois"]
    assert sheet.facts["stakeholders"][0] == {"name": "Association Réemploi", "role": "partner"}
    assert sheet.facts["budget_lines"] == [{"label": "Budget", "planned": "12500"}]
    text = sheet.facts["description"]
    assert "## Présentation de l'action\n\nLa recyclerie ouvre" in text
    assert "## Orientation\n\nÉconomie circulaire" in text
    assert "Plan climat" in text and "Service climat" in text and "Licence Ouverte 2.0" in text
    assert index.find("recyclerie") == [sheet.uri]


def test_without_publish_it_is_a_draft_that_nobody_else_reads(bring):
    a_member()
    bring(item())
    sheet = Resource.objects.get()
    assert sheet.state == State.DRAFT
    assert sheet.draft["objectives"] == ["Réduire les déchets", "Créer des emplois"]
    assert index.find("recyclerie", members=True) == []


def test_coming_again_changes_nothing_and_coming_changed_makes_a_new_version(bring):
    a_member()
    bring(item(), publish=True)
    assert "1 same" in bring(item(), publish=True)
    assert Resource.objects.get().version == 1
    assert "1 changed" in bring(item(title="Ouvrir une recyclerie"), publish=True)
    sheet = Resource.objects.get()
    assert (sheet.version, sheet.title) == (2, "Ouvrir une recyclerie")
    assert [revision.content["title"] for revision in sheet.revisions.all()][-1] == "Créer une recyclerie"


def test_what_somebody_is_changing_is_not_written_over(bring):
    member = a_member()
    bring(item(), publish=True)
    Resource.objects.update(draft={"title": "Ma correction"}, draft_saved_by=an_editor(member))
    said = bring(item(title="Ouvrir une recyclerie"), publish=True)
    assert "1 refused" in said
    sheet = Resource.objects.get()
    assert (sheet.title, sheet.draft) == ("Créer une recyclerie", {"title": "Ma correction"})


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        ("Objectifs", "- un\n- deux\n- trois\n- quatre\n- cinq\n- six"),  # more than the five there is room for
        ("Objectifs", "Du texte, puis :\n- une liste"),
        ("Contexte", "Un contexte **en gras**"),  # a field of plain text would show the marks
        ("Contexte", "mot " * 300),
        ("Un titre inconnu", KEPT),
        ("", KEPT),
    ],
)
def test_what_fits_no_field_is_kept_whole_in_the_text(bring, heading, text):
    a_member()
    bring(item(sections={heading: text}), publish=True)
    description = Resource.objects.get().facts["description"]
    assert text.strip() in description
    assert not heading or f"## {heading}" in description


def test_a_text_longer_than_a_sheet_is_joined_whole_as_a_document_and_followed_when_it_changes(bring):
    a_member()
    long = "\n\n".join(f"Paragraphe {number}. " + "mot " * 60 for number in range(60))
    said = bring(item(body=f"{long}\n\n{KEPT}"), publish=True)
    assert "6000" in said
    sheet = Resource.objects.get()
    assert len(sheet.facts["description"]) <= 6000
    assert KEPT not in sheet.facts["description"]
    assert "Service climat" in sheet.facts["description"]
    document = sheet.attachments.get()
    assert KEPT in document.file.read().decode()
    assert "1 same" in bring(item(body=f"{long}\n\n{KEPT}"), publish=True)
    assert "1 changed" in bring(item(body=f"{long}\n\n{KEPT} Et un autre."), publish=True)
    assert "Et un autre." in sheet.attachments.get().file.read().decode()


def test_a_title_or_summary_that_is_too_long_is_shortened_in_the_list_and_whole_in_the_text(bring):
    a_member()
    title, summary = "Mettre en place " + "une très longue démarche " * 8, "Un résumé " * 40
    bring(item(title=title, summary=summary), publish=True)
    sheet = Resource.objects.get()
    assert len(sheet.title) <= 100 and sheet.title.endswith("…")
    assert len(sheet.summary) <= 300
    assert title.strip() in sheet.facts["description"]
    assert summary.strip() in sheet.facts["description"]


@pytest.mark.parametrize(
    ("words", "code"),
    [("Licence Ouverte 2.0 (etalab-2.0) pour les contenus", "etalab-2.0"), ("ODbL", "odbl-1.0")],
)
def test_a_licence_that_we_know_is_kept_by_its_code(bring, words, code):
    a_member()
    bring(item(), under=words, publish=True)
    assert Resource.objects.get().licence == code


@pytest.mark.parametrize("words", ["MIT (dépôt)", "", "CC BY-SA (version non précisée)", "CC BY-SA 4.0"])
def test_what_the_collectivite_may_not_give_is_not_published_and_the_rest_is(bring, words):
    a_member()
    said = bring(item(licence=words or "?"), item(id="fiche-2"), publish=True)
    assert "1 new" in said and "1 refused" in said
    assert Resource.objects.get().imported_from == "Plan climat#fiche-2"


def test_the_collectivite_may_answer_for_the_licence(bring):
    a_member()
    bring(item(), under="MIT", licence="etalab-2.0", publish=True)
    sheet = Resource.objects.get()
    assert sheet.licence == "etalab-2.0"
    assert "MIT" in sheet.facts["description"]


def test_a_rehearsal_says_all_and_keeps_nothing(bring, tmp_path):
    a_member()
    assert "1 new" in bring(item(body="mot " * 3000), publish=True, dry_run=True)
    assert not Resource.objects.exists()
    assert index.find("recyclerie") == []
    assert not (tmp_path / "files").exists()


def test_a_stranger_to_the_hub_is_not_made_a_member_unless_asked(bring):
    a_territory("com-21231")
    with pytest.raises(CommandError, match="--join"):
        bring(item(), territory="com-21231")
    bring(item(), territory="com-21231", join=True)
    assert Member.objects.local().get().name == "Dijon"


def test_a_person_without_the_right_brings_in_nothing(bring):
    member = a_member()
    assert "1 refused" in bring(item(), publish=True, by=a_reader(member).email)
    assert not Resource.objects.exists()
    assert "1 new" in bring(item(), publish=True, by=an_editor(member).email)


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        ("{", "not JSON"),
        ("[]", "items"),
        ('{"items": []}', "source"),
        ('{"source": "x", "items": [{"id": "1"}]}', "title"),
        ('{"source": "x", "items": [{"id": "1", "title": "a"}, {"id": "1", "title": "b"}]}', "twice"),
        ('{"source": "x", "items": [{"id": "1", "title": "a", "sections": "b"}]}', "sections"),
    ],
)
def test_a_file_of_another_shape_is_refused_with_what_is_wrong(tmp_path, raw, problem):
    a_member()
    path = tmp_path / "sheets.json"
    path.write_text(raw)
    with pytest.raises(CommandError, match=problem):
        call_command("import_sheets", path, kind="good-practice", territory="epci-242100410")
