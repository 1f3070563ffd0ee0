"""`manage.py verbs`: every activity that may come in, who may say it, and the section that says so."""

from typing import Any

from django.core.management.base import BaseCommand

from federation.verbs import VERBS


class Command(BaseCommand):
    help = "List the activities this hub understands, who may say each, and the section of the specification."

    def handle(self, *_args: Any, **_options: Any) -> None:
        rows = [("verb", "who may say it", "section"), *((v.name, v.who, v.section) for v in VERBS.values())]
        widths = [max(len(row[column]) for row in rows) for column in range(2)]
        for name, who, section in rows:
            self.stdout.write(f"{name:<{widths[0]}}  {who:<{widths[1]}}  {section}")
