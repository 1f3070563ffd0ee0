"""What each act says: its facts, checked alike for the form, the API and the gestures of other hubs."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resources.acts import Invalid
from resources.charters.progress import CLOSED, months_after
from resources.charters.states import State, measures_of, normal, state
from resources.charters.text import Text
from resources.kinds import Fact, Type, is_empty, parts
from resources.kinds import charter_shared as shared
from resources.kinds.charter_words import Proof
from resources.kinds.checks import Wrong, check
from resources.kinds.shape import Choice

#: What can be done, and how it is called. All of it travels as an offer of the whole pledge.
ACTS = {
    "pledge": gettext_lazy("Pledge"),
    "update": gettext_lazy("Tell the progress"),
    "withdraw": gettext_lazy("Withdraw the pledge"),
}
MAX_AHEAD_MONTHS = 24  #: of the next update

#: One update of one measure: at most six things to fill in, evidence being one.
UPDATE = (shared.STATUS, shared.PROGRESS, shared.COMMENT, shared.NEXT)
EVIDENCE = (
    Fact(
        code="kind",
        label=gettext_lazy("Kind of proof"),
        type=Type.CHOICE,
        choices=tuple(Choice(code=word.value, label=word.label) for word in Proof),
        default=Proof.LINK.value,
    ),
    parts.line("label", gettext_lazy("What it shows"), 200, required=True),
    parts.address("url", gettext_lazy("Its address"), required=True),
)
REASON = Fact(code="reason", label=gettext_lazy("Reason"), type=Type.LINE, limit=500, required=True)

Errors = dict[str, list[str]]


def measures_fact(text: Text, before: State | None = None) -> Fact:
    """The choice of measures of this charter; those that it has no longer may be kept."""
    choices = [Choice(code=one.code, label=f"{one.code}. {one.statement}") for one in text.measures]
    gone = [Choice(code=code, label=code) for code in measures_of(before) if code not in text.by_code]
    return Fact(
        code="measures",
        label=gettext_lazy("Measures"),
        type=Type.CHOICES,
        choices=(*choices, *gone),
        required=True,
    )


def checked_pledge(data: Mapping[str, Any], text: Text, before: State | None) -> dict[str, Any]:
    """Raises: Invalid."""
    clean, errors = _checked((*shared.PLEDGE, measures_fact(text, before)), data)
    if errors:
        raise Invalid(errors)
    return clean


def checked_updates(
    changes: Mapping[str, Mapping[str, Any]], known: Iterable[str], *, today: date
) -> dict[str, dict[str, Any]]:
    """By measure: what is told of it, in its stored form. Raises: Invalid, by "A1.status", with all that is wrong."""
    errors: Errors = {}
    clean = {}
    promised = set(known)
    for measure, said in changes.items():
        if measure not in promised:
            errors["measures"] = [_("Measures: “%(code)s” was not pledged.") % {"code": str(measure)[:20]}]
            continue
        clean[measure], wrong = _checked_update(said, today)
        errors |= {f"{measure}.{name}": problems for name, problems in wrong.items()}
    if not changes:
        errors["measures"] = [_("Measures: tell the progress of at least one.")]
    if errors:
        raise Invalid(errors)
    return clean


def _checked_update(said: Mapping[str, Any], today: date) -> tuple[dict[str, Any], Errors]:
    said = dict(said)
    proof = said.pop("evidence", None) or {}
    clean, errors = _checked(UPDATE, said)
    if not errors:
        clean = normal(clean)
        errors |= _about_next(clean, today)
    if not isinstance(proof, Mapping):
        return clean, errors | {"evidence": [_("Evidence: give its kind, what it shows and its address.")]}
    if any(not is_empty(value) for name, value in proof.items() if name != "kind"):
        clean["evidence"], wrong = _checked(EVIDENCE, proof)
        errors |= {f"evidence.{name}": problems for name, problems in wrong.items()}
    return clean, errors


def _about_next(clean: Mapping[str, Any], today: date) -> Errors:
    due = clean.get("next_update_due")
    if due and not today < date.fromisoformat(due) <= months_after(today, MAX_AHEAD_MONTHS):
        message = _("Next update: choose a day to come, within %d months.") % MAX_AHEAD_MONTHS
        return {"next_update_due": [message]}
    if not due and clean["status"] not in CLOSED:
        return {"next_update_due": [_("Next update: say when you will tell of it again.")]}
    return {}


def checked_reason(reason: str) -> str:
    """Raises: Invalid."""
    clean, errors = _checked((REASON,), {"reason": reason})
    if errors:
        raise Invalid(errors)
    return str(clean["reason"])


def read_state(facts: Mapping[str, Any]) -> State:
    """A pledge said whole by another hub: rows that are not right make it refused. Raises: Invalid."""
    rows = dict(facts) | {"pledge": [facts.get("pledge")]}
    clean, errors = _checked(shared.ONE, {fact.code: known_columns(fact, rows.get(fact.code)) for fact in shared.ONE})
    if not errors and not clean["pledge"]:
        errors = {"pledge": [_("This pledge says nothing.")]}
    if errors:
        raise Invalid(errors)
    return state(clean["pledge"][0], map(normal, clean["commitments"]), clean["evidence"])


def known_columns(table: Fact, rows: Any) -> Any:
    """Columns that we do not know are left out: a later hub may say more."""
    if not isinstance(rows, list):
        return rows
    columns = [column.code for column in table.columns]
    return [{code: row.get(code) for code in columns} if isinstance(row, Mapping) else row for row in rows]


def _checked(facts: Iterable[Fact], data: Mapping[str, Any]) -> tuple[dict[str, Any], Errors]:
    """What is right, in its stored form; and what is wrong, by code."""
    facts = tuple(facts)
    known = {fact.code for fact in facts}
    errors = {
        str(name)[:60]: [_("“%(code)s” is not known.") % {"code": str(name)[:60]}] for name in data if name not in known
    }
    clean: dict[str, Any] = {}
    for fact in facts:
        try:
            clean[fact.code] = check(fact, data.get(fact.code, fact.default))
        except Wrong as wrong:
            errors[fact.code] = wrong.problems
            continue
        if fact.required and is_empty(clean[fact.code]):
            errors[fact.code] = [_("%(field)s: this is needed.") % {"field": fact.label}]
    return clean, errors
