"""Who is there: the two hubs, their collectivités, those who sign in and those who only speak in the discussions."""

from dataclasses import dataclass

from rtes_hub.accounts.actions import invite
from rtes_hub.accounts.demo import DOMAIN, PASSWORD
from rtes_hub.accounts.models import User
from rtes_hub.demo.source import more, said, territory_id
from rtes_hub.territories.actions import appoint, join
from rtes_hub.territories.models import Member, Role, Territory

#: Of those who only speak: nobody signs in as them, and the sign-in page does not offer it.
SPEAKERS = f"discussions.{DOMAIN}"


@dataclass(frozen=True, kw_only=True)
class SignIn:
    email: str
    password: str
    role: str  #: in words, French


@dataclass(frozen=True, kw_only=True)
class Persona:
    address: str  #: before the @
    role: str
    member: str  #: territory id
    post: Role
    function: str
    delegation: str = ""
    hub_role: str = ""

    @property
    def email(self) -> str:
        return f"{self.address}@{DOMAIN}"


@dataclass(frozen=True, kw_only=True)
class Hub:
    name: str
    entity: str
    members: tuple[str, ...]  #: territory ids; what each of them published is loaded
    people: tuple[Persona, ...]


def _people(place: str, member: str, collectivite: str) -> tuple[Persona, ...]:
    """An élue, an agent, a coordinator and an administrator."""
    return (
        Persona(
            address=f"elue.{place}",
            role=f"Élue, {collectivite}",
            member=member,
            post=Role.EDITOR,
            function="Vice-présidente",
            delegation="Économie sociale et solidaire",
        ),
        Persona(
            address=f"agent.{place}",
            role=f"Agent, {collectivite}",
            member=member,
            post=Role.CONTRIBUTOR,
            function="Chargé de mission économie sociale et solidaire",
        ),
        Persona(
            address=f"coordination.{place}",
            role="Coordinatrice du réseau",
            member=member,
            post=Role.EDITOR,
            function="Coordinatrice du réseau",
            hub_role=User.HubRole.COORDINATOR,
        ),
        Persona(
            address=f"administration.{place}",
            role="Administrateur du site",
            member=member,
            post=Role.READER,
            function="Administrateur du site",
            hub_role=User.HubRole.ADMINISTRATOR,
        ),
    )


HUBS = {
    "dijon": Hub(
        name="ESS Dijon Métropole",
        entity="Réseau local d’élus autour de Dijon Métropole",
        members=(
            "epci-242100410",  # Dijon Métropole
            "com-21231",  # Dijon
            "com-21166",  # Chenôve
            "com-21355",  # Longvic
            "com-21485",  # Plombières-lès-Dijon
            "dep-21",  # Côte-d'Or
            "epci-247100290",  # CU Le Creusot Montceau-les-Mines
            "epci-200006682",  # CA Beaune, Côte et Sud
            "epci-200067890",  # CC Morvan Sommets et Grands Lacs
        ),
        people=_people("dijon", "epci-242100410", "Dijon Métropole"),
    ),
    "region": Hub(
        name="ESS Bourgogne-Franche-Comté",
        entity="Conférence régionale de l’économie sociale et solidaire",
        members=(
            "reg-27",  # Bourgogne-Franche-Comté
            "dep-58",  # Nièvre
            "dep-71",  # Saône-et-Loire
            "dep-89",  # Yonne
            "epci-200067114",  # CA de l'Auxerrois
            "epci-245804406",  # CA de Nevers
            "epci-242500361",  # CU Grand Besançon Métropole
            "epci-247100589",  # CA Le Grand Chalon
            "ept-200057875",  # Est Ensemble, a guest
        ),
        people=_people("region", "reg-27", "Région Bourgogne-Franche-Comté"),
    ),
}


def sign_ins(slug: str) -> list[SignIn]:
    """Raises: KeyError for a hub that is none."""
    return [SignIn(email=who.email, password=PASSWORD, role=who.role) for who in HUBS[slug].people]


def gather(slug: str) -> dict[str, Member]:
    """Everybody is here, once; the collectivités by territory id."""
    hub = HUBS[slug]
    territories = Territory.objects.in_bulk(hub.members)
    members = {pk: join(territories[pk]) for pk in hub.members}
    for who in hub.people:
        user = User.objects.filter(email=who.email).first() or invite(
            who.email, full_name=who.role, hub_role=who.hub_role, password=PASSWORD
        )
        appoint(
            user,
            members[who.member],
            role=who.post,
            function=who.function,
            delegation=who.delegation,
            elected=bool(who.delegation),
        )
    for persona in said()["personas"]:
        if persona["id"] in more()["names"] and (member := members.get(territory_id(persona["territory"]))):
            user = invite(f"{persona['id']}@{SPEAKERS}", full_name=more()["names"][persona["id"]])
            appoint(user, member, role=Role.CONTRIBUTOR, function=persona["role"].partition(",")[0])
    return members


def speakers() -> dict[str, User]:
    """Who speaks here in the discussions, by the id of their persona."""
    addresses = {persona: f"{persona}@{SPEAKERS}" for persona in more()["names"]}
    addresses |= {persona: f"{who}@{DOMAIN}" for persona, who in more()["signing_in"].items()}
    found = {user.email: user for user in User.objects.filter(email__in=addresses.values())}
    return {persona: found[email] for persona, email in addresses.items() if email in found}
