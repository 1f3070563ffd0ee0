"""What pooled actions add to the page of a resource, to its card in lists, and to "my workspace"."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count
from django.http import HttpRequest

from resources import rooms
from resources.kinds import KINDS
from resources.kinds.pooled_words import Instrument, InstrumentStatus
from resources.models import Resource, State
from resources.pooling import board, offers, rules, said
from resources.pooling.board import Board, Mine
from resources.pooling.models import Participation, Step
from resources.pooling.offers import Offer, Part
from resources.pooling.rows import KIND
from resources.pooling.states import IN
from rtes_hub.accounts.models import User
from rtes_hub.territories import rules as territory_rules
from rtes_hub.territories.models import Member, Role

MAX_LINES = 50  #: of the list in "my workspace"
#: Facts that say how far an action is: all that cards ask.
_SETTING = ("form", "status", "instrument_status", "join_by", "launched_on")


@dataclass(frozen=True)
class View:
    """The page of one action, for one reader."""

    board: Board
    user: Any

    @property
    def action(self) -> Resource:
        return self.board.action

    @property
    def status(self) -> Any:
        return said.STATUS[self.board.setting.status]

    @property
    def deadline(self) -> str:
        return said.deadline(self.board.setting)

    @property
    def is_open(self) -> bool:
        return said.is_open(self.board.setting)

    @property
    def is_over(self) -> bool:
        return self.board.setting.status in ("finished", "abandoned")

    @property
    def instrument(self) -> str:
        """Which one it is, and where it stands."""
        kind, facts = KINDS[KIND], self.action.facts
        if facts.get("legal_instrument") in (None, Instrument.NONE):
            return ""
        label = kind.fact("legal_instrument").choice_label(facts["legal_instrument"])
        return f"{label}, {InstrumentStatus(self.board.setting.instrument).label}"

    @property
    def sharing_key(self) -> str:
        return said.key(self.action.facts.get("sharing_key", []))

    @cached_property
    def parts(self) -> list[Part]:
        """Of those of the reader's own that take part, or asked to; of the only one there is, in any case."""
        there = [one for one in self.board.mine if _is_there(one)]
        if not there and len(self.board.mine) == 1:
            there = self.board.mine
        return [offers.part(self.board, one) for one in there]

    @cached_property
    def could_join(self) -> list[Member]:
        """Others that the reader acts for, when there are several."""
        shown = {part.mine.member.pk for part in self.parts}
        return [one.member for one in self.board.mine if one.member.pk not in shown and one.join_as]

    @property
    def must_be_editor(self) -> bool:
        """A member of the hub that writes for nobody: told who can act."""
        return not self.board.mine and territory_rules.is_member(self.user) and rules.is_standing(self.action)

    # What participants give and share -------------------------------------------------------------------------------

    @cached_property
    def contributions(self) -> list[tuple[Participation, Any]]:
        return [(seat, one) for seat in self.board.recorded for one in seat.contributions.all()]

    @cached_property
    def details(self) -> list[tuple[Participation, Any]]:
        """Needs that say more than a quantity."""
        needs = [(seat, need) for seat in self.board.recorded for need in seat.needs.all()]
        return [(seat, need) for seat, need in needs if need.amount_max is not None or need.site or need.constraint]

    @property
    def greatest(self) -> Any:
        return sum(need.amount_max for _seat, need in self.details if need.amount_max is not None)

    @cached_property
    def shares(self) -> list[Participation]:
        return [seat for seat in self.board.recorded if hasattr(seat, "share")]

    @property
    def shares_total(self) -> Any:
        return sum(seat.share.amount for seat in self.shares)

    @property
    def percent_total(self) -> Any:
        return sum(seat.share.percent for seat in self.shares)

    # For the lead ---------------------------------------------------------------------------------------------------

    @property
    def leads(self) -> bool:
        return bool(self.board.steering)

    @cached_property
    def requests(self) -> list[Participation]:
        return offers.requests(self.board)

    @cached_property
    def onward(self) -> Offer | None:
        return offers.steering(self.board)[0]

    @cached_property
    def steering(self) -> list[Offer]:
        return offers.steering(self.board)[1]

    @cached_property
    def gone(self) -> list[tuple[Participation, bool]]:
        """Those who are out, and whether its lead can take each in again."""
        return [(seat, "admit" in self.board.seat_acts[seat.actor_uri]) for seat in self.board.gone]

    @cached_property
    def seats(self) -> list[tuple[Participation, frozenset[str]]]:
        """Those who are in, each with what its lead can do with it."""
        return [(seat, self.board.seat_acts.get(seat.actor_uri, frozenset())) for seat in self.board.present]


def _is_there(one: Mine) -> bool:
    return one.seat is not None or bool(one.steps)


def page(request: HttpRequest, action: Resource) -> View:
    return View(board.board(action, request.user), request.user)


# Cards ------------------------------------------------------------------------------------------------------------


def badges(actions: list[Resource]) -> Mapping[int, rooms.Badge]:
    found = Resource.objects.filter(pk__in=[action.pk for action in actions])
    rows = found.values_list("pk", *(f"facts__{code}" for code in _SETTING))
    return {pk: _badge(dict(zip(_SETTING, facts, strict=True))) for pk, *facts in rows}


def _badge(facts: Mapping[str, Any]) -> rooms.Badge:
    known = {code: value for code, value in facts.items() if value is not None}
    text, tone = said.badge(rules.setting_of(Resource(kind=KIND, facts=known)))
    return rooms.Badge(text=text, tone=tone)


# My workspace -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Line:
    """An action in which one of the reader's own takes part, or asked to."""

    action: Resource
    member: Member
    leads: bool
    state: str
    next: Offer | None
    pending: int
    requests: int  #: that wait for an answer, when it leads


def workspace(user: User) -> list[Line]:
    """Actions of those that this person acts for, what waits for them first; in six queries, however many."""
    ours = {member.pk: member for member in territory_rules.members_of(user, Role.EDITOR)}
    pairs = _pairs(list(ours))
    if not pairs:
        return []
    visible = Resource.objects.visible_to(user).filter(kind=KIND, state=State.PUBLISHED)
    actions = visible.select_related("member").in_bulk({action for action, _member in pairs})
    found = _Found.of(set(actions), set(ours))
    lines = [found.line(actions[action], ours[member]) for action, member in pairs if action in actions]
    return sorted(lines, key=lambda line: not (line.requests or line.next))[:MAX_LINES]


def _pairs(members: list[int]) -> list[tuple[int, int]]:
    """(action, member) of each that leads, takes part or asked to; the latest first."""
    led = Resource.objects.filter(kind=KIND, state=State.PUBLISHED, member__in=members).values_list("pk", "member")
    seats = Participation.objects.filter(member__in=members, state__in=IN).values_list("action", "member")
    steps = Step.objects.filter(member__in=members, state=Step.State.PENDING).values_list("action", "member")
    found = led.order_by().union(seats.order_by(), steps.order_by())
    return sorted(found, reverse=True)[: 2 * MAX_LINES]


@dataclass(frozen=True, kw_only=True)
class _Found:
    """What lines are made of, by action and member."""

    rows: Mapping[tuple[int, int | None], Participation]
    steps: Mapping[tuple[int, int], list[Step]]  #: the latest first
    requests: Mapping[int, int]

    @classmethod
    def of(cls, actions: set[int], members: set[int]) -> "_Found":
        seats = Participation.objects.filter(action__in=actions)
        steps: dict[tuple[int, int], list[Step]] = {}
        for step in Step.objects.filter(action__in=actions, member__in=members).order_by("-sequence"):
            steps.setdefault((step.action_id, step.member_id), []).append(step)
        asking = seats.filter(admitted=False, state__in=IN).exclude(role="coordinator").order_by()
        return cls(
            rows={
                (seat.action_id, seat.member_id): seat
                for seat in seats.filter(member__in=members).prefetch_related("needs")
            },
            steps=steps,
            requests=dict(asking.values_list("action").annotate(Count("pk"))),
        )

    def line(self, action: Resource, member: Member) -> Line:
        leads = action.local and action.member_id == member.pk
        row = self.rows.get((action.pk, member.pk)) or (rules.lead_seat(action) if leads else None)
        mine = board.mine_of(action, member, row, self.steps.get((action.pk, member.pk), []))
        return Line(
            action=action,
            member=member,
            leads=leads,
            state=said.seat(row) if row else "",
            next=offers.next_of(mine, action),
            pending=len(mine.pending),
            requests=self.requests.get(action.pk, 0) if leads else 0,
        )


rooms.register(
    rooms.Room(
        kind=KIND,
        page=page,
        head="resources/pooling/_head.html",
        body="resources/pooling/_body.html",
        badges=badges,
        workspace=workspace,
        desk="resources/pooling/_desk.html",
    )
)
