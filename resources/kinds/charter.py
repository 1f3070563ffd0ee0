"""Charter: measures proposed to local authorities, which pledge to take all or some of them (domain.md §1.9)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from resources.kinds import envelope, lists, parts
from resources.kinds.charter_shared import SHARED, code
from resources.kinds.shape import Fact, Kind, Step, Type

MAX_THEMES = 12
MAX_MEASURES = 40
MAX_MONTHS = 120
WINDOW_MONTHS = 24  #: two years, as in the charter that began all this
UPDATE_MONTHS = 6


def _months(name: str, label: Any, **more: Any) -> Fact:
    said: dict[str, Any] = {"type": Type.INTEGER, "unit": _("months"), "smallest": 1, "greatest": MAX_MONTHS} | more
    return Fact(code=name, label=label, **said)


_CHARTER = (
    parts.line(
        "promoter",
        _("Proposed by"),
        300,
        required=True,
        weight=2,
        help=_("The network, the association or the local authority that proposes it."),
    ),
    Fact(
        code="preamble",
        label=_("Preamble"),
        type=Type.MARKDOWN,
        limit=6000,
        required=True,
        weight=3,
        help=_("Why this charter, and for whom."),
    ),
    Fact(
        code="principles",
        label=_("Principles that run through it"),
        type=Type.LIST,
        limit=10,
        help=_("One a line."),
    ),
    Fact(
        code="org_types",
        label=_("Who may pledge"),
        type=Type.CHOICES,
        choices=lists.ORG_KINDS,
        help=_("Leave empty when it is for every local authority."),
    ),
)

_MEASURES = (
    Fact(
        code="charter_themes",
        label=_("Themes of the charter"),
        type=Type.TABLE,
        limit=MAX_THEMES,
        least=1,
        required=True,
        weight=2,
        help=_("In their order. The code is a letter or a few: A, B, C."),
        columns=(code("code", _("Code"), required=True), parts.line("label", _("Theme"), 200, required=True)),
    ),
    Fact(
        code="measures",
        label=_("Measures"),
        type=Type.TABLE,
        limit=MAX_MEASURES,
        least=1,
        required=True,
        weight=4,
        help=_("In their order. The code is short, and never given to another measure: A1, A2, B1."),
        columns=(
            code("code", _("Code"), required=True),
            code("theme", _("Code of its theme"), required=True),
            Fact(code="statement", label=_("Measure"), limit=400, required=True),
            Fact(code="rationale", label=_("Why"), limit=600),
            parts.line("indicator", _("Suggested indicator")),
            parts.line("evidence", _("What may show it")),
            _months("deadline_months", _("To be done within")),
            parts.line("legal_basis", _("Legal basis")),
            parts.address("practice", _("Address of a sheet that shows how")),
        ),
    ),
)

_CALENDAR = (
    _months(
        "window_months",
        _("Time to do it"),
        required=True,
        default=WINDOW_MONTHS,
        help=_("Counted from the start of the mandate of whoever signs."),
    ),
    _months(
        "update_months",
        _("Time between two updates"),
        required=True,
        default=UPDATE_MONTHS,
        greatest=24,
        help=_("Whoever signed is asked, by one message, to tell how far each measure has come."),
    ),
    Fact(
        code="least_measures",
        label=_("Least number of measures to choose"),
        type=Type.INTEGER,
        smallest=1,
        greatest=MAX_MEASURES,
        help=_("Left empty: one is enough."),
    ),
    Fact(code="follow_up", label=_("How it is followed"), limit=1500, help=_("Who looks at the results, and when.")),
)


def _between(data: Mapping[str, Any]) -> dict[str, list[str]]:
    """Each code once, each measure under a theme of the charter, and no more to be chosen than there are."""
    themes = [row["code"] for row in data.get("charter_themes") or ()]
    measures = data.get("measures") or ()
    errors = {
        "charter_themes": _twice(themes, _now("Themes of the charter: the code “%(code)s” is given twice.")),
        "measures": _twice((row["code"] for row in measures), _now("Measures: the code “%(code)s” is given twice.")),
    }
    if themes:
        errors["measures"] += [
            _now("Measures: “%(code)s” is under the theme “%(theme)s”, which is not one of the charter.") % row
            for row in measures
            if row["theme"] not in themes
        ]
    if measures and (data.get("least_measures") or 0) > len(measures):
        errors["least_measures"] = [_now("Least number of measures to choose: there are only %d.") % len(measures)]
    return {name: problems for name, problems in errors.items() if problems}


def _twice(codes: Iterable[str], sentence: str) -> list[str]:
    return [sentence % {"code": one} for one, times in Counter(codes).items() if times > 1]


CHARTER = Kind(
    slug="charter",
    label=_("Charter"),
    plural=_("Charters"),
    description=_("Measures that local authorities pledge to take, and how far each of them has come."),
    main="preamble",
    reading=("charte", "mesures", "calendrier"),
    review_months=24,
    auto=(*SHARED, *envelope.AUTO),
    own_room=True,
    between=_between,
    steps=(
        Step(
            code="essentiel",
            label=_("In a few words"),
            facts=envelope.HEAD,
            help=_("What a hurried reader will see. You may come back to it at the end."),
        ),
        Step(code="charte", label=_("The charter"), facts=_CHARTER),
        Step(code="mesures", label=_("Themes and measures"), facts=_MEASURES),
        Step(
            code="calendrier",
            label=_("Calendar"),
            facts=_CALENDAR,
            help=_("Pledges and their progress are told on the page of the charter, once it is published."),
        ),
        Step(code="partage", label=_("Contacts and sharing"), facts=envelope.SHARING),
    ),
)
