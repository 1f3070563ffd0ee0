"""One hub, whole: the web, the worker and the scheduler under one supervisor."""

import os
import time
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from rtes_hub import prepare, processes
from rtes_hub.accounts import first_run
from rtes_hub.supervisor import Supervisor


def own_port(base_url: str) -> int:
    """That of an address which names one; else the one that a proxy in front is told of (docs/operating.md)."""
    return urlsplit(base_url).port or 8000


class Command(BaseCommand):
    help = "Prepare this hub and run it: web, worker and scheduler together. Ctrl-C stops them all."
    requires_system_checks = ()  # migrate runs them

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=own_port(settings.RTES.base_url), help="default: %(default)s")
        parser.add_argument("--bind", default="127.0.0.1", help="address to listen on (default: this machine only)")
        parser.add_argument("--workers", type=int, default=2, help="web processes, of 4 threads each")
        parser.add_argument("--prepare-only", action="store_true", help="make tables and files ready, then end")

    def handle(self, *, port: int, bind: str, workers: int, prepare_only: bool, **_options: Any) -> None:
        problems = [prepare.folder_problem(settings.RTES.data_dir)]
        if not prepare_only:
            problems.append(prepare.port_problem(bind, port))
        if found := [problem for problem in problems if problem]:
            raise CommandError("\n".join(found))
        prepare.prepare(self.say)
        if prepare_only:
            return
        at = f"{bind}:{port}"
        children = processes.of_a_hub(os.environ, bind=at, workers=workers, access_log=not settings.RTES.is_production)
        Supervisor(children, self.say).run(lambda supervisor: self.greet(supervisor, at))
        self.say("Stopped.")

    def greet(self, supervisor: Supervisor, at: str) -> None:
        base_url = settings.RTES.base_url
        while not supervisor.stopping and not processes.answers(base_url, at=at):
            time.sleep(0.2)
        if supervisor.stopping:
            return
        behind = "" if at in base_url else f", listening on {at}"
        self.say(f"Ready: {base_url}{behind} (Ctrl-C stops it)")
        if link := first_run.link():
            self.say(f"No administrator yet. This link makes one, once: {link}")

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
