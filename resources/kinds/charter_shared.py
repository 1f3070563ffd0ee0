"""The pledges on a charter, as they travel: written by the hub of the charter, mirrored by the others.

Three tables of plain values. `pledge` numbers a pledge within its charter, so that long addresses are said once. The
limits keep the whole under the size of what one hub takes from another (see also `resources/charters/rows.py`).
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from resources.kinds import parts
from resources.kinds.charter_words import Proof, Status
from resources.kinds.shape import Choice, Fact, Text, Type

MAX_PLEDGES = 300
MAX_COMMITMENTS = 2500  #: of all pledges together
MAX_PROOFS = 10  #: of one commitment
MAX_COMMENT = 500  #: characters

#: Of the codes of themes and measures: they stand in names of fields and in addresses.
CODE = "[A-Za-z0-9]{1,10}"


def code(name: str, label: Text, **more: Any) -> Fact:
    return parts.line(name, label, 10, pattern=CODE, **more)


def _choices(words: Any) -> tuple[Choice, ...]:
    return tuple(Choice(code=word.value, label=word.label) for word in words)


#: What a pledge says as a whole.
PLEDGE = (
    parts.line(
        "signatory",
        _("Signed by"),
        200,
        required=True,
        help=_("A function, not a name: “The mayor”, “The vice-president for the social economy”."),
    ),
    Fact(code="signed_on", label=_("Signed on"), type=Type.DATE, required=True),
    Fact(
        code="mandate_starts_on",
        label=_("Start of the mandate"),
        type=Type.DATE,
        required=True,
        help=_("Deadlines are counted from this day. It cannot be changed once progress has been told."),
    ),
    Fact(code="text", label=_("In your words"), limit=500, help=_("Why you commit yourselves, in a few sentences.")),
)
#: What the hubs add to it.
_KEPT = (
    Fact(code="charter_version", label=_("Version of the charter"), type=Type.INTEGER, smallest=1, greatest=10**9),
    parts.day("withdrawn_on", _("Withdrawn on")),
    parts.line("reason", _("Reason"), 500),
)

STATUS = Fact(code="status", label=_("Status"), type=Type.CHOICE, choices=_choices(Status), required=True)
PROGRESS = Fact(
    code="progress", label=_("Progress"), type=Type.INTEGER, unit="%", smallest=0, greatest=100, required=True
)
COMMENT = Fact(code="comment", label=_("In a few words"), limit=MAX_COMMENT)
NEXT = Fact(code="next_update_due", label=_("Next update"), type=Type.DATE)

_COMMITMENT = (STATUS, PROGRESS, COMMENT, parts.day("updated_on", _("Updated on")), NEXT)
_MEASURE = code("measure", _("Measure"), required=True)
_PROOF = (
    Fact(code="kind", label=_("Kind"), type=Type.CHOICE, choices=_choices(Proof), required=True),
    parts.line("label", _("What it shows"), 200, required=True),
    parts.address("url", _("Address"), required=True),
    Fact(code="added_on", label=_("Added on"), type=Type.DATE, required=True),
)
_NUMBER = Fact(code="pledge", label=_("Pledge"), type=Type.INTEGER, smallest=1, required=True)


def _table(name: str, label: Text, limit: int, *columns: Fact, auto: bool = True) -> Fact:
    return Fact(code=name, label=label, type=Type.TABLE, limit=limit, columns=columns, auto=auto, weight=0)


SHARED = (
    _table(
        "pledges",
        _("Pledges"),
        MAX_PLEDGES,
        _NUMBER,
        parts.address("member", _("Local authority"), required=True),
        parts.line("name", _("Name"), required=True),
        parts.line("territory", _("Territory"), 24),
        Fact(code="sequence", label=_("Last step taken into account"), type=Type.INTEGER, smallest=0),
        *PLEDGE,
        *_KEPT,
    ),
    _table("commitments", _("Commitments"), MAX_COMMITMENTS, _NUMBER, _MEASURE, *_COMMITMENT),
    _table("evidence", _("Evidence"), MAX_COMMITMENTS * MAX_PROOFS, _NUMBER, _MEASURE, *_PROOF),
)

#: One pledge, as a gesture says it whole: the same rows, without their number.
ONE = (
    _table("pledge", _("Pledge"), 1, *PLEDGE, *_KEPT),
    _table("commitments", _("Commitments"), MAX_COMMITMENTS, _MEASURE, *_COMMITMENT),
    _table("evidence", _("Evidence"), MAX_COMMITMENTS * MAX_PROOFS, _MEASURE, *_PROOF),
)
