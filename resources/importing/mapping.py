"""An item of a source as the facts of a kind. What does not fit a fact goes in the main text, under its heading.

Nothing is cut: a text longer than the sheet holds is joined whole as a document, and the sheet says so.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from resources.importing.source import Item, Source
from resources.kinds import KINDS, validate
from rtes_hub.territories.search import fold
from rtes_hub.text import clean

#: How sources write the licences that we know; the code of each.
LICENCES = (
    ("etalab-2.0", re.compile(r"etalab-2\.0|licence ouverte( etalab)? 2", re.I)),
    ("odbl-1.0", re.compile(r"\bodbl\b", re.I)),
    ("cc-by-sa-4.0", re.compile(r"cc[ -]by[ -]sa[ -]4\.0", re.I)),
    ("cc-by-4.0", re.compile(r"cc[ -]by[ -]4\.0", re.I)),
)

_MARKS = re.compile(r"^\s*(#|[-*+] |\d+[.)] |>|\|)|\*\*|__|~~|`|\]\(|!\[", re.M)
_BULLET = re.compile(r"^\s*(?:[-*+•►]|\d+[.)])\s+(.+)$")


@dataclass(kw_only=True)
class Sheet:
    data: dict[str, Any]  #: by code, right as far as it goes
    full_text: str = ""  #: Markdown, when the main fact could not hold it
    notes: list[str] = field(default_factory=list)  #: for the person who imports


def text(said: str) -> str | None:
    """Plain paragraphs only: marks of Markdown would be shown as they are typed."""
    return None if _MARKS.search(said) else said


def lines(said: str) -> list[str] | None:
    """A list, one plain line each; None when it is not wholly a list."""
    found = [line for line in said.splitlines() if line.strip()]
    matches = [_BULLET.match(line) for line in found]
    if not all(matches):
        return [said] if len(found) == 1 and not _MARKS.search(said) else None
    items = [match[1].strip() for match in matches if match]
    return None if any(_MARKS.search(item) for item in items) else items


def rows(**cells: str) -> Callable[[str], list[dict[str, str]] | None]:
    """Each line a row; the cell that is "*" takes the line."""

    def make(said: str) -> list[dict[str, str]] | None:
        items = lines(said)
        return (
            None
            if items is None
            else [{code: item if value == "*" else value for code, value in cells.items()} for item in items]
        )

    return make


Reader = Callable[[str], Any]

#: Headings, as `fold` writes them, whose place among the facts is plain: kind → heading → fact and how it is read.
HEADINGS: dict[str, dict[str, tuple[str, Reader]]] = {
    "good-practice": {
        "contexte": ("context", text),
        "problematique": ("problem", text),
        "probleme ou besoin": ("problem", text),
        "constat": ("problem", text),
        "objectifs": ("objectives", lines),
        "objectifs vises": ("objectives", lines),
        "objectifs vises par l action": ("objectives", lines),
        "partenaires": ("stakeholders", rows(name="*", role="partner")),
        "porteur de projet": ("stakeholders", rows(name="*", role="lead")),
        "sources de financement": ("funding_sources", rows(funder="*")),
        "financeurs": ("funding_sources", rows(funder="*")),
        "cadre juridique": ("legal_framework", text),
        "difficultes": ("difficulties", text),
        "difficultes rencontrees": ("difficulties", text),
        "facteurs de reussite": ("success_factors", lines),
        "conditions de reussite": ("success_factors", lines),
    },
    "policy-note": {
        "contexte": ("context_issue", text),
        "enjeux": ("context_issue", text),
        "contexte et enjeux": ("context_issue", text),
        "decision attendue": ("decision_sought", text),
        "synthese": ("executive_summary", text),
        "cadre juridique": ("legal_framework", text),
        "concertation": ("consultations", text),
        "risques": ("risks_controls", text),
        "points de vigilance": ("risks_controls", text),
    },
}


def sheet(kind: str, item: Item, source: Source, *, themes: list[str], territory: str, licence: str = "") -> Sheet:
    """`licence`: a code that the importing collectivité answers for, in place of the source's."""
    made = Sheet(data={"territory": territory, "themes": themes, "federated": True, "visibility": "public"})
    body = _Body()
    _title(kind, item, made, body)
    _summary(kind, item, made, body)
    for heading, said in item.sections:
        if not _as_fact(kind, heading, said, made):
            body.add(heading, said)
    _budget(kind, item.budget, made, body)
    for key, said in item.more.items():
        body.add(key.replace("_", " ").capitalize(), said)
    _links(kind, item, made)
    made.data["licence"] = licence or known_licence(item.licence or source.licence)
    if not made.data["licence"]:
        made.notes.append(_("Its licence “%(words)s” is none of ours.") % {"words": item.licence or source.licence})
    _main(kind, body.whole, _credits(item, source), made)
    made.data |= validate(kind, made.data, complete=False)[
        0
    ]  # as it is stored, so that the next time finds it the same
    return made


def known_licence(words: str) -> str:
    """The code of the one licence that these words name; empty when they name none, or more than one."""
    found = [code for code, pattern in LICENCES if pattern.search(words)]
    return found[0] if len(found) == 1 else ""


class _Body:
    """The main text, section after section."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def add(self, heading: str, said: str) -> None:
        self.parts.append(f"## {heading}\n\n{said}" if heading else said)

    @property
    def whole(self) -> str:
        return "\n\n".join(self.parts)


def _fits(kind: str, code: str, value: Any) -> bool:
    return not validate(kind, {code: value}, complete=False)[1]


def _title(kind: str, item: Item, made: Sheet, body: _Body) -> None:
    title = clean.line(item.title, len(item.title))
    limit = KINDS[kind].fact("title").limit or len(title)
    made.data["title"] = _shortened(title, limit)
    if len(title) > limit:
        body.add("", f"**{title}**")
        made.notes.append(
            _("The title is longer than %(limit)d characters: the text begins with it.") % {"limit": limit}
        )


def _summary(kind: str, item: Item, made: Sheet, body: _Body) -> None:
    limit = KINDS[kind].fact("summary").limit or 300
    first = item.summary or next((plain for heading, said in item.sections if (plain := _first_words(said))), "")
    made.data["summary"] = _shortened(first, limit)
    if len(item.summary) > limit:
        body.add("", item.summary)
        made.notes.append(
            _("The summary is longer than %(limit)d characters: the text begins with it.") % {"limit": limit}
        )


def _as_fact(kind: str, heading: str, said: str, made: Sheet) -> bool:
    code, reader = HEADINGS[kind].get(fold(heading), ("", text))
    if not code:
        return False
    value = reader(said)
    if isinstance(value, list):
        value = [*made.data.get(code, []), *value]
    elif code in made.data:  # two sections for one fact
        value = None
    if value is None or not _fits(kind, code, value):
        made.notes.append(_("“%(heading)s” does not fit its field: it is in the text.") % {"heading": heading})
        return False
    made.data[code] = value
    return True


def _budget(kind: str, budget: str, made: Sheet, body: _Body) -> None:
    if not budget:
        return
    lines_of = [{"label": _("Budget"), "planned": budget}]
    if "budget_lines" in KINDS[kind].by_code and _fits(kind, "budget_lines", lines_of):
        made.data["budget_lines"] = lines_of
        return
    body.add(_("Budget"), budget)


def _links(kind: str, item: Item, made: Sheet) -> None:
    link = [{"label": _("Source"), "url": item.url}]
    if item.url and _fits(kind, "links", link):
        made.data["links"] = link


def _credits(item: Item, source: Source) -> str:
    """Where it comes from and who wrote it, at the foot of the text: it goes wherever the text goes."""
    authors = [who for who in (*item.attribution, source.attribution) if who]
    said = [_("Source: %(name)s") % {"name": source.name}, *authors]
    if item.url:
        said.append(item.url)
    if words := item.licence or source.licence:
        said.append(_("licence of the source: %(words)s") % {"words": words})
    return "---\n\n" + ". ".join(one.rstrip(".") for one in said) + "."


def _main(kind: str, body: str, credit: str, made: Sheet) -> None:
    main = KINDS[kind].fact(KINDS[kind].main)
    whole = f"{body}\n\n{credit}".strip()
    if main.limit is None or len(whole) <= main.limit:
        made.data[main.code] = whole
        return
    rest = "\n\n".join(["", _("*The whole text is in the document “Full text”.*"), credit])
    made.data[main.code] = _paragraphs(body, main.limit - len(rest)) + rest
    made.full_text = whole
    made.notes.append(
        _("The text has %(length)d characters; a sheet holds %(limit)d: the whole is joined as a document.")
        % {"length": len(whole), "limit": main.limit}
    )


def _paragraphs(whole: str, room: int) -> str:
    """As many whole paragraphs as there is room for; of a single enormous one, as many words."""
    kept = ""
    for part in whole.split("\n\n"):
        longer = f"{kept}\n\n{part}" if kept else part
        if len(longer) > room:
            break
        kept = longer
    return re.sub(r"\n+#[^\n]*$", "", kept) or _shortened(whole, room)


def _first_words(said: str) -> str:
    """The first plain paragraph."""
    plain = (clean.line(part, len(part)) for part in said.split("\n\n") if not _MARKS.search(part))
    return next((part for part in plain if part), "")


def _shortened(said: str, limit: int) -> str:
    if len(said) <= limit:
        return said
    return said[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
