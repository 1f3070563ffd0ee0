"""Asking about a sheet, reporting a message and deciding on it, in a real browser."""

import re

from playwright.sync_api import Page, expect

from tests.browser.looking import assert_welcoming, fr, sign_in
from tests.make import a_coordinator, a_forum, a_post, a_practice, a_question, a_speaker, a_thread, a_user


def a_person(make, email, **facts):
    return make(user=a_user(email, full_name="Claire Moreau", language="fr"), **facts)


def test_a_question_about_a_sheet_is_asked_from_its_page_in_two_screens(phone: Page):
    forum = a_forum("Alimentation", theme="alimentation")
    sheet = a_practice(title="Une cantine bio", themes=["alimentation"])
    for title in ("Combien cela coûte-t-il ?", "Qui livre ?"):
        a_question(forum, title=title, about=sheet.uri)
    asker = a_person(a_speaker, "claire@example.org")
    sign_in(phone, asker.email)
    phone.goto(sheet.get_absolute_url())
    assert_welcoming(phone)
    expect(phone.locator("section[aria-labelledby=discussions]")).to_contain_text("Qui livre ?")
    phone.locator(f"a[href^='/forums/{forum.slug}/nouveau/']").click()
    expect(phone.locator("main")).to_contain_text("Une cantine bio")
    assert_welcoming(phone)
    phone.locator("input[name=title]").fill("Quels agréments ?")
    phone.locator("textarea[name=source]").fill("Pour une légumerie.")
    phone.locator("main form .actions .button").first.click()
    phone.wait_for_url(re.compile(r"/discussions/\d+/quels-agrements"))
    expect(phone.locator(f"a[href='{sheet.get_absolute_url()}']")).to_have_text("Une cantine bio")
    phone.goto("/discussions/?q=agrément")
    expect(phone.locator("main")).to_contain_text("Quels agréments ?")
    assert_welcoming(phone)
    phone.goto(f"/discussions/a-propos/?uri={sheet.uri}")
    assert_welcoming(phone)


def test_a_message_is_reported_on_a_phone_and_decided_on_a_desk(phone: Page, desktop: Page):
    thread = a_thread(a_forum(), title="Quel seuil ?")
    post = a_post(thread, source="Un propos injurieux.")
    reader = a_person(a_speaker, "claire@example.org")
    coordinator = a_coordinator(email="coord@example.org", full_name="Nadia Benali", language="fr")
    sign_in(phone, reader.email)
    phone.goto(post.get_absolute_url())
    phone.locator(f"#message-{post.pk} a[href^='/signaler/']").click()
    assert_welcoming(phone)
    phone.locator("main form .actions .button").first.click()
    expect(phone.locator(".error-summary")).to_be_visible()
    assert_welcoming(phone)
    phone.locator("input[name=track][value=charter]").check()
    phone.locator("textarea[name=reason]").fill("C’est une insulte.")
    phone.locator("main form .actions .button").first.click()
    phone.wait_for_url(re.compile("/discussions/"))
    sign_in(desktop, coordinator.email)
    desktop.goto("/moderation/")
    assert_welcoming(desktop)
    desktop.locator("main .card-title a").click()
    expect(desktop.locator("blockquote")).to_contain_text("Un propos injurieux.")
    assert_welcoming(desktop)
    desktop.locator("textarea[name=reason]").fill("Contraire à la charte.")
    desktop.locator("button[value=remove]").click()
    expect(desktop.locator("main")).to_contain_text(fr("Nothing waits for a decision."))
    phone.goto("/avis/")
    expect(phone.locator("main")).to_contain_text("Contraire à la charte.")
    phone.locator("main .card-title a").first.click()
    assert_welcoming(phone)
