"""The form of each act, made of its facts: what is possible now is offered; what was typed comes back as it was."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from resources import forms
from resources.kinds import Fact, Step, Type
from resources.kinds.pooled_words import KeyPart, Role
from resources.models import Resource
from resources.pooling import rows, rules, states
from resources.pooling.acts import ACTS
from resources.pooling.board import Mine
from resources.pooling.models import Participation
from resources.pooling.states import MEMBER, Seat
from resources.views.edit import fingerprint
from rtes_hub.territories.models import Member

#: Act → the shared fact whose rows it replaces.
TABLES = {"needs": "needs", "contribute": "contributions", "budget": "budget", "milestones": "milestones"}
_TODAY = ("sign", "launch", "decide")  #: what is recorded on the day it happens
#: What of the seat the form starts from: fact → column.
_FROM_SEAT: dict[str, dict[str, str]] = {
    "describe": {"political_lead": "political_lead", "technical_lead": "technical_lead"},
    "plan": {"on": "deliberation_on"},
    "deliberate": {"on": "deliberation_on", "title": "deliberation_title", "url": "deliberation_url"},
    "weigh": {"weight": "weight", "agreed_percent": "agreed_percent"},
}


@dataclass(frozen=True, kw_only=True)
class Place:
    """An act about to be done: where, and for whom."""

    act: str
    action: Resource
    member: Member | None = None  #: None: the action as a whole
    row: Participation | None = None
    mine: Mine | None = None  #: when it is for one of the reader's own

    @property
    def seat(self) -> Seat:
        return self.mine.expected if self.mine else rules.seat_of(self.row)

    @property
    def who(self) -> str:
        return MEMBER if self.mine else states.LEAD

    @property
    def step(self) -> Step:
        """Its facts as a step of the form."""
        facts = [self._offered(fact) for fact in ACTS[self.act].facts if fact.code != "digest"]
        return Step(code=self.act, label=ACTS[self.act].label, facts=tuple(facts))

    def _offered(self, fact: Fact) -> Fact:
        """Of choices, those that are possible now."""
        setting = rules.setting_of(self.action)
        if fact.code == "to":
            moves = states.STATUS_MOVES if self.act == "advance" else states.INSTRUMENT_MOVES
            now = setting.status if self.act == "advance" else setting.instrument
            return replace(fact, choices=tuple(choice for choice in fact.choices if choice.code in moves[now]))
        if fact.code == "role":
            roles = self.mine.join_as if self.mine and self.mine.join_as else (Role.MEMBER,)
            choices = tuple(choice for choice in fact.choices if choice.code in roles)
            return replace(fact, choices=choices, default=choices[0].code, required=True)
        return fact

    @property
    def is_table(self) -> bool:
        return self.act in TABLES


# What stands there ------------------------------------------------------------------------------------------------


def current(place: Place) -> dict[str, Any]:
    """What the form starts from: what was last asked of the lead and is not shown yet, or what is recorded."""
    coming = [step for step in place.mine.coming if step.act == place.act] if place.mine else []
    defaults = {fact.code: fact.default for fact in place.step.facts if fact.default is not None}
    today = {"on": timezone.localdate().isoformat()} if place.act in _TODAY else {}
    if coming:
        return defaults | today | _shortened(place, coming[0].data)
    return defaults | today | _shortened(place, _recorded(place))


def _recorded(place: Place) -> dict[str, Any]:
    if code := TABLES.get(place.act):
        return {"rows": [_own(row) for row in _facts(place, code)]}
    if place.row is None:
        return {}
    if place.act == "agree":
        share = getattr(place.row, "share", None)
        return {"amount": f"{share.amount:f}", "reason": share.reason} if share and share.agreed else {}
    columns = _FROM_SEAT.get(place.act, {})
    return {code: _plain(getattr(place.row, column)) for code, column in columns.items()}


def _facts(place: Place, code: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = rows.facts_of(place.action)[code]
    return [row for row in found if place.member is None or row["member"] == place.member.actor_uri]


def _own(row: Mapping[str, Any]) -> dict[str, Any]:
    return {code: value for code, value in row.items() if code != "member"}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if hasattr(value, "isoformat") else value


def _shortened(place: Place, data: Mapping[str, Any]) -> dict[str, Any]:
    """1200.00 is typed "1200"."""
    facts = {fact.code: fact for fact in place.step.facts}
    return {code: _short(facts[code], value) for code, value in data.items() if code in facts}


def _short(fact: Fact, value: Any) -> Any:
    if fact.type is Type.TABLE:
        columns = {column.code: column for column in fact.columns}
        return [{code: _short(columns[code], cell) for code, cell in row.items() if code in columns} for row in value]
    if fact.type is Type.DECIMAL and isinstance(value, str) and "." in value:
        short = value.rstrip("0").rstrip(".")
        return value if fact.unit == "€" and "." in short else short
    return value


# What is typed ----------------------------------------------------------------------------------------------------


def typed(place: Place, post: QueryDict) -> dict[str, Any]:
    """As typed, nothing checked. What was only suggested, and left without a quantity, is no need."""
    data = forms.parse(place.step, post)
    if place.act == "needs":
        data["rows"] = [row for row in data["rows"] if set(row) - {"item", "unit"} or not _is_suggested(place, row)]
    return data


def suggested(place: Place) -> list[dict[str, Any]]:
    """For the table of needs: what others need and this one has not said. Same words, so that quantities add up."""
    said = {row["item"] for row in current(place)["rows"]}
    others = [row for row in rows.facts_of(place.action)["needs"] if place.member and row["item"] not in said]
    found = {(row["item"], row.get("unit", "")): None for row in others}
    return [{"item": item, "unit": unit} if unit else {"item": item} for item, unit in found]


def _is_suggested(place: Place, row: Mapping[str, Any]) -> bool:
    return any(row == one for one in suggested(place))


def mark(data: Mapping[str, Any]) -> str:
    """Of what a table says: the page carries it, so that we know what its reader had before their eyes."""
    return fingerprint({"rows": data.get("rows", [])})


# The sharing key --------------------------------------------------------------------------------------------------


def key_typed(sent: QueryDict) -> dict[str, str]:
    """Percentage of each part of the key, as typed."""
    return {part.value: sent.get(part.value, "").strip() for part in KeyPart}


def key_rows(key: Mapping[str, str]) -> list[Mapping[str, Any]]:
    """Without the parts that count for nothing."""
    return [{"by": by, "percent": percent} for by, percent in key.items() if percent.strip("0.,")]
