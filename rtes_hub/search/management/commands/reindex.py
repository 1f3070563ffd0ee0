"""`manage.py reindex`: the search index made again from what is there, after a change of the analyser."""

from typing import Any

from django.core.management.base import BaseCommand

from rtes_hub.search import again


class Command(BaseCommand):
    help = "Make the search index again from what is there."

    def handle(self, *_args: Any, **_options: Any) -> None:
        for what, count in again.everything().items():
            self.stdout.write(f"{count} {what} can be found.")
