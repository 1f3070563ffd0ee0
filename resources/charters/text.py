"""What a charter says, read from its facts: themes, measures, calendar. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from resources.charters.progress import months_after
from resources.kinds.charter import UPDATE_MONTHS, WINDOW_MONTHS

KIND = "charter"


@dataclass(frozen=True, kw_only=True)
class Measure:
    code: str
    theme: str  #: code of its theme
    statement: str
    rationale: str = ""
    indicator: str = ""
    evidence: str = ""  #: what may show that it is done
    deadline_months: int | None = None  #: from the start of the mandate; None: the whole window
    legal_basis: str = ""
    practice: str = ""  #: address of a sheet


@dataclass(frozen=True, kw_only=True)
class Theme:
    code: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Text:
    themes: tuple[Theme, ...]
    measures: tuple[Measure, ...]  #: in the order of the charter
    window_months: int
    update_months: int
    least: int  #: measures to choose

    @cached_property
    def by_code(self) -> dict[str, Measure]:
        return {measure.code: measure for measure in self.measures}

    @cached_property
    def places(self) -> dict[str, int]:
        """By code, the place of each measure on the page: theme by theme."""
        themes = {theme.code: place for place, theme in enumerate(self.themes)}
        listed = sorted(self.measures, key=lambda measure: themes.get(measure.theme, len(themes)))
        return {measure.code: place for place, measure in enumerate(listed)}

    def of(self, theme: str) -> list[Measure]:
        return [measure for measure in self.measures if measure.theme == theme]

    def theme_of(self, code: str) -> str:
        """Empty for a measure that the charter no longer has."""
        return self.by_code[code].theme if code in self.by_code else ""

    def end(self, mandate_starts_on: date) -> date:
        return months_after(mandate_starts_on, self.window_months)

    def deadline(self, code: str, mandate_starts_on: date) -> date:
        measure = self.by_code.get(code)
        return months_after(mandate_starts_on, (measure and measure.deadline_months) or self.window_months)


def read(facts: Mapping[str, Any]) -> Text:
    """A charter of a partner may say less than ours must."""
    themes = tuple(Theme(**row) for row in facts.get("charter_themes", ()))
    measures = tuple(Measure(**row) for row in facts.get("measures", ()))
    return Text(
        themes=themes,
        measures=measures,
        window_months=facts.get("window_months", WINDOW_MONTHS),
        update_months=facts.get("update_months", UPDATE_MONTHS),
        least=facts.get("least_measures", 1),
    )
