"""What acts do: to the sheet, its history, the search, and what partners are owed."""

from datetime import date

import pytest

from federation import api
from federation.models import Activity
from resources import actions, content, workflow
from resources.models import Comment, Resource, State
from rtes_hub.audit.models import Line
from rtes_hub.search import index
from tests.make import a_contributor, a_coordinator, a_member, a_note, a_practice, an_editor
from tests.sheets import PRACTICE

pytestmark = pytest.mark.django_db


def acts_told() -> list[str]:
    return list(Line.objects.filter(act__startswith="resource.").order_by("pk").values_list("act", flat=True))


def sent() -> list[str]:
    """The kinds of activity written for partners about things, in order."""
    return list(Activity.objects.exclude(object_uri="").order_by("pk").values_list("type", flat=True))


def test_a_new_sheet_starts_with_what_is_known_and_nothing_is_sent():
    member, writer = a_member(), a_contributor()
    sheet = actions.start("good-practice", member=member, by=writer)
    assert sheet.state == State.DRAFT
    assert sheet.draft["territory"] == member.territory_id
    assert sheet.draft["licence"] == "etalab-2.0"
    assert sheet.draft_saved_by == writer
    assert sent() == []
    assert index.find("achats") == []


def test_a_draft_keeps_what_is_wrong_as_it_was_typed():
    sheet = a_practice("draft")
    actions.save_draft(sheet, {"human_resources_fte": "un peu", "title": "x" * 400}, by=None)
    sheet.refresh_from_db()
    assert sheet.draft["human_resources_fte"] == "un peu"
    assert sheet.draft["title"] == "x" * 400
    assert sheet.draft["problem"] == PRACTICE["problem"], "what was not typed now is still there"
    assert sheet.title == "x" * 300


def test_what_no_database_stores_is_taken_out():
    sheet = a_practice("draft")
    actions.save_draft(sheet, {"problem": "a\x00b\ud800c", "objectives": ["\x00"]}, by=None)
    sheet.refresh_from_db()
    assert sheet.draft["problem"] == "abc"


@pytest.mark.parametrize("code", ["state", "member", "validation", "is_staff"])
def test_a_code_that_is_not_of_the_kind_is_refused(code):
    sheet = a_practice("draft")
    with pytest.raises(actions.Invalid) as refused:
        actions.save_draft(sheet, {code: "x"}, by=None)
    assert list(refused.value.errors) == [code]


def test_a_draft_has_a_size():
    sheet = a_practice("draft")
    with pytest.raises(actions.Invalid):
        actions.save_draft(sheet, {"description": "x" * 600_000}, by=None)


def test_publishing_makes_a_version_that_is_found_and_sent():
    editor = an_editor()
    sheet = a_practice("draft")
    actions.publish(sheet, by=editor)
    sheet.refresh_from_db()
    assert (sheet.state, sheet.version, sheet.draft) == (State.PUBLISHED, 1, None)
    assert content.typed_data(sheet) == PRACTICE
    assert sheet.slug == "ouvrir-les-achats-aux-producteurs-locaux"
    assert sheet.published_at == sheet.updated_at
    assert sheet.published_at.microsecond == 0
    assert set(sheet.theme_rows.values_list("theme", flat=True)) == set(sheet.themes)
    assert sheet.facts["validation"][0]["level"] == "local"
    assert sheet.revisions.get().by == editor
    assert index.find("producteurs") == [sheet.uri]
    assert sent() == ["Create"]
    assert "resource.publish" in acts_told()


def test_what_is_missing_is_said_and_nothing_happens():
    sheet = a_practice("draft", results=None, summary="x" * 301)
    with pytest.raises(actions.Invalid) as refused:
        actions.publish(sheet, by=None)
    assert set(refused.value.errors) == {"results", "summary"}
    sheet.refresh_from_db()
    assert sheet.state == State.DRAFT
    assert sent() == []


def test_a_date_to_look_at_it_again_is_set_when_none_was_given():
    sheet = a_practice(review_due_on=None)
    due, published = sheet.review_due_on, sheet.published_at.date()
    assert isinstance(due, date)
    assert (due.year - published.year) * 12 + due.month - published.month == 18


def test_changes_wait_in_the_draft_until_they_are_published():
    sheet, writer, editor = a_practice(), a_contributor(), an_editor()
    actions.save_draft(sheet, {"title": "Autre titre"}, by=writer)
    sheet.refresh_from_db()
    assert sheet.title == PRACTICE["title"]
    actions.submit(sheet, by=writer, comment="Titre plus court")
    assert sheet.state == State.PUBLISHED
    assert sheet.proposed_at
    actions.publish(sheet, by=editor, note="Titre")
    sheet.refresh_from_db()
    assert (sheet.title, sheet.version, sheet.proposed_at) == ("Autre titre", 2, None)
    assert [revision.content["title"] for revision in sheet.revisions.all()] == ["Autre titre", PRACTICE["title"]]
    assert sheet.revisions.first().note == "Titre"
    assert sent() == ["Create", "Update"]


def test_publishing_without_a_change_is_refused():
    sheet = a_practice()
    with pytest.raises(workflow.NotPossible):
        actions.publish(sheet, by=None)
    with pytest.raises(workflow.NotPossible):
        actions.submit(sheet, by=None)
    assert sheet.revisions.count() == 1


def test_sending_back_says_why():
    sheet = a_practice("submitted")
    with pytest.raises(actions.Invalid):
        actions.send_back(sheet, by=None, comment=" ")
    actions.send_back(sheet, by=an_editor(), comment="Le budget manque de détail.")
    assert sheet.state == State.DRAFT
    assert Comment.objects.get().move == "send_back"
    assert sheet.draft


@pytest.mark.parametrize("comment", ["", "Bonjour"])
def test_a_submission_may_carry_a_word(comment):
    actions.submit(a_practice("draft"), by=None, comment=comment)
    assert Comment.objects.count() == bool(comment)


def test_a_withdrawn_sheet_is_no_longer_found_and_partners_are_told():
    sheet = a_practice()
    actions.withdraw(sheet, by=an_editor(), reason="Erreur")
    assert index.find("producteurs", members=True) == []
    assert sent() == ["Create", "Delete"]
    assert sheet.revisions.count() == 1, "the text is kept as an archive"


def test_an_archived_sheet_is_still_found_and_partners_know():
    sheet = a_practice()
    actions.archive(sheet, by=None)
    assert index.find("producteurs") == [sheet.uri]
    assert sent() == ["Create", "Update"]
    actions.restore(sheet, by=None)
    assert (sheet.state, sheet.version) == (State.PUBLISHED, 3)


@pytest.mark.parametrize("facts", [{"visibility": "members"}, {"visibility": "owner"}, {"federated": False}])
def test_what_is_not_for_all_never_leaves(facts):
    sheet = a_practice(**facts)
    actions.archive(sheet, by=None)
    actions.withdraw(sheet, by=None)
    assert sent() == []


def test_what_is_for_members_is_found_by_members_only():
    sheet = a_practice(visibility="members")
    assert index.find("producteurs") == []
    assert index.find("producteurs", members=True) == [sheet.uri]


def test_a_public_sheet_is_not_found_by_what_it_keeps_for_members():
    a_practice(what_failed="Le zirconium nous a manqué.")
    assert index.find("zirconium", members=True) == []


# Taking back from partners (docs/decisions/0008-unsharing.md) -----------------------------------------------------


@pytest.mark.parametrize("change", [{"visibility": "members"}, {"federated": False}])
def test_taking_a_sheet_back_from_partners_is_final_for_its_address(change):
    sheet = a_practice()
    assert not content.would_unshare(sheet)
    actions.save_draft(sheet, change, by=None)
    assert content.would_unshare(sheet)
    actions.publish(sheet, by=None)
    assert sent() == ["Create", "Delete"]
    assert sheet.unshared_at
    assert not content.would_unshare(sheet)
    actions.save_draft(sheet, {"visibility": "public", "federated": True}, by=None)
    with pytest.raises(actions.Invalid) as refused:
        actions.publish(sheet, by=None)
    assert list(refused.value.errors) == ["federated"]
    assert sent() == ["Create", "Delete"]


def test_a_copy_of_it_is_shared_like_any_other():
    sheet = a_practice()
    actions.save_draft(sheet, {"federated": False}, by=None)
    actions.publish(sheet, by=None)
    copied = actions.copy(sheet, by=an_editor())
    actions.save_draft(copied, {"federated": True}, by=None)
    actions.publish(copied, by=None)
    assert copied.uri != sheet.uri
    assert sent() == ["Create", "Delete", "Create"]


# Bringing in ------------------------------------------------------------------------------------------------------


def test_what_was_published_elsewhere_comes_in_as_it_is():
    said = {"title": "Une démarche", "summary": "Courte.", "description": "Texte", "themes": ["mobilite"]}
    sheet = actions.bring_in("good-practice", member=a_member(), data=said, by=None)
    assert (sheet.state, sheet.version) == (State.PUBLISHED, 1)
    actions.save_draft(sheet, {"title": "Une démarche corrigée"}, by=None)
    actions.publish(sheet, by=None)
    assert sheet.version == 2, "it may be corrected without being completed"
    actions.save_draft(sheet, {"summary": ""}, by=None)
    with pytest.raises(actions.Invalid) as refused:
        actions.publish(sheet, by=None)
    assert list(refused.value.errors) == ["summary"], "but may not say less than it did"


def test_what_is_wrong_does_not_come_in():
    with pytest.raises(actions.Invalid):
        actions.bring_in("good-practice", member=a_member(), data={"title": "x" * 101}, by=None)
    assert not Resource.objects.exists()


# Discarding -------------------------------------------------------------------------------------------------------


def test_a_draft_that_is_thrown_away_is_gone():
    sheet = a_practice("draft")
    pk = sheet.pk
    actions.discard(sheet, by=None)
    assert not Resource.objects.filter(pk=pk).exists()
    assert "resource.discard" in acts_told()


def test_changes_that_are_thrown_away_leave_the_sheet_as_it_is():
    sheet = a_practice()
    actions.save_draft(sheet, {"title": "Autre"}, by=None)
    actions.discard(sheet, by=None)
    sheet.refresh_from_db()
    assert sheet.draft is None
    assert sheet.title == PRACTICE["title"]
    assert not sheet.has_changes


def test_the_network_vouches_beside_the_collectivite():
    sheet = a_practice()
    actions.save_draft(sheet, {"title": "Autre"}, by=None)
    actions.publish(sheet, by=a_coordinator())
    assert [row["level"] for row in sheet.facts["validation"]] == ["local", "network"]


def test_a_note_goes_the_same_way():
    assert a_note().version == 1
    assert sent() == ["Create"]


def test_its_reach_is_that_of_its_author():
    assert len(actions.reached(a_practice())) == api.reach(a_member().actor_uri) == 0
    assert actions.fate(a_practice("draft")) == []
