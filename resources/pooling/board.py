"""Everything about one action, for its page and for the API, in a number of queries that does not grow with it."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.contrib.auth.models import AnonymousUser

from resources.kinds.pooled_words import Role, SeatState
from resources.models import Resource
from resources.pooling import asking, rules, states
from resources.pooling.models import BudgetLine, Decision, Milestone, Participation, Step
from resources.pooling.states import LEAD, MEMBER, Seat, Setting
from rtes_hub.accounts.models import User
from rtes_hub.territories import rules as territory_rules
from rtes_hub.territories.models import Member


@dataclass(frozen=True, kw_only=True)
class Mine:
    """One of the collectivités that the reader acts for."""

    member: Member
    seat: Participation | None
    expected: Seat  #: once all that is coming is there
    acts: frozenset[str]  #: what can be done then
    steps: list[Step]  #: asked of a lead elsewhere, the latest first
    coming: list[Step]  #: those of `steps` that the shared state does not show yet
    join_as: tuple[str, ...]  #: roles that may be asked for now

    @property
    def pending(self) -> list[Step]:
        return [step for step in self.steps if step.state == Step.State.PENDING]


@dataclass(frozen=True, kw_only=True)
class Board:
    action: Resource
    setting: Setting
    seats: list[Participation]  #: all; each with `member__territory`, `share`, `needs` and `contributions` at hand
    lines: list[BudgetLine]
    milestones: list[Milestone]
    decisions: list[Decision]
    mine: list[Mine]
    steering: frozenset[str]  #: what the reader can do now with the action as a whole
    seat_acts: dict[str, frozenset[str]]  #: by URI: what the reader can do now, as the lead, with each seat

    @cached_property
    def present(self) -> list[Participation]:
        """Those who are in, the lead first."""
        return [seat for seat in self.seats if seat.state in states.IN]

    @property
    def recorded(self) -> list[Participation]:
        """Those of `present` that have a row: the lead's is made with the first thing that is done."""
        return [seat for seat in self.present if seat.pk is not None]

    @cached_property
    def gone(self) -> list[Participation]:
        return [seat for seat in self.seats if seat.state not in states.IN]

    @property
    def bound(self) -> list[Participation]:
        """Those who are to deliberate and sign."""
        return [seat for seat in self.present if seat.role != Role.OBSERVER]

    @property
    def deliberated(self) -> int:
        """How many of `bound` have deliberated."""
        return sum(seat.state in (SeatState.DELIBERATED, SeatState.SIGNED) for seat in self.bound)

    @property
    def signed(self) -> int:
        return sum(seat.state == SeatState.SIGNED for seat in self.bound)

    @property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def shared_total(self) -> Decimal:
        """What the sharing key divides."""
        return sum((line.amount for line in self.lines if not line.apart), Decimal(0))

    @cached_property
    def grid(self) -> list[tuple[str, str, list[Decimal | None], Decimal]]:
        """Needs: item, unit, quantity of each of `present` in their order, and the sum; items as they first come."""
        columns = {seat.actor_uri: at for at, seat in enumerate(self.present)}
        rows: dict[tuple[str, str], list[Decimal | None]] = {}
        for seat in self.recorded:
            for need in seat.needs.all():
                row = rows.setdefault((need.item, need.unit), [None] * len(columns))
                row[columns[seat.actor_uri]] = (row[columns[seat.actor_uri]] or Decimal(0)) + need.quantity
        return [
            (item, unit, row, sum((quantity for quantity in row if quantity is not None), Decimal(0)))
            for (item, unit), row in rows.items()
        ]


def board(action: Resource, user: User | AnonymousUser) -> Board:
    """`action` has its `member` at hand, and the reader may see it."""
    setting = rules.setting_of(action)
    seats = list(
        action.participations.select_related("member__territory", "share").prefetch_related("needs", "contributions")
    )
    if all(seat.role != Role.COORDINATOR for seat in seats):
        seats.insert(0, rules.lead_seat(action))
    seats.sort(key=lambda seat: seat.role != Role.COORDINATOR)
    acting_for = list(territory_rules.members_of(user, rules.LEAST).select_related("territory"))
    leads = rules.is_standing(action) and action.local and any(member.pk == action.member_id for member in acting_for)
    return Board(
        action=action,
        setting=setting,
        seats=seats,
        lines=list(action.budget_lines.all()),
        milestones=list(action.milestones.all()),
        decisions=list(action.decisions.all()),
        mine=_mine(action, seats, acting_for) if rules.is_standing(action) else [],
        steering=rules.steering_acts(setting) if leads else frozenset(),
        seat_acts={
            seat.actor_uri: rules.seat_acts(rules.seat_of(seat), setting, frozenset({LEAD}) if leads else frozenset())
            for seat in seats
        },
    )


def _mine(action: Resource, seats: list[Participation], acting_for: list[Member]) -> list[Mine]:
    """Those that take part first. Coordinators of the hub act for all of them."""
    by_uri = {seat.actor_uri: seat for seat in seats}
    steps: dict[int, list[Step]] = {}
    for step in Step.objects.filter(action=action, member__in=acting_for).order_by("-sequence"):
        steps.setdefault(step.member_id, []).append(step)
    mine = [
        mine_of(action, member, by_uri.get(member.actor_uri), steps.get(member.pk, []))
        for member in acting_for
        if rules.is_open_to(action, member)
    ]
    return sorted(mine, key=lambda one: one.seat is None and not one.steps)


def mine_of(action: Resource, member: Member, row: Participation | None, steps: list[Step]) -> Mine:
    """Of one that the reader acts for: its own seat, and its steps, the latest first."""
    setting = rules.setting_of(action)
    coming = asking.coming(action, member, reversed(steps))
    seat = asking.expected(action, row, coming)
    roles = (Role.MEMBER, Role.OBSERVER, Role.FUNDER)
    return Mine(
        member=member,
        seat=row,
        expected=seat,
        acts=rules.seat_acts(seat, setting, frozenset({MEMBER})),
        steps=steps,
        coming=coming[::-1],
        join_as=tuple(role for role in roles if states.can(seat, "join", who=MEMBER, setting=setting, role=role)),
    )
