"""Whatever is lost, doubled, late or crossed between two hubs, they end with the same pledge.

A model of both, made of the pure functions that the hubs run: what a hub says, what the other takes, what it answers.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from resources.charters import law, states
from resources.charters.states import State
from resources.charters.text import read
from tests.sheets import CHARTER

TODAY = date(2026, 6, 1)
TEXT = read(CHARTER)
MEASURES = ["A1", "A2", "B1"]


class NotSaid(Exception):
    pass


@dataclass
class Said:
    sequence: int
    state: State
    answer: bool | None = None


@dataclass
class Theirs:
    """The hub of the charter: resources/charters/arrivals.py, `answer`."""

    sequence: int = 0
    state: State | None = None

    def hear(self, said: Said) -> bool:
        if said.sequence <= self.sequence:
            return True
        if law.broken(said.state, self.state, TEXT, today=TODAY):
            return False
        self.sequence, self.state = said.sequence, said.state
        return True


@dataclass
class Ours:
    """The hub of who signs: resources/charters/asking.py."""

    said: list[Said] = field(default_factory=list)

    @property
    def last(self) -> State | None:
        return next((one.state for one in reversed(self.said) if one.answer is not False), None)

    def say(self, after: State) -> Said:
        if after == self.last or law.broken(after, self.last, TEXT, today=TODAY):
            raise NotSaid
        self.said.append(Said(len(self.said) + 1, after))
        return self.said[-1]


class TwoHubs(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.ours, self.theirs = Ours(), Theirs()
        self.network: list[Said] = []
        self.answers: list[tuple[Said, bool]] = []

    @rule(measures=st.sets(st.sampled_from(MEASURES), min_size=1), start=st.sampled_from(["2026-03-28", "2026-04-01"]))
    def sign(self, measures: set[str], start: str) -> None:
        words = {"signatory": "La maire", "signed_on": "2026-05-01", "mandate_starts_on": start}
        words |= {"measures": sorted(measures)}
        with suppress(NotSaid):
            after = states.pledged(self.ours.last, words, TEXT, version=1, today=TODAY)
            self.network.append(self.ours.say(after))

    @rule(measure=st.sampled_from(MEASURES), progress=st.integers(1, 99))
    def tell(self, measure: str, progress: int) -> None:
        before = self.ours.last
        if before is None or not states.stands(before):
            return
        told = {"status": "running", "progress": progress, "next_update_due": "2026-12-01"}
        with suppress(NotSaid):
            self.network.append(self.ours.say(states.updated(before, {measure: told}, today=TODAY)))

    @rule()
    def withdraw(self) -> None:
        before = self.ours.last
        if before is not None and states.stands(before):
            with suppress(NotSaid):
                self.network.append(self.ours.say(states.withdrawn(before, "Le conseil a voté contre.", today=TODAY)))

    @rule(data=st.data(), again=st.booleans())
    def something_arrives(self, data: st.DataObject, again: bool) -> None:
        if self.network:
            at = data.draw(st.integers(0, len(self.network) - 1))
            said = self.network[at] if again else self.network.pop(at)
            self.answers.append((said, self.theirs.hear(said)))

    @rule(data=st.data())
    def something_is_lost(self, data: st.DataObject) -> None:
        if self.network:
            self.network.pop(data.draw(st.integers(0, len(self.network) - 1)))

    @rule(data=st.data())
    def an_answer_arrives(self, data: st.DataObject) -> None:
        if self.answers:
            said, accepted = self.answers.pop(data.draw(st.integers(0, len(self.answers) - 1)))
            said.answer = accepted if said.answer is None else said.answer

    @invariant()
    def once_all_was_said_again_both_hold_the_same(self) -> None:
        """On a copy: the rest of the run goes on from where it was."""
        theirs = Theirs(self.theirs.sequence, self.theirs.state)
        answers = {said.sequence: accepted for said, accepted in reversed(self.answers)}
        final = {}
        for one in self.ours.said:
            answer = one.answer if one.answer is not None else answers.get(one.sequence)
            final[one.sequence] = theirs.hear(one) if answer is None else answer
        accepted = [one for one in self.ours.said if final[one.sequence]]
        assert theirs.state == (accepted[-1].state if accepted else None)


TwoHubs.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
test_two_hubs = TwoHubs.TestCase
