"""`python -m bench.convergence`: what it costs two hubs to become equal, in bytes and seconds. Nothing is asserted.

Two real hubs on loopback, SQLite and the embedded worker (PostgreSQL with DATABASE_URL). The first reading of a whole
catalogue goes the whole way; the catalogues that are compared are written into both databases, past the actions.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.journeys.hubs import ROOT, Hub, eventually
from tests.journeys.making import forget, free_ports, make


def run(hub: Hub, function: str, *arguments: object) -> str:
    """A function of bench.catalogues, in a process of that hub."""
    program = "import django, sys; django.setup(); from bench import catalogues; "
    program += f"print(catalogues.{function}(*sys.argv[1:]))"
    argv = [sys.executable, "-c", program, *map(str, arguments)]
    done = subprocess.run(argv, env=hub.environ, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr.strip())
    return done.stdout.strip()


def verify(hub: Hub, other: Hub, label: str) -> None:
    done = hub.try_manage("partner", "verify", other.url, "--json")
    if not done.stdout:
        raise RuntimeError(done.stderr.strip())
    proof = json.loads(done.stdout)
    equal = "equal" if proof["equal"] else "DIFFERENT"
    found = proof["caught_up"] + proof["theirs"]["found"] + proof["ours"]["found"]
    cost = f"{proof['requests']:>3} requests {proof['bytes'] / 1024:>8.1f} KB {proof['seconds']:>7.2f} s"
    print(f"{label:<58} {found:>6} differences {cost}  {equal}", flush=True)


def first_reading(one: Hub, other: Hub, sheets: int) -> None:
    run(one, "fill", sheets)
    one.start()
    other.start()
    begun = time.monotonic()
    other.manage("partner", "add", one.url, "--trust")
    one.manage("partner", "add", other.url, "--trust")
    eventually(lambda: run(other, "is_complete", one.url) == "True", "the first reading", within=600)
    seconds = time.monotonic() - begun
    print(f"{f'first reading of {sheets:,} sheets':<58} {seconds:>7.1f} s, {sheets / seconds:.0f} a second", flush=True)


def comparisons(one: Hub, other: Hub, things: int, differences: int) -> None:
    run(one, "copy_documents", things)
    run(other, "copy_held", one.url, things)
    verify(other, one, f"{things:,} things, the first time")
    verify(other, one, f"{things:,} things, equal")
    run(one, "change", differences)
    verify(other, one, f"{things:,} things, {differences} changed and none told")


def main() -> None:
    options = argparse.ArgumentParser(description="What it costs two hubs to become equal.")
    options.add_argument("--sheets", type=int, default=10_000)
    options.add_argument("--things", type=int, default=100_000)
    options.add_argument("--differences", type=int, default=10)
    asked = options.parse_args()
    ports = free_ports(2)
    peers = ",".join(f"127.0.0.1:{port}" for port in ports)
    with tempfile.TemporaryDirectory(prefix="rtes-bench-") as folder:
        one, other = (make(name, port, peers, Path(folder)) for name, port in zip(("one", "other"), ports, strict=True))
        try:
            first_reading(one, other, asked.sheets)
            comparisons(one, other, asked.things, asked.differences)
        finally:
            forget(one)
            forget(other)


if __name__ == "__main__":
    main()
