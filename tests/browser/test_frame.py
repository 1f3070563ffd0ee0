"""The frame of the site before a real browser: keyboard, themes, narrow screens, no script."""

import pytest
from playwright.sync_api import Browser, Page

from rtes_hub.accounts.models import Identity
from tests.browser.looking import assert_welcoming, fr, scrolls_sideways, sign_in
from tests.make import a_contributor, a_user


@pytest.mark.parametrize("address", ["/", "/a-propos/", "/accessibilite/", "/mentions-legales/", "/compte/connexion/"])
def test_pages_for_all_are_welcoming(phone: Page, address):
    Identity.objects.update_or_create(pk=1, defaults={"name": "Réseau d’essai", "is_demo": True})
    a_user()
    phone.goto(address)
    assert_welcoming(phone)


def test_a_page_that_does_not_exist_is_welcoming_too(phone: Page):
    assert phone.goto("/nulle-part/").status == 404
    assert_welcoming(phone)


def test_the_first_tab_stop_skips_to_the_content(desktop: Page):
    desktop.goto("/accessibilite/")
    desktop.keyboard.press("Tab")
    focused = desktop.locator(":focus")
    assert focused.get_attribute("href") == "#main"
    assert focused.bounding_box()["y"] >= 0  # it shows when it has the focus
    desktop.keyboard.press("Enter")
    assert desktop.evaluate("document.activeElement.id") == "main"


def test_every_control_shows_where_the_keyboard_is(desktop: Page):
    desktop.goto("/accessibilite/")
    stops = 0
    for _ in range(40):
        desktop.keyboard.press("Tab")
        if desktop.evaluate("document.activeElement === document.body"):
            break
        stops += 1
        assert desktop.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    assert stops > 8


def test_what_a_thumb_must_hit_is_large_enough(phone: Page):
    phone.goto("/")
    for control in phone.locator("header a, header button, .button, nav a").all():
        if control.is_visible():
            assert control.bounding_box()["height"] >= 43.5, control.inner_text()


def test_the_site_works_without_scripts(chromium: Browser, live_server):
    context = chromium.new_context(
        base_url=live_server.url, java_script_enabled=False, viewport={"width": 320, "height": 640}, locale="fr-FR"
    )
    person = a_contributor()
    page = context.new_page()
    sign_in(page, person.email)
    page.goto("/ressources/")
    page.locator("main input[type=search]").fill("clauses")
    page.locator("main button").first.click()
    assert "q=clauses" in page.url
    context.close()


def test_on_paper_only_the_text_remains(desktop: Page):
    desktop.goto("/accessibilite/")
    desktop.emulate_media(media="print")
    assert not desktop.locator(".site-nav").is_visible()
    assert not desktop.locator("header form").first.is_visible()
    assert desktop.locator("h1").is_visible()
    assert not scrolls_sideways(desktop)


def test_language_is_changed_in_place(phone: Page):
    phone.goto("/accessibilite/")
    assert phone.locator("html").get_attribute("lang") == "fr"
    assert phone.locator("h1").inner_text() == fr("Accessibility statement")
    phone.get_by_role("link", name="English").click()
    assert phone.locator("html").get_attribute("lang") == "en"
    assert phone.locator("h1").inner_text() == "Accessibility statement"
    assert phone.url.endswith("/accessibilite/")
