"""`make bench`: prints how quick pages are, beside a bare Django view in the same run. See bench/README.md.

Nothing is asserted: figures of a busy machine would make tests lie. It stops by itself, in less than three minutes.
"""

import argparse
import os
import platform
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import django
import psycopg

from bench import door, hub
from bench.hub import HEADERS, POSTGRES, Filled, Served, Size
from bench.load import Figures, measure

WARM_UP = 16  #: requests of several clients, not counted: each worker has compiled its templates
ALONE = 300  #: requests one after the other, in at most `SECONDS`: the time of the server
TOGETHER = 4  #: clients at once, for the rate
SECONDS, SECONDS_TOGETHER = 3.0, 1.2
BUSY = 1.5  #: processes that wait for each core, from which times mean little

_HEAD = f"{'page':<42} {'p50':>8} {'p95':>8} {'budget':>8} {'':<6} {'CPU':>8} {'÷ bare':>7} {'per s':>6} {'KB':>4}"


@dataclass(frozen=True, kw_only=True)
class Page:
    label: str
    path: str
    budget: float = 0.0  #: milliseconds of p95; 0: none was set
    as_member: bool = False


def pages(filled: Filled, size: Size) -> list[Page]:
    messages, listed = f"{size.posts:,} messages", f"{size.threads:,} discussions"
    return [
        Page(label=f"thread of {messages}, first page", path=filled.thread, budget=150),
        Page(label=f"thread of {messages}, last page", path=f"{filled.thread}?fin", budget=150),
        Page(label=f"thread of {messages}, a member", path=filled.thread, budget=150, as_member=True),
        Page(label=f"20 of {listed}", path=filled.forum, budget=60),
        Page(label=f"20 of {listed}, a member", path=filled.forum, budget=60, as_member=True),
        Page(label=f"catalogue of {size.sheets:,} sheets", path="/ressources/"),
        Page(label="one sheet", path=filled.sheet),
    ]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One page, measured."""

    page: Page
    alone: Figures  #: one client: the time of the server
    together: Figures  #: some clients, for the rate
    cpu: float  #: milliseconds of the processor that gunicorn spends on one answer; a busy machine changes it little


def look(server: Served, page: Page, cookie: str = "") -> Seen:
    headers = HEADERS | ({"Cookie": cookie} if page.as_member else {})
    measure(server.port, page.path, headers, requests=WARM_UP, clients=TOGETHER)
    before = server.cpu()
    alone = measure(server.port, page.path, headers, requests=ALONE, seconds=SECONDS)
    cpu = (server.cpu() - before) / len(alone.times)
    together = measure(server.port, page.path, headers, requests=2_000, clients=TOGETHER, seconds=SECONDS_TOGETHER)
    return Seen(page=page, alone=alone, together=together, cpu=cpu)


def line(seen: Seen, bare: Seen) -> str:
    page, p50, p95 = seen.page, seen.alone.percentile(50), seen.alone.percentile(95)
    budget = f"{page.budget:.0f} ms" if page.budget else ""
    verdict = ("within" if p95 <= page.budget else "OVER") if page.budget else ""
    times = f"{p50:>5.1f} ms {p95:>5.1f} ms {budget:>8} {verdict:<6} {seen.cpu:>5.1f} ms"
    ratio = p50 / bare.alone.percentile(50)
    return f"{page.label:<42} {times} {ratio:>7.0f} {seen.together.rate:>6.0f} {seen.alone.size / 1024:>4.0f}"


def bare() -> Seen:
    """The reference."""
    with hub.a_folder() as folder, hub.served(hub.environ(folder, ""), app="bench.bare:application") as server:
        return look(server, Page(label="bare Django view", path="/"))


def measured(name: str, database: AbstractContextManager[str], folder: Path, size: Size, reference: Seen) -> None:
    begun = time.monotonic()
    with database as url:
        env = hub.environ(folder, url)
        filled = hub.fill(env, size)
        print(f"\n{name}, filled in {time.monotonic() - begun:.0f} s\n{_HEAD}", flush=True)
        with hub.served(env) as server:
            for page in pages(filled, size):
                print(line(look(server, page, filled.cookie), reference), flush=True)


def machine() -> str:
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    python, cores = platform.python_version(), os.cpu_count()
    return (
        f"{cores} cores, load {load}; Python {python}, Django {django.get_version()}; gunicorn, {hub.WORKERS} workers"
    )


def main() -> None:
    options = argparse.ArgumentParser(description="How quick pages are, in figures.")
    options.add_argument("--threads", type=int, default=20_000)
    options.add_argument("--posts", type=int, default=1_000)
    options.add_argument("--sheets", type=int, default=5_000)
    size = Size(**vars(options.parse_args()))
    begun = time.monotonic()
    print(f"{machine()}\n\n{_HEAD}", flush=True)
    reference = bare()
    print(line(reference, reference), flush=True)
    with hub.a_folder() as folder:
        measured("SQLite", hub.sqlite(folder), folder, size, reference)
    try:
        with hub.a_folder() as folder:
            measured("PostgreSQL", hub.postgres(POSTGRES), folder, size, reference)
    except psycopg.OperationalError as error:
        print(f"\nPostgreSQL does not answer, and is left out: {str(error).strip().splitlines()[0]}")
    door.main()
    if os.getloadavg()[0] > BUSY * (os.cpu_count() or 1):
        print("\nThis machine does other work: times are longer than they would be alone. CPU says more.")
    print(f"\n{time.monotonic() - begun:.0f} s in all.")


if __name__ == "__main__":
    main()
