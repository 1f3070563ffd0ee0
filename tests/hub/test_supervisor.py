"""The supervisor with small processes of its own: they start, come back, and none is left."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
#: Two children: one that says its pid and sleeps, with a child of its own; one that does so deaf to SIGTERM.
SCRIPT = """
import os, sys
from rtes_hub.supervisor import Process, Supervisor
child = "import os, subprocess, sys, time; p = subprocess.Popen(['sleep', '300']); " \\
        "print('pids', os.getpid(), p.pid, flush=True); time.sleep(300)"
deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + child
names = {"polite": child, "deaf": deaf}
Supervisor(
    [Process(name=n, argv=[sys.executable, "-c", names[n]], env=os.environ) for n in sys.argv[1:]],
    say=lambda line: print(line, flush=True),
).run()
"""


@pytest.fixture
def supervised() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    running: list[subprocess.Popen[str]] = []

    def start(*names: str) -> subprocess.Popen[str]:
        popen = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, *names], cwd=ROOT, text=True, stdout=subprocess.PIPE, start_new_session=True
        )
        running.append(popen)
        return popen

    yield start
    for popen in running:
        if popen.poll() is None:
            os.kill(popen.pid, signal.SIGTERM)
            popen.wait(15)
        popen.stdout.close()


def pids(popen: subprocess.Popen[str]) -> tuple[str, list[int]]:
    """The next line in which a child says who it is: its name, its pid and the pid of its own child."""
    for line in popen.stdout:
        name, _, said = line.partition("|")
        if said.split()[:1] == ["pids"]:
            return name.strip(), [int(pid) for pid in said.split()[1:]]
    raise AssertionError("the supervisor ended")


def is_there(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def gone(*pids: int) -> bool:
    deadline = time.monotonic() + 15
    while any(map(is_there, pids)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not any(map(is_there, pids))


def test_a_child_that_dies_comes_back_and_what_it_left_running_does_not_stay(supervised):
    popen = supervised("polite")
    _, (first, grandchild) = pids(popen)
    os.kill(first, signal.SIGKILL)
    assert "polite | ended (signal SIGKILL)" in popen.stdout.readline()
    name, (second, _) = pids(popen)
    assert name == "polite"
    assert second != first
    assert gone(first, grandchild)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_asked_to_stop_it_stops_everyone_and_ends_well(supervised, number):
    popen = supervised("polite", "polite")
    everyone = [*pids(popen)[1], *pids(popen)[1]]
    os.kill(popen.pid, number)
    assert popen.wait(15) == 0
    assert gone(*everyone)


def test_one_that_does_not_listen_is_killed_in_the_end(supervised):
    popen = supervised("deaf")
    _, everyone = pids(popen)
    os.kill(popen.pid, signal.SIGTERM)
    assert popen.wait(15) == 0
    assert gone(*everyone)


def test_killed_itself_it_leaves_no_child_behind(supervised):
    popen = supervised("polite")
    _, (child, _) = pids(popen)
    os.kill(popen.pid, signal.SIGKILL)
    popen.wait(15)
    assert gone(child)
