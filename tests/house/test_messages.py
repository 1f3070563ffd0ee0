"""French first: every sentence of the code has its French, and what is compiled is what is written."""

import gettext
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.house.tree import PACKAGES, ROOT

CATALOGUE = Path("rtes_hub/locale/fr/LC_MESSAGES/django.po")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")

needs_gettext = pytest.mark.skipif(not shutil.which("xgettext"), reason="gettext is not installed; .ci/run installs it")


@dataclass(frozen=True)
class Entry:
    msgid: str
    plural: str
    context: str
    texts: list[str]  #: one, or one a plural form
    fuzzy: bool


def entries(po: str) -> Iterator[Entry]:
    """Escapes are left as they are written; the header is left out."""
    for block in re.split(r"\n\s*\n", po):
        said: dict[str, str] = {}
        name = ""
        for line in block.splitlines():
            if found := re.match(r'(msg\w+(?:\[\d\])?) "(.*)"$', line):
                name, said[found[1]] = found[1], found[2]
            elif found := re.match(r'"(.*)"$', line):
                said[name] += found[1]
        if said.get("msgid"):
            yield Entry(
                said["msgid"],
                said.get("msgid_plural", ""),
                said.get("msgctxt", ""),
                [text for key, text in said.items() if key.startswith("msgstr")],
                bool(re.search(r"^#,.*fuzzy", block, re.MULTILINE)),
            )


def unescaped(text: str) -> str:
    return text.encode().decode("unicode_escape").encode("latin-1").decode()


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The catalogue as it would be after a look at all the code; the tree itself is left alone."""
    copy = tmp_path_factory.mktemp("tree")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__", "data", "static"))
    shutil.copy(ROOT / "manage.py", copy)
    argv = [sys.executable, "manage.py", "makemessages", "--locale", "fr", "--no-obsolete", "--no-wrap"]
    environ = {**os.environ, "DJANGO_SETTINGS_MODULE": "rtes_hub.settings"}
    done = subprocess.run(argv, cwd=copy, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return (copy / CATALOGUE).read_text()


@needs_gettext
def test_every_sentence_has_its_french(extracted):
    assert not [entry.msgid for entry in entries(extracted) if entry.fuzzy or not all(entry.texts)]


@needs_gettext
def test_the_french_speaks_of_the_same_things(extracted):
    """A placeholder that the English does not have would break the page."""
    assert not [
        entry.msgid
        for entry in entries(extracted)
        if set(PLACEHOLDER.findall(" ".join(entry.texts))) - set(PLACEHOLDER.findall(entry.msgid + entry.plural))
    ]


def test_what_is_compiled_is_the_french_that_is_written():
    with (ROOT / CATALOGUE.with_suffix(".mo")).open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for entry in entries((ROOT / CATALOGUE).read_text()):
        if not entry.context and not entry.plural and entry.texts[0] and not entry.fuzzy:
            assert compiled.gettext(unescaped(entry.msgid)) == unescaped(entry.texts[0])
