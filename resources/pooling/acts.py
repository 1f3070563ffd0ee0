"""What each act says: its facts, checked alike for the form, the API and the gestures of other hubs."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resources.acts import Invalid
from resources.kinds import Fact, Type, is_empty, parts
from resources.kinds import pooled_shared as shared
from resources.kinds import pooled_words as words
from resources.kinds.checks import Wrong, check
from resources.kinds.shape import Text

#: Decimals kept of each number; of the others, two.
PLACES = {"weight": 4, "agreed_percent": 4, "percent": 4}
MAX_NEEDS = 30  #: rows of one participant
MAX_CONTRIBUTIONS = 20


@dataclass(frozen=True, kw_only=True)
class Act:
    code: str
    label: Text
    facts: tuple[Fact, ...] = ()
    verb: str = "offer"  #: how it travels: "join", "leave" or "offer"


def _day(code: str, label: Text) -> Fact:
    return Fact(code=code, label=label, type=Type.DATE, required=True)


def _rows(label: Text, limit: int, columns: tuple[Fact, ...]) -> Fact:
    return Fact(code="rows", label=label, type=Type.TABLE, limit=limit, columns=columns)


_LEADS = (
    parts.line("political_lead", gettext_lazy("Elected member in charge (function)"), 200),
    parts.line("technical_lead", gettext_lazy("Agent in charge (function)"), 200),
)
_REASON = Fact(code="reason", label=gettext_lazy("Reason"), type=Type.LINE, limit=500)
_MUST_SAY_WHY = Fact(code="reason", label=gettext_lazy("Reason"), type=Type.LINE, limit=500, required=True)
_WEIGHTS = (
    shared.amount(
        "weight",
        gettext_lazy("Real need"),
        help=gettext_lazy("Instead of the sum of its needs, for example the hours really worked. Empty: the sum."),
    ),
    shared.amount(
        "agreed_percent",
        gettext_lazy("Agreed percentage"),
        unit="%",
        greatest=100,
        help=gettext_lazy("For a key by agreed percentages: those of all participants must make 100."),
    ),
)

_ALL = (
    Act(
        code="join",
        label=gettext_lazy("Ask to join"),
        verb="join",
        facts=(
            Fact(
                code="role",
                label=gettext_lazy("As"),
                type=Type.CHOICE,
                choices=words.choices(words.Role, words.Role.MEMBER, words.Role.OBSERVER, words.Role.FUNDER),
                default="member",
            ),
            *_LEADS,
        ),
    ),
    Act(code="describe", label=gettext_lazy("Say who is in charge"), facts=_LEADS),
    Act(
        code="plan",
        label=gettext_lazy("Plan the deliberation"),
        facts=(_day("on", gettext_lazy("Date of the council")),),
    ),
    Act(
        code="deliberate",
        label=gettext_lazy("Record the deliberation"),
        facts=(
            _day("on", gettext_lazy("Date of the deliberation")),
            parts.line("title", gettext_lazy("Title or number"), 200, required=True),
            parts.address("url", gettext_lazy("Address of the document")),
            parts.line("digest", gettext_lazy("Digest of the document"), 64, pattern="[0-9a-f]{64}"),
        ),
    ),
    Act(code="decline", label=gettext_lazy("Record that the council said no"), facts=(_REASON,)),
    Act(code="sign", label=gettext_lazy("Record the signature"), facts=(_day("on", gettext_lazy("Signed on")),)),
    Act(code="leave", label=gettext_lazy("Leave the action"), verb="leave", facts=(_REASON,)),
    Act(
        code="needs",
        label=gettext_lazy("Declare needs"),
        facts=(_rows(gettext_lazy("Needs"), MAX_NEEDS, shared.NEED),),
    ),
    Act(
        code="contribute",
        label=gettext_lazy("Say what is contributed"),
        facts=(_rows(gettext_lazy("Contributions"), MAX_CONTRIBUTIONS, shared.CONTRIBUTION),),
    ),
    Act(code="admit", label=gettext_lazy("Admit")),
    Act(code="refuse", label=gettext_lazy("Refuse"), facts=(_MUST_SAY_WHY,)),
    Act(code="exclude", label=gettext_lazy("Exclude"), facts=(_MUST_SAY_WHY,)),
    Act(code="weigh", label=gettext_lazy("Set the weight"), facts=_WEIGHTS),
    Act(
        code="agree",
        label=gettext_lazy("Set the share"),
        facts=(
            shared.amount(
                "amount",
                gettext_lazy("Amount"),
                unit="€",
                help=gettext_lazy("What was agreed: the key divides the rest between the others. Empty: computed."),
            ),
            parts.line("reason", gettext_lazy("Why this amount, for all participants to read"), 300),
        ),
    ),
    Act(
        code="advance",
        label=gettext_lazy("Change the progress"),
        facts=(
            Fact(
                code="to",
                label=gettext_lazy("Progress"),
                type=Type.CHOICE,
                choices=words.choices(words.Status),
                required=True,
            ),
        ),
    ),
    Act(
        code="instrument",
        label=gettext_lazy("Say where the legal instrument stands"),
        facts=(
            Fact(
                code="to",
                label=gettext_lazy("Legal instrument"),
                type=Type.CHOICE,
                choices=words.choices(words.InstrumentStatus),
                required=True,
            ),
        ),
    ),
    Act(
        code="launch",
        label=gettext_lazy("Record the launch of the procurement"),
        facts=(_day("on", gettext_lazy("Launched on")),),
    ),
    Act(
        code="budget",
        label=gettext_lazy("Set the budget"),
        facts=(_rows(gettext_lazy("Budget"), shared.MAX_LINES, shared.BUDGET_LINE),),
    ),
    Act(
        code="share",
        label=gettext_lazy("Compute the shares"),
        facts=(_rows(gettext_lazy("Sharing key"), len(words.KeyPart), shared.KEY),),
    ),
    Act(
        code="milestones",
        label=gettext_lazy("Set the milestones"),
        facts=(_rows(gettext_lazy("Milestones"), shared.MAX_MILESTONES, shared.MILESTONE),),
    ),
    Act(code="decide", label=gettext_lazy("Record a decision"), facts=shared.DECISION),
    Act(code="practice", label=gettext_lazy("Draft the good practice")),
)
ACTS: dict[str, Act] = {act.code: act for act in _ALL}


def checked(code: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """What was said, in its stored form, empties as None. Raises: Invalid by code, with everything that is wrong."""
    act = ACTS[code]
    known = {fact.code for fact in act.facts}
    errors = {name: [_("“%(code)s” is not known.") % {"code": str(name)[:60]}] for name in data if name not in known}
    clean: dict[str, Any] = {}
    for fact in act.facts:
        try:
            value = check(fact, data.get(fact.code, fact.default))
        except Wrong as wrong:
            errors[fact.code] = wrong.problems
            continue
        problems = _too_fine(fact, value)
        if is_empty(value) and fact.required:
            problems.append(_("%(field)s: this is needed.") % {"field": fact.label})
        if problems:
            errors[fact.code] = problems
        clean[fact.code] = value if fact.type is Type.TABLE or not is_empty(value) else None
    if errors:
        raise Invalid(errors)
    return clean


def _too_fine(fact: Fact, value: Any) -> list[str]:
    """Amounts are exact: what has more decimals than are kept is refused, not rounded."""
    if fact.type is Type.TABLE:
        return [
            _("%(field)s, row %(row)d. %(problem)s") % {"field": fact.label, "row": number, "problem": problem}
            for number, row in enumerate(value, start=1)
            for column in fact.columns
            for problem in _too_fine(column, row.get(column.code))
        ]
    if fact.type is not Type.DECIMAL or value is None:
        return []
    places = PLACES.get(fact.code, 2)
    exponent = Decimal(value).normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > places:
        return [_("%(field)s: at most %(places)d decimals.") % {"field": fact.label, "places": places}]
    return []
