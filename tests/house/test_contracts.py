"""Who may import whom (docs/map.md): kept by the tree as it stands, and each contract seen to catch a break."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.house.tree import PACKAGES, ROOT

CONTRACTS = {
    contract["id"]: contract
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
}

#: (contract, module that breaks it, what it imports)
BREAKS = [
    ("down", "federation/actors.py", "import resources.models"),
    ("down", "rtes_hub/accounts/models.py", "import rtes_hub.territories.models"),
    ("down", "rtes_hub/search/index.py", "from resources import models"),
    ("down", "resources/models.py", "import rtes_hub.settings"),
    ("down", "rtes_hub/text/clean.py", "def hidden():\n    import rtes_hub.accounts.models"),
    ("one-door", "resources/actions.py", "import federation.models"),
    ("one-door", "resources/federated.py", "from federation import wire"),
    ("one-door", "rtes_hub/management/commands/start.py", "import federation.tasks"),
    ("who-knocks", "resources/views/__init__.py", "import federation.api"),
    ("who-knocks", "resources/models.py", "from federation import api"),
    ("who-registers", "resources/actions.py", "from federation import registry"),
    ("pure", "federation/publication.py", "import django.utils.timezone"),
    ("pure", "federation/wire/__init__.py", "from django.conf import settings"),
    ("pure", "rtes_hub/text/clean.py", "import django.utils.html"),
]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", program, "--no-cache", "--no-logo"], cwd=folder, capture_output=True, text=True
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package,
            tmp_path / package,
            ignore=lambda folder, names: [
                n for n in names if (not n.endswith(".py") and not (Path(folder) / n).is_dir()) or n == "__pycache__"
            ],
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_tree_keeps_them_all():
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(("contract", "module", "line"), BREAKS)
def test_a_break_is_caught(copy: Path, contract: str, module: str, line: str):
    path = copy / module
    path.write_text(f"{path.read_text() if path.exists() else ''}\n{line}\n")
    done = lint(copy)
    assert done.returncode == 1
    assert f"{CONTRACTS[contract]['name']} BROKEN" in done.stdout


def test_every_contract_has_been_seen_to_fail():
    assert {contract for contract, *_ in BREAKS} == set(CONTRACTS)


def test_everything_under_the_roof_has_its_layer():
    """What stands in no layer would be watched by no contract."""
    layers = " : ".join(CONTRACTS["down"]["layers"]).replace("|", ":").replace("(", "").replace(")", "")
    placed = {name.strip() for name in layers.split(":")}
    there = {
        f"rtes_hub.{p.stem}" for p in (ROOT / "rtes_hub").iterdir() if p.suffix == ".py" or (p / "__init__.py").exists()
    }
    assert there - {"rtes_hub.__init__"} <= placed
