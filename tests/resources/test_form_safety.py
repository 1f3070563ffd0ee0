"""Two people on one sheet, and a session that ends: what was typed is kept."""

import pytest

from resources import actions
from tests.make import a_contributor, a_practice
from tests.resources.typing import address, fields, seen, send
from tests.returning import session_ended

pytestmark = pytest.mark.django_db

PASSWORD = "mot-de-passe-des-tests"


@pytest.fixture
def writer(client):
    user = a_contributor()
    client.force_login(user)
    return user


# Two people at once -----------------------------------------------------------------------------------------------


def test_when_a_colleague_saved_meanwhile_both_texts_are_shown_and_nothing_is_overwritten(client, writer):
    sheet = a_practice("draft")
    mine = fields(sheet, "besoin", problem="Mon texte")
    colleague = a_contributor(full_name="Dominique Roy")
    actions.save_draft(sheet, {"problem": "Le texte de Dominique"}, by=colleague)
    answer = send(client, address(sheet, "besoin"), mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Mon texte" in page
    assert "Le texte de Dominique" in page
    assert "Dominique Roy" in page
    sheet.refresh_from_db()
    assert sheet.draft["problem"] == "Le texte de Dominique"
    mine["seen"] = seen(sheet, "besoin")  # what the page that shows both carries
    assert send(client, address(sheet, "besoin"), mine).status_code == 302
    sheet.refresh_from_db()
    assert sheet.draft["problem"] == "Mon texte"


def test_saving_by_itself_does_not_overwrite_a_colleague_either(client, writer):
    sheet = a_practice("draft")
    mine = fields(sheet, "besoin", problem="Mon texte")
    actions.save_draft(sheet, {"problem": "Autre"}, by=a_contributor())
    assert send(client, address(sheet, "besoin"), mine, headers={"X-Autosave": "1"}).status_code == 409
    sheet.refresh_from_db()
    assert sheet.draft["problem"] == "Autre"


def test_two_people_on_two_steps_do_not_disturb_each_other(client, writer):
    sheet = a_practice("draft")
    mine = fields(sheet, "besoin", problem="Mon texte")
    actions.save_draft(sheet, {"difficulties": "Autre"}, by=a_contributor())
    assert send(client, address(sheet, "besoin"), mine).status_code == 302
    sheet.refresh_from_db()
    assert (sheet.draft["problem"], sheet.draft["difficulties"]) == ("Mon texte", "Autre")


def test_what_was_typed_stays_on_the_page_when_the_sheet_was_submitted_meanwhile(client, writer, monkeypatch):
    sheet = a_practice("draft")
    sent = fields(sheet, "besoin", problem="Mon texte")
    save = actions.save_draft

    def too_late(resource, data, *, by):
        actions.archive(resource, by=None)
        return save(resource, data, by=by)

    actions.publish(sheet, by=None)
    monkeypatch.setattr(actions, "save_draft", too_late)
    answer = send(client, address(sheet, "besoin"), sent)
    assert answer.status_code == 409
    assert "Mon texte" in answer.content.decode()


# A session that ends ----------------------------------------------------------------------------------------------


def test_what_was_typed_when_the_session_ended_comes_back_after_signing_in(client):
    user, sheet = a_contributor(), a_practice("draft")
    client.force_login(user)
    sent = fields(sheet, "besoin", problem="Une heure de travail")
    session_ended(client)
    answer = send(client, address(sheet, "besoin"), sent)
    assert answer.status_code == 302
    signed_in = client.post(answer["Location"], {"login": user.email, "password": PASSWORD})
    assert signed_in["Location"] == address(sheet, "besoin")
    for _ in range(2):  # it stays until it is saved
        page = client.get(address(sheet, "besoin")).content.decode()
        assert "Une heure de travail" in page
        assert "notice--warning" in page
    send(client, address(sheet, "besoin"), sent)
    sheet.refresh_from_db()
    assert sheet.draft["problem"] == "Une heure de travail"
    assert "notice--warning" not in client.get(address(sheet, "besoin")).content.decode()


def test_a_stash_is_for_its_own_page_and_has_a_size(client):
    sheet = a_practice("draft")
    session_ended(client)
    send(client, address(sheet, "besoin"), fields(sheet, "besoin", problem="x" * 200_000))
    assert "stash" not in client.session
    send(client, address(sheet, "besoin"), fields(sheet, "besoin", problem="Autre"))
    client.force_login(a_contributor())
    assert "Autre" not in client.get(address(sheet, "resultats")).content.decode()


def test_saving_by_itself_says_that_the_session_ended(client):
    sheet = a_practice("draft")
    answer = send(client, address(sheet, "besoin"), fields(sheet, "besoin"), headers={"X-Autosave": "1"})
    assert answer.status_code == 401
