from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from rtes_hub.territories import table


class Command(BaseCommand):
    help = "Load or refresh the official table of territories. Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--file", type=Path, default=table.PATH, help="a newer table, same columns (.csv.gz)")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            number = table.load(options["file"])
        except (OSError, EOFError, UnicodeDecodeError) as error:
            raise CommandError(f"{options['file']} cannot be read: {error}.") from error
        except KeyError as error:
            raise CommandError(f"{options['file']} has no column {error}.") from error
        self.stdout.write(f"{number} territories loaded.")
