"""A pledge as plain values, and what may become of it. Pure: no table, no clock.

The same values stand in rows, in the facts of the charter and in gestures: a pledge is always said whole. Each act is
a function from what stands (None: nothing yet) to what follows; `law.broken` then says what is wrong with it.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypedDict

from resources.charters.progress import CLOSED, SAID, next_update
from resources.charters.text import Text
from resources.kinds import is_empty
from resources.kinds.charter_words import Status

Row = dict[str, Any]


class State(TypedDict):
    """Rows of `charter_shared.ONE`, without what is empty. Commitments in the order of their codes."""

    pledge: Row  #: signatory, signed_on, mandate_starts_on, text, charter_version; withdrawn_on, reason
    commitments: list[Row]  #: measure, status, progress, comment, updated_on, next_update_due
    evidence: list[Row]  #: measure, kind, label, url, added_on; the oldest first


def state(pledge: Mapping[str, Any], commitments: Iterable[Row], evidence: Iterable[Row]) -> State:
    """In the one order and form that two hubs compare."""
    return State(
        pledge=_said(pledge),
        commitments=sorted(map(_said, commitments), key=lambda row: str(row["measure"])),
        evidence=sorted(
            map(_said, evidence), key=lambda row: (row["measure"], row["added_on"], row["url"], row["label"])
        ),
    )


def _said(row: Mapping[str, Any]) -> Row:
    return {name: value for name, value in row.items() if not is_empty(value)}


def stands(now: State | None) -> bool:
    return now is not None and "withdrawn_on" not in now["pledge"]


def measures_of(now: State | None) -> dict[str, Row]:
    return {row["measure"]: row for row in now["commitments"]} if now else {}


# The acts ---------------------------------------------------------------------------------------------------------


def act_of(before: State | None, after: State) -> str:
    """What was done, seen from what it changed: to take a measure anew is to pledge."""
    if not stands(before) or measures_of(after).keys() - measures_of(before).keys():
        return "pledge"
    return "update" if stands(after) else "withdraw"


def pledged(before: State | None, said: Mapping[str, Any], text: Text, *, version: int, today: date) -> State:
    """Signed, or signed again with other measures; what was told of those that stay is kept.

    Said: signatory, signed_on, mandate_starts_on, text; measures: their codes.
    """
    pledge = {name: value for name, value in said.items() if name != "measures"}
    start = date.fromisoformat(said["mandate_starts_on"])
    due = next_update(max(today, start), text.update_months, text.end(start)).isoformat()
    kept, taken = measures_of(before), said["measures"]
    fresh: Row = {"status": Status.NOT_STARTED.value, "progress": 0}
    return state(
        pledge | {"charter_version": version},
        [normal({"next_update_due": due} | kept.get(measure, fresh) | {"measure": measure}) for measure in taken],
        [row for row in before["evidence"] if row["measure"] in taken] if before else [],
    )


def updated(before: State, changes: Mapping[str, Mapping[str, Any]], *, today: date) -> State:
    """By measure, what is told of it: status, progress, comment, next_update_due; evidence: kind, label, url."""
    rows, proofs = measures_of(before), list(before["evidence"])
    for measure, said in changes.items():
        if measure not in rows:
            continue
        told = {name: said.get(name) for name in ("status", "progress", "comment", "next_update_due")}
        rows[measure] = normal({"measure": measure, "updated_on": today.isoformat()} | told)
        if proof := said.get("evidence"):
            proofs = _without(proofs, measure, proof["url"])
            proofs.append(dict(proof) | {"measure": measure, "added_on": today.isoformat()})
    return state(before["pledge"], rows.values(), proofs)


def normal(row: Row) -> Row:
    """What is done is at 100, what was not started at 0, and nothing more is awaited of what is closed."""
    status = Status(row["status"])
    row = row | {"progress": SAID.get(status, row["progress"])}
    return row | {"next_update_due": None} if status in CLOSED else row


def without_evidence(before: State, measure: str, url: str) -> State:
    return state(before["pledge"], before["commitments"], _without(before["evidence"], measure, url))


def _without(proofs: Iterable[Row], measure: str, url: str) -> list[Row]:
    return [row for row in proofs if (row["measure"], row["url"]) != (measure, url)]


def withdrawn(before: State, reason: str, *, today: date) -> State:
    """What had been told stays to be read; nothing more is awaited."""
    pledge = before["pledge"] | {"withdrawn_on": today.isoformat(), "reason": reason}
    return state(pledge, [row | {"next_update_due": None} for row in before["commitments"]], before["evidence"])
