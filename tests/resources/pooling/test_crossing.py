"""Two hubs that speak through a network that delays, doubles, loses and reorders: they end in the same state.

The hub of the lead and the hub of two participants, in memory, around the very functions that the hubs decide with:
`states` (which step may follow which) and `ordering` (in which order gestures take effect).
"""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from resources.kinds.pooled_words import Form, InstrumentStatus, SeatState, Status
from resources.pooling import ordering, states
from resources.pooling.ordering import Turn
from resources.pooling.states import LEAD, MEMBER, Seat, Setting
from resources.workflow import NotPossible

TOWNS = ("dijon", "chenôve")
ASKED = [act for act, move in states.MOVES.items() if MEMBER in move.who]
LED = [act for act, move in states.MOVES.items() if LEAD in move.who and act not in ("weigh", "agree")]


@dataclass(frozen=True)
class Gesture:
    uri: int
    town: str
    act: str
    sequence: int
    after: int
    role: str
    needs: int


@dataclass(frozen=True)
class Answered:
    uri: int
    accepted: bool


@dataclass(frozen=True)
class Update:
    """What the lead publishes: all of the shared state, under a version that grows."""

    version: int
    seats: dict[str, Seat]
    needs: dict[str, int]
    sequences: dict[str, int]
    setting: Setting


@dataclass
class Sent:
    """A step, on the hub of the participant."""

    gesture: Gesture
    state: str = "pending"
    given_up: bool = False  #: said again no more: for 15 days no answer came

    @property
    def sequence(self) -> int:
        return self.gesture.sequence

    @property
    def is_awaited(self) -> bool:
        return self.state == "accepted" or (self.state == "pending" and not self.given_up)


@dataclass
class Lead:
    setting: Setting
    seats: dict[str, Seat] = field(default_factory=dict)
    needs: dict[str, int] = field(default_factory=dict)
    last: dict[str, int] = field(default_factory=dict)  #: of what was answered
    sequences: dict[str, int] = field(default_factory=dict)  #: of what was accepted
    answers: dict[int, Answered] = field(default_factory=dict)
    taken: list[Gesture] = field(default_factory=list)
    version: int = 0

    def do(self, town: str, act: str, who: str, role: str = "", needs: int = 0) -> None:
        after = states.after(self.seats.get(town, Seat()), act, who=who, setting=self.setting, role=role)
        self.seats[town] = after
        if act == "needs":
            self.needs[town] = needs
        if not after.is_in:
            self.needs.pop(town, None)

    def update(self) -> Update:
        self.version += 1
        return Update(self.version, dict(self.seats), dict(self.needs), dict(self.sequences), self.setting)

    def hear(self, gesture: Gesture) -> list[object]:
        """What is said in return; nothing when it must wait for one that comes before."""
        if gesture.uri in self.answers:
            return [self.answers[gesture.uri]]
        match ordering.turn(gesture.sequence, gesture.after, last=self.last.get(gesture.town, 0)):
            case Turn.LATER:
                return []
            case Turn.PAST:
                accepted = False
            case Turn.NOW:
                accepted = self._try(gesture)
                self.last[gesture.town] = gesture.sequence
        self.answers[gesture.uri] = Answered(gesture.uri, accepted)
        return [self.answers[gesture.uri], *([self.update()] if accepted else [])]

    def _try(self, gesture: Gesture) -> bool:
        try:
            self.do(gesture.town, gesture.act, MEMBER, gesture.role, gesture.needs)
        except NotPossible:
            return False
        self.sequences[gesture.town] = gesture.sequence
        self.taken.append(gesture)
        return True


@dataclass
class Participants:
    """The hub of the two towns."""

    mirror: Update
    sent: dict[str, list[Sent]] = field(default_factory=lambda: {town: [] for town in TOWNS})

    def ask(self, uri: int, town: str, act: str, role: str, needs: int) -> Gesture:
        """Raises: NotPossible, and nothing is sent."""
        steps = self.sent[town]
        waiting = [(step.gesture.act, step.gesture.role) for step in steps if step.state == "pending"]
        seat = states.once(self.mirror.seats.get(town, Seat()), waiting, setting=self.mirror.setting)
        states.after(seat, act, who=MEMBER, setting=self.mirror.setting, role=role)
        sequence, after = ordering.following(steps, mirrored=self.mirror.sequences.get(town, 0))
        gesture = Gesture(uri, town, act, sequence, after, role, needs)
        steps.append(Sent(gesture))
        return gesture

    def hear(self, said: object) -> None:
        if isinstance(said, Update) and said.version > self.mirror.version:
            self.mirror = said
        elif isinstance(said, Answered):
            for step in (step for steps in self.sent.values() for step in steps):
                if step.gesture.uri == said.uri and step.state == "pending":
                    step.state = "accepted" if said.accepted else "refused"

    def waiting(self) -> list[Sent]:
        """What is said again until it is answered."""
        steps = (step for steps in self.sent.values() for step in steps)
        return [step for step in steps if step.state == "pending" and not step.given_up]


class TwoHubs(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        setting = Setting(form=Form.JOINT_ORDER, status=Status.SETTING_UP, today=date(2026, 3, 1))
        self.lead = Lead(setting)
        self.towns = Participants(Update(0, {}, {}, {}, setting))
        self.network: list[object] = []
        self.count = 0

    @rule(
        town=st.sampled_from(TOWNS),
        act=st.sampled_from(ASKED),
        role=st.sampled_from(["member", "observer"]),
        needs=st.integers(1, 999),
    )
    def a_town_asks(self, town: str, act: str, role: str, needs: int) -> None:
        self.count += 1
        with suppress(NotPossible):
            self.network.append(self.towns.ask(self.count, town, act, role, needs))

    @rule(town=st.sampled_from(TOWNS), act=st.sampled_from(LED))
    def the_lead_acts_on_a_seat(self, town: str, act: str) -> None:
        try:
            self.lead.do(town, act, LEAD)
        except NotPossible:
            return
        self.network.append(self.lead.update())

    @rule(instrument=st.sampled_from(InstrumentStatus), launched=st.booleans())
    def the_lead_opens_or_closes(self, instrument: str, launched: bool) -> None:
        launched_on = date(2026, 2, 1) if launched and self.count > 12 else self.lead.setting.launched_on
        self.lead.setting = replace(self.lead.setting, instrument=instrument, launched_on=launched_on)
        self.network.append(self.lead.update())

    @precondition(lambda self: self.network)
    @rule(data=st.data(), twice=st.booleans(), lost=st.integers(0, 5))
    def the_network_brings_something(self, data: st.DataObject, twice: bool, lost: int) -> None:
        at = data.draw(st.integers(0, len(self.network) - 1))
        said = self.network[at] if twice else self.network.pop(at)
        # What the lead says is owed until it arrives, as every delivery is. A gesture that is lost is said again.
        if lost == 0 and isinstance(said, Gesture):
            return
        self._bring(said)

    @rule()
    def what_waits_is_said_again(self) -> None:
        self.network += [step.gesture for step in self.towns.waiting()]

    @precondition(lambda self: self.towns.waiting())
    @rule(data=st.data(), lost=st.booleans())
    def a_step_is_given_up(self, data: st.DataObject, lost: bool) -> None:
        """It never arrives, or arrives when nobody counts on it any more."""
        step = data.draw(st.sampled_from(self.towns.waiting()))
        step.given_up = True
        if lost:
            self.network = [said for said in self.network if said != step.gesture]

    def _bring(self, said: object) -> None:
        if isinstance(said, Gesture):
            self.network += self.lead.hear(said)
        else:
            self.towns.hear(said)

    @invariant()
    def each_gesture_took_effect_once_and_in_the_order_of_its_author(self) -> None:
        for town in TOWNS:
            sequences = [gesture.sequence for gesture in self.lead.taken if gesture.town == town]
            assert sequences == sorted(set(sequences))

    @invariant()
    def nobody_signs_who_was_not_admitted_and_no_number_is_given_twice(self) -> None:
        for seat in self.lead.seats.values():
            assert seat.state != SeatState.SIGNED or seat.admitted
        for steps in self.towns.sent.values():
            assert len({step.sequence for step in steps}) == len(steps)

    def _wait_for_quiet(self) -> None:
        """All that is under way arrives, and what has no answer is said again, until that changes nothing."""
        for _ in range(20):
            self.network += [step.gesture for step in self.towns.waiting()]
            while self.network:
                self._bring(self.network.pop())

    def teardown(self) -> None:
        self._wait_for_quiet()
        lost = [step for steps in self.towns.sent.values() for step in steps if step.given_up]
        for step in self.towns.waiting():
            assert any(one.gesture.town == step.gesture.town for one in lost), "nothing stops it, and it waits for ever"
            step.given_up = True  # its own 15 days pass
        for town in TOWNS:
            with suppress(NotPossible):
                self.network.append(self.towns.ask(self.count + TOWNS.index(town) + 1, town, "join", "observer", 0))
        self._wait_for_quiet()
        assert not self.towns.waiting(), "what is asked anew waits for what was lost"
        assert self.towns.mirror.version == self.lead.version
        assert (self.towns.mirror.seats, self.towns.mirror.needs) == (self.lead.seats, self.lead.needs)
        for steps in self.towns.sent.values():
            for step in steps:
                assert (step.gesture in self.lead.taken) is (step.state == "accepted")
                assert (step.gesture.uri in self.lead.answers) is (step.state != "pending")
        for town, seat in self.lead.seats.items():
            said = [gesture.needs for gesture in self.lead.taken if (gesture.town, gesture.act) == (town, "needs")]
            if seat.is_in and town in self.lead.needs:
                assert self.lead.needs[town] == said[-1]


TestTwoHubs = TwoHubs.TestCase
TestTwoHubs.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)


ASKS = st.tuples(
    st.sampled_from(TOWNS), st.sampled_from(ASKED), st.sampled_from(["member", "observer"]), st.integers(1, 999)
)


@settings(max_examples=200, deadline=None)
@given(st.lists(ASKS, min_size=2, max_size=12), st.data())
def test_any_order_of_arrival_ends_as_the_order_of_saying(asks, data):
    """Nothing is refused, or overtaken, only because the network brought it late or twice."""
    setting = Setting(status=Status.SETTING_UP, today=date(2026, 3, 1))
    towns = Participants(Update(0, {}, {}, {}, setting))
    said: list[Gesture] = []
    for uri, ask in enumerate(asks):
        with suppress(NotPossible):
            said.append(towns.ask(uri, *ask))
    in_order, as_it_comes = Lead(setting), Lead(setting)
    for gesture in said:
        in_order.hear(gesture)
    waiting = data.draw(st.permutations([*said, *said]))
    for _ in range(len(waiting)):
        for gesture in waiting:
            as_it_comes.hear(gesture)
    assert (as_it_comes.seats, as_it_comes.needs) == (in_order.seats, in_order.needs)
    assert as_it_comes.answers == in_order.answers


@pytest.mark.parametrize(
    ("sequence", "after", "last", "found"),
    [
        (1, 0, 0, Turn.NOW),
        (3, 1, 1, Turn.NOW),  # 2 was given up: it is not waited for
        (3, 2, 1, Turn.LATER),
        (1, 0, 1, Turn.PAST),
        (2, 1, 3, Turn.PAST),  # and when it comes at last, it has no effect
    ],
)
def test_when_a_gesture_has_its_turn(sequence, after, last, found):
    assert ordering.turn(sequence, after, last=last) is found
