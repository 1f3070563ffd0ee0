"""What can be said of a set of facts: which may be shown, how complete they are, what they start with."""

from collections.abc import Mapping
from typing import Any

from resources.kinds.registry import KINDS
from resources.kinds.shape import Fact, Type


def is_empty(value: Any) -> bool:
    """Nothing was said. A `False` and a zero are something said."""
    return value is None or value == "" or value == [] or value == {}


def public_facts(kind: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """What a passer-by may read, and all that ever travels: hidden facts and columns are left out.

    `facts` are by code, as stored. Unknown codes are left out too, so that nothing travels by mistake.
    """
    shown = {}
    for fact in KINDS[kind].facts:
        value = facts.get(fact.code)
        if is_empty(value) or fact.members_only or (fact.hidden_unless and facts.get(fact.hidden_unless) is not True):
            continue
        shown[fact.code] = _public_rows(fact, value) if fact.type is Type.TABLE else value
    return shown


def _public_rows(fact: Fact, rows: Any) -> list[dict[str, Any]]:
    hidden = {column.code for column in fact.columns if column.members_only}
    return [{code: cell for code, cell in row.items() if code not in hidden} for row in rows]


def completeness(kind: str, data: Mapping[str, Any]) -> int:
    """0 to 100: the weight of what is said over the weight of what could be. `data` as typed, errors and all."""
    facts = [fact for fact in KINDS[kind].typed if fact.weight]
    said = sum(fact.weight for fact in facts if not is_empty(data.get(fact.code)))
    return round(100 * said / sum(fact.weight for fact in facts))


def default_data(kind: str) -> dict[str, Any]:
    """What a new sheet starts with."""
    return {fact.code: fact.default for fact in KINDS[kind].typed if fact.default is not None}
