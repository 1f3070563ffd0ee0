"""A step of the form, made from the facts of a kind: what was typed in, right or not, comes back as it was."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import get_language

from resources.kinds import Fact, Step, Type, is_empty
from rtes_hub.territories import search
from rtes_hub.territories.models import Territory

MAX_ROWS = 200  #: of a table, in one request: more than any table may hold
MAX_SUGGESTIONS = 8  #: territories to choose from, when a name fits several
#: Choices are shown as radio buttons up to this many, as a list to unfold beyond.
MAX_RADIOS = 5

_DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+")
_ISO_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


# What was typed ---------------------------------------------------------------------------------------------------


def parse(step: Step, post: QueryDict) -> dict[str, Any]:
    """Every fact of the step, as typed. Empty rows, empty lines and rows to remove are left out; nothing is checked."""
    return {fact.code: _parse_one(fact, fact.code, post) for fact in step.facts}


def _parse_one(fact: Fact, name: str, post: QueryDict) -> Any:
    match fact.type:
        case Type.BOOLEAN:
            return name in post
        case Type.CHOICES:
            return post.getlist(name)
        case Type.LIST:
            return [line.strip() for line in post.get(name, "").splitlines() if line.strip()]
        case Type.TABLE:
            return _parse_rows(fact, name, post)
        case Type.TERRITORY:
            return _parse_territory(name, post)
        case _:
            return post.get(name, "")


def _parse_rows(fact: Fact, name: str, post: QueryDict) -> list[dict[str, Any]]:
    count = post.get(f"{name}-rows", "0")
    numbers = range(min(int(count), MAX_ROWS) if count.isdecimal() else 0)
    rows = []
    for number in numbers:
        cells = {column.code: _parse_one(column, f"{name}-{number}-{column.code}", post) for column in fact.columns}
        cells = {code: cell for code, cell in cells.items() if cell not in ("", False, [])}
        if cells and f"{name}-{number}-remove" not in post:
            rows.append(cells)
    return rows


def _parse_territory(name: str, post: QueryDict) -> str:
    """The id that was chosen, or that of the only territory with the name typed; else what was typed.

    Without JavaScript the name changes and the hidden id stays: the name has the last word.
    """
    chosen, typed = post.get(name, "").strip(), post.get(f"{name}-name", "").strip()
    if not typed:
        return ""
    current = Territory.objects.filter(pk=chosen[:24]).first() if chosen else None
    if current and search.fold(current.name) == search.fold(typed):
        return current.pk
    found = search.find(typed, limit=2)
    same = [territory for territory in found if search.fold(territory.name) == search.fold(typed)]
    best = same if same else found
    return best[0].pk if len(best) == 1 else typed


# What is shown ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Option:
    code: str
    label: Any
    chosen: bool


@dataclass(kw_only=True)
class Field:
    """One fact with its value and what is wrong with it. `name` is that of the HTML control."""

    fact: Fact
    name: str
    value: Any
    errors: list[str] = field(default_factory=list)
    autofocus: bool = False
    extra_rows: int = 0
    in_table: bool = False

    @property
    def id(self) -> str:
        return f"id_{self.name}"

    @property
    def widget(self) -> str:
        """Which control, see templates/resources/_control.html."""
        match self.fact.type:
            case Type.CHOICE if len(self.fact.choices) <= MAX_RADIOS and not self.in_table:
                return "radios"
            case Type.CHOICE:
                return "select"
            case Type.CHOICES:
                return "checkboxes"
            case Type.BOOLEAN:
                return "checkbox"
            case Type.TEXT | Type.MARKDOWN | Type.LIST:
                return "textarea"
            case Type.TABLE | Type.TERRITORY:
                return str(self.fact.type)
            case _:
                return "input"

    @property
    def is_group(self) -> bool:
        """Several controls under one name: a fieldset with a legend."""
        return self.widget in ("radios", "checkboxes", "table")

    @property
    def described_by(self) -> str:
        parts = [f"{self.id}_helptext"] if self.fact.help or self.limit_said else []
        parts += [f"{self.id}_error"] if self.errors else []
        return " ".join(parts)

    @property
    def limit_said(self) -> int | None:
        """The limit of characters told beside the label."""
        is_text = self.fact.type in (Type.LINE, Type.TEXT, Type.MARKDOWN)
        return self.fact.limit if is_text and not self.in_table else None

    @property
    def input_type(self) -> str:
        match self.fact.type:
            case Type.URL:
                return "url"
            case Type.DATE if is_empty(self.value) or _ISO_DAY.fullmatch(str(self.value)):
                return "date"
            case _ if self.fact.code == "email":
                return "email"
            case _ if self.fact.code == "phone":
                return "tel"
            case _:
                return "text"

    @property
    def text(self) -> str:
        """The value of a text control, in the notation people type."""
        if is_empty(self.value):
            return ""
        if self.fact.type is Type.LIST and isinstance(self.value, list):
            return "\n".join(str(item) for item in self.value)
        text = str(self.value)
        if self.fact.type is Type.MONTH and (month := _ISO_MONTH.fullmatch(text)):
            return f"{month[2]}/{month[1]}"
        if self.fact.type is Type.DECIMAL and _DECIMAL.fullmatch(text) and get_language() == "fr":
            return text.replace(".", ",")
        return text

    @property
    def rows_high(self) -> int:
        """Lines of a text area."""
        if self.in_table:
            return 3
        return 16 if self.fact.type is Type.MARKDOWN else 3 + min((self.fact.limit or 0) // 200, 7)

    @property
    def options(self) -> list[Option]:
        chosen = {str(item) for item in self.value} if isinstance(self.value, list) else {str(self.value or "")}
        return [Option(code=c.code, label=c.label, chosen=c.code in chosen) for c in self.fact.choices]

    @property
    def territory(self) -> Territory | None:
        return Territory.objects.filter(pk=str(self.value)[:24]).first() if self.value else None

    @property
    def suggestions(self) -> list[Territory]:
        """When the name that was typed fits several territories."""
        return search.find(str(self.value), limit=MAX_SUGGESTIONS) if self.value and self.errors else []

    @property
    def rows(self) -> list[list["Field"]]:
        """What is there, then at least one empty row."""
        there = [row for row in self.value if isinstance(row, dict)] if isinstance(self.value, list) else []
        blanks = max(1 if not there else 0, self.fact.least - len(there)) + self.extra_rows
        return [
            [
                Field(
                    fact=column,
                    name=f"{self.name}-{number}-{column.code}",
                    value=row.get(column.code),
                    in_table=True,
                    autofocus=bool(self.extra_rows) and number == len(there) and at == 0,
                )
                for at, column in enumerate(self.fact.columns)
            ]
            for number, row in enumerate([*there, *({} for _ in range(blanks))])
        ]


class StepForm:
    """The fields of one step, in order."""

    def __init__(
        self, step: Step, data: Mapping[str, Any], errors: Mapping[str, list[str]], *, adding: str = ""
    ) -> None:
        """`adding`: code of the table that gets one more empty row."""
        self.fields = [
            Field(
                fact=fact,
                name=fact.code,
                value=data.get(fact.code),
                errors=list(errors.get(fact.code, [])),
                extra_rows=int(fact.code == adding),
            )
            for fact in step.facts
        ]

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields)

    @property
    def wrong(self) -> list[Field]:
        return [one for one in self.fields if one.errors]
