"""Words that may stand in one place only, or in none."""

import re
from collections.abc import Iterator

import pytest

from tests.house.tree import PACKAGES, ROOT, modules

#: pattern → (where it may stand, why)
RESERVED = {
    r"\bmark_safe\b": (
        ("rtes_hub/templatetags/",),
        "What is safe was cleaned by rtes_hub.text; one filter says so.",
    ),
    r"^\s*(import|from) (requests|urllib3|urllib\.request|httpx|aiohttp|socket)\b": (
        ("federation/fetch.py", "federation/pinned.py", "rtes_hub/prepare.py"),
        "One outbound client, which pins addresses and counts bytes.",
    ),
    r"\bhttp\.client\b": (("rtes_hub/processes.py",), "Only to ask our own child whether it is ready."),
    r"\.extra\(|\.raw\(": ((), "SQL goes through the ORM."),
    r"RawSQL": ((), "SQL goes through the ORM."),
    r"\bpickle\b|\bmarshal\b|\bshelve\b|yaml\.load\b": ((), "What is stored or received is data, never code."),
    r"(?<![\w.])(eval|exec)\(": ((), "What is received is data, never code."),
    r"(filter|exclude|get|create|update)\(\*\*\s*(request|self\.request|data|payload|params|query)\b": (
        (),
        "Names from outside never become names of columns.",
    ),
    r"\bTODO\b|\bFIXME\b|\bXXX\b": ((), "What is to be done is an issue."),
    r"(?<![\w./])/(home|root|Users|work|opt|srv)/\w": ((), "No path of one machine."),
}

TEMPLATES = {
    r"\|\s*safe\b|\|\s*safeseq\b|autoescape off": "Cleaned text goes through the one filter that knows it is clean.",
    r"\son\w+\s*=|javascript:|<script(?![^>]*\bsrc=)(?![^>]*application/(ld\+)?json)": (
        "The content policy forbids inline scripts."
    ),
    r"\sstyle\s*=|<style": "The content policy forbids inline style.",
}


def found(pattern: str, text: str) -> Iterator[int]:
    for number, line in enumerate(text.splitlines(), 1):
        if re.search(pattern, line):
            yield number


@pytest.mark.parametrize(("pattern", "places", "why"), [(p, *rest) for p, rest in RESERVED.items()])
def test_a_reserved_word_stands_where_it_may(pattern, places, why):
    elsewhere = [
        f"{path}:{number}"
        for path in modules()
        if not str(path).startswith(places or ("nowhere",))
        for number in found(pattern, (ROOT / path).read_text())
    ]
    assert not elsewhere, why


@pytest.mark.parametrize(("pattern", "why"), TEMPLATES.items())
def test_templates_hold_no_unclean_and_nothing_inline(pattern, why):
    everywhere = [
        f"{path.relative_to(ROOT)}:{number}"
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("templates/**/*.html"))
        for number in found(pattern, path.read_text())
    ]
    assert not everywhere, why


@pytest.mark.parametrize(
    ("line", "caught"),
    [
        ("x = mark_safe(y)", True),
        ("import requests", True),
        ("from requests import get", True),
        ("    requests = 3", False),
        ("Resource.objects.filter(**request.GET.dict())", True),
        ("Resource.objects.raw('select')", True),
        ("x = retrieval(y)", False),
        ("import pickle", True),
        ('ROOT = "/home/somebody/hub"', True),
        ('path("administration/partenaires/work/x")', False),
    ],
)
def test_the_patterns_catch_what_they_should(line, caught):
    assert any(list(found(pattern, line)) for pattern in RESERVED) is caught


@pytest.mark.parametrize(
    ("line", "caught"),
    [
        ("{{ body|safe }}", True),
        ('<a onclick="x()">', True),
        ("<script>x()</script>", True),
        ('<script src="{% static "a.js" %}" defer></script>', False),
        ('<p style="color: red">', True),
        ('<p class="style">', False),
    ],
)
def test_the_patterns_catch_what_they_should_in_templates(line, caught):
    assert any(list(found(pattern, line)) for pattern in TEMPLATES) is caught
