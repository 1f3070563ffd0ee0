"""Charters of the demonstration, who pledged and how far each has come; and the pledge from one hub on the other's."""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from resources import actions as resource_actions
from resources.charters import actions
from resources.charters.models import Step
from resources.charters.progress import CLOSED, months_after
from resources.charters.text import KIND
from resources.models import Resource
from rtes_hub.demo.source import Item, common, key_of, more, noon, said, territory_id
from rtes_hub.territories.models import Member

Members = dict[str, Member]  #: those of this hub, by territory id


def load(members: Members) -> int:
    """Those of these collectivités that are not there yet; how many."""
    return sum(_propose(item, members) for item in said()["charters"])


def _plan(item: Item) -> Item:
    return more()["charters"][item["id"]]


def _propose(item: Item, members: Members) -> bool:
    member = members.get(territory_id(item["territory"]))
    if member is None or Resource.objects.filter(imported_from=key_of(item)).exists():
        return False
    plan, at = _plan(item), noon(item["published"])
    charter = resource_actions.bring_in(
        KIND, member=member, by=None, data=facts(item, plan), published_at=at, imported_from=key_of(item)
    )
    for pk, pledge in plan["pledges"].items():
        if pk in members:
            _pledge(charter, members[pk], plan, pledge)
    return True


def _pledge(charter: Resource, member: Member, plan: Item, pledge: Item) -> None:
    """Signed, then what it told of each measure since."""
    signed = {name: pledge[name] for name in ("signatory", "signed_on", "mandate_starts_on")}
    measures = pledge["measures"] if "measures" in pledge else plan["codes"]
    actions.pledge(charter, member=member, by=None, measures=measures, text=pledge.get("text", ""), **signed)
    due = months_after(timezone.localdate(), plan["facts"]["update_months"]).isoformat()
    told = {
        code: {"status": status, "progress": progress, "comment": comment}
        | ({} if status in CLOSED else {"next_update_due": due})
        for code, (status, progress, comment) in pledge["progress"].items()
    }
    actions.update(charter, told, member=member, by=None)


def take_part(members: Members) -> Iterator[str]:
    """Collectivités of this hub pledge on what the other proposes. What is still awaited of it."""
    for item in said()["charters"]:
        if territory_id(item["territory"]) in members:
            continue
        pledges = {pk: pledge for pk, pledge in _plan(item)["pledges"].items() if pk in members}
        charter = Resource.objects.filter(kind=KIND, local=False, title=item["title"]).first()
        if pledges and charter is None:
            yield f"{item['id']} to arrive"
        elif charter is not None:
            yield from _take_part(charter, item, {members[pk]: pledge for pk, pledge in pledges.items()})


def _take_part(charter: Resource, item: Item, pledges: dict[Member, Item]) -> Iterator[str]:
    for member, pledge in pledges.items():
        steps = Step.objects.filter(charter=charter, member=member)
        if not steps.exists():
            _pledge(charter, member, _plan(item), pledge)
        if steps.filter(state=Step.State.PENDING).exists():
            yield f"{item['id']}: an answer to {member.territory_id}"


def facts(item: Item, plan: Item) -> dict[str, Any]:
    """What the charter says, by code."""
    themes = [{"code": "ABC"[place], "label": axis["title"]} for place, axis in enumerate(item["axes"])]
    listed = [commitment for axis in item["axes"] for commitment in axis["commitments"]]
    measures = [
        {
            "code": code,
            "theme": code[0],
            "statement": measure["text"],
            "indicator": measure["indicator"],
            "deadline_months": measure["deadline_months"],
        }
        for code, measure in zip(plan["codes"], listed, strict=True)
    ]
    for measure, evidence in zip(measures, plan.get("evidence", ()), strict=False):
        measure["evidence"] = evidence
    return (
        common(item)
        | {
            "promoter": item["organisation"],
            "preamble": item["preamble"],
            "charter_themes": themes,
            "measures": measures,
            "window_months": item["horizon_months"],
            "follow_up": item["follow_up"],
        }
        | plan["facts"]
    )
