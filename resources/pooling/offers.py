"""What a reader can do now in an action, the most useful first: one clear next step, the others beside it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _

from resources.kinds.pooled_words import InstrumentStatus, Role, SeatState, Status
from resources.kinds.shape import Text
from resources.models import Resource
from resources.pooling import states
from resources.pooling.board import Board, Mine
from resources.pooling.models import Participation, Step
from resources.pooling.states import MEMBER, Seat, Setting
from resources.pooling.words import WORDS
from resources.workflow import NotPossible
from rtes_hub.territories.models import Member

MAX_REFUSED = 3  #: refusals and silences that are shown again

#: What leads on, by how far one is; needs come first as long as none is declared (`_next`).
_ONWARD: dict[str, tuple[str, ...]] = {
    "": ("join",),
    SeatState.LEFT: ("join",),
    SeatState.INTERESTED: ("plan", "deliberate"),
    SeatState.PLANNED: ("deliberate",),
    SeatState.DELIBERATED: ("sign",),
}
#: The others, in the order in which they are shown.
_BESIDE = ("needs", "contribute", "plan", "deliberate", "describe", "decline", "leave")


@dataclass(frozen=True, kw_only=True)
class Offer:
    act: str
    action: Resource
    member: Member | None = None  #: whose seat; None for what is done with the action as a whole
    is_observing: bool = False  #: all that is left to whoever comes late

    @property
    def url(self) -> str:
        if self.act == "share":
            return reverse("pooling-sharing", args=[self.action.pk])
        if self.act == "practice":
            return reverse("pooling-practice", args=[self.action.pk])
        if self.member is None:
            return reverse("pooling-steer", args=[self.action.pk, WORDS[self.act].path])
        return reverse("pooling-seat", args=[self.action.pk, WORDS[self.act].path, self.member.slug])

    @property
    def is_post(self) -> bool:
        """Done at once, with no page between."""
        return self.act == "practice"

    @property
    def label(self) -> Text:
        return _("Follow as an observer") if self.is_observing else WORDS[self.act].button

    @property
    def is_grave(self) -> bool:
        return WORDS[self.act].is_grave


@dataclass(frozen=True, kw_only=True)
class Part:
    """One of the reader's own: where it is, what comes next."""

    mine: Mine
    next: Offer | None
    beside: list[Offer]
    waiting: str  #: why there is no next step, or what is awaited meanwhile
    refused: list[Step] = field(default_factory=list)  #: what the lead said no to, since it last said yes
    unanswered: list[Step] = field(default_factory=list)  #: what it never answered, since then


def part(board: Board, mine: Mine) -> Part:
    onward = next_of(mine, board.action)
    others = (act for act in _BESIDE if act in mine.acts and not (onward and act == onward.act))
    return Part(
        mine=mine,
        next=onward,
        beside=[Offer(act=act, action=board.action, member=mine.member) for act in others],
        waiting=_waiting(board, mine),
        refused=list(_since_a_yes(mine.steps, Step.State.REFUSED))[:MAX_REFUSED],
        unanswered=list(_since_a_yes(mine.steps, Step.State.GIVEN_UP))[:MAX_REFUSED],
    )


def next_of(mine: Mine, action: Resource) -> Offer | None:
    act = _next(mine)
    is_observing = act == "join" and Role.MEMBER not in mine.join_as
    return Offer(act=act, action=action, member=mine.member, is_observing=is_observing) if act else None


def _next(mine: Mine) -> str:
    if mine.expected.is_in and "needs" in mine.acts and not _declared(mine):
        return "needs"
    if mine.expected.role == Role.OBSERVER and mine.expected.is_in:
        return ""
    wanted = _ONWARD.get(mine.expected.state, ())
    return next((act for act in wanted if act in mine.acts), "")


def _declared(mine: Mine) -> bool:
    asked = any(step.act == "needs" for step in mine.coming)
    return asked or (mine.seat is not None and mine.seat.pk is not None and bool(mine.seat.needs.all()))


def _waiting(board: Board, mine: Mine) -> str:
    seat = mine.expected
    if board.setting.status not in states.OPEN:
        return ""
    if seat.state == SeatState.REFUSED:
        return _("Only the lead of the action can take it in again.")
    if not seat.is_in and Role.MEMBER not in mine.join_as:
        return _why_not(board, seat, "join")
    if seat.state == SeatState.DELIBERATED and "sign" not in mine.acts:
        return _why_not(board, seat, "sign")
    if seat.is_in and not seat.admitted and not mine.coming:
        return _("The lead has not answered yet. You may prepare what comes next meanwhile.")
    return ""


def _why_not(board: Board, seat: Seat, act: str) -> str:
    try:
        states.after(seat, act, who=MEMBER, setting=board.setting, role=Role.MEMBER)
    except NotPossible as reason:
        return str(reason)
    return ""


def _since_a_yes(steps: Iterable[Step], state: Step.State) -> Iterable[Step]:
    """`steps`: the latest first."""
    for step in steps:
        if step.state == Step.State.ACCEPTED:
            return
        if step.state == state:
            yield step


# For the lead -----------------------------------------------------------------------------------------------------


def requests(board: Board) -> list[Participation]:
    """Those who wait for an answer."""
    return [
        seat
        for seat in board.present
        if not seat.admitted and seat.role != Role.COORDINATOR and "admit" in board.seat_acts[seat.actor_uri]
    ]


def steering(board: Board) -> tuple[Offer | None, list[Offer]]:
    """(what moves the action on now, everything else)."""
    possible = [act for act in WORDS if act in board.steering and _has_somewhere_to_go(board, act)]
    onward = next((act for act in _onward(board) if act in possible), "")
    offers = [Offer(act=act, action=board.action) for act in possible if act != onward]
    return (Offer(act=onward, action=board.action) if onward else None), offers


def _onward(board: Board) -> tuple[str, ...]:
    status, instrument = board.setting.status, board.setting.instrument
    if status == Status.FINISHED:
        return ("practice",)
    if status in (Status.IDEA, Status.CALL, Status.PAUSED):
        return ("advance",)
    if not board.lines:
        return ("budget",)
    if not any(seat.pk and hasattr(seat, "share") for seat in board.seats):
        return ("share",)
    if instrument not in (InstrumentStatus.IN_FORCE, InstrumentStatus.CLOSED):
        return ("instrument",)
    return ("launch", "advance")


def _has_somewhere_to_go(board: Board, act: str) -> bool:
    """Not every act that the state allows makes sense for every action."""
    setting = board.setting
    if act == "advance":
        return bool(states.STATUS_MOVES[setting.status])
    if act == "instrument":
        return bool(states.INSTRUMENT_MOVES[setting.instrument])
    if act == "launch":
        return _launches(setting)
    return True


def _launches(setting: Setting) -> bool:
    try:
        states.check_launch(setting, setting.today)
    except NotPossible:
        return False
    return True
