"""Journeys of people before a real browser (journeys 1, 4 and 5): every page on the way is looked at."""

import re

from playwright.sync_api import Page, expect

from resources.models import Resource
from tests.browser.looking import assert_welcoming, fr, sign_in
from tests.make import a_contributor, a_member, a_practice, a_territory, an_editor

TITLE = "Insérer des clauses sociales dans tous les marchés"
BRIEF = "Quatre marchés sur cinq contiennent une clause. Le prix n’a pas augmenté."
CONTACT = {"function": "Facilitatrice des clauses sociales", "service": "Commande publique"}


def test_an_elected_member_on_a_phone_finds_what_a_peer_did_and_whom_to_ask(phone: Page):
    a_practice(title=TITLE, brief=BRIEF, contacts=[CONTACT])
    phone.goto("/")
    assert_welcoming(phone)
    phone.locator("main input[type=search]").fill("clause sociale")
    phone.locator("main .site-search button").click()
    assert_welcoming(phone)
    phone.get_by_role("link", name=TITLE).click()
    assert_welcoming(phone)
    # The brief comes first and is seen without scrolling past anything else.
    expect(phone.get_by_text(BRIEF)).to_be_visible()
    assert phone.get_by_text(BRIEF).bounding_box()["y"] < 1.5 * phone.viewport_size["height"]
    expect(phone.locator("#contact + ul")).to_contain_text(CONTACT["function"])


def test_a_contributor_starts_a_sheet_errs_comes_back_and_finds_it(desktop: Page):
    person = a_contributor(a_member())
    sign_in(desktop, person.email)
    desktop.goto("/mon-espace/")
    assert_welcoming(desktop)
    desktop.locator("main").get_by_role("link", name=fr("Share a resource")).first.click()
    assert_welcoming(desktop)
    desktop.get_by_label(fr("Good practice"), exact=True).check()
    desktop.get_by_role("button", name=fr("Start")).click()
    assert_welcoming(desktop)
    desktop.get_by_label(fr("Title"), exact=True).fill(TITLE)
    desktop.get_by_role("button", name=fr("Save and go on")).click()

    desktop.get_by_role("link", name=fr("What was done")).click()
    desktop.get_by_label(fr("Started")).fill("quand il fera beau")
    desktop.get_by_role("button", name=fr("Save and go on")).click()
    assert_welcoming(desktop)
    expect(desktop.get_by_role("alert")).to_contain_text("quand il fera beau")
    started = desktop.get_by_label(fr("Started"))
    expect(started).to_have_value("quand il fera beau")
    expect(started).to_have_attribute("aria-invalid", "true")

    desktop.goto("/mon-espace/")
    desktop.get_by_role("link", name=TITLE).click()
    expect(desktop.get_by_label(fr("Title"), exact=True)).to_have_value(TITLE)


def test_a_sheet_goes_from_its_author_to_its_editor_to_everyone(desktop: Page, phone: Page):
    member = a_member()
    author, editor = a_contributor(member), an_editor(member, elected=True)
    draft = a_practice("draft", member=member, title=TITLE, brief=BRIEF)

    sign_in(desktop, author.email)
    desktop.goto(f"/ressources/{draft.pk}/modifier/relire/")
    assert_welcoming(desktop)
    desktop.get_by_role("button", name=fr("Submit"), exact=True).click()
    expect(desktop.locator(".notice--success")).to_be_visible()
    draft.refresh_from_db()
    assert draft.state == "submitted"

    desktop.context.clear_cookies()
    sign_in(desktop, editor.email)
    desktop.goto("/mon-espace/")
    assert_welcoming(desktop)
    desktop.get_by_role("link", name=fr("Read again and publish")).click()
    assert_welcoming(desktop)
    desktop.get_by_role("button", name=fr("Publish"), exact=True).click()
    draft.refresh_from_db()
    assert draft.state == "published"

    phone.goto("/ressources/")
    phone.get_by_role("link", name=TITLE).click()
    expect(phone.get_by_text(BRIEF)).to_be_visible()


def a_step(page: Page, step: str) -> Resource:
    """A draft open in the form, at that step."""
    member = a_member()
    draft = a_practice("draft", member=member, title=TITLE)
    sign_in(page, a_contributor(member).email)
    page.goto(f"/ressources/{draft.pk}/modifier/{step}/")
    return draft


def test_the_toolbar_is_one_stop_of_the_keyboard_and_its_arrows_do_the_rest(desktop: Page):
    a_step(desktop, "action")
    area = desktop.locator("textarea[data-markdown]").first
    area.fill("important")
    area.select_text()
    desktop.keyboard.press("Shift+Tab")
    focused = desktop.locator(":focus")
    expect(focused).to_have_attribute("data-act", "bold")
    desktop.keyboard.press("ArrowRight")
    expect(focused).to_have_attribute("data-act", "italic")
    desktop.keyboard.press("End")
    expect(focused).to_have_attribute("data-act", "preview")
    desktop.keyboard.press("Home")
    desktop.keyboard.press("Enter")
    expect(area).to_have_value("**important**")
    expect(area).to_be_focused()
    # The toolbar kept its place: one step back is still one stop.
    desktop.keyboard.press("Shift+Tab")
    expect(focused).to_have_attribute("data-act", "bold")
    desktop.keyboard.press("End")
    desktop.keyboard.press("Enter")
    preview = desktop.get_by_role("region", name=fr("Preview"))
    expect(preview.locator("strong")).to_have_text("important")
    assert_welcoming(desktop)


def test_lists_and_headings_apply_to_whole_lines_and_can_be_undone(desktop: Page):
    a_step(desktop, "action")
    area = desktop.locator("textarea[data-markdown]").first
    area.fill("un\ndeux")
    area.select_text()
    desktop.locator("[data-act=list]").first.click()
    expect(area).to_have_value("- un\n- deux")
    desktop.keyboard.press("Control+z")
    expect(area).to_have_value("un\ndeux")


def test_what_is_typed_is_saved_by_itself(desktop: Page):
    draft = a_step(desktop, "essentiel")
    desktop.get_by_label(fr("Title"), exact=True).fill("Un autre titre")
    saved = re.compile(fr("Saved at {time}.").split("{")[0])
    expect(desktop.get_by_role("status").filter(has_text=saved)).to_be_visible()
    draft.refresh_from_db()
    assert draft.draft["title"] == "Un autre titre"


def test_what_cannot_be_saved_is_kept_on_the_device_and_put_back(desktop: Page):
    a_step(desktop, "essentiel")
    title = desktop.get_by_label(fr("Title"), exact=True)
    desktop.route("**/modifier/**", lambda route: route.abort())
    title.fill("Écrit dans un tunnel")
    kept = "The site cannot be reached: your text is kept on this device and will be saved as soon as possible."
    expect(desktop.get_by_text(fr(kept))).to_be_visible()
    desktop.unroute("**/modifier/**")
    desktop.reload()
    expect(title).to_have_value(TITLE)
    desktop.get_by_role("button", name=fr("Put back the text kept on this device")).click()
    expect(title).to_have_value("Écrit dans un tunnel")


def test_a_territory_is_found_with_the_keyboard_alone(desktop: Page):
    a_territory("com-21231")
    a_territory("dep-21")
    draft = a_step(desktop, "essentiel")
    field = desktop.get_by_role("combobox", name=fr("Area concerned"))
    field.fill("dijo")
    expect(desktop.locator(".listbox [role=option]")).to_have_count(2)
    assert_welcoming(desktop)
    field.press("ArrowDown")
    field.press("ArrowDown")
    chosen = desktop.locator(".listbox [aria-selected=true]")
    name = chosen.evaluate("option => option.dataset.name")
    territory_id = chosen.evaluate("option => option.dataset.id")
    field.press("Enter")
    expect(field).to_have_value(name)
    expect(desktop.get_by_role("listbox")).to_be_hidden()
    desktop.get_by_role("button", name=fr("Save"), exact=True).last.click()
    draft.refresh_from_db()
    assert draft.draft["territory"] == territory_id


def test_the_characters_left_are_counted(desktop: Page):
    a_step(desktop, "essentiel")
    desktop.get_by_label(fr("Title"), exact=True).fill("a" * 101)
    expect(desktop.get_by_text(fr("{n} characters too many").replace("{n}", "1")).first).to_be_visible()
