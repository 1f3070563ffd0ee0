"""The two forms of a charter: to pledge, and to tell the progress of every measure on one page.

What was typed, right or not, comes back as it was. Names of controls: "signatory"; of a measure, "A1-status".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.http import QueryDict

from resources.charters import acts, progress
from resources.charters.states import State, measures_of
from resources.charters.text import Text
from resources.forms import Field
from resources.kinds import charter_shared as shared
from resources.kinds.charter_words import Proof

Errors = Mapping[str, list[str]]
FILE = "file"


# To pledge --------------------------------------------------------------------------------------------------------


def typed_pledge(post: QueryDict) -> dict[str, Any]:
    said: dict[str, Any] = {fact.code: post.get(fact.code, "") for fact in shared.PLEDGE}
    return said | {"measures": post.getlist("measures")}


def first_words(
    now: State | None, text: Text, *, today: date, signatory: str = "", mandate_starts_on: date | None = None
) -> dict[str, Any]:
    """What the form begins with: what was said before, else what we know."""
    if now is not None:
        kept = {fact.code: now["pledge"].get(fact.code, "") for fact in shared.PLEDGE}
        return kept | {"measures": list(measures_of(now))}
    return {
        "signatory": signatory,
        "signed_on": today.isoformat(),
        "mandate_starts_on": mandate_starts_on.isoformat() if mandate_starts_on else "",
        "measures": [measure.code for measure in text.measures],
    }


@dataclass(frozen=True, kw_only=True)
class Box:
    """A measure to tick. `is_kept`: progress was told of it, so it stays."""

    code: str
    statement: str
    deadline_months: int | None
    chosen: bool
    is_kept: bool


class PledgeForm:
    def __init__(self, text: Text, before: State | None, data: Mapping[str, Any], errors: Errors) -> None:
        self.fields = [
            Field(fact=fact, name=fact.code, value=data.get(fact.code), errors=list(errors.get(fact.code, [])))
            for fact in shared.PLEDGE
        ]
        self.errors = [(f"id_{code}", sentence) for code, sentences in errors.items() for sentence in sentences]
        self.wrong_measures = list(errors.get("measures", []))
        chosen = set(data.get("measures", ()))
        told = {code for code, row in measures_of(before).items() if "updated_on" in row}
        self.themes = [
            (
                theme,
                [
                    Box(
                        code=one.code,
                        statement=one.statement,
                        deadline_months=one.deadline_months or text.window_months,
                        chosen=one.code in chosen,
                        is_kept=one.code in told,
                    )
                    for one in text.of(theme.code)
                ],
            )
            for theme in text.themes
        ]
        #: Measures that the charter has no longer, and that were pledged: they stay chosen.
        self.gone = [code for code in measures_of(before) if code not in text.by_code]


# To tell the progress ---------------------------------------------------------------------------------------------


@dataclass(kw_only=True)
class MeasureForm:
    """The six things that an update of one measure may say: three, a proof, and when comes the next."""

    code: str
    statement: str
    indicator: str
    evidence: str
    told: list[Field]
    proof: list[Field]
    file_errors: list[str] = field(default_factory=list)
    has_proof: bool = False  #: something was typed of it: shown open

    @property
    def file_name(self) -> str:
        return f"{self.code}-{FILE}"


def typed_updates(post: QueryDict, codes: list[str]) -> dict[str, dict[str, Any]]:
    """By measure, as typed; measures that the page did not show are left out."""
    return {code: _typed_update(post, code) for code in codes if f"{code}-status" in post}


def _typed_update(post: QueryDict, code: str) -> dict[str, Any]:
    said: dict[str, Any] = {fact.code: post.get(f"{code}-{fact.code}", "") for fact in acts.UPDATE}
    proof = {fact.code: post.get(f"{code}-evidence-{fact.code}", "").strip() for fact in acts.EVIDENCE}
    return said | {"evidence": proof}


def prefilled(now: State, text: Text, *, today: date) -> dict[str, dict[str, Any]]:
    """What was told last, so that only what has moved is typed; and the usual day for the next time."""
    end = text.end(date.fromisoformat(now["pledge"]["mandate_starts_on"]))
    usual = progress.next_update(today, text.update_months, end).isoformat()
    return {
        code: row | {"next_update_due": "" if row["status"] in progress.CLOSED else usual}
        for code, row in measures_of(now).items()
    }


def update_forms(
    now: State, text: Text, data: Mapping[str, Mapping[str, Any]], errors: Errors
) -> list[tuple[str, list[MeasureForm]]]:
    """By theme, in the order of the charter; what the charter has no longer comes last."""
    codes = sorted(measures_of(now), key=lambda code: (text.places.get(code, len(text.places)), code))
    labels = {theme.code: theme.label for theme in text.themes} | {"": ""}
    found: dict[str, list[MeasureForm]] = {}
    for code in codes:
        found.setdefault(text.theme_of(code), []).append(_measure_form(code, text, data.get(code, {}), errors))
    return [(labels.get(theme, ""), forms) for theme, forms in found.items()]


def _measure_form(code: str, text: Text, data: Mapping[str, Any], errors: Errors) -> MeasureForm:
    measure = text.by_code.get(code)
    proof = data.get("evidence") or {"kind": Proof.LINK.value}
    return MeasureForm(
        code=code,
        statement=measure.statement if measure else "",
        indicator=measure.indicator if measure else "",
        evidence=measure.evidence if measure else "",
        told=[
            Field(
                fact=replace(fact, required=fact is not shared.COMMENT),
                name=f"{code}-{fact.code}",
                value=data.get(fact.code),
                errors=list(errors.get(f"{code}.{fact.code}", [])),
            )
            for fact in acts.UPDATE
        ],
        proof=[
            Field(
                fact=fact,
                name=f"{code}-evidence-{fact.code}",
                value=proof.get(fact.code),
                errors=list(errors.get(f"{code}.evidence.{fact.code}", [])),
            )
            for fact in acts.EVIDENCE
        ],
        file_errors=[*errors.get(f"{code}.evidence.file", []), *errors.get(f"{code}.evidence", [])],
        has_proof=any(proof.get(name) for name in ("label", "url")),
    )


def anchors(errors: Errors) -> list[tuple[str, str]]:
    """(id of the control, sentence): "A1.evidence.url" stands in "id_A1-evidence-url"."""
    return [("id_" + code.replace(".", "-"), sentence) for code, sentences in errors.items() for sentence in sentences]
