"""How the browser tests look at a page: obstacles that axe sees, in light and dark; sideways scrolling; words."""

from pathlib import Path
from typing import Any

from django.utils import translation
from playwright.sync_api import Page

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
#: WCAG A and AA, from 2.0 to 2.2, and axe's own good practice.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROWEST = 320  #: pixels: WCAG 2.2 §1.4.10


def fr(words: str, **values: Any) -> str:
    """What a French reader sees for a text of ours."""
    with translation.override("fr"):
        return translation.gettext(words) % values if values else translation.gettext(words)


def obstacles(page: Page) -> list[str]:
    """What axe finds wrong in the page as it stands, one line a rule and place."""
    page.evaluate(AXE)
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})", RULES
    )
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def scrolls_sideways(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def assert_welcoming(page: Page) -> None:
    """No obstacle in light nor in dark, one h1, no sideways scrolling on the narrowest screen."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert not (found := obstacles(page)), f"{page.url} in {scheme}:\n" + "\n".join(found)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    assert page.locator("h1").count() == 1, page.url
    size = page.viewport_size
    page.set_viewport_size({"width": NARROWEST, "height": 640})
    assert not scrolls_sideways(page), f"{page.url} scrolls sideways at {NARROWEST} px"
    page.set_viewport_size(size)


def sign_in(page: Page, email: str, password: str = "mot-de-passe-des-tests") -> None:
    page.goto("/compte/connexion/")
    page.locator("input[type=email], input[name=login]").first.fill(email)
    page.locator("input[type=password]").fill(password)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(lambda url: "/connexion/" not in url)
