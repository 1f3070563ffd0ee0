from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from federation.operating import check


class Command(BaseCommand):
    """What the page « Tester la fédération » says, for whoever installs the hub."""

    help = "Does the exchange work from this machine? Each answer says what to do."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["check"])

    def handle(self, *_args: Any, **_options: Any) -> None:
        findings = check.run()
        for found in findings:
            self.stdout.write(f"{'✓' if found.ok else '✗'} {found.name}: {found.said}")
        if wrong := sum(not found.ok for found in findings):
            raise CommandError(_("To put right: %(number)d.") % {"number": wrong})
