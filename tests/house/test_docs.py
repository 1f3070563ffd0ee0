"""What the documents say of the tree is true."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands

from federation import wire
from federation.verbs import VERBS
from tests.house.tree import ROOT, modules, says_something

DOCUMENTS = sorted(
    path.relative_to(ROOT) for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")] if path.is_file()
)
TARGETS = set(re.findall(r"^([a-z][\w-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def blocks(document: Path, language: str) -> Iterator[str]:
    yield from re.findall(rf"```{language}\n(.*?)```", (ROOT / document).read_text(), re.DOTALL)


def commands(document: Path) -> Iterator[str]:
    """One line each, without its comment, of what the document tells the reader to type."""
    for block in blocks(document, "sh"):
        for line in block.replace("\\\n", " ").splitlines():
            if command := line.split(" #")[0].strip().removeprefix("$ "):
                yield command


def test_the_map_names_every_module_once_and_nothing_else():
    there = {str(module) for module in modules() if says_something(module)}
    named = re.findall(r"^\| `([^`]+\.py)` \|", (ROOT / "docs/map.md").read_text(), re.MULTILINE)
    assert sorted(named) == sorted(there)


def test_the_readme_is_short():
    assert len((ROOT / "README.md").read_text().splitlines()) <= 120


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_what_a_reader_is_told_to_type_exists(document):
    for command in commands(document):
        for target in re.findall(r"\bmake ([a-z][\w-]*)", command):
            assert target in TARGETS, command
        for name in re.findall(r"\bmanage\.py ([a-z_]+)", command):
            assert name in get_commands(), command
        for name in re.findall(r"(?:^|\s)(\.ci/\S+|deploy/\S+)", command):
            assert (ROOT / name).exists(), command


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_links_between_documents_lead_somewhere(document):
    text = re.sub(r"```.*?```", "", (ROOT / document).read_text(), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not re.match(r"[a-z]+:|#", target):
            path = (ROOT / document).parent / target.split("#")[0]
            assert path.exists(), f"{document} links to {target}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_files_that_documents_name_exist(document):
    """Names in backticks that look like a path of this tree."""
    text = (ROOT / document).read_text()
    for name in re.findall(r"`((?:rtes_hub|federation|resources|tests|docs)/[\w./-]+\.\w+)`", text):
        assert (ROOT / name).exists(), f"{document} names {name}"


def test_every_variable_that_operators_may_set_is_documented():
    source = (ROOT / "rtes_hub/env.py").read_text()
    read = re.findall(r'environ(?:\.get\(|, )"([A-Z_]+)"|one_of\("([A-Z_]+)"', source)
    told = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs/operating.md").read_text(), re.MULTILINE))
    assert {name for pair in read for name in pair if name} <= told


def test_the_example_of_the_wire_form_is_what_we_write():
    (example,) = blocks(Path("FEDERATION.md"), "json")
    document = json.loads(example)
    publication = wire.read.publication(document)
    assert publication.kind == "good-practice"
    assert wire.write.article(publication, followers=document["cc"][0]) == document


def test_the_verbs_we_say_we_understand_are_those_we_do():
    section = (ROOT / "FEDERATION.md").read_text().partition("## Activities")[2].partition("\n## ")[0]
    told = {
        verb for row in re.findall(r"^\| (`.*?) \|", section, re.MULTILINE) for verb in re.findall(r"`([A-Z]\w+)`", row)
    }
    assert told == set(VERBS)


def test_decisions_are_short_and_no_number_serves_twice():
    records = sorted((ROOT / "docs/decisions").glob("*.md"))
    assert len({path.name[:4] for path in records}) == len(records)
    for path in records:
        assert len(path.read_text().splitlines()) <= 40, path.name
