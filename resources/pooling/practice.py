"""What a finished action already says of the good practice that it became: a draft to be read again and completed."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from resources.kinds import KINDS, Fact, is_empty
from resources.kinds.pooled_words import Form, Role
from resources.models import Resource
from resources.pooling import states
from resources.pooling.models import Participation

#: What both kinds say alike, under the same code.
SAME = (
    *("title", "summary", "brief", "themes", "tags", "territory", "language", "contacts", "co_owners", "licence"),
    *("governance", "legal_basis", "results", "difficulties", "target_groups"),
)
#: Form of the action → what a practice calls it.
CONTRACTS = {
    Form.JOINT_ORDER: "contract",
    Form.PURCHASING_BODY: "contract",
    Form.COMMON_SERVICE: "in_house",
}
ROLES = {Role.COORDINATOR: "lead", Role.MEMBER: "partner", Role.FUNDER: "funder"}
_KIND = "good-practice"


def source_of(action: Resource) -> str:
    """By which the draft of an action is found again."""
    return f"pooled-action {action.uri}"[:300]


def drafted(action: Resource) -> Resource | None:
    """The practice that was drafted from it and stands."""
    drafts = Resource.objects.filter(imported_from=source_of(action), kind=_KIND, local=True)
    return drafts.exclude(state="withdrawn").first()


def data_of(action: Resource) -> dict[str, Any]:
    """By the codes of a practice, each within its limit. What is not known is left to be written."""
    seats = list(action.participations.filter(state__in=states.IN, role__in=ROLES))
    said = _envelope(action) | {
        "problem": action.facts.get("purpose"),
        "description": action.facts.get("description"),
        "objectives": list(_lines(action.facts.get("expected_benefits", ""))),
        "legal_framework": _framework(action),
        "procurement_form": CONTRACTS.get(action.facts.get("form", "")),
        "stakeholders": [_stakeholder(seat) for seat in seats],
        "deliberations": [_deliberation(seat) for seat in seats if seat.deliberation_title],
        "budget_lines": [
            {"label": line.label, "planned": f"{line.amount:f}"}
            for line in action.budget_lines.all()
            if line.amount > 0
        ],
        "funding_sources": list(_funders(action, seats)),
        "success_factors": list(_lines(action.facts.get("evaluation", ""))),
        "related": [{"relation": "see_also", "url": action.uri}],
    }
    kind = KINDS[_KIND]
    return {code: _within(kind.fact(code), value) for code, value in said.items() if not is_empty(value)}


def _envelope(action: Resource) -> dict[str, Any]:
    columns = ("title", "summary", "brief", "themes", "tags", "language", "licence")
    said = {code: getattr(action, code) for code in columns} | {"territory": action.territory_id}
    return said | {code: action.facts.get(code) for code in SAME if code not in said}


def _framework(action: Resource) -> str:
    """The instrument in words, as the kind of the action names it."""
    kind = KINDS[action.kind]
    chosen = [
        str(kind.fact(code).choice_label(action.facts[code]))
        for code in ("form", "legal_instrument")
        if action.facts.get(code)
    ]
    return "\n".join([", ".join(chosen), *filter(None, [action.facts.get("social_clauses")])]).strip()


def _stakeholder(seat: Participation) -> dict[str, str]:
    return {"name": seat.name, "role": ROLES[Role(seat.role)]}


def _deliberation(seat: Participation) -> dict[str, str]:
    row = {
        "object": f"{seat.name}, {seat.deliberation_title}",
        "date": seat.deliberation_on.isoformat() if seat.deliberation_on else "",
        "url": seat.deliberation_url,
    }
    return {code: value for code, value in row.items() if value}


def _funders(action: Resource, seats: list[Participation]) -> Iterator[dict[str, Any]]:
    """Who paid: the shares, then the grants."""
    amounts: dict[int, Decimal] = dict(action.participations.exclude(share=None).values_list("pk", "share__amount"))
    for seat in seats:
        if amounts.get(seat.pk):
            yield {"funder": seat.name, "amount": f"{amounts[seat.pk]:f}"}
    for grant in action.facts.get("fundings", []):
        yield {code: grant[code] for code in ("funder", "scheme", "amount") if grant.get(code)}


def _lines(text: str) -> Iterator[str]:
    """One item a line, without the bullets of a list."""
    for line in text.splitlines():
        if item := line.strip().lstrip("-*•").strip():
            yield item[:300]


def _within(fact: Fact, value: Any) -> Any:
    return value[: fact.limit] if fact.limit and isinstance(value, str | list) else value
