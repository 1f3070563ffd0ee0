"""Who may do what with a pooled action: every act, every role, every state; and what a refusal leaves behind."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import product
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from federation.models import Activity, Delivery
from resources.acts import Invalid
from resources.kinds.pooled_words import Form, InstrumentStatus, Role, SeatState, Status
from resources.models import Resource
from resources.pooling import actions, rules, states
from resources.pooling.acts import ACTS
from resources.pooling.board import board
from resources.pooling.models import BudgetLine, Decision, Milestone, Need, Participation, Share, Step
from resources.pooling.states import LEAD, MEMBER, Seat, Setting
from resources.workflow import NotPossible
from rtes_hub.audit.models import Line
from rtes_hub.notices.models import Notice
from rtes_hub.territories.models import Member
from tests.make import (
    a_contributor,
    a_coordinator,
    a_member,
    a_participation,
    a_pooled_action,
    a_reader,
    a_sheet,
    a_user,
    a_visitor,
    an_administrator,
    an_editor,
)

pytestmark = pytest.mark.django_db

TOWN = "com-21231"  #: the participant; the lead is a_member()
ROLES = {
    "visitor": lambda: a_visitor(),
    "stranger": lambda: a_user(),
    "reader of the town": lambda: a_reader(a_member(TOWN)),
    "contributor of the town": lambda: a_contributor(a_member(TOWN)),
    "editor of the town": lambda: an_editor(a_member(TOWN)),
    "contributor of the lead": lambda: a_contributor(),
    "editor of the lead": lambda: an_editor(),
    "editor of the lead until yesterday": lambda: an_editor(ends_on=date(2020, 1, 1)),
    "editor elsewhere": lambda: an_editor(a_member("com-75056")),
    "coordinator": lambda: a_coordinator(),
    "administrator": lambda: an_administrator(),
}
_TOWN = {"editor of the town", "coordinator", "administrator"}
_LEAD = {"editor of the lead", "coordinator", "administrator"}
#: act → who may ever do it, written out again here.
MAY = {
    **dict.fromkeys(
        ("join", "describe", "plan", "deliberate", "decline", "leave", "needs", "contribute"),
        _TOWN,
    ),
    "sign": _TOWN | _LEAD,
    **dict.fromkeys(("admit", "refuse", "exclude", "weigh", "agree"), _LEAD),
    **dict.fromkeys(
        ("advance", "instrument", "launch", "budget", "share", "milestones", "decide", "practice"),
        _LEAD,
    ),
}
IN, P, D, S, L, R = "interested", "planned", "deliberated", "signed", "left", "refused"
NONE = ""
#: act → the states of the seat in which it can be done, and the state after; nothing else can.
AFTER: dict[str, dict[str, str]] = {
    "join": {NONE: IN, IN: IN, L: IN},
    "describe": {IN: IN, P: P, D: D, S: S},
    "plan": {IN: P, P: P},
    "deliberate": {IN: D, P: D, D: D},
    "decline": {IN: R, P: R},
    "sign": {D: S},
    "leave": {IN: L, P: L, D: L, S: L},
    "needs": {IN: IN, P: P, D: D, S: S},
    "contribute": {IN: IN, P: P, D: D, S: S},
    "admit": {IN: IN, P: P, D: D, R: IN},
    "refuse": {IN: R, P: R, D: R},
    "exclude": {S: L},
    "weigh": {IN: IN, P: P, D: D, S: S},
    "agree": {IN: IN, P: P, D: D, S: S},
}
DATA: dict[str, dict[str, Any]] = {
    "plan": {"on": "2099-01-31"},
    "deliberate": {"on": "2026-01-31", "title": "2026-12"},
    "sign": {"on": "2026-02-28"},
    "refuse": {"reason": "Trop tard"},
    "exclude": {"reason": "Cotisation"},
    "needs": {"rows": [{"item": "Papier", "quantity": "10"}]},
    "contribute": {"rows": [{"kind": "hours", "label": "Rédaction", "planned": "10"}]},
    "weigh": {"weight": "12.5"},
    "agree": {"amount": "10", "reason": "Convenu en comité"},
    "advance": {"to": "call"},
    "instrument": {"to": "reviewing"},
    "launch": {"on": "2026-03-01"},
    "budget": {"rows": [{"label": "Animation", "amount": "100"}]},
    "share": {"rows": [{"by": "flat", "percent": "100"}]},
    "milestones": {"rows": [{"on": "2026-09-01", "label": "Notification"}]},
    "decide": {"on": "2026-04-01", "body": "Comité", "text": "Un seul lot."},
}
TABLES = (Resource, Participation, Need, Share, BudgetLine, Milestone, Decision, Step, Line, Notice, Activity, Delivery)


def world() -> dict[str, list[Any]]:
    """All that an act could have left behind, or sent."""
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in TABLES}


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside did not happen."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def in_state(state: str, member: Member | None = None) -> Resource:
    """An action that is open for signature, with a budget and a key, and the town, or `member`, that far in it."""
    action = a_pooled_action("setting_up", instrument="signing", form="entente")
    actions.set_budget(action, DATA["budget"]["rows"], by=None)
    actions.compute_shares(action, DATA["share"]["rows"], by=None)
    if state:
        a_participation(action, state, member=member or a_member(TOWN))
    return action


@contextmanager
def nothing_written(cell: object) -> Iterator[None]:
    """Not even something that is undone after."""

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        assert not sql.startswith(("INSERT", "UPDATE", "DELETE")), (cell, sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield


@pytest.mark.parametrize("state", ["", *SeatState.values])
def test_the_table_of_steps(state):
    action, town = in_state(state), a_member(TOWN)
    people, before = {role: make() for role, make in ROLES.items()}, world()
    for act, (role, user) in product(states.MOVES, people.items()):
        cell, may = (act, role), role in MAY[act]
        fresh = Resource.objects.select_related("member").get(pk=action.pk)
        assert rules.may(user, act, fresh, town) is may, cell
        if not may:
            with nothing_written(cell), pytest.raises(PermissionDenied):
                actions.perform(act, fresh, member=town, by=user, data=DATA.get(act))
        elif state not in AFTER[act]:
            with pytest.raises(NotPossible):
                actions.perform(act, fresh, member=town, by=user, data=DATA.get(act))
            assert world() == before, cell
        else:
            with undone():
                actions.perform(act, fresh, member=town, by=user, data=DATA.get(act))
                assert fresh.participations.get(actor_uri=town.actor_uri).state == AFTER[act][state], cell
                assert Line.objects.latest("pk").act == f"pooling.{act}", cell


@pytest.mark.parametrize("act", states.STEERING)
def test_the_table_of_what_the_lead_does(act):
    status = "setting_up" if "setting_up" in states.STEERING[act] else "finished"
    action = a_pooled_action(status, instrument="in_force" if act == "launch" else "to_draft")
    if act == "share":
        actions.set_budget(action, DATA["budget"]["rows"], by=None)
    for role, make in ROLES.items():
        with undone():
            fresh, user = Resource.objects.get(pk=action.pk), make()
            may = role in MAY[act]
            assert rules.may(user, act, fresh) is may, role
            before = world()

            def do(fresh: Resource = fresh, user: Any = user) -> None:
                if act == "practice":
                    actions.draft_practice(fresh, by=user)
                else:
                    actions.perform(act, fresh, by=user, data=DATA[act])

            if may:
                do()
                assert world() != before, role
            else:
                with pytest.raises(PermissionDenied):
                    do()
                assert world() == before, role


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("act", states.ACTS)
def test_an_act_out_of_its_time_is_refused(act, status):
    setting = Setting(form=Form.ENTENTE, status=status, instrument="signing", today=date(2026, 3, 1))
    if act in states.STEERING:
        assert (act in rules.steering_acts(setting)) is (status in states.STEERING[act])
        return
    for state in AFTER[act]:
        seat = Seat(state=state, admitted=True)
        in_time = status in states.MOVES[act].during
        assert any(states.can(seat, act, who=who, setting=setting) for who in (MEMBER, LEAD)) is in_time


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("act", states.MOVES)
def test_what_each_part_in_the_action_allows(act, role):
    setting = Setting(form=Form.ENTENTE, status=Status.ACTIVE, instrument="in_force", today=date(2026, 3, 1))
    allowed = {
        "coordinator": {"describe", "plan", "deliberate", "sign", "needs", "contribute", "weigh", "agree"},
        "member": set(states.MOVES),
        "observer": {"join", "describe", "decline", "leave", "contribute", "admit", "refuse", "exclude"},
        "funder": set(states.MOVES) - {"needs", "weigh", "agree"},
    }
    found = any(
        states.can(Seat(role=role, state=state, admitted=True), act, who=who, setting=setting, role=role)
        for state in SeatState
        for who in (MEMBER, LEAD)
    )
    assert found is (act in allowed[role])


def test_every_act_is_in_the_tables_and_says_something():
    assert set(MAY) == set(states.ACTS) == set(ACTS)
    assert set(AFTER) == set(states.MOVES)
    assert {state for act in states.STATUS_MOVES.values() for state in act} <= set(Status)
    assert set(states.STATUS_MOVES) == set(Status)
    assert set(states.INSTRUMENT_MOVES) == set(InstrumentStatus)
    assert all(act.label for act in ACTS.values())


def test_what_the_page_offers_is_what_can_be_done():
    action = in_state("deliberated")
    shown = board(action, an_editor(a_member(TOWN)))
    (mine,) = shown.mine
    assert mine.acts == {act for act in AFTER if D in AFTER[act] and MEMBER in states.MOVES[act].who}
    assert not shown.steering
    seen_by_lead = board(action, an_editor())
    assert seen_by_lead.steering == rules.steering_acts(rules.setting_of(action))
    assert "sign" in seen_by_lead.seat_acts[a_member(TOWN).actor_uri]


@pytest.mark.parametrize("state", ["draft", "archived", "withdrawn"])
def test_what_is_not_published_takes_nobody_in(state):
    action, town = a_sheet("pooled-action", state), a_member(TOWN)
    before = world()
    with pytest.raises(NotPossible):
        actions.join(action, member=town, by=None)
    assert world() == before


def test_what_a_local_authority_keeps_for_itself_is_nobody_elses_to_join():
    action = a_pooled_action(visibility="owner")
    with pytest.raises(PermissionDenied):
        actions.join(action, member=a_member(TOWN), by=an_editor(a_member(TOWN)))


def test_wrong_data_writes_nothing():
    action = in_state("interested")
    before = world()
    with pytest.raises(Invalid) as refusal:
        actions.declare_needs(
            action, [{"item": "Papier", "quantity": "1.005"}, {"quantity": "2"}], member=a_member(TOWN), by=None
        )
    assert set(refusal.value.errors) == {"rows"}
    assert world() == before
