"""`manage.py load_demo --hub dijon|region`"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from resources.demo import HUBS, load, sign_ins


class Command(BaseCommand):
    help = "Fill this hub with invented content and people, for demonstrations. Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--hub", required=True, choices=list(HUBS))

    def handle(self, *_args: Any, **options: Any) -> None:
        if settings.RTES.is_production:
            raise CommandError("A demonstration has a password that everybody knows: not on a hub in production.")
        with override("fr"):
            added = load(options["hub"])
        self.stdout.write(f"{added} sheets added.")
        for who in sign_ins(options["hub"]):
            self.stdout.write(f"{who.email:40} {who.password:20} {who.role}")
