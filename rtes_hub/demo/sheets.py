"""Good practices and policy notes of the demonstration, as facts of their kinds."""

import re

from resources import actions
from resources.models import Resource
from rtes_hub.demo.source import Item, common, key_of, more, noon, said, territory_id
from rtes_hub.territories.models import Member


def load(members: dict[str, Member]) -> int:
    """Those of these collectivités that are not there yet; how many."""
    extra = more()["facts"]
    told = [("good-practice", practice(item, extra[item["id"]]), item) for item in said()["good_practices"]]
    told += [("policy-note", note(item, extra[item["id"]]), item) for item in said()["policy_notes"]]
    return sum(_share(kind, data, item, members) for kind, data, item in told)


def _share(kind: str, data: Item, item: Item, members: dict[str, Member]) -> bool:
    member = members.get(territory_id(item["territory"]))
    if member is None or Resource.objects.filter(imported_from=key_of(item)).exists():
        return False
    at = noon(item["published"])
    actions.bring_in(kind, member=member, by=None, data=data, published_at=at, imported_from=key_of(item))
    return True


def practice(item: Item, extra: Item) -> Item:
    """A good practice of the file, with the facts that complete it, by code."""
    results = "\n".join(f"- {row['label']} : {row['value']}" for row in item["results"][:3])
    ended = {"ended_on": item["period"]["end"]} if item["status"] == "termine" else {}
    return (
        common(item)
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


def note(item: Item, extra: Item) -> Item:
    """A policy note of the file, with the facts that complete it, by code."""
    advice = "\n".join(f"- {line}" for line in item["recommendations"])
    sources = "\n".join(f"- {line}" for line in item["references"])
    return (
        common(item)
        | {
            "brief": f"{extra['decision_sought']}\n\n{item['summary']}",
            "context_issue": item["context"],
            "recommendation": f"{item['body']}\n\n### Préconisations\n{advice}\n\n### Références\n{sources}",
        }
        | extra
    )


def _calendar(timeline: list[dict[str, str]]) -> str:
    return "\n".join(f"- {'/'.join(reversed(row['date'].split('-')))} : {row['label']}" for row in timeline)


def _stakeholders(item: Item) -> list[dict[str, str]]:
    partners = [{"name": who["name"], "role": "partner", "detail": who["role"]} for who in item["partners"]]
    return [{"name": item["organisation"], "role": "lead"}, *partners]


def _result(row: dict[str, str], item: Item) -> dict[str, str]:
    """ "de 22 à 61" is a value and what it was before."""
    spread = re.fullmatch(r"de (.+) à (.+)", row["value"])
    figures = {"baseline": spread[1], "value": spread[2]} if spread else {"value": row["value"]}
    return {"indicator": row["label"], **figures, "source": f"Bilan, {item['organisation']}"[:200]}
