"""What a kind of resource is made of. The form, the page, the API, validation, export and the wire read it."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise

Text = str | Promise  #: translated when shown


class Type(StrEnum):
    LINE = "line"  #: one line of plain text
    TEXT = "text"  #: plain paragraphs
    MARKDOWN = "markdown"
    LIST = "list"  #: several lines; `limit` counts the items, each ≤ 300 characters
    CHOICE = "choice"
    CHOICES = "choices"  #: several of the list
    BOOLEAN = "boolean"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"  #: "2026-03-31"
    MONTH = "month"  #: "2026-03"
    URL = "url"
    TERRITORY = "territory"  #: an id of the official table
    TABLE = "table"  #: rows of `columns`; `limit` counts the rows


@dataclass(frozen=True, kw_only=True)
class Choice:
    code: str
    label: Text


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One thing a kind says. `limit` is in characters for text, in items for lists and tables."""

    code: str  #: snake_case; also the key in the API and, prefixed, on the wire
    label: Text
    type: Type = Type.TEXT
    help: Text = ""
    unit: Text = ""
    limit: int | None = None
    least: int = 0  #: fewest items of a list or table, when given at all
    required: bool = False
    choices: tuple[Choice, ...] = ()
    columns: tuple["Fact", ...] = ()
    members_only: bool = False  #: never leaves the hub, never shown to a passer-by
    hidden_unless: str = ""  #: code of a boolean fact: shown to all only when that one is true
    weight: int = 1  #: in the completeness score


@dataclass(frozen=True, kw_only=True)
class Step:
    code: str
    label: Text
    facts: tuple[Fact, ...]
    help: Text = ""


@dataclass(frozen=True, kw_only=True)
class Kind:
    slug: str  #: "good-practice"; the same word in URLs, API and wire
    label: Text
    plural: Text
    description: Text
    steps: tuple[Step, ...]
    main: str  #: code of the MARKDOWN fact that is the body of the text
    review_months: int  #: default time before it must be looked at again

    @property
    def facts(self) -> tuple[Fact, ...]:
        return tuple(fact for step in self.steps for fact in step.facts)

    def fact(self, code: str) -> Fact:
        return next(fact for fact in self.facts if fact.code == code)
