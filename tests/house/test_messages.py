"""French first: every sentence of the code has its French, and what is compiled is what is written."""

import gettext
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tree import PACKAGES, ROOT

CATALOGUE = Path("rtes_hub/locale/fr/LC_MESSAGES/django.po")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")

needs_gettext = pytest.mark.skipif(not shutil.which("xgettext"), reason="gettext is not installed; .ci/run installs it")


def entries(po: str) -> Iterator[tuple[str, list[str], bool]]:
    """(msgid, its translations, whether it is fuzzy), the header left out."""
    for block in re.split(r"\n\s*\n", po):
        said: dict[str, str] = {}
        name = ""
        for line in block.splitlines():
            if found := re.match(r'(msg\w+(?:\[\d\])?) "(.*)"$', line):
                name, said[found[1]] = found[1], found[2]
            elif found := re.match(r'"(.*)"$', line):
                said[name] += found[1]
        if said.get("msgid"):
            context = f"{said['msgctxt']}\x04" if "msgctxt" in said else ""
            texts = [text for key, text in said.items() if key.startswith("msgstr")]
            yield context + said["msgid"], texts, bool(re.search(r"^#,.*fuzzy", block, re.MULTILINE))


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The catalogue as it would be after a look at all the code; the tree itself is left alone."""
    copy = tmp_path_factory.mktemp("tree")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__", "data", "static"))
    shutil.copy(ROOT / "manage.py", copy)
    argv = [sys.executable, "manage.py", "makemessages", "--locale", "fr", "--no-obsolete", "--no-wrap"]
    done = subprocess.run(argv, cwd=copy, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return (copy / CATALOGUE).read_text()


@needs_gettext
def test_every_sentence_has_its_french(extracted):
    missing = [msgid for msgid, texts, fuzzy in entries(extracted) if fuzzy or not all(texts)]
    assert not missing


@needs_gettext
def test_the_french_speaks_of_the_same_things(extracted):
    wrong = [
        msgid
        for msgid, texts, _ in entries(extracted)
        if any(set(PLACEHOLDER.findall(text)) - set(PLACEHOLDER.findall(msgid)) for text in texts)
    ]
    assert not wrong


def test_what_is_compiled_is_the_french_that_is_written():
    with (ROOT / CATALOGUE.with_suffix(".mo")).open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for msgid, texts, _ in entries((ROOT / CATALOGUE).read_text()):
        plain = msgid.rpartition("\x04")[2].encode().decode("unicode_escape").encode("latin-1").decode()
        if "\x04" not in msgid and len(texts) == 1 and texts[0]:
            expected = texts[0].encode().decode("unicode_escape").encode("latin-1").decode()
            assert compiled.gettext(plain) == expected, msgid
