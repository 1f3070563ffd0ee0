"""What a kind of resource is made of. The form, the page, the API, validation, export and the wire read it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

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
    DECIMAL = "decimal"  #: a string, "1234.50": no rounding on the way to the database, the API or a partner
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
    smallest: int | None = None  #: of a number
    greatest: int | None = None
    pattern: str = ""  #: regular expression that a line must match whole
    not_before: str = ""  #: code of another date, which this one may not precede
    required: bool = False  #: asked for before it may be submitted or published, not before it is saved
    default: Any = None  #: what a new sheet starts with
    choices: tuple[Choice, ...] = ()
    columns: tuple["Fact", ...] = ()
    members_only: bool = False  #: never leaves the hub, never shown to a passer-by; a column may be so too
    hidden_unless: str = ""  #: code of a boolean fact: shown to all only when that one is true
    auto: bool = False  #: written by the hub itself, never typed
    weight: int = 1  #: in the completeness score; 0 for what always has a value

    def choice_label(self, code: str) -> Text:
        """The code itself when it is not of the list: a partner may know more choices than we do."""
        return next((choice.label for choice in self.choices if choice.code == code), code)


@dataclass(frozen=True, kw_only=True)
class Step:
    code: str  #: in the address of the form
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
    reading: tuple[str, ...]  #: codes of the steps in the order of the page: what a reader wants first
    review_months: int  #: default time before it must be looked at again
    auto: tuple[Fact, ...] = ()  #: what the hub writes beside what people type
    own_room: bool = False  #: its room (resources/<room>/federated.py) speaks for it on the network
    #: What is wrong between facts that are right one by one: data by code → sentences by code.
    between: Callable[[Mapping[str, Any]], dict[str, list[str]]] | None = None

    @cached_property
    def typed(self) -> tuple[Fact, ...]:
        """What people type, in the order of the form."""
        return tuple(fact for step in self.steps for fact in step.facts)

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        return self.typed + self.auto

    @cached_property
    def by_code(self) -> dict[str, Fact]:
        return {fact.code: fact for fact in self.facts}

    @cached_property
    def terms(self) -> dict[str, Text]:
        """What each code that travels means, columns of tables included."""
        return _terms(self.facts)

    def fact(self, code: str) -> Fact:
        return self.by_code[code]

    def step(self, code: str) -> Step | None:
        return next((step for step in self.steps if step.code == code), None)

    def step_of(self, fact_code: str) -> Step | None:
        return next((step for step in self.steps if any(f.code == fact_code for f in step.facts)), None)


def _terms(facts: tuple[Fact, ...]) -> dict[str, Text]:
    found: dict[str, Text] = {}
    for fact in facts:
        if not fact.members_only:
            found |= {fact.code: fact.label} | _terms(fact.columns)
    return found
