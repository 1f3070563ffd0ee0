"""Two hubs as partners on this machine, with something to read on each."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from rtes_hub import prepare, processes
from rtes_hub.demo.people import sign_ins
from rtes_hub.env import ROOT
from rtes_hub.supervisor import Supervisor

FOLDER = ROOT / "var" / "demo"
#: What belongs to one hub and may be set for another one in the caller's shell.
OF_ONE_HUB = (
    "DATABASE_URL",
    "CACHE_URL",
    "EMAIL_URL",
    "BROKER_URL",
    "RTES_TASKS",
    "RTES_FEDERATION",
    "RTES_SECRET_KEY",
)

#: For the first hub's request to arrive, half a second apart. One that is late is answered on the page of partners.
TRIES = 20

Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Hub:
    slug: str  #: as `load_demo --hub` knows it
    port: int
    peers: str  #: "host:port,…", both hubs

    @property
    def at(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def base_url(self) -> str:
        return f"http://{self.at}"

    @property
    def folder(self) -> Path:
        return FOLDER / self.slug

    @property
    def filled(self) -> Path:
        """There once the content is loaded, so that a second run does not load it again."""
        return self.folder / "demo-loaded"

    @property
    def environ(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if name not in OF_ONE_HUB}
        return inherited | {
            "RTES_ENV": "development",
            "RTES_BASE_URL": self.base_url,
            "RTES_DATA_DIR": str(self.folder),
            "RTES_TEST_PEERS": self.peers,
        }

    def command(self, *arguments: str) -> None:
        """Raises: CommandError, with what the command said."""
        done = self.try_command(*arguments)
        if done.returncode:
            said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-15:])
            raise CommandError(f"{self.slug}: {' '.join(arguments)} failed.\n{said}")

    def try_command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        argv = [sys.executable, str(ROOT / "manage.py"), *arguments]
        return subprocess.run(argv, env=self.environ, capture_output=True, text=True)

    def fill(self, say: Say) -> None:
        say(f"{self.slug}: tables and territories …")
        self.command("start", "--prepare-only")
        if not self.filled.exists():
            say(f"{self.slug}: demo content …")
            self.command("load_demo", "--hub", self.slug)
            self.filled.touch()


class Command(BaseCommand):
    help = "Run two demo hubs as partners: Dijon métropole's network and a region's. Ctrl-C stops them both."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--ports", nargs=2, type=int, default=[8001, 8002], metavar="PORT")
        parser.add_argument("--reset", action="store_true", help="forget what was done in the demo, and begin again")

    def handle(self, *, ports: list[int], reset: bool, **_options: Any) -> None:
        peers = ",".join(f"127.0.0.1:{port}" for port in ports)
        hubs = [Hub(slug=slug, port=port, peers=peers) for slug, port in zip(("dijon", "region"), ports, strict=True)]
        problems = [prepare.folder_problem(FOLDER), *(prepare.port_problem("127.0.0.1", port) for port in ports)]
        if found := [problem for problem in problems if problem]:
            raise CommandError("\n".join(found))
        if reset:
            shutil.rmtree(FOLDER)
        with ThreadPoolExecutor(len(hubs)) as pool:
            list(pool.map(lambda hub: hub.fill(self.say), hubs))
        children = [
            process
            for hub in hubs
            for process in processes.of_a_hub(
                hub.environ, bind=hub.at, workers=1, access_log=True, prefix=f"{hub.slug} "
            )
        ]
        self.say("Starting both …")
        Supervisor(children, self.say).run(lambda supervisor: self.welcome(supervisor, hubs))
        self.say("Stopped.")

    def welcome(self, supervisor: Supervisor, hubs: list[Hub]) -> None:
        for hub in hubs:
            while not processes.answers(hub.base_url, at=hub.at):
                if supervisor.stopping:
                    return
                time.sleep(0.2)
        self.make_partners(supervisor, *hubs)
        if not supervisor.stopping:
            self.bring_together(hubs)
        self.say(table(hubs))

    def make_partners(self, supervisor: Supervisor, asker: Hub, answerer: Hub) -> None:
        """As people would: one asks, the other accepts. Nothing more is needed on later runs, once that was done."""
        agreed = FOLDER / "agreed"
        if agreed.exists():
            return
        self.say(f"{asker.slug} asks {answerer.slug} to be partners …")
        asker.try_command("partner", "add", answerer.base_url)
        for _ in range(TRIES):  # until the request arrives
            if supervisor.stopping:
                return
            if not answerer.try_command("partner", "accept", asker.base_url).returncode:
                agreed.touch()
                return
            time.sleep(0.5)
        self.say(f"{answerer.slug} has no request to accept yet: the hubs try again at the next start.")

    def bring_together(self, hubs: list[Hub]) -> None:
        """They answer each other's questions, join each other's actions, pledge. What is late comes at the next run."""
        together = FOLDER / "together"
        if together.exists():
            return
        self.say("The two hubs talk and act together …")
        with ThreadPoolExecutor(len(hubs)) as pool:
            done = list(pool.map(lambda hub: hub.try_command("load_demo", "--hub", hub.slug, "--with-the-other"), hubs))
        if any(one.returncode for one in done):
            self.say("\n".join(line for one in done for line in one.stderr.strip().splitlines()[-1:]))
        else:
            together.touch()

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def table(hubs: list[Hub]) -> str:
    """Where to go and as whom, in a frame that stands out among the lines of the processes."""
    lines = ["", "=" * 88]
    for hub in hubs:
        lines += [f"  {hub.base_url}", ""]
        lines += [f"    {who.email:<40} {who.password:<22} {who.role}" for who in sign_ins(hub.slug)]
        lines += [""]
    lines += ["  What one publishes, the other shows within seconds. Ctrl-C stops both.", "=" * 88, ""]
    return "\n".join(lines)
