from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction

from rtes_hub.accounts.actions import deactivate, invite, make_token
from rtes_hub.accounts.models import SCOPES, User, normal_email
from rtes_hub.territories import actions, search
from rtes_hub.territories.models import Mandate, Member, Role, StaffRole, Territory

HUB_ROLES = (User.HubRole.COORDINATOR.value, User.HubRole.ADMINISTRATOR.value)
ROLES = (*Role.values, *HUB_ROLES)


class Command(BaseCommand):
    """People and collectivités from the console. Without `--by`, the operator acts, who may do all."""

    help = "Add a person who acts for a collectivité, list who does, or deactivate an account."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_subparsers(dest="what", required=True, metavar="add|list|deactivate")
        add = what.add_parser("add", help="a person and the collectivité they act for; safe to run again")
        add.add_argument("email")
        add.add_argument("--territory", default="", metavar="ID", help="id in the official table: epci-242100410")
        add.add_argument("--role", required=True, help=", ".join(ROLES))
        add.add_argument("--name", default="", help="of the person")
        add.add_argument("--function", default="", help="in which they act; by default the name of the role")
        add.add_argument("--elected", action="store_true", help="a mandate rather than a staff role")
        add.add_argument("--password", help="without one, the person signs in with a code sent by mail")
        add.add_argument("--token", action="store_true", help="make an API token and print it alone on the last line")
        add.add_argument("--by", metavar="EMAIL", help="act as this person, with their rights")
        what.add_parser("list", help="members of this hub and who acts for them today")
        gone = what.add_parser("deactivate", help="end sign-in, sessions and tokens of a person")
        gone.add_argument("email")
        gone.add_argument("--by", metavar="EMAIL", help="act as this person, with their rights")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['what']}")(options)
        except PermissionDenied as error:
            raise CommandError(f"{options['by']} does not have the right to do this.") from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error

    @transaction.atomic
    def _add(self, options: dict[str, Any]) -> None:
        role, by = options["role"], _person(options["by"])
        if role not in ROLES:
            raise CommandError(f"Role {role!r} is not known: it may be {', '.join(ROLES)}.")
        try:
            validate_email(options["email"])
        except ValidationError as error:
            raise CommandError(f"{options['email']!r} is not an e-mail address.") from error
        territory = _territory(options["territory"])
        if territory is None and role in Role.values:
            raise CommandError(f"Role {role!r} needs --territory: for whom does this person act?")
        user = invite(
            options["email"],
            full_name=options["name"],
            hub_role=role if role in HUB_ROLES else "",
            password=options["password"],
            by=by,
        )
        said = f"{user.email} is {role} of the hub"
        if territory:
            member = actions.join(territory, by=by)
            held = role if role in Role.values else Role.EDITOR
            function = options["function"] or str(Role(held).label).capitalize()
            actions.appoint(user, member, role=held, function=function, elected=options["elected"], by=by)
            said = f"{user.email} acts for {member.name} as {role}"
        self.stdout.write(f"{said}.")
        if options["token"]:
            self.stdout.write(make_token(user, name="member add", scopes=SCOPES))

    def _list(self, _options: dict[str, Any]) -> None:
        for member in Member.objects.local().current():
            self.stdout.write(f"{member.territory_id}  {member.name}")
            for model in (Mandate, StaffRole):
                for post in model.objects.current().filter(member=member).select_related("user"):
                    self.stdout.write(f"    {post.user.email}  {post.role}  {post.label}")
        for user in User.objects.filter(is_active=True).exclude(hub_role="").order_by("email"):
            self.stdout.write(f"{user.email}  {user.hub_role} of the hub")

    def _deactivate(self, options: dict[str, Any]) -> None:
        if (user := _person(options["email"])) is None:
            raise CommandError("Whose account?")
        deactivate(user, by=_person(options["by"]))
        self.stdout.write(f"{user.email} can no longer sign in.")


def _person(email: str | None) -> User | None:
    if not email:
        return None
    user = User.objects.filter(email=normal_email(email)).first()
    if user is None:
        raise CommandError(f"Nobody has the address {email!r} here.")
    return user


def _territory(id: str) -> Territory | None:
    if not id:
        return None
    territory = search.by_id(id)
    if territory is None and not Territory.objects.exists():
        raise CommandError("The official table is empty: run manage.py load_territories first.")
    if territory is None:
        raise CommandError(f"Territory {id!r} is not in the official table; an id looks like epci-242100410.")
    return territory
