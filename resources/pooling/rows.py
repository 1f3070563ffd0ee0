"""The shared state as rows of plain values, and back: what the lead's hub publishes, and the others mirror."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from django.db import models

from resources.kinds import KINDS, is_empty
from resources.kinds.checks import Wrong, check
from resources.kinds.shape import Fact, Type
from resources.models import Resource
from resources.pooling.models import BudgetLine, Contribution, Decision, Milestone, Need, Participation, Share
from rtes_hub.territories.models import Member

KIND = "pooled-action"

_SEAT = (
    *("role", "state", "admitted", "political_lead", "technical_lead", "deliberation_on", "deliberation_title"),
    *("deliberation_url", "deliberation_digest", "signed_on", "weight", "agreed_percent", "sequence"),
    *("joined_on", "left_on", "reason"),
)
_NEED = ("item", "quantity", "unit", "amount_max", "site", "constraint")
_CONTRIBUTION = ("kind", "label", "planned", "delivered", "unit", "valuation", "on")
_SHARE = ("percent", "amount", "agreed", "reason")
_LINE = ("label", "amount", "apart")
_MILESTONE = ("on", "label", "responsible", "done")
_DECISION = ("on", "body", "text", "vote", "owner", "due_on")

_Table = tuple[type[Any], str, tuple[str, ...]]  #: model, code of the fact, columns
#: Rows of one participant, and rows of the action.
_HANGING: tuple[_Table, ...] = (
    (Need, "needs", _NEED),
    (Contribution, "contributions", _CONTRIBUTION),
    (Share, "shares", _SHARE),
)
_STANDING: tuple[_Table, ...] = (
    (BudgetLine, "budget", _LINE),
    (Milestone, "milestones", _MILESTONE),
    (Decision, "decisions", _DECISION),
)
_COLUMNS: dict[type[models.Model], tuple[str, ...]] = {model: columns for model, _code, columns in _HANGING + _STANDING}


# Out --------------------------------------------------------------------------------------------------------------


def facts_of(action: Resource) -> dict[str, Any]:
    """The tables of an action as its shared facts, read from the database: seven queries, whatever their size."""
    seats = list(action.participations.select_related("member"))
    uris = {seat.pk: seat.actor_uri for seat in seats}
    return {
        "participants": [_seat(seat) for seat in seats],
        **{code: _of_each(model, uris, columns) for model, code, columns in _HANGING},
        **{
            code: [_row(row, columns) for row in model._default_manager.filter(action=action)]
            for model, code, columns in _STANDING
        },
    }


def plain(thing: models.Model) -> dict[str, Any]:
    """One row of any of the shared tables, as it travels but for whose it is."""
    if isinstance(thing, Participation):
        return _seat(thing)
    return _row(thing, _COLUMNS[type(thing)])


def _seat(seat: Participation) -> dict[str, Any]:
    territory = seat.member.territory_id if seat.member else None
    said = {"member": seat.actor_uri, "name": seat.name, "territory": territory}
    return {code: value for code, value in said.items() if value} | _row(seat, _SEAT)


def _of_each(model: type[models.Model], uris: Mapping[int, str], columns: tuple[str, ...]) -> list[dict[str, Any]]:
    rows: Iterable[Any] = model._default_manager.filter(participation__in=uris).order_by("participation", "pk")
    return [{"member": uris[row.participation_id]} | _row(row, columns) for row in rows]


def _row(thing: models.Model, columns: Iterable[str]) -> dict[str, Any]:
    """Plain values by column. Empty ones are left out, as on the wire."""
    cells = {column: getattr(thing, column) for column in columns}
    return {column: _plain(value) for column, value in cells.items() if not is_empty(value)}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value


# In ---------------------------------------------------------------------------------------------------------------


def mirror(action: Resource, facts: Mapping[str, Any], *, is_ours: Callable[[Member], bool]) -> None:
    """Make the tables of an action led elsewhere say what its lead published; rows that are not right are left out.

    `is_ours` is asked of each of our own collectivités: whether it really takes part. Its lead cannot enrol it.
    """
    seats = _mirror_seats(action, list(_right("participants", facts)), is_ours)
    for model, code, columns in _HANGING:
        _replace(model, action, list(_with_seats(code, facts, seats)), columns)
    for model, code, columns in _STANDING:
        model._default_manager.filter(action=action).delete()
        rows = [model(action=action, **_cells(model, row, columns)) for row in _right(code, facts)]
        model._default_manager.bulk_create(rows)


def empty(action: Resource) -> None:
    """Keep none of the shared state."""
    action.participations.all().delete()
    for model, _code, _columns in _STANDING:
        model._default_manager.filter(action=action).delete()


def _mirror_seats(
    action: Resource, rows: list[dict[str, Any]], is_ours: Callable[[Member], bool]
) -> dict[str, Participation]:
    members = Member.objects.in_bulk([row["member"] for row in rows], field_name="actor_uri")
    kept = {
        row["member"]: row
        for row in rows
        if not (known := members.get(row["member"])) or not known.local or is_ours(known)
    }
    action.participations.exclude(actor_uri__in=kept).delete()
    standing = {seat.actor_uri: seat for seat in action.participations.all()}
    for uri, row in kept.items():
        seat = standing.setdefault(uri, Participation(action=action, actor_uri=uri))
        seat.member = members.get(uri)
        seat.name = seat.member.name if seat.member else row["name"]
        for column, value in (_defaults(Participation, _SEAT) | _cells(Participation, row, _SEAT)).items():
            setattr(seat, column, value)
        seat.save()
    return standing


def _with_seats(code: str, facts: Mapping[str, Any], seats: Mapping[str, Participation]) -> Iterator[dict[str, Any]]:
    shared: set[str] = set()
    for row in _right(code, facts):
        seat = seats.get(row["member"])
        if seat is None or (code == "shares" and row["member"] in shared):
            continue
        shared.add(row["member"])
        yield row | {"participation": seat}


def _replace(
    model: type[models.Model], action: Resource, rows: Iterable[dict[str, Any]], columns: tuple[str, ...]
) -> None:
    model._default_manager.filter(participation__action=action).delete()
    model._default_manager.bulk_create(
        [model(participation=row["participation"], **_cells(model, row, columns)) for row in rows]
    )


def cells(model: type[models.Model], row: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed of one row (acts.py), as its columns take it."""
    return _cells(model, row, tuple(row))


def _cells(model: type[models.Model], row: Mapping[str, Any], columns: Iterable[str]) -> dict[str, Any]:
    return {column: _stored(model, column, row[column]) for column in columns if not is_empty(row.get(column))}


def _stored(model: type[models.Model], column: str, value: Any) -> Any:
    """Rounded only when it comes from a hub that keeps more decimals than this one."""
    field = model._meta.get_field(column)
    if isinstance(field, models.DecimalField):
        return Decimal(value).quantize(Decimal(1).scaleb(-field.decimal_places), rounding=ROUND_HALF_EVEN)
    return date.fromisoformat(value) if isinstance(field, models.DateField) else value


def _defaults(model: type[models.Model], columns: Iterable[str]) -> dict[str, Any]:
    fields: dict[str, Any] = {column: model._meta.get_field(column) for column in columns}
    return {column: field.get_default() for column, field in fields.items()}


def _right(code: str, facts: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The rows of one shared fact that are as they should be."""
    fact = KINDS[KIND].fact(code)
    rows = facts.get(code)
    if fact.type is not Type.TABLE or not isinstance(rows, list):
        return
    for row in rows[: fact.limit]:
        if (right := _one(fact, row)) is not None:
            yield right


def _one(fact: Fact, row: Any) -> dict[str, Any] | None:
    """Columns that we do not know are left out: a later hub may say more."""
    if not isinstance(row, Mapping):
        return None
    row = {column.code: row.get(column.code) for column in fact.columns}
    try:
        return next(iter(check(fact, [row])), None)
    except Wrong:
        return None
