"""Two demonstration hubs: who is there, and what they share. All of it is invented (resources/data/demo.json)."""

import json
import re
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_date

from resources import actions
from resources.models import Resource
from rtes_hub.accounts.actions import identify, invite
from rtes_hub.accounts.demo import DOMAIN, PASSWORD
from rtes_hub.accounts.models import Identity, User, identity
from rtes_hub.territories.actions import appoint, join
from rtes_hub.territories.models import Member, Role, Territory

DATA = Path(__file__).parent / "data"
_PREFIXES = {"commune": "com", "departement": "dep", "region": "reg"}


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
            "dep-71",  # Saône-et-Loire
            "epci-200067114",  # CA de l'Auxerrois
            "epci-245804406",  # CA de Nevers
            "epci-242500361",  # CU Grand Besançon Métropole
        ),
        people=_people("region", "reg-27", "Région Bourgogne-Franche-Comté"),
    ),
}


def sign_ins(hub: str) -> list[SignIn]:
    """Raises: KeyError for a hub that is none."""
    return [SignIn(email=who.email, password=PASSWORD, role=who.role) for who in HUBS[hub].people]


@transaction.atomic
def load(slug: str) -> int:
    """Fill this hub; what is there already is left as it is. Answers how many sheets were added."""
    hub, said = HUBS[slug], json.loads((DATA / "demo.json").read_bytes())
    if not identity().is_demo:
        identify(Identity(name=hub.name, entity=hub.entity, is_demo=True, notice=said["meta"]["notice"]), by=None)
    territories = Territory.objects.in_bulk(hub.members)
    members = {pk: join(territories[pk]) for pk in hub.members}
    for who in hub.people:
        _settle(who, members[who.member])
    extra = json.loads((DATA / "demo_facts.json").read_bytes())["facts"]
    told = [("good-practice", practice(item, extra[item["id"]]), item) for item in said["good_practices"]]
    told += [("policy-note", note(item, extra[item["id"]]), item) for item in said["policy_notes"]]
    return sum(_share(kind, data, item, members) for kind, data, item in told)


def _settle(who: Persona, member: Member) -> None:
    user = User.objects.filter(email=who.email).first() or invite(
        who.email, full_name=who.role, hub_role=who.hub_role, password=PASSWORD
    )
    appoint(
        user,
        member,
        role=who.post,
        function=who.function,
        delegation=who.delegation,
        elected=bool(who.delegation),
    )


def _share(kind: str, data: dict[str, Any], item: dict[str, Any], members: dict[str, Member]) -> bool:
    member = members.get(territory_id(item["territory"]))
    key = f"demo#{item['id']}"
    if member is None or Resource.objects.filter(imported_from=key).exists():
        return False
    day = parse_date(item["published"])
    at = timezone.make_aware(datetime.combine(day, time(12))) if day else None
    actions.bring_in(kind, member=member, by=None, data=data, published_at=at, imported_from=key)
    return True


def territory_id(said: dict[str, str]) -> str:
    """{"kind": "epci", "code": "242100410"} is "epci-242100410"."""
    return f"{_PREFIXES.get(said['kind'], said['kind'])}-{said['code']}"


# What each item says, as facts ------------------------------------------------------------------------------------


def _common(item: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": item["title"],
        "summary": item["summary"],
        "tags": item["tags"],
        "territory": territory_id(item["territory"]),
        "contacts": [{"function": item["contact"]["role"], "service": item["contact"]["service"]}],
        "licence": "etalab-2.0",
        "visibility": "public",
        "federated": True,
    }


def practice(item: dict[str, Any], extra: dict[str, Any]) -> dict[str, Any]:
    """A good practice of the file, with the facts that complete it, by code."""
    results = "\n".join(f"- {row['label']} : {row['value']}" for row in item["results"][:3])
    ended = {"ended_on": item["period"]["end"]} if item["status"] == "termine" else {}
    return (
        _common(item)
        | ended
        | {
            "brief": f"{item['objective']}\n\nRésultats :\n{results}\n\nÀ retenir : {item['lessons'][0]}.",
            "problem": item["problem"],
            "context": f"Action portée par : {item['organisation']}.",
            "objectives": [item["objective"]],
            "description": f"{item['description']}\n\n### Calendrier\n{_calendar(item['timeline'])}",
            "started_on": item["period"]["start"],
            "stakeholders": _stakeholders(item),
            "budget_lines": [
                {
                    "label": line["label"],
                    "year": int(item["period"]["end"][:4]),
                    "actual": line["amount_eur"],
                    "tax": "ttc",
                }
                for line in item["budget"]["detail"]
            ],
            "funding_sources": [
                {"funder": line["source"], "amount": line["amount_eur"]} for line in item["budget"]["funding"]
            ],
            "results": [_result(row, item) for row in item["results"]],
            "success_factors": item["lessons"],
            "transfer_prerequisites": item["transfer_conditions"],
        }
        | extra
    )


def note(item: dict[str, Any], extra: dict[str, Any]) -> dict[str, Any]:
    """A policy note of the file, with the facts that complete it, by code."""
    advice = "\n".join(f"- {line}" for line in item["recommendations"])
    sources = "\n".join(f"- {line}" for line in item["references"])
    return (
        _common(item)
        | {
            "brief": f"{extra['decision_sought']}\n\n{item['summary']}",
            "context_issue": item["context"],
            "recommendation": f"{item['body']}\n\n### Préconisations\n{advice}\n\n### Références\n{sources}",
        }
        | extra
    )


def _calendar(timeline: list[dict[str, str]]) -> str:
    return "\n".join(f"- {'/'.join(reversed(row['date'].split('-')))} : {row['label']}" for row in timeline)


def _stakeholders(item: dict[str, Any]) -> list[dict[str, str]]:
    partners = [{"name": who["name"], "role": "partner", "detail": who["role"]} for who in item["partners"]]
    return [{"name": item["organisation"], "role": "lead"}, *partners]


def _result(row: dict[str, str], item: dict[str, Any]) -> dict[str, str]:
    """ "de 22 à 61" is a value and what it was before."""
    spread = re.fullmatch(r"de (.+) à (.+)", row["value"])
    figures = {"baseline": spread[1], "value": spread[2]} if spread else {"value": row["value"]}
    return {"indicator": row["label"], **figures, "source": f"Bilan, {item['organisation']}"[:200]}
