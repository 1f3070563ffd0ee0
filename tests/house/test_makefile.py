"""What a newcomer types first, and what is said when the machine lacks something."""

import re
import stat
import subprocess
from pathlib import Path

import pytest

from tests.house.tree import ROOT

MAKEFILE = (ROOT / "Makefile").read_text()


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["make", "--no-print-directory", *arguments], cwd=ROOT, capture_output=True, text=True)


@pytest.fixture
def a_python(tmp_path: Path):
    """A python3 that runs what it is asked as the shell script given would."""

    def write(script: str) -> str:
        path = tmp_path / "python3"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return f"PYTHON={path}"

    return write


def test_help_is_what_make_says_by_itself_and_names_every_target():
    said = make().stdout
    assert said == make("help").stdout
    phony = re.search(r"^\.PHONY: (help .*)$", MAKEFILE, re.MULTILINE)
    assert phony
    assert set(re.findall(r"^  make ([\w-]+)", said, re.MULTILINE)) == set(phony[1].split())


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        ('case "$2" in *ensurepip*) exit 1;; esac', "Python's venv module is missing: apt install python3-venv"),
        (
            'case "$1" in --version) echo Python 3.9.2;; esac; case "$2" in *version_info*) exit 1;; esac',
            "Python 3.11 or later is needed; Python 3.9.2 is here. PYTHON=… names another.",
        ),
    ],
    ids=["no venv", "too old"],
)
def test_what_the_machine_lacks_is_one_sentence(a_python, tmp_path, script, sentence):
    done = make("install", "LOCK=requirements.lock", f"VENV={tmp_path}/venv", a_python(script))
    assert done.returncode != 0
    assert done.stdout.splitlines() == [sentence]
    assert not (tmp_path / "venv").exists()


def test_without_python_the_packages_to_install_are_named(tmp_path):
    done = make("install", "LOCK=requirements.lock", f"VENV={tmp_path}/venv", "PYTHON=no-such-python")
    assert done.stdout.splitlines() == ["Python is missing: apt install python3 python3-venv"]


@pytest.mark.parametrize("lock", sorted(path.name for path in ROOT.glob("requirements*.lock")))
def test_every_package_is_locked_with_its_hash(lock):
    """pip's --require-hashes would stop at the first one; here each is named."""
    packages = re.split(r"\n(?=[A-Za-z])", re.sub(r"^#.*\n", "", (ROOT / lock).read_text(), flags=re.MULTILINE))
    assert not [package.splitlines()[0] for package in packages if "--hash=sha256:" not in package]


def test_what_a_hub_runs_on_is_a_part_of_what_tests_run_on():
    """The same versions in all three lists: what was tested is what is installed."""

    def pinned(name: str) -> dict[str, str]:
        return dict(re.findall(r"^([a-z0-9-]+)(?:\[\w+\])?==(\S+)", (ROOT / name).read_text(), re.MULTILINE))

    tested = pinned("requirements-dev.lock").items()
    assert pinned("requirements.lock").items() <= tested
    assert pinned("requirements-engines.lock").items() <= tested
