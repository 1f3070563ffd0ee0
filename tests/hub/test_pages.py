"""The frame of every page: landmarks, errors, languages, the theme; and the pages about the hub itself."""

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rtes_hub import error_pages
from rtes_hub.accounts.models import Identity
from tests.make import a_contributor

pytestmark = pytest.mark.django_db

STATIC = Path(__file__).resolve().parents[2] / "rtes_hub" / "static"
ABOUT_US = ["/a-propos/", "/accessibilite/", "/mentions-legales/"]
HTML = {"accept": "text/html", "accept-language": "en"}


class Page(HTMLParser):
    """What a test asks of a page: its tags in order, its ids, its headings."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def page(client: Client, address: str, status: int = 200) -> Page:
    answer = client.get(address, headers=HTML)
    assert answer.status_code == status
    return Page(answer.content.decode())


@pytest.mark.parametrize("address", ["/", *ABOUT_US])
def test_a_page_has_one_title_one_main_and_a_way_to_skip_to_it(client, address):
    seen = page(client, address)
    assert len(seen.all("h1")) == 1
    assert len(seen.all("main")) == 1
    assert seen.all("a")[0]["href"] == "#main"
    assert seen.all("main")[0]["id"] == "main"
    assert {"header", "nav", "footer"} <= {tag for tag, _ in seen.tags}
    levels = [int(tag[1]) for tag, _ in seen.tags if re.fullmatch(r"h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in pairwise(levels)), levels


@pytest.mark.parametrize("address", ["/", *ABOUT_US])
def test_every_file_that_a_page_names_is_there_and_ours(client, address):
    seen = page(client, address)
    named = [a["href"] for a in seen.all("link") if a["rel"] in ("stylesheet", "icon")]
    named += [a["src"] for a in seen.all("script") if "src" in a] + [a["src"] for a in seen.all("img")]
    assert len(named) >= 7
    for name in named:
        assert finders.find(name.removeprefix(f"/{settings.STATIC_URL.strip('/')}/")), name


def test_a_visitor_gets_no_cookie_and_no_foreign_file(client):
    answer = client.get("/", headers=HTML)
    assert not answer.cookies
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "name", ["css/tokens.css", "css/site.css", "css/print.css", *(f"js/{p.name}" for p in (STATIC / "js").iterdir())]
)
def test_files_stay_light_and_speak_to_nobody_else(name):
    text = (STATIC / name).read_text()
    assert len(text.encode()) < (25_000 if name.endswith("css") else 4_096)
    assert not re.search(r"@import|url\(|https?://(?!\)`)", text)


# Choices of language -------------------------------------------------------------------------------------------------


def test_a_visitor_chooses_a_language_and_comes_back_to_the_same_page(client):
    answer = client.get("/langue/en/?next=/accessibilite/%3Fx%3D1", headers={"accept-language": "fr"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/accessibilite/?x=1")
    assert 'lang="en"' in client.get("/accessibilite/", headers={"accept-language": "fr"}).content.decode()


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "///evil.example", "x"],
)
def test_the_choice_of_a_language_leads_nowhere_else(client, elsewhere):
    assert client.get("/langue/fr/", {"next": elsewhere}).headers["Location"] == "/"


def test_an_unknown_language_is_not_a_page(client):
    assert client.get("/langue/xx/", headers=HTML).status_code == 404


# The hub says who it is ----------------------------------------------------------------------------------------------


def test_a_demonstration_says_so_on_every_page(client):
    Identity.objects.update_or_create(
        pk=1, defaults={"name": "Réseau B", "is_demo": True, "notice": "Tout est fictif."}
    )
    for address in ["/", *ABOUT_US, "/nulle-part/"]:
        text = client.get(address, headers=HTML).content.decode()
        assert "Demonstration site." in text
        assert "Tout est fictif." in text
        assert "Réseau B" in text


def test_a_hub_that_is_no_demonstration_does_not(client):
    Identity.objects.update_or_create(
        pk=1, defaults={"name": "Réseau B", "entity": "Association B", "contact": "b@b.example"}
    )
    text = client.get("/mentions-legales/", headers=HTML).content.decode()
    assert "Demonstration" not in text
    assert "Association B" in text
    assert "mailto:b@b.example" in text


def test_what_the_operator_writes_is_text_not_html(client):
    Identity.objects.update_or_create(
        pk=1, defaults={"name": "<b>x</b>", "notice": "<script>x</script>", "moderation_rules": "<img src=x>"}
    )
    for address in ["/", *ABOUT_US]:
        text = client.get(address, headers=HTML).content.decode()
        assert "<b>x" not in text
        assert "<script>x" not in text
        assert "<img src=x" not in text


def test_the_statement_on_accessibility_is_honest_and_linked_from_every_page(client):
    assert "not compliant" in client.get("/accessibilite/", headers=HTML).content.decode()
    assert "/accessibilite/" in [a.get("href") for a in page(client, "/").all("a")]


# The menu ------------------------------------------------------------------------------------------------------------


def test_a_visitor_is_offered_to_sign_in_and_a_person_their_workspace(client):
    visitor = [a.get("href") for a in page(client, "/accessibilite/").all("a")]
    assert "/compte/connexion/" in visitor
    assert "/mon-espace/" not in visitor
    client.force_login(a_contributor())
    person = page(client, "/accessibilite/")
    assert "/mon-espace/" in [a.get("href") for a in person.all("a")]
    assert "/compte/deconnexion/" in [f.get("action") for f in person.all("form")]


# Errors --------------------------------------------------------------------------------------------------------------


def test_a_page_that_does_not_exist_helps_to_go_on(client):
    seen = page(client, "/nulle-part/", 404)
    assert len(seen.all("h1")) == 1
    assert "/ressources/" in [a.get("href") for a in seen.all("a")]


def test_a_program_is_told_in_its_own_language(client):
    answer = client.get("/nulle-part/", headers={"accept": "application/json"})
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json() == {"title": "Not Found", "status": 404}


def test_a_form_without_its_protection_says_what_to_do():
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/compte/connexion/", {"login": "a@b.example"}, headers=HTML)
    assert answer.status_code == 403
    assert "This form has expired" in answer.content.decode()


@pytest.mark.parametrize("status", [400, 403, 404, 410, 413, 429, 503])
def test_every_error_has_a_page_in_the_look_of_the_site(rf, status):
    request = rf.get("/x/", headers=HTML)
    request.user = AnonymousUser()
    answer = error_pages.page(request, status)
    seen = Page(answer.content.decode())
    assert answer.status_code == status
    assert len(seen.all("h1")) == 1
    assert any(a.get("class", "").startswith("button") for a in seen.all("a"))
    assert {"name": "robots", "content": "noindex"} in seen.all("meta")


def test_a_crash_shows_a_page_that_needs_nothing(client, monkeypatch, django_assert_num_queries):
    def crash(*args, **kwargs):
        raise RuntimeError("a secret of the database")

    monkeypatch.setattr("rtes_hub.home.render", crash)
    client.raise_request_exception = False
    with django_assert_num_queries(0):
        answer = client.get("/mentions-legales/", headers=HTML)
    assert answer.status_code == 500
    text = answer.content.decode()
    assert "secret" not in text
    assert "Une erreur" in text
    for name in re.findall(r'href="/static/([^"]+)"', text):
        assert finders.find(name)


# The theme -----------------------------------------------------------------------------------------------------------

#: (text, ground, least contrast): WCAG 2.2 §1.4.3 for text, §1.4.11 for what shows where a control is.
PAIRS = [
    *((ink, ground, 4.5) for ink in ("ink", "ink-soft", "link", "danger") for ground in ("ground", "surface")),
    ("ink", "surface-2", 4.5),
    ("link", "surface-2", 4.5),
    ("ink", "accent-ground", 4.5),
    ("ink", "danger-ground", 4.5),
    ("danger", "danger-ground", 4.5),
    ("success", "success-ground", 4.5),
    ("ink", "success-ground", 4.5),
    ("partner", "partner-ground", 4.5),
    ("on-brand", "brand", 4.5),
    ("on-brand-soft", "brand", 4.5),
    ("on-brand-soft", "brand-deep", 4.5),
    ("on-action", "action", 4.5),
    ("on-accent", "accent", 4.5),
    ("accent", "brand", 3),
    ("accent", "brand-deep", 3),
    ("action", "ground", 3),
    ("line-strong", "surface", 3),
    ("line-strong", "ground", 3),
    ("focus", "ground", 3),
    ("focus", "surface", 3),
]


def tokens(scheme: str) -> dict[str, str]:
    light, dark = (STATIC / "css" / "tokens.css").read_text().split("@media (prefers-color-scheme: dark)")
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", light))
    return found | dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", dark)) if scheme == "dark" else found


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_colours_of_the_theme_can_be_read(scheme, front, back, least):
    lights = sorted(luminance(tokens(scheme)[name]) for name in (front, back))
    assert (lights[1] + 0.05) / (lights[0] + 0.05) >= least


@pytest.mark.parametrize("accept", ["text/html", "application/activity+json"])
@pytest.mark.parametrize(
    "address",
    [
        "/%00",
        "/ap/objects/%00",
        "/ap/orgs/%00/outbox",
        "/ressources/1/%00/",
        "/ressources/?q=%00",
        "/.well-known/webfinger?resource=http://127.0.0.1:8000/%00",
        "/api/v1/resources/?origin=%00",
        "/api/v1/territories/%00/",
    ],
)
def test_nothing_lives_at_an_address_with_nul(client, address, accept):
    """A query that holds it is an error of PostgreSQL: none is made, whatever the page."""
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address, headers={"Accept": accept})
    assert answer.status_code == 404
    assert answer["X-Frame-Options"] == "DENY"
    assert len(queries) == 0
