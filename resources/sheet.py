"""A resource as a page shows it: what is said, in reading order, and what is not said though it should be."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from resources.kinds import KINDS, THEMES, Fact, Kind, Type, is_empty, public_facts
from resources.kinds.lists import DOCUMENT_NATURES, LICENCE_URLS, LICENCES
from resources.models import Attachment, Resource, Standing
from resources.publication import address_of
from resources.shown import Shown, show
from rtes_hub.templatetags.cleaned import cleaned

#: Facts that are said in the head of the page and not again below.
IN_HEAD = frozenset(
    {"stage", "started_on", "ended_on", "human_resources_fte", "decision_sought"}
    | {"results_provisional", "what_failed_public"}
)

LONG = frozenset({Type.TEXT, Type.MARKDOWN, Type.LIST, Type.TABLE})


@dataclass(frozen=True, kw_only=True)
class Line:
    """One fact of a section: its value, or why there is none to read."""

    shown: Shown
    is_kept_for_members: bool = False

    @property
    def is_missing(self) -> bool:
        return self.shown.is_empty and not self.is_kept_for_members


@dataclass(frozen=True, kw_only=True)
class Section:
    code: str
    label: Any
    lines: list[Line]

    @property
    def long(self) -> list[Line]:
        """Texts, lists and tables: each under its own title."""
        return [line for line in self.lines if line.shown.fact.type in LONG]

    @property
    def short(self) -> list[Line]:
        """What holds in a line: together, beside their names."""
        return [line for line in self.lines if line.shown.fact.type not in LONG]


@dataclass(frozen=True, kw_only=True)
class Document:
    file: Attachment
    url: str
    nature: Any
    licence: Any


class Sheet:
    """`resource` may be unsaved: the preview shows what is being typed. Needs `member__territory` and `territory`."""

    def __init__(self, resource: Resource, *, as_member: bool) -> None:
        self.resource = resource
        self.as_member = as_member
        self.facts: Mapping[str, Any] = resource.facts if as_member else public_facts(resource.kind, resource.facts)

    @property
    def kind(self) -> Kind:
        return KINDS[self.resource.kind]

    def fact(self, code: str) -> Shown | None:
        """None when it is not said, or not of this kind."""
        value = self.facts.get(code)
        return None if is_empty(value) or code not in self.kind.by_code else show(self.kind.by_code[code], value)

    @cached_property
    def has_facts(self) -> bool:
        """False for what came without our vocabulary: its body is then shown as its author made it."""
        return any(fact.code in self.facts for fact in self.kind.typed)

    @property
    def foreign_body(self) -> str:
        return cleaned(self.resource.body_html)

    # The head: what an élu takes in within two minutes --------------------------------------------------------------

    @property
    def themes(self) -> list[Any]:
        return [THEMES[slug].label for slug in self.resource.themes if slug in THEMES]

    @property
    def decision(self) -> Shown | None:
        return self.fact("decision_sought")

    @property
    def key_facts(self) -> list[tuple[Any, str]]:
        """(label, value); an empty value is something that should be said."""
        rows: list[tuple[Any, str]] = []
        if self.resource.territory is not None:
            rows.append((_("Area concerned"), self.resource.territory.name))
        if "started_on" in self.kind.by_code:
            rows += [(_("Period"), self._period()), (_("Cost"), self._cost())]
        for code in ("human_resources_fte", "stage"):
            if code in self.kind.by_code:
                shown = self.fact(code)
                rows.append((self.kind.fact(code).label, shown.plain if shown else ""))
        return rows

    def _period(self) -> str:
        start, end = self.fact("started_on"), self.fact("ended_on")
        if start and end:
            return _("%(start)s to %(end)s") % {"start": start.plain, "end": end.plain}
        if start:
            return _("since %s") % start.plain
        return _("until %s") % end.plain if end else ""

    def _cost(self) -> str:
        """Of each line what was spent, or what was planned when that is all that is said; ranges without any amount."""
        lines = [line for line in self.facts.get("budget_lines", []) if isinstance(line, dict)]
        spent = [amount for line in lines if (amount := _amount(line.get("actual"))) is not None]
        planned = [
            amount
            for line in lines
            if _amount(line.get("actual")) is None and (amount := _amount(line.get("planned"))) is not None
        ]
        if spent or planned:
            total = number_format(sum(spent) + sum(planned), use_l10n=True, force_grouping=True)
            text = _("%s €, spent or planned") if spent and planned else _("%s € spent") if spent else _("%s € planned")
            return text % total
        budget = self.kind.by_code.get("budget_lines")
        ranges = next((column for column in budget.columns if column.code == "range"), None) if budget else None
        said = [str(ranges.choice_label(line["range"])) for line in lines if ranges and line.get("range")]
        return ", ".join(dict.fromkeys(said))

    @property
    def results_are_provisional(self) -> bool:
        return self.facts.get("results_provisional") is True

    # The text ---------------------------------------------------------------------------------------------------------

    @property
    def sections(self) -> list[Section]:
        """Steps in reading order; what is not said and need not be is left out."""
        found = []
        for code in self.kind.reading:
            step = self.kind.step(code)
            if step is None:
                continue
            lines = [line for fact in step.facts if fact.code not in IN_HEAD and (line := self._line(fact))]
            if lines:
                found.append(Section(code=step.code, label=step.label, lines=lines))
        return found

    def _line(self, fact: Fact) -> Line | None:
        value = self.facts.get(fact.code)
        if not is_empty(value):
            return Line(shown=show(fact, value))
        if not is_empty(self.resource.facts.get(fact.code)):
            return Line(shown=Shown(fact=fact), is_kept_for_members=True)
        return Line(shown=Shown(fact=fact)) if fact.required else None

    # What goes with it ------------------------------------------------------------------------------------------------

    @cached_property
    def documents(self) -> list[Document]:
        natures = {choice.code: choice.label for choice in DOCUMENT_NATURES}
        return [
            Document(
                file=file,
                url=address_of(file),
                nature=natures.get(file.nature, natures["other"]),
                licence=licence_label(file.licence or self.resource.licence),
            )
            for file in self.resource.attachments.all()
            if file.standing != Standing.NEW
        ]

    @property
    def contacts(self) -> list[dict[str, str]]:
        return [contact for contact in self.facts.get("contacts", []) if isinstance(contact, dict)]

    @property
    def co_owners(self) -> list[str]:
        return list(self.facts.get("co_owners", []))

    @property
    def extras(self) -> list[Shown]:
        return [shown for code in ("related", "links") if (shown := self.fact(code))]

    @property
    def about(self) -> list[Shown]:
        """For the foot of the page."""
        return [shown for code in ("acts_matter_code", "validation") if (shown := self.fact(code))]

    @property
    def licence(self) -> Any:
        return licence_label(self.resource.licence)

    @property
    def licence_url(self) -> str:
        return LICENCE_URLS.get(self.resource.licence, "")


def licence_label(code: str) -> Any:
    return next((choice.label for choice in LICENCES if choice.code == code), code)


def _amount(value: Any) -> Decimal | None:
    try:
        return None if value in (None, "") else Decimal(str(value))
    except InvalidOperation:
        return None
