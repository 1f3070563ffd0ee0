"""What collectivités of other hubs ask of an action led here: once, in their order, with an answer each."""

from dataclasses import replace
from typing import Any

import pytest

from federation.errors import Refused, TryLater
from federation.models import StoredObject
from federation.publication import Author, Gesture
from federation.registry import for_kind
from federation.wire import read, write
from resources.models import Resource
from resources.pooling import actions
from resources.pooling.federated import FederatedAction
from resources.pooling.models import Answer, Need, Participation, Share
from resources.publication import to_publication
from resources.workflow import NotPossible
from rtes_hub.audit.models import Line
from rtes_hub.notices.models import Notice
from rtes_hub.territories.models import Member
from tests.make import (
    a_pooled_action,
    a_territory,
    an_author,
    an_editor,
)

pytestmark = pytest.mark.django_db

NEEDS = [{"item": "Papier", "quantity": "1200", "unit": "ramettes"}]


@pytest.fixture
def region() -> Author:
    a_territory("reg-27")
    return an_author(name="Bourgogne-Franche-Comté", facts={"territory": "reg-27"})


def a_gesture(action: Resource, author: Author, act: str, sequence: int, after: int | None = None, **data) -> Gesture:
    said = {"act": act, "sequence": sequence, "after": sequence - 1 if after is None else after, **data}
    return Gesture(
        uri=f"{author.hub}/ap/activities/gesture-{act}-{sequence}",
        verb=act if act in ("join", "leave") else "offer",
        author=author.uri,
        target=action.uri,
        facts=said,
    )


def hear(gesture: Gesture, author: Author) -> dict[str, Any]:
    """As federation does: a no is told to the app, outside of what it undid."""
    speaker = for_kind("pooled-action")
    assert isinstance(speaker, FederatedAction)
    try:
        return dict(speaker.gesture(gesture, author))
    except Refused as refusal:
        speaker.gesture_refused(gesture, author, refusal.reason)
        raise


def seat_of(author: Author) -> Participation:
    return Participation.objects.get(actor_uri=author.uri)


def test_a_local_authority_of_another_hub_goes_through_to_signatory(region):
    action = a_pooled_action("setting_up")
    editor = an_editor()
    assert hear(a_gesture(action, region, "join", 1, role="member", technical_lead="Achats"), region) == {
        "sequence": 1,
        "state": "interested",
        "role": "member",
    }
    seat = seat_of(region)
    assert (seat.state, seat.admitted, seat.technical_lead, seat.sequence) == ("interested", False, "Achats", 1)
    notice = Notice.objects.get(user=editor, topic="gesture")
    assert "Bourgogne-Franche-Comté" in notice.title
    actions.admit(action, member=seat.member, by=editor)
    assert Notice.objects.get(pk=notice.pk).read_at, "what was asked is answered: nobody is asked any more"
    hear(a_gesture(action, region, "needs", 2, rows=NEEDS), region)
    actions.set_budget(action, [{"label": "Animation", "amount": "1000"}], by=None)
    actions.compute_shares(action, [{"by": "population", "percent": "100"}], by=None)
    hear(a_gesture(action, region, "plan", 3, on="2026-03-26"), region)
    said = {"on": "2026-03-26", "title": "2026-31", "url": "https://partner.example/d.pdf", "digest": "a" * 64}
    hear(a_gesture(action, region, "deliberate", 4, **said), region)
    actions.set_instrument(action, "signing", by=None)
    hear(a_gesture(action, region, "sign", 5, on="2026-04-01"), region)
    seat = seat_of(region)
    assert (seat.state, seat.deliberation_url, seat.sequence) == ("signed", said["url"], 5)
    assert str(Share.objects.get(participation=seat).amount) == "914.75"  # 2,802,670 of 3,063,848 inhabitants
    lines = Line.objects.filter(by_uri=region.uri).order_by("pk")
    assert [line.act for line in lines] == [f"pooling.{act}" for act in ("join", "needs", "plan", "deliberate", "sign")]


def test_what_changes_is_published_as_rows_that_survive_the_trip(region):
    action = a_pooled_action("setting_up")
    hear(a_gesture(action, region, "join", 1), region)
    hear(a_gesture(action, region, "needs", 2, rows=NEEDS), region)
    action.refresh_from_db()
    stored = StoredObject.objects.get(uri=action.uri)
    assert stored.version == action.version
    published = to_publication(action)
    assert read.publication(write.article(published, followers="https://hub.example/f")) == published
    assert [row["name"] for row in published.facts["participants"]] == ["Dijon Métropole", "Bourgogne-Franche-Comté"]
    assert published.facts["needs"] == [{"member": region.uri, **NEEDS[0], "quantity": "1200.00"}]


def test_what_comes_too_late_is_refused_with_the_law_and_leaves_nothing(region):
    action = a_pooled_action("active", launched_on="2026-01-01", instrument="in_force")
    version = action.version
    with pytest.raises(Refused, match="L2113-6"):
        FederatedAction().gesture(a_gesture(action, region, "join", 1), region)
    action.refresh_from_db()
    assert action.version == version
    assert not Participation.objects.filter(actor_uri=region.uri).exists()
    assert not Answer.objects.exists()
    assert not Line.objects.filter(by_uri=region.uri).exists()


def test_what_is_wrong_in_it_is_told_in_the_refusal(region):
    action = a_pooled_action()
    with pytest.raises(Refused, match=r"“surprise” is not known"):
        hear(a_gesture(action, region, "join", 1, surprise=True), region)
    with pytest.raises(Refused, match="Quantity"):
        hear(a_gesture(action, region, "needs", 2, rows=[{"item": "Papier", "quantity": "beaucoup"}]), region)


@pytest.mark.parametrize(
    "change",
    [
        {"act": "admit"},
        {"act": "advance"},
        {"act": "nothing"},
        {"act": ["join"]},
        {"act": None},
        {"sequence": 0},
        {"sequence": "1"},
        {"sequence": True},
        {"sequence": -1},
        {"sequence": 2**31},
        {"after": 1},
        {"after": None},
    ],
    ids=str,
)
def test_what_is_no_gesture_of_ours_is_refused(region, change):
    action = a_pooled_action()
    gesture = a_gesture(action, region, "join", 1)
    with pytest.raises(Refused, match="does not understand"):
        hear(replace(gesture, facts={**gesture.facts, **change}), region)
    with pytest.raises(Refused, match="does not understand"):
        hear(replace(gesture, verb="leave"), region)
    assert not Participation.objects.exists()


@pytest.mark.parametrize("type", ["Person", "Group", "Application"])
def test_only_a_local_authority_takes_part(region, type):
    with pytest.raises(Refused, match="own name"):
        hear(a_gesture(a_pooled_action(), region, "join", 1), replace(region, type=type))
    assert not Member.objects.filter(actor_uri=region.uri).exists()


@pytest.mark.parametrize("facts", [{"visibility": "members"}, {"federated": False}])
def test_what_does_not_travel_takes_nobody_from_elsewhere(region, facts):
    action = a_pooled_action(**facts)
    with pytest.raises(Refused, match="no such action"):
        hear(a_gesture(action, region, "join", 1), region)


def test_a_doubled_gesture_gets_the_same_answer_without_effect(region):
    action = a_pooled_action()
    join = a_gesture(action, region, "join", 1)
    first = hear(join, region)
    hear(a_gesture(action, region, "needs", 2, rows=NEEDS), region)
    action.refresh_from_db()
    version = action.version
    assert hear(join, region) == first
    late = a_gesture(action, region, "plan", 3, on="pas une date")
    reasons = set()
    for _ in range(2):
        with pytest.raises(Refused) as refusal:
            hear(late, region)
        reasons.add(refusal.value.reason)
    assert len(reasons) == 1
    action.refresh_from_db()
    assert action.version == version
    assert Answer.objects.count() == 3


def test_two_lists_of_needs_that_crossed_end_as_the_later_one(region):
    action = a_pooled_action()
    hear(a_gesture(action, region, "join", 1), region)
    earlier = a_gesture(action, region, "needs", 2, rows=NEEDS)
    later = a_gesture(action, region, "needs", 3, rows=[{"item": "Encre", "quantity": "2"}])
    with pytest.raises(TryLater):
        hear(later, region)
    hear(earlier, region)
    hear(later, region)
    assert [need.item for need in Need.objects.all()] == ["Encre"]


def test_what_was_given_up_and_comes_after_a_later_one_has_no_effect(region):
    action = a_pooled_action()
    hear(a_gesture(action, region, "join", 1), region)
    hear(a_gesture(action, region, "needs", 3, after=1, rows=NEEDS), region)
    with pytest.raises(Refused, match="later step"):
        hear(a_gesture(action, region, "leave", 2), region)
    assert seat_of(region).state == "interested"


def test_what_follows_a_refused_step_does_not_wait_for_it(region):
    action = a_pooled_action()
    hear(a_gesture(action, region, "join", 1), region)
    with pytest.raises(Refused):
        hear(a_gesture(action, region, "sign", 2, on="2026-01-01"), region)
    hear(a_gesture(action, region, "needs", 3, rows=NEEDS), region)
    assert Need.objects.count() == 1


@pytest.mark.parametrize("lead_first", [True, False])
def test_a_member_leaves_while_the_lead_signs_for_it(region, lead_first):
    action = a_pooled_action("deliberating", instrument="signing")
    hear(a_gesture(action, region, "join", 1), region)
    member = seat_of(region).member
    actions.admit(action, member=member, by=None)
    hear(a_gesture(action, region, "deliberate", 2, on="2026-01-01", title="2026-1"), region)
    leave = a_gesture(action, region, "leave", 3)
    if lead_first:
        actions.sign(action, member=member, by=None)
        hear(leave, region)
    else:
        hear(leave, region)
        with pytest.raises(NotPossible):
            actions.sign(action, member=member, by=None)
    action.refresh_from_db()
    assert seat_of(region).state == "left"
    assert {row["state"] for row in action.facts["participants"] if row["member"] == region.uri} == {"left"}
