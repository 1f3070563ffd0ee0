"""`manage.py import_sheets FILE --kind KIND --territory ID`: the shape of the file stands in docs/import.md."""

from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import override

from resources.importing.bring import Fate, Order, Outcome, bring
from resources.importing.source import Source, Unreadable, read
from resources.kinds import KINDS, THEMES
from resources.kinds.lists import LICENCES
from rtes_hub.accounts.models import User, normal_email
from rtes_hub.territories.actions import join
from rtes_hub.territories.models import Member, Territory

LANGUAGE = "fr"  #: of the sentences that are added to the texts


class Command(BaseCommand):
    help = (
        "Bring in sheets written elsewhere, as drafts or published. Again: those already there are brought up to date."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="JSON, see docs/import.md")
        parser.add_argument("--kind", required=True, choices=list(KINDS))
        parser.add_argument("--territory", required=True, metavar="ID", help="whose sheets they are: epci-242100410")
        parser.add_argument("--theme", action="append", default=[], choices=list(THEMES), help="may be repeated")
        parser.add_argument(
            "--licence",
            default="",
            choices=[choice.code for choice in LICENCES],
            help="the collectivité answers for this licence; without it, that of the source, when it is one of ours",
        )
        parser.add_argument("--publish", action="store_true", help="readable at once, though not all be filled in")
        parser.add_argument("--join", action="store_true", help="make the collectivité a member when it is not one")
        parser.add_argument("--by", metavar="EMAIL", help="act as this person, with their rights")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done and do nothing")

    @transaction.atomic
    def handle(self, *_args: Any, **options: Any) -> None:
        source = _source(options["file"])
        with override(LANGUAGE):
            order = Order(
                source=source,
                kind=options["kind"],
                member=_member(options["territory"], may_join=options["join"]),
                themes=options["theme"],
                licence=options["licence"],
                publish=options["publish"],
                rehearsal=options["dry_run"],
                by=_person(options["by"]),
            )
            outcomes = [bring(item, order) for item in source.items]
        for outcome in outcomes:
            self._tell(outcome)
        counts = Counter(outcome.fate for outcome in outcomes)
        self.stdout.write(", ".join(f"{counts[fate]} {fate}" for fate in Fate))
        if options["dry_run"]:
            transaction.set_rollback(True)
            self.stdout.write("Nothing was kept: --dry-run.")

    def _tell(self, outcome: Outcome) -> None:
        where = outcome.resource.get_absolute_url() if outcome.resource else ""
        self.stdout.write(f"{outcome.fate:8} {outcome.item.id} {where}".rstrip())
        for note in outcome.notes:
            self.stdout.write(f"         {note}")


def _source(path: Path) -> Source:
    try:
        return read(path.read_bytes())
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    except Unreadable as error:
        raise CommandError(str(error)) from error


def _member(territory_id: str, *, may_join: bool) -> Member:
    territory = Territory.objects.filter(pk=territory_id).first()
    if territory is None:
        raise CommandError(f"{territory_id!r} is not in the official table: epci-242100410, com-21231, dep-21, reg-27…")
    member = Member.objects.local().current().filter(territory=territory).first()
    if member is None and not may_join:
        raise CommandError(f"{territory} is not a member of this hub. With --join it becomes one.")
    return member or join(territory)


def _person(email: str | None) -> User | None:
    if not email:
        return None
    person = User.objects.filter(email=normal_email(email), is_active=True).first()
    if person is None:
        raise CommandError(f"Nobody here has the address {email}.")
    return person
