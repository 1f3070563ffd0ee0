"""A file is read in one sitting, a function at one glance."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import PACKAGES, ROOT, modules

LINES_OF_A_FILE = 300
LINES_OF_A_FUNCTION = 40

EXCEPTIONS = tomllib.loads((ROOT / "tests/house/sizes.toml").read_text())


def too_long(path: Path) -> Iterator[tuple[str, int]]:
    source = (ROOT / path).read_text()
    if (lines := len(source.splitlines())) > LINES_OF_A_FILE:
        yield str(path), lines
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LINES_OF_A_FUNCTION:
                yield f"{path}::{node.name}", lines


def everything_too_long() -> dict[str, int]:
    return dict(found for path in modules(of=(*PACKAGES, "tests")) for found in too_long(path))


def test_what_is_too_long_has_a_reason():
    over = everything_too_long()
    listing = "\n".join(f"{lines:5} {name}" for name, lines in sorted(over.items()))
    assert not over.keys() - EXCEPTIONS.keys(), f"Too long:\n{listing}"
    assert all(len(reason) > 20 for reason in EXCEPTIONS.values())


def test_no_exception_outlives_its_need():
    assert EXCEPTIONS.keys() <= everything_too_long().keys()


def test_a_long_function_would_be_seen(tmp_path):
    path = tmp_path / "long.py"
    path.write_text("def f():\n" + "    x = 1\n" * 301)
    assert dict(too_long(path)) == {str(path): 302, f"{path}::f": 302}
