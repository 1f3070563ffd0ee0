"""One checker a type: the stored form of one value, or what is wrong with it."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from resources.kinds.facts import is_empty
from resources.kinds.shape import Fact, Type
from rtes_hub.territories.models import Territory
from rtes_hub.text import clean

MAX_ITEM = 300  #: characters of one item of a LIST
MAX_ITEMS = 100  #: of a LIST or TABLE that sets no limit of its own
MAX_URL = 2048
MAX_DIGITS = 20  #: of a number, as typed

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_MONTHS = (
    re.compile(r"(?P<y>[12][0-9]{3})-(?P<m>[0-9]{2})(-[0-9]{2})?"),
    re.compile(r"(?P<m>[0-9]{1,2})/(?P<y>[12][0-9]{3})"),
)
_DATE_FORMS = ("%Y-%m-%d", "%d/%m/%Y")


class Wrong(Exception):
    """A value is not as it should be. `problems` are whole sentences for the person who typed it."""

    def __init__(self, *problems: str) -> None:
        super().__init__(*problems)
        self.problems = list(problems)


def check(fact: Fact, value: Any) -> Any:
    """The stored form of a value; "" [] or None when it is empty. Raises: Wrong."""
    return _CHECKS[fact.type](fact, value)


def _text(fact: Fact, value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Wrong(_("%(field)s: this must be text.") % {"field": fact.label})
    return value.replace("\0", "")  # PostgreSQL stores none, and asked with one it fails


def _within(fact: Fact, text: str) -> str:
    if fact.limit is not None and len(text) > fact.limit:
        message = _("%(field)s: at most %(limit)d characters; there are %(length)d.")
        raise Wrong(message % {"field": fact.label, "limit": fact.limit, "length": len(text)})
    return text


def _check_line(fact: Fact, value: Any) -> str:
    raw = _text(fact, value)
    text = _within(fact, clean.line(raw, len(raw)))
    if text and fact.pattern and not re.fullmatch(fact.pattern, text):
        raise Wrong(
            _("%(field)s: “%(value)s” is not of the expected form.") % {"field": fact.label, "value": text[:60]}
        )
    return text


def _check_text(fact: Fact, value: Any) -> str:
    """Paragraphs and Markdown are kept as they were typed, line ends and control characters apart."""
    text = _text(fact, value).replace("\r\n", "\n").replace("\r", "\n")
    return _within(fact, _CONTROL.sub("", text).strip())


def _items(fact: Fact, value: Any) -> list[Any]:
    if value is None or value == "":
        return []
    if not isinstance(value, list | tuple):
        raise Wrong(_("%(field)s: this must be a list.") % {"field": fact.label})
    return list(value)


def _counted(fact: Fact, items: list[Any]) -> list[Any]:
    limit = fact.limit or MAX_ITEMS
    if len(items) > limit:
        message = _("%(field)s: at most %(limit)d; there are %(length)d.")
        raise Wrong(message % {"field": fact.label, "limit": limit, "length": len(items)})
    if items and len(items) < fact.least:
        message = _("%(field)s: at least %(least)d; there are %(length)d.")
        raise Wrong(message % {"field": fact.label, "least": fact.least, "length": len(items)})
    return items


def _check_list(fact: Fact, value: Any) -> list[str]:
    one = Fact(code=fact.code, label=fact.label, type=Type.LINE, limit=MAX_ITEM)
    return _counted(fact, [text for item in _items(fact, value) if (text := _check_line(one, item))])


def _check_choice(fact: Fact, value: Any) -> str:
    code = _text(fact, str(value) if isinstance(value, int) and not isinstance(value, bool) else value).strip()
    if code and all(choice.code != code for choice in fact.choices):
        raise Wrong(_("%(field)s: “%(value)s” is not one of the choices.") % {"field": fact.label, "value": code[:60]})
    return code


def _check_choices(fact: Fact, value: Any) -> list[str]:
    codes = [code for item in _items(fact, value) if (code := _check_choice(fact, item))]
    return _counted(fact, list(dict.fromkeys(codes)))


def _check_boolean(fact: Fact, value: Any) -> bool:
    if value is None:
        return False
    if not isinstance(value, bool):
        raise Wrong(_("%(field)s: this must be true or false.") % {"field": fact.label})
    return value


def _number(fact: Fact, value: Any) -> Decimal | None:
    """ "1 234,50", "1234.5", 1234: spaces of any width and a comma are how French is typed."""
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise Wrong(_("%(field)s: this must be a number.") % {"field": fact.label})
    text = re.sub(r"[\s\u00a0\u202f€]", "", str(value)).replace(",", ".")
    if not text:
        return None
    if len(text) > MAX_DIGITS or not _NUMBER.fullmatch(text):
        message = _("%(field)s: “%(value)s” is not a number, such as 1 234,50.")
        raise Wrong(message % {"field": fact.label, "value": str(value)[:60]})
    try:
        return _in_range(fact, Decimal(text))
    except InvalidOperation as error:
        raise Wrong(_("%(field)s: this must be a number.") % {"field": fact.label}) from error


def _in_range(fact: Fact, number: Decimal) -> Decimal:
    if fact.smallest is not None and number < fact.smallest:
        raise Wrong(_("%(field)s: at least %(limit)d.") % {"field": fact.label, "limit": fact.smallest})
    if fact.greatest is not None and number > fact.greatest:
        raise Wrong(_("%(field)s: at most %(limit)d.") % {"field": fact.label, "limit": fact.greatest})
    return number


def _check_integer(fact: Fact, value: Any) -> int | None:
    number = _number(fact, value)
    if number is not None and number != number.to_integral_value():
        raise Wrong(_("%(field)s: this must be a whole number.") % {"field": fact.label})
    return None if number is None else int(number)


def _check_decimal(fact: Fact, value: Any) -> str | None:
    number = _number(fact, value)
    if number is None:
        return None
    text = f"{number:f}"
    return text.removeprefix("+")


def _check_date(fact: Fact, value: Any) -> str | None:
    if isinstance(value, date):
        return value.isoformat()[:10]
    text = _text(fact, value).strip()
    if not text:
        return None
    for form in _DATE_FORMS:
        try:
            return datetime.strptime(text, form).date().isoformat()
        except ValueError:
            continue
    raise Wrong(
        _("%(field)s: “%(value)s” is not a date, such as 31/03/2026.") % {"field": fact.label, "value": text[:60]}
    )


def _check_month(fact: Fact, value: Any) -> str | None:
    text = _text(fact, value).strip()
    if not text:
        return None
    for form in _MONTHS:
        if (match := form.fullmatch(text)) and 1 <= int(match["m"]) <= 12:
            return f"{match['y']}-{int(match['m']):02}"
    raise Wrong(
        _("%(field)s: “%(value)s” is not a month, such as 03/2026.") % {"field": fact.label, "value": text[:60]}
    )


def _check_url(fact: Fact, value: Any) -> str:
    text = clean.line(_text(fact, value), MAX_URL + 1)
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        right = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
    except ValueError:
        right = False
    if not right or len(text) > MAX_URL or re.search(r"[\s\"<>\\^`{|}]", text):
        raise Wrong(_("%(field)s: an address begins with https:// or http://.") % {"field": fact.label})
    return text


def _check_territory(fact: Fact, value: Any) -> str | None:
    text = _text(fact, value).strip()
    if not text:
        return None
    if not Territory.objects.filter(pk=text[:24]).exists() or len(text) > 24:
        message = _("%(field)s: “%(value)s” is not in the official table.")
        raise Wrong(message % {"field": fact.label, "value": text[:60]})
    return text


def _check_table(fact: Fact, value: Any) -> list[dict[str, Any]]:
    """Empty rows are dropped; so are empty cells. Every problem is told, with its row."""
    rows, problems = [], []
    for number, row in enumerate(_counted_raw(fact, value), start=1):
        if not isinstance(row, Mapping):
            raise Wrong(_("%(field)s: this must be a table.") % {"field": fact.label})
        cells, wrong = _check_row(fact, row)
        problems += [
            _("%(field)s, row %(row)d. %(problem)s") % {"field": fact.label, "row": number, "problem": problem}
            for problem in wrong
        ]
        if cells:
            rows.append(cells)
    if problems:
        raise Wrong(*problems)
    return _counted(fact, rows)


def _counted_raw(fact: Fact, value: Any) -> list[Any]:
    """Bounded before anything is looked at: empty rows cost time too."""
    rows = _items(fact, value)
    if len(rows) > 2 * (fact.limit or MAX_ITEMS) + 10:
        _counted(fact, rows)
    return rows


def _check_row(fact: Fact, row: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    columns = {column.code: column for column in fact.columns}
    if all(_is_blank(value) for value in row.values()):
        return {}, []
    cells, wrong = {}, [_("“%(code)s” is not known.") % {"code": str(code)[:60]} for code in row if code not in columns]
    for code, column in columns.items():
        try:
            value = check(column, row.get(code))
        except Wrong as problem:
            wrong += problem.problems
            continue
        if not is_empty(value):
            cells[code] = value
        elif column.required:
            wrong.append(_("%(field)s: this is needed.") % {"field": column.label})
    return cells, wrong


def _is_blank(value: Any) -> bool:
    return is_empty(value.strip() if isinstance(value, str) else value)


_CHECKS: dict[Type, Callable[[Fact, Any], Any]] = {
    Type.LINE: _check_line,
    Type.TEXT: _check_text,
    Type.MARKDOWN: _check_text,
    Type.LIST: _check_list,
    Type.CHOICE: _check_choice,
    Type.CHOICES: _check_choices,
    Type.BOOLEAN: _check_boolean,
    Type.INTEGER: _check_integer,
    Type.DECIMAL: _check_decimal,
    Type.DATE: _check_date,
    Type.MONTH: _check_month,
    Type.URL: _check_url,
    Type.TERRITORY: _check_territory,
    Type.TABLE: _check_table,
}
