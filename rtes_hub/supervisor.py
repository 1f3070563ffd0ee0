"""Several processes under one roof: started together, restarted when they die, stopped together.

Nobody is left behind: each child asks the kernel for a SIGTERM when the supervisor itself dies, even by kill -9.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import IO

#: Wait before a restart, in seconds: doubled at each death, forgotten after STEADY seconds of life.
FIRST_WAIT, LONGEST_WAIT, STEADY = 0.5, 30.0, 60.0
#: What a child gets to finish what it does, in seconds. The whole stop stays under ten.
PATIENCE = 8.0
#: Between two looks at the children, in seconds.
BREATH = 0.2
PR_SET_PDEATHSIG = 1

Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Process:
    """A child to keep alive."""

    name: str  #: opens each of its lines
    argv: Sequence[str]
    env: Mapping[str, str]


@dataclass(kw_only=True)
class _Child:
    process: Process
    popen: subprocess.Popen[str] | None = None
    started: float = 0.0
    wait: float = FIRST_WAIT
    restart_at: float = 0.0

    @property
    def alive(self) -> bool:
        return self.popen is not None and self.popen.poll() is None


@dataclass
class Supervisor:
    """`run()` blocks until SIGINT or SIGTERM. Start it from the main thread: children are bound to it."""

    processes: Sequence[Process]
    say: Say = print
    _children: list[_Child] = field(default_factory=list)
    stopping: bool = False  #: plain, not an Event: a signal handler may not wait for a lock
    _lines: threading.Lock = field(default_factory=threading.Lock)

    def run(self, when_started: Callable[["Supervisor"], None] | None = None) -> None:
        """Keep everyone alive. `when_started` runs beside, in a thread; it should watch `stopping`."""
        before = {number: signal.signal(number, self._stop_asked) for number in (signal.SIGINT, signal.SIGTERM)}
        self._children = [_Child(process=process) for process in self.processes]
        try:
            if when_started:
                threading.Thread(target=when_started, args=(self,), daemon=True).start()
            while not self.stopping:
                for child in self._children:
                    self._look_after(child)
                time.sleep(BREATH)
        finally:
            self._stop_everyone()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop_asked(self, _number: int, _frame: FrameType | None) -> None:
        if self.stopping:  # asked twice: somebody is in a hurry
            self._kill_groups()
        self.stopping = True

    def _look_after(self, child: _Child) -> None:
        if child.alive:
            return
        now = time.monotonic()
        if child.popen is not None:
            if now - child.started > STEADY:
                child.wait = FIRST_WAIT
            self._tell(child, f"ended ({_how(child.popen.returncode)}); again in {child.wait:g} s")
            _signal_group(child.popen.pid, signal.SIGKILL)  # what it may have left running
            child.popen, child.restart_at = None, now + child.wait
            child.wait = min(child.wait * 2, LONGEST_WAIT)
        if now >= child.restart_at:
            self._start(child)

    def _start(self, child: _Child) -> None:
        child.started = time.monotonic()
        child.popen = subprocess.Popen(
            [sys.executable, "-I", "-S", __file__, str(os.getpid()), *child.process.argv],
            env=dict(child.process.env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,  # Ctrl-C reaches the supervisor alone, which stops the others in order
        )
        if child.popen.stdout:
            threading.Thread(target=self._relay, args=(child, child.popen.stdout), daemon=True).start()

    def _relay(self, child: _Child, stream: IO[str]) -> None:
        for line in stream:
            self._tell(child, line.rstrip("\n"))

    def _tell(self, child: _Child, line: str) -> None:
        width = max(len(process.name) for process in self.processes)
        with self._lines:
            self.say(f"{child.process.name:<{width}} | {line}")

    def _stop_everyone(self) -> None:
        """Leaders first, so that each may finish with its own children; then whatever remains of the groups."""
        running = [child.popen for child in self._children if child.popen is not None]
        for popen in running:
            if popen.poll() is None:
                popen.terminate()
        deadline = time.monotonic() + PATIENCE
        for popen in running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                popen.wait(max(0.0, deadline - time.monotonic()))
        self._kill_groups()
        for popen in running:
            popen.wait()

    def _kill_groups(self) -> None:
        for child in self._children:
            if child.popen is not None:
                _signal_group(child.popen.pid, signal.SIGKILL)


def _signal_group(leader: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, number)


def _how(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit {code}"


def leash(parent: int, argv: Sequence[str]) -> None:
    """Become `argv`, told to stop when `parent` dies. Elsewhere than on Linux there is no such promise.

    A program of its own rather than a `preexec_fn`: the supervisor has threads, and Python must not fork under them.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:  # it died before we could ask
            sys.exit(1)
    os.execvpe(argv[0], list(argv), os.environ)  # noqa: S606


if __name__ == "__main__":
    leash(int(sys.argv[1]), sys.argv[2:])
