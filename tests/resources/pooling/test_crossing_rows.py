"""The two hubs of `test_crossing` once more, with their real rows: what is asked, received, answered and mirrored.

Both stand in one database, so each thing has two names: the action and the town of the lead's hub, and what the other
hub knows them as. Between them the network renames, delays, doubles, loses and reorders.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from federation import gestures
from federation.errors import TryLater
from federation.models import Actor, Delivery, StoredGesture, StoredObject
from federation.publication import Author, Gesture, Publication
from federation.wire import read, write
from resources import actions as resource_actions
from resources.acts import Invalid
from resources.models import Resource
from resources.pooling import actions, rows
from resources.pooling.federated import FederatedAction
from resources.pooling.models import Answer, Participation, Step
from resources.workflow import NotPossible
from rtes_hub.territories.actions import remote_member
from rtes_hub.territories.models import Member
from tests.federation.peers import a_remote_actor
from tests.make import a_member, a_pooled_action, a_territory, an_author
from tests.resources.pooling.test_asked_elsewhere import as_led_by
from tests.resources.pooling.test_rules import DATA
from tests.resources.pooling.test_rules_elsewhere import FROM_ELSEWHERE

pytestmark = pytest.mark.django_db

THERE = "#received"  #: one gesture has two rows: as it was asked, and as it was received
FAR = timedelta(days=15)


#: What is under way: what the town asks, what is answered to it, what the lead publishes.
Said = Gesture | dict[str, Any] | Publication


class TwoHubs(RuleBasedStateMachine):
    action: ClassVar[Resource]  #: where it is led
    theirs: ClassVar[Member]  #: the town, as the lead's hub knows it
    lead: ClassVar[Author]  #: as the hub of the town knows it
    there: ClassVar[str]  #: URI of the action, on the hub of the town
    town: ClassVar[Member]

    def __init__(self) -> None:
        super().__init__()
        self.world = transaction.atomic()
        self.world.__enter__()
        self.network: list[Said] = []

    def teardown(self) -> None:
        try:
            self.all_arrives()
            self.both_hold_the_same()
        finally:
            transaction.set_rollback(True)
            self.world.__exit__(None, None, None)

    # What people do -----------------------------------------------------------------------------------------------

    @rule(act=st.sampled_from([*sorted(FROM_ELSEWHERE), "describe", "needs"]), number=st.integers(1, 99))
    def the_town_asks(self, act: str, number: int) -> None:
        data = DATA.get(act, {}) | {
            "join": {"role": "observer" if number % 4 == 0 else "member"},
            "describe": {"technical_lead": f"Direction {number}"},
            "needs": {"rows": [{"item": "Papier", "quantity": str(number)}]},
        }.get(act, {})
        with suppress(NotPossible, Invalid), transaction.atomic():
            step = actions.perform(act, self.mirror, member=self.town, by=None, data=data)
            self.network.append(self.said(step))

    @rule(act=st.sampled_from(["admit", "refuse", "exclude"]))
    def the_lead_answers_its_seat(self, act: str) -> None:
        action = Resource.objects.get(pk=self.action.pk)
        with suppress(NotPossible), transaction.atomic():
            actions.perform(act, action, member=self.theirs, by=None, data=DATA.get(act))
            self.network.append(self.published())

    @rule(to=st.sampled_from(["signing", "reviewing", "in_force"]))
    def the_lead_opens_or_closes_the_signature(self, to: str) -> None:
        resource_actions.restate(Resource.objects.get(pk=self.action.pk), {"instrument_status": to})
        self.network.append(self.published())

    # What the network does ----------------------------------------------------------------------------------------

    @precondition(lambda self: self.network)
    @rule(data=st.data(), twice=st.booleans(), lost=st.integers(0, 4))
    def something_arrives(self, data: st.DataObject, twice: bool, lost: int) -> None:
        at = data.draw(st.integers(0, len(self.network) - 1))
        said = self.network[at] if twice else self.network.pop(at)
        if lost or isinstance(said, Publication):
            self.bring(said)

    @precondition(lambda self: Step.objects.filter(state="pending").exists())
    @rule(again=st.booleans())
    def a_fortnight_passes(self, again: bool) -> None:
        past = timezone.now() - FAR
        StoredGesture.objects.filter(ours=True, state="pending").update(asked_at=past, next_try=past)
        gestures.say_again()
        assert not Step.objects.filter(state="pending").exists()
        if again:
            self.all_is_asked_again()

    def all_is_asked_again(self) -> None:
        for step in Step.objects.filter(state="given_up"):
            actions.ask_again(step, by=None)
        self.network += [self.said(step) for step in Step.objects.filter(state="pending")]

    # Between the hubs ---------------------------------------------------------------------------------------------

    @property
    def mirror(self) -> Resource:
        return Resource.objects.select_related("member").get(uri=self.there)

    def said(self, step: Step) -> Gesture:
        row = StoredGesture.objects.get(uri=step.uri)
        uri, author = row.uri + THERE, self.theirs.actor_uri
        return Gesture(uri=uri, verb=row.verb, author=author, target=self.action.uri, facts=row.facts)

    def published(self) -> Publication:
        said = as_led_by(self.lead, Resource.objects.select_related("member").get(pk=self.action.pk))
        return replace(said, facts=renamed(said.facts, self.theirs.actor_uri, self.town.actor_uri))

    def bring(self, said: Said) -> None:
        if isinstance(said, dict):
            with transaction.atomic():
                gestures.on_answer(Actor.objects.get(uri=self.lead.uri), read.activity(said), said)
            return
        if isinstance(said, Publication):
            with transaction.atomic():
                if said.version > self.mirror.version:
                    FederatedAction().receive(said, self.lead)
            return
        with suppress(TryLater), transaction.atomic():
            gestures.receive(said, Actor.objects.get(uri=said.author))
            self.network += [self.answer_to(said), self.published()]

    def answer_to(self, said: Gesture) -> dict[str, Any]:
        row = StoredGesture.objects.get(uri=said.uri)
        return write.answer(
            f"{self.lead.hub}/ap/activities/answer-{row.pk}",
            actor=self.lead.uri,
            gesture=said.uri.removesuffix(THERE),
            to=self.town.actor_uri,
            accepted=row.state == "accepted",
            reason=row.reason,
            facts=row.answer,
        )

    # In the end ---------------------------------------------------------------------------------------------------

    def all_arrives(self) -> None:
        """What is under way first: it may be a late answer. Then all that has none is asked again."""
        while True:
            while self.network:
                self.bring(self.network.pop())
            if not Step.objects.filter(state__in=Step.UNANSWERED).exists():
                break
            self.all_is_asked_again()
        self.bring(self.published())

    def both_hold_the_same(self) -> None:
        assert not Step.objects.filter(state__in=Step.UNANSWERED).exists()
        for step in Step.objects.all():
            asked, received = StoredGesture.objects.in_bulk([step.uri, step.uri + THERE], field_name="uri").values()
            assert asked.state == received.state == step.state, step.act
            assert asked.reason == received.reason == step.reason
        answered = Answer.objects.filter(accepted=True).order_by("pk").values_list("sequence", flat=True)
        assert list(answered) == sorted(set(answered)), "once each, in the order of their author"
        taken = Step.objects.filter(state="accepted").order_by("-sequence").first()
        seat = Participation.objects.filter(actor_uri=self.theirs.actor_uri).first()
        assert (seat.sequence if seat else 0) == (taken.sequence if taken else 0)
        here = rows.facts_of(self.mirror)
        led = renamed(rows.facts_of(self.action), self.theirs.actor_uri, self.town.actor_uri)
        for code in ("participants", "needs", "contributions"):
            assert of(self.town, here[code]) == of(self.town, led[code]), code


def renamed(facts: Any, before: str, after: str) -> Any:
    match facts:
        case dict():
            return {name: renamed(value, before, after) for name, value in facts.items()}
        case list() | tuple():
            return [renamed(value, before, after) for value in facts]
    return after if facts == before else facts


def of(town: Member, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Its rows, without what each hub calls it."""
    kept = (row for row in found if row["member"] == town.actor_uri)
    return [{name: value for name, value in row.items() if name not in ("name", "territory")} for row in kept]


@pytest.fixture
def two_hubs(db):
    a_territory("reg-27")
    TwoHubs.action = a_pooled_action("setting_up", instrument="signing", form="entente")
    author = a_remote_actor()
    TwoHubs.theirs = remote_member(an_author(uri=author.uri, hub="https://partner.example", name="Dijon"))
    TwoHubs.town = a_member("com-21231")
    lead = a_remote_actor()
    TwoHubs.lead = an_author(uri=lead.uri, hub="https://partner.example", facts={"territory": "reg-27"})
    said = as_led_by(TwoHubs.lead, TwoHubs.action)
    TwoHubs.there = said.uri
    StoredObject.objects.create(
        uri=said.uri,
        actor=lead,
        local=False,
        kind=said.kind,
        version=said.version,
        document="{}",
        published=said.published,
        updated=said.updated,
    )
    FederatedAction().receive(said, TwoHubs.lead)
    Delivery.objects.all().delete()


class FromWithin(TwoHubs):
    """The town takes part already, and is admitted."""

    def __init__(self) -> None:
        super().__init__()
        self.network.append(self.said(actions.join(self.mirror, member=self.town, by=None)))
        self.all_arrives()
        actions.admit(self.action, member=self.theirs, by=None)
        self.bring(self.published())


@pytest.mark.usefixtures("two_hubs")
@pytest.mark.parametrize(("machine", "examples"), [(TwoHubs, 4), (FromWithin, 7)])
def test_two_hubs_end_in_the_same_state_whatever_the_network_does(machine, examples):
    bounds = {"stateful_step_count": 16, "deadline": None, "derandomize": True, "phases": [Phase.generate]}
    run_state_machine_as_test(machine, settings=settings(max_examples=examples, **bounds))
