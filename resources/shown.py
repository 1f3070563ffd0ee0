"""A stored value as a person reads it: choices by their label, numbers, dates and amounts in the reader's notation."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from resources.kinds import Fact, Type, is_empty
from rtes_hub.templatetags.cleaned import markdown
from rtes_hub.territories.models import Territory


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One fact ready to be shown: as text always, and as a list, a table or HTML when it is one."""

    fact: Fact
    plain: str = ""  #: text, to be escaped when shown
    items: tuple[str, ...] = ()
    columns: tuple[Fact, ...] = ()  #: those that at least one row fills in
    rows: tuple[tuple["Shown", ...], ...] = ()
    html: str = ""  #: safe
    url: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.plain or self.items or self.rows or self.html)


def show(fact: Fact, value: Any) -> Shown:
    """`value` in its stored form; what is not in it (typed and not yet right) is shown as it was typed."""
    if is_empty(value):
        return Shown(fact=fact)
    if fact.type is Type.TABLE and isinstance(value, list):
        return _table(fact, value)
    if fact.type in (Type.LIST, Type.CHOICES) and isinstance(value, list):
        items = tuple(str(fact.choice_label(str(item))) for item in value)
        return Shown(fact=fact, items=items, plain=", ".join(items))
    if fact.type is Type.MARKDOWN:
        return Shown(fact=fact, plain=str(value), html=markdown(str(value)))
    if fact.type is Type.URL:
        address = str(value)
        return Shown(fact=fact, plain=address, url=address if address.startswith(("https://", "http://")) else "")
    return Shown(fact=fact, plain=_plain(fact, value))


def _table(fact: Fact, rows: list[Any]) -> Shown:
    dicts = [row for row in rows if isinstance(row, dict)]
    columns = tuple(column for column in fact.columns if any(not is_empty(row.get(column.code)) for row in dicts))
    shown = tuple(tuple(show(column, row.get(column.code)) for column in columns) for row in dicts)
    plain = "\n".join(" · ".join(cell.plain for cell in row if cell.plain) for row in shown)
    return Shown(fact=fact, columns=columns, rows=shown, plain=plain)


def _plain(fact: Fact, value: Any) -> str:
    text = str(value)
    match fact.type:
        case Type.CHOICE:
            return str(fact.choice_label(text))
        case Type.BOOLEAN:
            return _("yes") if value is True else _("no")
        case Type.INTEGER | Type.DECIMAL:
            return _number(fact, text)
        case Type.DATE:
            return _day(text)
        case Type.MONTH:
            return _month(text)
        case Type.TERRITORY:
            return Territory.objects.filter(pk=text).values_list("name", flat=True).first() or text
        case _:
            return text


def _number(fact: Fact, text: str) -> str:
    try:
        number = Decimal(text)
    except ArithmeticError:
        return text
    grouped = formats.number_format(number, use_l10n=True, force_grouping=fact.code != "year")
    return f"{grouped} {fact.unit}" if fact.unit else grouped


def _day(text: str) -> str:
    try:
        return formats.date_format(date.fromisoformat(text), "DATE_FORMAT")
    except ValueError:
        return text


def _month(text: str) -> str:
    try:
        return formats.date_format(date.fromisoformat(f"{text}-01"), "YEAR_MONTH_FORMAT")
    except ValueError:
        return text
