"""The shared state of a pooled action, as it travels: written by the hub of its lead, mirrored by the others.

Each table is rows of plain values. `MEMBER` names whose row it is: the URI of the actor that speaks for that
collectivité. The limits keep the whole under the size of what one hub takes from another (1 MiB).
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from resources.kinds import parts
from resources.kinds import pooled_words as words
from resources.kinds.shape import Fact, Text, Type

MAX_SEATS = 100
MAX_NEEDS = 500  #: of all participants together
MAX_CONTRIBUTIONS = 300
MAX_LINES = 100  #: of the budget
MAX_MILESTONES = 100
MAX_DECISIONS = 100
MAX_AMOUNT = 10**11  #: what the columns hold

MEMBER = parts.address("member", _("Local authority"), required=True)


def amount(code: str, label: Text, **more: Any) -> Fact:
    """Of money or of anything: as many digits as its column holds."""
    bounds: dict[str, Any] = {"smallest": 0, "greatest": MAX_AMOUNT}
    return Fact(code=code, label=label, type=Type.DECIMAL, **bounds | more)


#: What people type of each, with the same limits here and at partners.
NEED = (
    parts.line("item", _("What for"), 150, required=True),
    amount("quantity", _("Quantity"), required=True),
    parts.line("unit", _("Unit"), 40),
    amount("amount_max", _("Greatest amount, before tax"), unit="€"),
    parts.line("site", _("Site"), 100),
    parts.line("constraint", _("Constraint"), 300),
)
CONTRIBUTION = (
    Fact(
        code="kind",
        label=_("Kind"),
        type=Type.CHOICE,
        choices=words.choices(words.ContributionKind),
        required=True,
    ),
    parts.line("label", _("What"), 150, required=True),
    amount("planned", _("Planned"), required=True),
    amount("delivered", _("Delivered")),
    parts.line("unit", _("Unit"), 40),
    amount("valuation", _("Worth"), unit="€"),
    parts.day("on", _("Date")),
)
BUDGET_LINE = (
    parts.line("label", _("What for"), required=True),
    amount("amount", _("Amount"), unit="€", required=True, smallest=-MAX_AMOUNT),
    Fact(code="apart", label=_("Carried by the lead or a funder, not shared"), type=Type.BOOLEAN),
)
MILESTONE = (
    Fact(code="on", label=_("Date"), type=Type.DATE, required=True),
    parts.line("label", _("Milestone"), required=True),
    parts.line("responsible", _("Responsible"), 150),
    Fact(code="done", label=_("Done"), type=Type.BOOLEAN),
)
DECISION = (
    Fact(code="on", label=_("Date"), type=Type.DATE, required=True),
    parts.line("body", _("Decided by"), 150, required=True),
    Fact(code="text", label=_("Decision"), type=Type.TEXT, limit=1000, required=True),
    parts.line("vote", _("Vote or consensus"), 150),
    parts.line("owner", _("To be carried out by"), 150),
    parts.day("due_on", _("Due on")),
)
KEY = (
    Fact(code="by", label=_("Divided"), type=Type.CHOICE, choices=words.choices(words.KeyPart), required=True),
    amount("percent", _("Part of the cost"), unit="%", required=True, greatest=100),
)

_SEAT = (
    MEMBER,
    parts.line("name", _("Name"), required=True),
    parts.line("territory", _("Territory"), 24),
    Fact(code="role", label=_("Role"), type=Type.CHOICE, choices=words.choices(words.Role), required=True),
    Fact(code="state", label=_("State"), type=Type.CHOICE, choices=words.choices(words.SeatState), required=True),
    Fact(code="admitted", label=_("Admitted by the lead"), type=Type.BOOLEAN),
    parts.line("political_lead", _("Elected member in charge"), 200),
    parts.line("technical_lead", _("Agent in charge"), 200),
    parts.day("deliberation_on", _("Deliberation on")),
    parts.line("deliberation_title", _("Deliberation")),
    parts.address("deliberation_url", _("Address of the deliberation")),
    parts.line("deliberation_digest", _("Digest"), 64),
    parts.day("signed_on", _("Signed on")),
    amount("weight", _("Agreed weight")),
    amount("agreed_percent", _("Agreed percentage"), unit="%", greatest=100),
    Fact(code="sequence", label=_("Last step"), type=Type.INTEGER, smallest=0),
    parts.day("joined_on", _("Joined on")),
    parts.day("left_on", _("Left on")),
    parts.line("reason", _("Reason"), 500),
)
_SHARE = (
    MEMBER,
    amount("percent", _("Share"), unit="%", required=True),
    amount("amount", _("Amount"), unit="€", required=True),
    Fact(code="agreed", label=_("Agreed, not computed"), type=Type.BOOLEAN),
    parts.line("reason", _("Reason"), 300),
)


def _table(code: str, label: Text, limit: int, columns: tuple[Fact, ...]) -> Fact:
    return Fact(code=code, label=label, type=Type.TABLE, limit=limit, columns=columns, auto=True, weight=0)


SHARED = (
    Fact(
        code="status",
        label=_("Progress"),
        type=Type.CHOICE,
        choices=words.choices(words.Status),
        auto=True,
        weight=0,
    ),
    Fact(
        code="instrument_status",
        label=_("Where the legal instrument stands"),
        type=Type.CHOICE,
        choices=words.choices(words.InstrumentStatus),
        auto=True,
        weight=0,
    ),
    Fact(code="launched_on", label=_("Procurement launched on"), type=Type.DATE, auto=True, weight=0),
    _table("sharing_key", _("Sharing key"), len(words.KeyPart), KEY),
    _table("participants", _("Participants"), MAX_SEATS, _SEAT),
    _table("needs", _("Needs"), MAX_NEEDS, (MEMBER, *NEED)),
    _table("contributions", _("Contributions"), MAX_CONTRIBUTIONS, (MEMBER, *CONTRIBUTION)),
    _table("budget", _("Budget"), MAX_LINES, BUDGET_LINE),
    _table("shares", _("Shares"), MAX_SEATS, _SHARE),
    _table("milestones", _("Milestones"), MAX_MILESTONES, MILESTONE),
    _table("decisions", _("Decisions"), MAX_DECISIONS, DECISION),
)
