"""Joining, leaving, offering across hubs: one effect a gesture, and an answer in the end, whatever is lost."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from federation import api, gestures, processing, registry
from federation.errors import Refused, TryLater
from federation.models import Activity, Actor, Delivery, Incoming, Peer, StoredGesture, StoredObject
from federation.publication import Gesture
from federation.wire import write
from tests.federation.knocking import a_practice, create, hear, knock
from tests.federation.peers import a_remote_actor
from tests.federation.talking import a_post, inboxes_of, owed

pytestmark = pytest.mark.django_db


class Actions(registry.Federated):
    """Speaks for a thing that one may join; the second to join is too late."""

    def __init__(self):
        self.asked, self.answers, self.silences, self.is_busy = [], [], [], False

    def receive(self, publication, author):
        pass

    def gesture(self, gesture, author):
        if self.is_busy:
            raise TryLater("another one is being counted")
        self.asked.append((gesture.verb, gesture.facts, author.uri))
        if len(self.asked) > 1:
            raise Refused("It is too late to join.")
        return {"state": "interested", "sequence": gesture.facts["sequence"]}

    def answered(self, gesture, accepted, reason, facts):
        self.answers.append((gesture.uri, gesture.verb, accepted, reason, dict(facts)))

    def given_up(self, gesture, contact):
        self.silences.append((gesture.uri, contact))


@pytest.fixture
def actions(monkeypatch):
    made = Actions()
    monkeypatch.setattr(registry, "_BY_KIND", {"good-practice": made})
    return made


@pytest.fixture
def dijon(hub):
    return Actor.objects.get(uri=api.open_actor(type="Organization", handle="dijon", name="Dijon"))


@pytest.fixture
def ours(dijon):
    """A thing of ours that others may join."""
    thing = a_post(dijon, kind="good-practice")
    api.publish(thing)
    Delivery.objects.all().delete()
    return thing.uri


@pytest.fixture
def theirs(client, partner, actions):
    """A thing of a partner."""
    document = a_practice(partner)
    create(client, partner, document)
    return document["id"]


def a_join(speaker, target, **facts):
    said = Gesture(
        uri=speaker.new_uri("activities"),
        verb="join",
        author=speaker.uri,
        target=target,
        facts={"sequence": 1, "needs": [{"item": "papier", "quantity": 12}]} | facts,
    )
    return write.gesture(said, to="http://127.0.0.1:8000/ap/orgs/1")


def again(client, speaker, activity, seconds=1):
    """The same, newly signed: a sender who had no answer."""
    assert knock(client, speaker, activity, now=timezone.now() + timedelta(seconds=seconds)).status_code == 202
    processing.turn_inbox()


def answers():
    said = [
        json.loads(bytes(one.body)) for one in Activity.objects.filter(type__in=("Accept", "Reject")).order_by("pk")
    ]
    return [(one["type"], one["object"], one.get("summary", "")) for one in said]


# What others ask of ours ------------------------------------------------------------------------------------------


def test_a_gesture_has_its_effect_and_is_answered_with_facts(client, partner, ours, dijon, actions):
    join = a_join(partner, ours)
    assert hear(client, partner, join).state == "done"
    facts = {"sequence": 1, "needs": [{"item": "papier", "quantity": 12}]}
    assert actions.asked == [("join", facts, partner.uri)]
    (accept,) = owed(dijon)
    assert (accept["type"], accept["object"], accept["to"]) == ("Accept", join["id"], [partner.uri])
    assert (accept["rtes:state"], accept["rtes:sequence"]) == ("interested", 1)
    assert inboxes_of(accept["id"]) == {f"{partner.uri}/inbox"}


def test_a_refusal_says_why_and_leaves_nothing_else(client, partner, neighbour, ours, actions):
    hear(client, partner, a_join(partner, ours))
    join = a_join(neighbour, ours)
    assert hear(client, neighbour, join).state == "done"
    assert answers()[-1] == ("Reject", join["id"], "It is too late to join.")
    assert StoredGesture.objects.get(uri=join["id"]).state == "refused"


def test_said_again_it_has_no_second_effect_and_the_same_answer(client, partner, ours, actions):
    join = a_join(partner, ours)
    hear(client, partner, join)
    before = answers()
    Delivery.objects.update(state=Delivery.State.SENT)
    for second in range(1, 3):
        again(client, partner, join, second)
    assert len(actions.asked) == 1
    assert answers() == before
    assert Delivery.objects.get().state == "waiting"


def test_an_answer_whose_delivery_was_forgotten_is_owed_again(client, partner, ours, actions):
    join = a_join(partner, ours)
    hear(client, partner, join)
    Delivery.objects.all().delete()
    again(client, partner, join)
    assert Delivery.objects.get().activity.type == "Accept"


def test_not_now_is_asked_again_and_nothing_is_answered_meanwhile(client, partner, ours, actions):
    actions.is_busy = True
    join = a_join(partner, ours)
    assert hear(client, partner, join).state == "waiting"
    assert answers() == []
    assert not StoredGesture.objects.exists()
    actions.is_busy = False
    Incoming.objects.update(next_try=timezone.now())
    processing.turn_inbox()
    assert [answer[0] for answer in answers()] == ["Accept"]


def test_a_gesture_cannot_be_anothers(client, partner, neighbour, ours, actions):
    join = a_join(partner, ours)
    hear(client, partner, join)
    Incoming.objects.all().delete()
    stolen = join | {"actor": neighbour.uri}
    assert hear(client, neighbour, stolen).state == "ignored"
    assert len(actions.asked) == 1


@pytest.mark.parametrize("what", ["never there", "withdrawn", "of a kind that takes none"])
def test_what_is_not_there_is_answered_too(client, partner, ours, dijon, actions, monkeypatch, what):
    target = f"{ours}0" if what == "never there" else ours
    if what == "withdrawn":
        api.withdraw(ours)
    if what == "of a kind that takes none":
        monkeypatch.setattr(registry, "_BY_KIND", {"good-practice": registry.Federated()})
    join = a_join(partner, target)
    hear(client, partner, join)
    assert answers()[-1][:2] == ("Reject", join["id"])
    assert actions.asked == []


def test_a_stranger_asks_nothing(client, stranger, partner, ours, actions):
    assert knock(client, stranger, a_join(stranger, ours)).status_code == 403
    join = a_join(partner, ours)
    knock(client, partner, join)
    Peer.objects.update(level="unknown")
    processing.turn_inbox()
    assert Incoming.objects.get().state == "ignored"
    elsewhere = a_join(partner, "https://victim.example/o/1")
    Peer.objects.update(level="partner")
    assert hear(client, partner, elsewhere).state == "ignored"
    assert (actions.asked, answers()) == ([], [])


# What ours ask of others' -----------------------------------------------------------------------------------------


@pytest.fixture
def asked(dijon, partner, theirs):
    """Our collectivité asked to join."""
    said = Gesture(uri=api.new_gesture_uri(), verb="join", author=dijon.uri, target=theirs, facts={"sequence": 1})
    api.gesture(said, to=partner.uri)
    return said


def test_a_gesture_of_ours_is_signed_and_sent_once(asked, dijon, partner):
    api.gesture(asked, to=partner.uri)
    (join,) = owed(dijon)
    assert (join["id"], join["type"], join["object"]) == (asked.uri, "Join", asked.target)
    assert (join["to"], join["cc"], join["rtes:sequence"]) == ([partner.uri], [], 1)
    assert inboxes_of(asked.uri) == {f"{partner.uri}/inbox"}
    assert StoredGesture.objects.get().state == "pending"


@pytest.mark.parametrize("verb", ["Accept", "Reject"])
def test_the_answer_reaches_the_app_once(client, asked, partner, actions, verb):
    for _ in range(2):
        said = write.answer(
            partner.new_uri(),
            actor=partner.uri,
            gesture=asked.uri,
            to=asked.author,
            accepted=verb == "Accept",
            reason="Délai passé." if verb == "Reject" else "",
            facts={"state": "interested"} if verb == "Accept" else {},
        )
        assert hear(client, partner, said).state == "done"
    reason, facts = ("", {"state": "interested"}) if verb == "Accept" else ("Délai passé.", {})
    assert actions.answers == [(asked.uri, "join", verb == "Accept", reason, facts)]
    row = StoredGesture.objects.get()
    assert (row.state, row.next_try) == ("accepted" if verb == "Accept" else "refused", None)


def test_the_first_answer_counts(client, asked, partner, actions):
    for accepted in (True, False):
        said = write.answer(
            partner.new_uri(), actor=partner.uri, gesture=asked.uri, to=asked.author, accepted=accepted, facts={}
        )
        hear(client, partner, said)
    assert [answer[2] for answer in actions.answers] == [True]


def test_only_who_was_asked_answers(client, asked, partner, neighbour, actions):
    said = write.answer(
        neighbour.new_uri(), actor=neighbour.uri, gesture=asked.uri, to=asked.author, accepted=True, facts={}
    )
    assert hear(client, neighbour, said).state == "ignored"
    assert actions.answers == []
    assert StoredGesture.objects.get().state == "pending"


def test_it_is_said_again_each_hour_then_each_day_for_fourteen_days(asked):
    begun = timezone.now()
    times = []
    with time_machine.travel(begun, tick=False) as clock:
        for hour in range(16 * 24):
            clock.move_to(begun + timedelta(hours=hour, minutes=1))
            Delivery.objects.update(state=Delivery.State.SENT)
            gestures.say_again()
            if Delivery.objects.filter(state=Delivery.State.WAITING).exists():
                times.append(hour)
    assert times[:24] == list(range(1, 25))
    assert times[24:] == [24 + 24 * day for day in range(1, 13)]
    assert Delivery.objects.count() == 1


def test_what_still_waits_to_be_sent_is_not_sent_twice(asked):
    StoredGesture.objects.update(next_try=timezone.now())
    gestures.say_again()
    assert Delivery.objects.count() == 1
    assert StoredGesture.objects.get().next_try > timezone.now()


def test_once_answered_it_is_said_no_more(client, asked, partner, actions):
    said = write.answer(
        partner.new_uri(), actor=partner.uri, gesture=asked.uri, to=asked.author, accepted=True, facts={}
    )
    hear(client, partner, said)
    Delivery.objects.update(state=Delivery.State.SENT)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        gestures.say_again()
    assert not Delivery.objects.filter(state=Delivery.State.WAITING).exists()


WRONG = {
    "a verb that does not travel": lambda said, to: (said | {"verb": "update"}, to),
    "an author who is not ours": lambda said, to: (said | {"author": to}, to),
    "a thing nobody knows": lambda said, to: (said | {"target": f"{said['target']}0"}, to),
    "another than the author of the thing": lambda said, to: (said, a_remote_actor().uri),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_asked_writes_nothing(dijon, partner, theirs, what):
    said = {"uri": api.new_gesture_uri(), "verb": "join", "author": dijon.uri, "target": theirs}
    said, to = WRONG[what](said, partner.uri)
    with pytest.raises(Refused):
        api.gesture(Gesture(**said), to=to)
    assert not StoredGesture.objects.exists()


def test_a_thing_of_ours_is_joined_without_a_gesture(dijon, ours):
    with pytest.raises(Refused):
        api.gesture(Gesture(uri=api.new_gesture_uri(), verb="join", author=dijon.uri, target=ours), to=dijon.uri)
    assert StoredObject.objects.get().local
