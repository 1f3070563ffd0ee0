"""What each act of the lead on the action as a whole writes. Called by `actions`, once the rule was asked."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from resources.kinds import pooled_shared as shared
from resources.kinds.pooled_words import SeatState
from resources.models import Resource
from resources.pooling import money, rules, states
from resources.pooling.models import BudgetLine, Decision, Milestone
from resources.pooling.rows import cells
from resources.pooling.sharing import Key
from resources.workflow import NotPossible

Data = Mapping[str, Any]


def steer(action: Resource, act: str, data: Data) -> dict[str, Any]:
    """Do it; the facts of the action that it changes. Raises: NotPossible."""
    states.check_steering(act, rules.setting_of(action))
    return WRITES[act](action, data)


def _advance(action: Resource, data: Data) -> dict[str, Any]:
    states.check_status(rules.setting_of(action), data["to"])
    return {"status": data["to"]}


def _instrument(action: Resource, data: Data) -> dict[str, Any]:
    signatories = action.participations.filter(state=SeatState.SIGNED).count()
    states.check_instrument(rules.setting_of(action), data["to"], signatories=signatories)
    return {"instrument_status": data["to"]}


def _launch(action: Resource, data: Data) -> dict[str, Any]:
    states.check_launch(rules.setting_of(action), date.fromisoformat(data["on"]))
    return {"launched_on": data["on"]}


def _budget(action: Resource, data: Data) -> dict[str, Any]:
    action.budget_lines.all().delete()
    BudgetLine.objects.bulk_create(BudgetLine(action=action, **cells(BudgetLine, row)) for row in data["rows"])
    money.keep_exact(action)
    return {}


def _share(action: Resource, data: Data) -> dict[str, Any]:
    """A key, and the shares that it makes; without a row, the same key again. Amounts said by hand are let go."""
    rows = data["rows"] or action.facts.get("sharing_key", [])
    if not rows:
        raise NotPossible(_("Say what the cost is divided by."))
    money.compute(action, [Key(by=row["by"], percent=Decimal(row["percent"])) for row in rows])
    return {"sharing_key": rows}


def _milestones(action: Resource, data: Data) -> dict[str, Any]:
    action.milestones.all().delete()
    Milestone.objects.bulk_create(Milestone(action=action, **cells(Milestone, row)) for row in data["rows"])
    return {}


def _decide(action: Resource, data: Data) -> dict[str, Any]:
    if action.decisions.count() >= shared.MAX_DECISIONS:
        raise NotPossible(_("The register is full: %d decisions.") % shared.MAX_DECISIONS)
    Decision.objects.create(action=action, **cells(Decision, data))
    return {}


WRITES: dict[str, Callable[[Resource, Data], dict[str, Any]]] = {
    "advance": _advance,
    "instrument": _instrument,
    "launch": _launch,
    "budget": _budget,
    "share": _share,
    "milestones": _milestones,
    "decide": _decide,
}
