"""Pledges as rows of tables and as plain values: what the hub of a charter publishes, and the others mirror."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import models

from resources.charters import text as charter_text
from resources.charters.acts import known_columns
from resources.charters.models import Commitment, Evidence, Pledge, Update
from resources.charters.states import Row, State, normal, state
from resources.kinds import KINDS, is_empty
from resources.kinds.checks import Wrong, check
from resources.models import Resource
from rtes_hub.accounts.models import User

#: Of the three tables as they travel: under the size of what one hub takes from another (1 MiB), the rest included.
MAX_BYTES = 700_000

_WHO = ("member", "name", "territory", "sequence")
_PLEDGE = ("signatory", "signed_on", "mandate_starts_on", "text", "charter_version", "withdrawn_on", "reason")
_COMMITMENT = ("measure", "status", "progress", "comment", "updated_on", "next_update_due")
_EVIDENCE = ("kind", "label", "url", "added_on")


# Out --------------------------------------------------------------------------------------------------------------


def states_of(pledges: Iterable[Pledge]) -> dict[int, State]:
    """Each pledge as plain values, by its key: two queries, whatever their number."""
    found = {pledge.pk: pledge for pledge in pledges}
    commitments, evidence = defaultdict(list), defaultdict(list)
    for row in Commitment.objects.filter(pledge__in=found).order_by():
        commitments[row.pledge_id].append(_row(row, _COMMITMENT))
    for proof in Evidence.objects.filter(commitment__pledge__in=found).select_related("commitment").order_by("pk"):
        evidence[proof.commitment.pledge_id].append({"measure": proof.commitment.measure} | _row(proof, _EVIDENCE))
    return {pk: state(_row(one, _PLEDGE), commitments[pk], evidence[pk]) for pk, one in found.items()}


def state_of(pledge: Pledge | None) -> State | None:
    return states_of([pledge])[pledge.pk] if pledge else None


def facts_of(charter: Resource) -> dict[str, Any]:
    """The tables of a charter as its shared facts."""
    pledges = list(charter.pledges.select_related("member").order_by("pk"))
    said = states_of(pledges)
    numbered = [({"pledge": one.pk}, said[one.pk], one) for one in pledges]
    return _lightened(
        {
            "pledges": [number | _who(one) | now["pledge"] for number, now, one in numbered],
            "commitments": [number | row for number, now, _one in numbered for row in now["commitments"]],
            "evidence": [number | row for number, now, _one in numbered for row in now["evidence"]],
        }
    )


def _who(pledge: Pledge) -> Row:
    said = {"member": pledge.actor_uri, "name": pledge.name, "territory": pledge.territory, "sequence": pledge.sequence}
    return {name: value for name, value in said.items() if not is_empty(value)}


def _lightened(facts: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """When there is too much to travel, the oldest evidence and comments stay on the page of the charter's hub."""
    excess = len(json.dumps(facts, ensure_ascii=False).encode()) - MAX_BYTES
    if excess <= 0:
        return facts
    heavy = [(row["added_on"], place, "evidence", row) for place, row in enumerate(facts["evidence"])]
    heavy += [
        (row.get("updated_on", ""), place, "comment", row)
        for place, row in enumerate(facts["commitments"])
        if "comment" in row
    ]
    left_out = []
    for _on, _place, what, row in sorted(heavy, key=lambda one: one[:3]):
        if excess <= 0:
            break
        if what == "evidence":
            left_out.append(id(row))
            excess -= len(json.dumps(row, ensure_ascii=False).encode())
        else:
            excess -= len(row.pop("comment").encode())
    facts["evidence"] = [row for row in facts["evidence"] if id(row) not in left_out]
    return facts


def _row(thing: models.Model, columns: Iterable[str]) -> Row:
    cells = {column: getattr(thing, column) for column in columns}
    return {
        column: value.isoformat() if isinstance(value, date) else value
        for column, value in cells.items()
        if not is_empty(value)
    }


# In ---------------------------------------------------------------------------------------------------------------


def published(facts: Mapping[str, Any]) -> list[tuple[Row, State]]:
    """(who, pledge) of what the charter's hub published. What is not right is left out, row by row."""
    commitments, evidence = defaultdict(list), defaultdict(list)
    for row in _right("commitments", facts):
        commitments[row.pop("pledge")].append(normal(row))
    for row in _right("evidence", facts):
        evidence[row.pop("pledge")].append(row)
    found = []
    for row in _right("pledges", facts):
        number, who = row.pop("pledge"), {name: row.pop(name) for name in _WHO if name in row}
        rows = {one["measure"]: one for one in commitments[number]}
        proofs = [one for one in evidence[number] if one["measure"] in rows]
        found.append((who, state(row, rows.values(), proofs)))
    return found


def _right(code: str, facts: Mapping[str, Any]) -> list[Row]:
    fact = KINDS[charter_text.KIND].fact(code)
    rows = known_columns(fact, facts.get(code))
    found = []
    for row in rows[: fact.limit] if isinstance(rows, list) else ():
        try:
            found += check(fact, [row])
        except Wrong:
            continue
    return found


def write(pledge: Pledge, now: State, text: charter_text.Text, *, by: User | None = None) -> Pledge:
    """Make the rows say this; each update of a measure since is a line of the timeline. Asks no rule."""
    for column in _PLEDGE:
        setattr(pledge, column, _stored(Pledge, column, now["pledge"].get(column)))
    pledge.save()
    standing = {row.measure: row for row in pledge.commitments.all()}
    gone = standing.keys() - {row["measure"] for row in now["commitments"]}
    pledge.commitments.filter(measure__in=gone).delete()
    for row in now["commitments"]:
        standing[row["measure"]] = _write_commitment(pledge, standing.get(row["measure"]), row, text, by)
    _write_evidence(pledge, now["evidence"], standing)
    return pledge


def _write_commitment(
    pledge: Pledge, kept: Commitment | None, row: Row, text: charter_text.Text, by: User | None
) -> Commitment:
    measure = text.by_code.get(row["measure"])
    commitment = kept or Commitment(
        pledge=pledge, measure=row["measure"], statement=measure.statement[:400] if measure else ""
    )
    if kept is not None and _row(kept, _COMMITMENT) == row:
        return kept
    before = commitment.updated_on, commitment.status, commitment.progress, commitment.comment
    for column in _COMMITMENT:
        setattr(commitment, column, _stored(Commitment, column, row.get(column)))
    commitment.save()
    after = commitment.updated_on, commitment.status, commitment.progress, commitment.comment
    if commitment.updated_on and before != after:
        said = {"status": commitment.status, "progress": commitment.progress, "comment": commitment.comment}
        Update.objects.create(commitment=commitment, on=commitment.updated_on, by=by, **said)
    return commitment


def _write_evidence(pledge: Pledge, rows: list[Row], commitments: Mapping[str, Commitment]) -> None:
    kept = set()
    for proof in Evidence.objects.filter(commitment__pledge=pledge).select_related("commitment"):
        said = {"measure": proof.commitment.measure} | _row(proof, _EVIDENCE)
        if said not in rows or _key(said) in kept:
            proof.delete()
        kept.add(_key(said))
    Evidence.objects.bulk_create(
        Evidence(
            commitment=commitments[row["measure"]],
            **{column: _stored(Evidence, column, row.get(column)) for column in _EVIDENCE},
        )
        for row in rows
        if _key(row) not in kept
    )


def _key(row: Row) -> tuple[str, ...]:
    return tuple(str(row[column]) for column in ("measure", *_EVIDENCE))


def _stored(model: type[models.Model], column: str, value: Any) -> Any:
    field = model._meta.get_field(column)
    if value is None:
        return field.get_default() if isinstance(field, models.Field) else None
    return date.fromisoformat(value) if isinstance(field, models.DateField) else value
