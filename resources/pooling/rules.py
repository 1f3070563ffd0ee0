"""Who may do what in a pooled action. Questions only.

A collectivité's own steps are its editors'; admitting, excluding, money and calendar are the lead's. Whether the step
is possible now is said by `states`.
"""

from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from resources.kinds.pooled_words import InstrumentStatus, Role, SeatState, Status
from resources.models import Resource, State, Visibility
from resources.pooling import states
from resources.pooling.models import Participation
from resources.pooling.rows import KIND
from resources.pooling.states import LEAD, MEMBER, Seat, Setting
from rtes_hub.accounts.models import User
from rtes_hub.territories import rules as territory_rules
from rtes_hub.territories.models import Member
from rtes_hub.territories.models import Role as Post

LEAST = Post.EDITOR  #: of all that is done in a pooled action


def setting_of(action: Resource) -> Setting:
    facts: dict[str, Any] = action.facts
    return Setting(
        form=facts.get("form", ""),
        status=facts.get("status", Status.IDEA),
        instrument=facts.get("instrument_status", InstrumentStatus.TO_DRAFT),
        join_by=_day(facts.get("join_by")),
        launched_on=_day(facts.get("launched_on")),
        today=timezone.localdate(),
    )


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def lead_seat(action: Resource) -> Participation:
    """The lead takes part from the first day; the row is made with the first thing that is done."""
    return Participation(
        action=action,
        actor_uri=action.member.actor_uri,
        name=action.member.name,
        member=action.member,
        role=Role.COORDINATOR,
        state=SeatState.INTERESTED,
        admitted=True,
    )


def seat_of(participation: Participation | None) -> Seat:
    if participation is None:
        return Seat()
    return Seat(role=participation.role, state=participation.state, admitted=participation.admitted)


def is_standing(action: Resource) -> bool:
    """Published, and not put away since."""
    return action.kind == KIND and action.state == State.PUBLISHED


def is_open_to(action: Resource, member: Member) -> bool:
    """A draft, and what a collectivité keeps for itself, is nobody else's to join."""
    return action.member_id == member.pk or action.visibility != Visibility.OWNER


def parts_of(user: User | AnonymousUser, action: Resource, member: Member) -> frozenset[str]:
    """As whom this person may act on the seat of that collectivité: as its own, as the lead, both or neither."""
    held = set()
    if is_open_to(action, member) and territory_rules.may_act_for(user, member, LEAST):
        held.add(MEMBER)
    if leads(user, action):
        held.add(LEAD)
    return frozenset(held)


def leads(user: User | AnonymousUser, action: Resource) -> bool:
    """Nobody here leads what is led elsewhere."""
    return action.local and territory_rules.may_act_for(user, action.member, LEAST)


def as_whom(user: User | None, act: str, action: Resource, member: Member | None) -> str | None:
    """MEMBER or LEAD; None when this person may not do it, whatever the state. `user` None is the operator."""
    if act in states.STEERING:
        return LEAD if (action.local if user is None else leads(user, action)) else None
    if member is None:
        return None
    who = states.MOVES[act].who
    held = {MEMBER, LEAD} if user is None else parts_of(user, action, member)
    return next((part for part in who if part in held), None)


def may(user: User | AnonymousUser, act: str, action: Resource, member: Member | None = None) -> bool:
    """Whether this person may ever do it there."""
    return isinstance(user, User) and as_whom(user, act, action, member) is not None


def seat_acts(seat: Seat, setting: Setting, held: frozenset[str]) -> frozenset[str]:
    """What can be done now with a seat, by who acts for those parts: what a page offers."""
    return frozenset(
        act
        for act, move in states.MOVES.items()
        if any(part in held and states.can(seat, act, who=part, setting=setting) for part in move.who)
    ) | ({"join"} if MEMBER in held and _may_look_on(seat, setting) else frozenset())


def _may_look_on(seat: Seat, setting: Setting) -> bool:
    """Too late to benefit, not to observe."""
    return not seat.is_in and states.can(seat, "join", who=MEMBER, setting=setting, role=Role.OBSERVER)


def steering_acts(setting: Setting) -> frozenset[str]:
    """What its lead can do now with the action as a whole."""
    return frozenset(act for act, during in states.STEERING.items() if setting.status in during)
