"""French is whole: every text of ours has its French, in good typography, and what is read is what was compiled."""

import gettext
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import PACKAGES, ROOT

MESSAGES = Path("rtes_hub/locale/fr/LC_MESSAGES")
CATALOGUE = ROOT / MESSAGES / "django.po"
COMPILED = ROOT / MESSAGES / "django.mo"

needs_gettext = pytest.mark.skipif(
    not all(map(shutil.which, ("xgettext", "msgmerge", "msgfmt", "msgattrib"))),
    reason="GNU gettext is not installed (apt-get install gettext).",
)

Entries = dict[str | tuple[str, int], str]


def entries(compiled: Path) -> Entries:
    """Message → French; plurals have a key for each of their forms."""
    with compiled.open("rb") as file:
        catalogue = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return {key: text for key, text in catalogue.items() if key}


def gnu(*command: str | Path, **options) -> str:
    return subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True, **options).stdout


@pytest.fixture(scope="module")
def extracted(tmp_path_factory) -> Path:
    """The catalogue as it becomes when every text is looked for again, in a copy of the tree."""
    folder = tmp_path_factory.mktemp("tree")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__", "*.csv.gz"))
    shutil.copy(ROOT / "manage.py", folder)
    words = ["makemessages", "-l", "fr", "--no-obsolete", "--add-location", "file"]
    environ = os.environ | {
        "DJANGO_SETTINGS_MODULE": "rtes_hub.settings",
        "RTES_ENV": "test",
        "RTES_DATA_DIR": str(folder / "var"),
    }
    gnu(sys.executable, "manage.py", *words, cwd=folder, env=environ)
    return folder / MESSAGES / "django.po"


def names(listing: str) -> list[str]:
    """The messages of a listing in the format of gettext, without its header."""
    return re.findall(r'^msgid ((?:".*"\n)+)', listing, re.MULTILINE)[1:]


@needs_gettext
def test_nothing_is_missing_and_nothing_is_doubtful(extracted):
    assert names(gnu("msgattrib", "--untranslated", extracted)) == []
    assert names(gnu("msgattrib", "--only-fuzzy", extracted)) == []


@needs_gettext
def test_nothing_is_stale(extracted, tmp_path):
    for name, catalogue in (("now", extracted), ("kept", CATALOGUE)):
        gnu("msgfmt", "-o", tmp_path / name, catalogue)
    assert entries(tmp_path / "kept").keys() == entries(tmp_path / "now").keys()


@needs_gettext
def test_what_is_compiled_is_what_is_written(tmp_path):
    gnu("msgfmt", "--check-format", "-o", tmp_path / "compiled", CATALOGUE)
    assert entries(COMPILED) == entries(tmp_path / "compiled")


def test_french_keeps_the_blanks_and_the_links_of_the_english():
    """`{n}` and tags are filled in or read by scripts; gettext itself only checks `%(name)s`."""
    changed = {
        (key if isinstance(key, str) else key[0], text)
        for key, text in entries(COMPILED).items()
        if not (isinstance(key, tuple) and key[1] == 0)  # the singular may leave its number out
        for pattern in (r"\{\w*\}", r"%\(\w+\)\w", r"</?\w+[^>]*>", r"https?://[^\s<>\"]+\w")
        if isinstance(key, str)
        and sorted(re.findall(pattern, key)) != sorted(re.findall(pattern, text))
        and "hub.example" not in key
    }
    assert not changed


@pytest.mark.parametrize(
    ("mistake", "pattern"),
    [
        ("a straight apostrophe", r"\w'\w"),
        ("an ordinary space before a double mark", r"(?<!^) [:;!?»](?=\s|$)"),
        ("an ordinary space after an opening quotation mark", r"« "),
        ("three dots for an ellipsis", r"\.\.\."),
        ("a word of networks", r"(?i)\bfédér|\binstances?\b(?! de)|\bActivityPub\b"),
        ("an anglicism", r"(?i)\b(e-?mails?|mails?|login|hubs?|digital|opportunité de)\b"),
    ],
)
def test_french_is_well_written(mistake, pattern):
    allowed = {"Instance"}  # of a collectivité: its council, its bureau
    # What is filled in, tags and addresses are nobody's French.
    texts = {re.sub(r"%\(\w+\)\w|\{\w+\}|<[^>]*>|https?://\S+|`\w+`", "…", text) for text in entries(COMPILED).values()}
    wrong = {text for text in texts - allowed if re.search(pattern, text)}
    assert not wrong, mistake


def test_long_texts_are_not_left_in_english():
    same = {key for key, text in entries(COMPILED).items() if key == text and len(key.split()) > 4}
    assert not same
