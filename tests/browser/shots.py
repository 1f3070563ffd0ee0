"""Pictures of the main pages of a running hub, on a phone and on a desk, light and dark.

    python -m tests.browser.shots http://127.0.0.1:8001 var/shots [EMAIL PASSWORD] [/address/ …]

With an e-mail address and a password, the pages of a signed-in person too.
"""

import re
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.looking import scrolls_sideways, sign_in

FOR_ALL = ["/", "/ressources/", "/ressources/?q=clauses", "/collectivites/", "/a-propos/", "/compte/connexion/"]
SIGNED_IN = ["/mon-espace/", "/ressources/nouvelle/"]
SCREENS = {"phone": (360, 740, "light"), "desk": (1280, 900, "light"), "dark": (1280, 900, "dark")}


def take(browser: Browser, base_url: str, folder: Path, addresses: list[str], person: tuple[str, str] | None) -> None:
    for name, (width, height, scheme) in SCREENS.items():
        context = browser.new_context(
            base_url=base_url, viewport={"width": width, "height": height}, color_scheme=scheme, locale="fr-FR"
        )
        page = context.new_page()
        if person:
            sign_in(page, *person)
        for address in addresses:
            page.goto(address)
            file = folder / f"{re.sub(r'[^a-z0-9]+', '-', address).strip('-') or 'accueil'}.{name}.png"
            page.screenshot(path=file, full_page=True)
            print(file, "(scrolls sideways!)" if scrolls_sideways(page) else "")
        context.close()


def main(base_url: str, folder: str, *rest: str) -> None:
    Path(folder).mkdir(parents=True, exist_ok=True)
    person = (rest[0], rest[1]) if len(rest) > 1 and not rest[0].startswith("/") else None
    addresses = list(rest[2:] if person else rest) or FOR_ALL + (SIGNED_IN if person else [])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        take(browser, base_url, Path(folder), addresses, person)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
