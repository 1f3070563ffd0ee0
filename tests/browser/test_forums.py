"""Asking and answering in a real browser, on a phone and on a desk."""

import re

import pytest
from playwright.sync_api import Page, expect

from forums import actions
from tests.browser.looking import assert_welcoming, fr, sign_in
from tests.make import a_coordinator, a_forum, a_member, a_post, a_question, a_reader, a_speaker, a_user


@pytest.fixture
def asker():
    user = a_user("claire@example.org", full_name="Claire Moreau", language="fr")
    return a_reader(a_member(), user=user, function="Vice-présidente", elected=True)


@pytest.fixture
def forum():
    return a_forum("Achats responsables", description="Clauses sociales, marchés réservés.")


def test_a_question_is_asked_on_a_phone_in_two_screens(phone: Page, asker, forum):
    sign_in(phone, asker.email)
    phone.goto("/forums/")
    assert_welcoming(phone)
    phone.locator(f"a[href='/forums/{forum.slug}/nouveau/']").click()
    assert_welcoming(phone)
    phone.locator("input[name=title]").fill("Quel seuil pour réserver un lot ?")
    phone.locator("textarea[name=source]").fill("Nous hésitons **beaucoup**.")
    phone.locator("input[name=consent]").check()
    phone.locator("main form .actions .button").first.click()
    phone.wait_for_url(re.compile(r"/discussions/\d+/quel-seuil"))
    expect(phone.locator("h1")).to_have_text("Quel seuil pour réserver un lot ?")
    expect(phone.locator(".post-text strong")).to_have_text("beaucoup")
    assert_welcoming(phone)


def test_a_name_is_completed_with_the_keyboard(desktop: Page, asker, forum):
    a_speaker(full_name="Nadia Benali")
    thread = a_question(forum)
    sign_in(desktop, asker.email)
    desktop.goto(thread.get_absolute_url())
    area = desktop.locator("textarea[name=source]")
    area.click()
    desktop.keyboard.type("Bonjour @nad")
    option = desktop.locator("[role=option]")
    expect(option).to_contain_text("Nadia Benali")
    expect(area).to_have_attribute("aria-activedescendant", re.compile("."))
    desktop.keyboard.press("Enter")
    expect(area).to_have_value("Bonjour @nadia.benali ")
    expect(option).to_be_hidden()


def test_every_page_of_a_discussion_is_welcoming_to_a_coordinator(desktop: Page, forum):
    coordinator = a_coordinator(email="coord@example.org", full_name="Nadia Benali", language="fr")
    asker = a_speaker(full_name="Paul Étienne")
    thread = a_question(forum, by=asker)
    answer = a_post(thread, source="| Lot | Part |\n|---|---|\n| 1 | 5 % |\n\n> Une citation\n\n@nadia.benali")
    under = a_post(thread, parent=answer, source="Merci !")
    actions.edit(under, by=under.voice.user, source="Grand merci !")
    actions.delete(a_post(thread), by=coordinator, reason="Publicité")
    actions.validate(thread, answer, by=asker)
    sign_in(desktop, coordinator.email)
    paths = ["/forums/", forum.get_absolute_url(), thread.get_absolute_url(), "/forums/ouvrir/"]
    paths += [f"/messages/{under.pk}/historique/", f"/messages/{under.pk}/supprimer/", asker.voice.get_absolute_url()]
    for path in paths:
        desktop.goto(path)
        assert_welcoming(desktop)
    desktop.goto(thread.get_absolute_url())
    expect(desktop.locator(".post--answer")).to_contain_text(fr("Validated answer"))
