"""`manage.py start` and `demo` on a machine that is not ready: one sentence, and nothing is begun."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rtes_hub.management.commands.start import own_port

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def taken() -> Iterator[int]:
    """A port where somebody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def manage(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environ = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "RTES_TASKS")}
    environ |= {"DJANGO_SETTINGS_MODULE": "rtes_hub.settings", "RTES_ENV": "test", "RTES_DATA_DIR": str(folder)}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60
    )


def test_a_taken_port_is_said_before_anything_is_done(tmp_path, taken):
    done = manage(tmp_path, "start", "--port", str(taken))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert f"Cannot listen on 127.0.0.1:{taken}: Address already in use." in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_said_before_anything_is_done(tmp_path):
    (tmp_path / "file").write_text("")
    done = manage(tmp_path / "file" / "below", "start", "--prepare-only")
    assert done.returncode == 1
    assert "Cannot write in" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_demo_says_every_port_that_is_taken(tmp_path, taken):
    done = manage(tmp_path, "demo", "--ports", str(taken), str(taken))
    assert done.returncode == 1
    assert done.stderr.count(f"Cannot listen on 127.0.0.1:{taken}") == 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("base_url", "port"), [("http://127.0.0.1:8003", 8003), ("https://hub.example", 8000), ("http://127.0.0.1", 8000)]
)
def test_a_hub_listens_where_its_address_says_it_is(base_url, port):
    assert own_port(base_url) == port
