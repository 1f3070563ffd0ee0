"""`manage.py load_demo --hub dijon|region [--with-the-other]`"""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from rtes_hub.demo.loading import go_on, load
from rtes_hub.demo.people import HUBS, sign_ins

#: For the two hubs to answer each other, in seconds, and the pause between two looks.
LONGEST, PAUSE = 90.0, 0.5


class Command(BaseCommand):
    help = "Fill this hub with invented content and people, for demonstrations. Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--hub", required=True, choices=list(HUBS))
        parser.add_argument(
            "--with-the-other",
            action="store_true",
            help="answer in the other hub's discussions, join its actions, sign its charters: both run, as partners",
        )

    def handle(self, *, hub: str, with_the_other: bool, **_options: Any) -> None:
        if settings.RTES.is_production:
            raise CommandError("A demonstration has a password that everybody knows: not on a hub in production.")
        with override("fr"):
            if with_the_other:
                self.go_on(hub)
            else:
                self.fill(hub)

    def fill(self, hub: str) -> None:
        added = load(hub)
        self.stdout.write(
            f"{added.sheets} sheets, {added.actions} pooled actions, {added.charters} charters and {added.threads} "
            "discussions added."
        )
        for who in sign_ins(hub):
            self.stdout.write(f"{who.email:40} {who.password:20} {who.role}")

    def go_on(self, hub: str) -> None:
        """Raises: CommandError with what did not come in time; asked again, it goes on from there."""
        until = time.monotonic() + LONGEST
        while awaited := list(go_on(hub)):
            if time.monotonic() > until:
                raise CommandError("Still awaited of the other hub: " + "; ".join(awaited))
            time.sleep(PAUSE)
        self.stdout.write("Nothing more is awaited of the other hub.")
