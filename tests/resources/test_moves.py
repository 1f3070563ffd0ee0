"""The last step of the form, and what its buttons do."""

import pytest
from django.urls import reverse

from resources import actions
from resources.models import Resource, State
from tests.make import a_contributor, a_coordinator, a_member, a_practice, a_user, an_editor
from tests.resources.typing import address

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer(client):
    user = a_contributor()
    client.force_login(user)
    return user


# Reading again, and the moves -------------------------------------------------------------------------------------


def test_the_last_step_says_what_is_missing_and_where(client, writer):
    sheet = a_practice("draft", results=None, brief=None)
    page = client.get(address(sheet, "relire")).content.decode()
    assert f'href="{address(sheet, "resultats")}#id_results"' in page
    assert f'href="{address(sheet, "essentiel")}#id_brief"' in page
    assert reverse("resource-move", args=[sheet.pk, "soumettre"]) not in page


def test_the_last_step_offers_the_button_that_is_theirs(client, writer):
    sheet = a_practice("draft")
    submit, publish = (reverse("resource-move", args=[sheet.pk, word]) for word in ("soumettre", "publier"))
    page = client.get(address(sheet, "relire")).content.decode()
    assert (submit in page, publish in page) == (True, False)
    client.force_login(an_editor())
    page = client.get(address(sheet, "relire")).content.decode()
    assert (submit in page, publish in page) == (False, True)


def test_a_sheet_that_came_in_incomplete_may_be_corrected(client):
    sheet = actions.bring_in("good-practice", member=a_member(), data={"title": "Une démarche"}, by=None)
    client.force_login(an_editor())
    actions.save_draft(sheet, {"title": "Une démarche corrigée"}, by=None)
    page = client.get(address(sheet, "relire")).content.decode()
    assert reverse("resource-move", args=[sheet.pk, "publier"]) in page


def test_an_incomplete_sheet_comes_back_to_the_last_step(client, writer):
    sheet = a_practice("draft", results=None)
    answer = client.post(reverse("resource-move", args=[sheet.pk, "soumettre"]))
    assert answer["Location"] == address(sheet, "relire")
    sheet.refresh_from_db()
    assert sheet.state == State.DRAFT


def test_a_sheet_goes_from_its_author_to_the_editor_and_back(client, writer):
    sheet, editor = a_practice("draft"), an_editor()
    client.post(reverse("resource-move", args=[sheet.pk, "soumettre"]), {"comment": "Bonne lecture"})
    client.force_login(editor)
    assert sheet.title in client.get(reverse("workspace")).content.decode()
    client.post(reverse("resource-move", args=[sheet.pk, "renvoyer"]), {"comment": "Quel budget ?"})
    client.force_login(writer)
    assert "Quel budget ?" in client.get(reverse("workspace")).content.decode()


def test_taking_back_from_partners_asks_first(client):
    sheet = a_practice()
    actions.save_draft(sheet, {"federated": False}, by=None)
    client.force_login(an_editor())
    assert 'name="unshare"' in client.get(address(sheet, "relire")).content.decode()
    path = reverse("resource-move", args=[sheet.pk, "publier"])
    assert client.post(path)["Location"] == address(sheet, "relire")
    sheet.refresh_from_db()
    assert sheet.version == 1
    client.post(path, {"unshare": "1"})
    sheet.refresh_from_db()
    assert (sheet.version, bool(sheet.unshared_at)) == (2, True)


def test_a_move_is_a_post(client):
    sheet = a_practice()
    client.force_login(a_coordinator())
    assert client.get(reverse("resource-move", args=[sheet.pk, "retirer"])).status_code == 405


def test_a_copy_is_begun_from_the_page(client, writer):
    sheet = a_practice()
    client.post(reverse("resource-move", args=[sheet.pk, "copier"]))
    copied = Resource.objects.exclude(pk=sheet.pk).get()
    assert (copied.state, copied.draft["problem"]) == (State.DRAFT, sheet.facts["problem"])


# The preview ------------------------------------------------------------------------------------------------------


def test_the_preview_is_safe_html_for_who_signs_in(client):
    path = reverse("preview")
    assert client.post(path, {"source": "**a**"}).status_code == 403
    client.force_login(a_user())
    answer = client.post(path, {"source": "**a** <script>1</script>"})
    assert "<strong>a</strong>" in answer.content.decode()
    assert "<script" not in answer.content.decode()
    assert client.post(path, {"source": "x" * 70_000}).status_code == 413
    assert client.get(path).status_code == 405
