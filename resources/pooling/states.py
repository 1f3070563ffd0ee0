"""Which step may follow which, for a participant and for the action. Pure: plain values in; plain values, or why not.

The hub of the lead decides with it; the hub of a member asks it first, so as not to send what would be refused.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from resources.kinds.pooled_words import Form, InstrumentStatus, Role, SeatState, Status
from resources.workflow import NotPossible

MEMBER, LEAD = "member", "lead"  #: who does it: the collectivité of the seat, or the lead of the action


@dataclass(frozen=True, kw_only=True)
class Seat:
    """What one collectivité is in an action, as far as rules ask."""

    role: str = Role.MEMBER
    state: str = ""  #: none yet
    admitted: bool = False

    @property
    def is_in(self) -> bool:
        return self.state in IN


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What of the action decides."""

    form: str = ""
    status: str = Status.IDEA
    instrument: str = InstrumentStatus.TO_DRAFT
    join_by: date | None = None
    launched_on: date | None = None
    today: date

    @property
    def is_group(self) -> bool:
        """A groupement de commandes: CCP L2113-6 to L2113-8."""
        return self.form == Form.JOINT_ORDER


IN = (SeatState.INTERESTED, SeatState.PLANNED, SeatState.DELIBERATED, SeatState.SIGNED)
_BEFORE_SIGNING = IN[:3]

#: Takes in participants, and changes what they do.
OPEN = (Status.IDEA, Status.CALL, Status.SETTING_UP, Status.DELIBERATING, Status.ACTIVE)
LIVE = (*OPEN, Status.PAUSED)
KEPT = (*LIVE, Status.FINISHED)  #: the last figures come in when all is done

_OTHERS = (Role.MEMBER, Role.OBSERVER, Role.FUNDER)
_ALL = (Role.COORDINATOR, *_OTHERS)
_BOUND = (Role.COORDINATOR, Role.MEMBER, Role.FUNDER)  #: those who deliberate and sign
SHARING = (Role.COORDINATOR, Role.MEMBER)  #: those who benefit, say what they need and divide the cost


@dataclass(frozen=True, kw_only=True)
class Move:
    """An act on one seat: who does it, for which roles, while the action is where, and the state that follows."""

    who: tuple[str, ...]
    roles: tuple[str, ...]
    during: tuple[str, ...]
    states: dict[str, str]


def _stay(*states: str) -> dict[str, str]:
    return {state: state for state in states}


def _to(after: str, *states: str) -> dict[str, str]:
    return dict.fromkeys(states, after)


_S = SeatState
MOVES: dict[str, Move] = {
    "join": Move(who=(MEMBER,), roles=_OTHERS, during=OPEN, states=_to(_S.INTERESTED, "", _S.LEFT, _S.INTERESTED)),
    "describe": Move(who=(MEMBER,), roles=_ALL, during=LIVE, states=_stay(*IN)),
    "plan": Move(who=(MEMBER,), roles=_BOUND, during=OPEN, states=_to(_S.PLANNED, _S.INTERESTED, _S.PLANNED)),
    "deliberate": Move(who=(MEMBER,), roles=_BOUND, during=OPEN, states=_to(_S.DELIBERATED, *_BEFORE_SIGNING)),
    "decline": Move(who=(MEMBER,), roles=_OTHERS, during=LIVE, states=_to(_S.REFUSED, _S.INTERESTED, _S.PLANNED)),
    "sign": Move(who=(MEMBER, LEAD), roles=_BOUND, during=OPEN, states=_to(_S.SIGNED, _S.DELIBERATED)),
    "leave": Move(who=(MEMBER,), roles=_OTHERS, during=LIVE, states=_to(_S.LEFT, *IN)),
    "needs": Move(who=(MEMBER,), roles=SHARING, during=OPEN, states=_stay(*IN)),
    "contribute": Move(who=(MEMBER,), roles=_ALL, during=KEPT, states=_stay(*IN)),
    "admit": Move(
        who=(LEAD,), roles=_OTHERS, during=OPEN, states=_stay(*_BEFORE_SIGNING) | {_S.REFUSED: _S.INTERESTED}
    ),
    "refuse": Move(who=(LEAD,), roles=_OTHERS, during=LIVE, states=_to(_S.REFUSED, *_BEFORE_SIGNING)),
    "exclude": Move(who=(LEAD,), roles=_OTHERS, during=LIVE, states=_to(_S.LEFT, _S.SIGNED)),
    "weigh": Move(who=(LEAD,), roles=SHARING, during=LIVE, states=_stay(*IN)),
    "agree": Move(who=(LEAD,), roles=SHARING, during=LIVE, states=_stay(*IN)),
}
#: Acts of the lead on the action as a whole → while it is where.
STEERING: dict[str, tuple[str, ...]] = {
    "advance": tuple(Status),
    "instrument": LIVE,
    "launch": (Status.SETTING_UP, Status.DELIBERATING, Status.ACTIVE),
    "budget": LIVE,
    "share": LIVE,
    "milestones": KEPT,
    "decide": KEPT,
    "practice": (Status.FINISHED,),
}
ACTS = (*MOVES, *STEERING)

STATUS_MOVES: dict[str, tuple[str, ...]] = {
    Status.IDEA: (Status.CALL, Status.SETTING_UP, Status.ABANDONED),
    Status.CALL: (Status.SETTING_UP, Status.ABANDONED),
    Status.SETTING_UP: (Status.CALL, Status.DELIBERATING, Status.ACTIVE, Status.ABANDONED),
    Status.DELIBERATING: (Status.SETTING_UP, Status.ACTIVE, Status.ABANDONED),
    Status.ACTIVE: (Status.PAUSED, Status.FINISHED, Status.ABANDONED),
    Status.PAUSED: (Status.ACTIVE, Status.FINISHED, Status.ABANDONED),
    Status.FINISHED: (),
    Status.ABANDONED: (),
}
_I = InstrumentStatus
#: What was opened for signature is not drafted again: it is amended by another agreement.
INSTRUMENT_MOVES: dict[str, tuple[str, ...]] = {
    _I.TO_DRAFT: (_I.REVIEWING, _I.DELIBERATING, _I.SIGNING),
    _I.REVIEWING: (_I.TO_DRAFT, _I.DELIBERATING, _I.SIGNING),
    _I.DELIBERATING: (_I.REVIEWING, _I.SIGNING),
    _I.SIGNING: (_I.IN_FORCE,),
    _I.IN_FORCE: (_I.CLOSED,),
    _I.CLOSED: (),
}


def after(seat: Seat, act: str, *, who: str, setting: Setting, role: str = "") -> Seat:
    """The seat once this is done; `role` is the one asked for in a "join". Raises: NotPossible, with a sentence."""
    move = MOVES[act]
    wanted = (role or Role.MEMBER) if act == "join" else seat.role
    if who not in move.who:
        raise NotPossible(_("This is not for the local authority that asks."))
    if setting.status not in move.during:
        raise NotPossible(_("This cannot be done: the action is %s.") % Status(setting.status).label)
    if seat.state not in move.states:
        raise NotPossible(_why_not(seat))
    if wanted not in move.roles or (act == "join" and seat.role == Role.COORDINATOR):
        raise NotPossible(_("This is not for the part that is taken in the action: %s.") % Role(seat.role).label)
    _check_time(act, wanted, seat, setting)
    if act == "sign":
        _check_signing(seat, setting)
    state = move.states[seat.state]
    admitted = seat.admitted if state in IN and seat.state in IN else False
    if act == "join":
        admitted = admitted and wanted == seat.role
    return replace(seat, role=wanted, state=state, admitted=admitted or act == "admit")


def can(seat: Seat, act: str, *, who: str, setting: Setting, role: str = "") -> bool:
    """Whether `after` has an answer: what a page offers."""
    try:
        after(seat, act, who=who, setting=setting, role=role)
    except NotPossible:
        return False
    return True


def once(seat: Seat, asked: Iterable[tuple[str, str]], *, setting: Setting) -> Seat:
    """The seat once the lead has said yes to what waits, (act, role) each; what it would refuse changes nothing."""
    for act, role in asked:
        if can(seat, act, who=MEMBER, setting=setting, role=role):
            seat = after(seat, act, who=MEMBER, setting=setting, role=role)
    return seat


def _why_not(seat: Seat) -> str:
    if not seat.state:
        return _("The local authority must first ask to join.")
    return _("This cannot be done: the local authority is “%s” in this action.") % SeatState(seat.state).label


def _check_time(act: str, role: str, seat: Seat, setting: Setting) -> None:
    """Who joins late may look on, not benefit. The day that counts is the one on which the lead's hub is asked."""
    ended = setting.join_by is not None and setting.today > setting.join_by
    if act == "join" and role == Role.MEMBER:
        keeps_its_place = seat.is_in and seat.role == Role.MEMBER
        if setting.is_group and (setting.launched_on or ended) and not keeps_its_place:
            raise NotPossible(too_late_for_group(setting))
        if ended and not keeps_its_place:
            message = _("The last day to ask to join was %s. One may still follow as an observer.")
            raise NotPossible(message % _day(setting.join_by))
    if setting.is_group and setting.launched_on:
        if act == "sign" and role == Role.MEMBER:
            raise NotPossible(too_late_for_group(setting))
        if act == "needs":
            message = _("The procurement was launched on %s: the needs are those that it states (L2111-1).")
            raise NotPossible(message % _day(setting.launched_on))


def too_late_for_group(setting: Setting) -> str:
    since = _day(setting.launched_on or setting.join_by)
    if setting.launched_on:
        said = _("The procurement of this purchasing group was launched on %s.") % since
    else:
        said = _("The last day to join this purchasing group, before its procurement is launched, was %s.") % since
    law = _(
        "The agreement binds its members before the launch: whoever joins after it cannot benefit from the contract "
        "(public procurement code, articles L2113-6 to L2113-8). One may still follow as an observer."
    )
    return f"{said} {law}"


def _check_signing(seat: Seat, setting: Setting) -> None:
    if not seat.admitted:
        raise NotPossible(_("The lead has not admitted this local authority yet."))
    if setting.instrument not in (InstrumentStatus.SIGNING, InstrumentStatus.IN_FORCE):
        raise NotPossible(_("The lead has not opened the agreement for signature yet."))


# The action as a whole --------------------------------------------------------------------------------------------


def check_steering(act: str, setting: Setting) -> None:
    """Raises: NotPossible when the action is not where this can be done."""
    if setting.status not in STEERING[act]:
        raise NotPossible(_("This cannot be done: the action is %s.") % Status(setting.status).label)


def check_status(setting: Setting, to: str) -> None:
    """Raises: NotPossible."""
    if to not in STATUS_MOVES[setting.status]:
        names = {"now": Status(setting.status).label, "to": Status(to).label}
        raise NotPossible(_("An action that is “%(now)s” cannot become “%(to)s”.") % names)


def check_instrument(setting: Setting, to: str, *, signatories: int) -> None:
    """Raises: NotPossible."""
    if to not in INSTRUMENT_MOVES[setting.instrument]:
        names = {"now": InstrumentStatus(setting.instrument).label, "to": InstrumentStatus(to).label}
        raise NotPossible(_("A legal instrument that is “%(now)s” cannot become “%(to)s”.") % names)
    if to == InstrumentStatus.IN_FORCE and signatories < 1:
        raise NotPossible(_("Nobody has signed it yet."))


def check_launch(setting: Setting, on: date) -> None:
    """Raises: NotPossible."""
    if setting.form not in (Form.JOINT_ORDER, Form.PURCHASING_BODY):
        raise NotPossible(_("Only a joint purchase launches a procurement."))
    if setting.launched_on:
        raise NotPossible(_("The procurement was launched already, on %s.") % _day(setting.launched_on))
    if on > setting.today:
        raise NotPossible(_("The procurement is launched on the day that it is: this date is to come."))
    if setting.is_group and setting.instrument != InstrumentStatus.IN_FORCE:
        raise NotPossible(
            _("The founding agreement must be in force before the procurement is launched (L2113-6 to L2113-8).")
        )


def _day(day: date | None) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""
