"""What is asked from here of an action led elsewhere, and how what its lead publishes is mirrored."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from federation.models import Activity, Actor, Delivery, Peer, StoredGesture, StoredObject
from federation.publication import Author, Gesture, Publication
from resources.models import Resource
from resources.pooling import actions, rows
from resources.pooling.federated import FederatedAction
from resources.pooling.models import Need, Step
from resources.publication import to_publication
from resources.workflow import NotPossible
from rtes_hub.notices.models import Notice
from tests.federation.peers import a_remote_actor
from tests.make import (
    a_coordinator,
    a_member,
    a_participation,
    a_pooled_action,
    a_remote_member,
    a_territory,
    an_author,
    an_editor,
)

pytestmark = pytest.mark.django_db

NEEDS = [{"item": "Papier", "quantity": "1200", "unit": "ramettes"}]


@pytest.fixture
def lead() -> Author:
    """The region, on another hub that we may speak to."""
    a_territory("reg-27")
    actor = a_remote_actor()
    return an_author(uri=actor.uri, name="Bourgogne-Franche-Comté", facts={"territory": "reg-27"})


@pytest.fixture
def town():
    return a_member("com-21231")


#: Shared facts whose rows say whose they are.
TABLES = ("participants", "needs", "contributions", "shares")


def _by(row: dict[str, Any], ours: str, lead: Author) -> dict[str, Any]:
    if row["member"] != ours:
        return row
    return {**row, "member": lead.uri} | ({"name": lead.name} if "name" in row else {})


def as_led_by(lead: Author, action: Resource, **more: Any) -> Publication:
    """What the hub of that lead would publish, were this its action."""
    said = to_publication(action)
    ours = action.member.actor_uri
    facts = {
        code: [_by(row, ours, lead) for row in value] if code in TABLES else value for code, value in said.facts.items()
    }
    return replace(said, uri=f"{lead.hub}/ap/objects/1", author=lead.uri, facts=facts, **more)


@pytest.fixture
def there(lead) -> Resource:
    """An action of the region, with participants of its own hub, as this hub knows it."""
    action = a_pooled_action("setting_up")
    actions.perform("join", action, member=a_remote_member(name="Yonne"), by=None)
    actions.set_budget(action, [{"label": "Animation", "amount": "1000"}], by=None)
    actions.compute_shares(action, [{"by": "flat", "percent": "100"}], by=None)
    actions.decide(action, by=None, on="2026-04-01", body="Comité", text="Un seul lot.")
    actions.set_milestones(action, [{"on": "2026-09-01", "label": "Notification"}], by=None)
    publication = as_led_by(lead, action)
    StoredObject.objects.create(
        uri=publication.uri,
        actor=Actor.objects.get(uri=lead.uri),
        local=False,
        kind=publication.kind,
        version=publication.version,
        document="{}",
        published=publication.published,
        updated=publication.updated,
    )
    FederatedAction().receive(publication, lead)
    Delivery.objects.all().delete()
    return Resource.objects.get(uri=publication.uri)


def update(there: Resource, lead: Author, **facts: Any) -> None:
    """The lead's hub publishes again, with these facts."""
    there.refresh_from_db()
    said = replace(to_publication(there), uri=there.uri, author=lead.uri, version=there.version + 1)
    FederatedAction().receive(replace(said, facts={**said.facts, **facts}), lead)
    there.refresh_from_db()


def row(member, **said: Any) -> dict[str, Any]:
    return {"member": member.actor_uri, "name": member.name, "role": "member", "state": "interested", **said}


def test_what_the_lead_publishes_is_mirrored_in_the_same_tables(there):
    mirrored = rows.facts_of(there)
    for code in ("budget", "shares", "milestones", "decisions"):
        assert mirrored[code] == there.facts[code], code
    assert [seat["name"] for seat in mirrored["participants"]] == ["Bourgogne-Franche-Comté", "Yonne"]
    assert there.facts["status"] == "setting_up"


def test_rows_that_are_not_right_are_left_out_and_the_others_kept(there, lead):
    update(
        there,
        lead,
        budget=[{"label": "Bon", "amount": "1", "later": "word"}, {"label": "Mauvais"}, "rien", None],
        needs=[{"member": "https://nobody.example/1", "item": "Papier", "quantity": "1"}],
        decisions={"not": "rows"},
    )
    assert [line.label for line in there.budget_lines.all()] == ["Bon"]
    assert not Need.objects.filter(participation__action=there).exists()
    assert not there.decisions.exists()


def test_a_lead_cannot_enrol_one_of_ours_that_never_asked(there, lead, town):
    update(there, lead, participants=[row(town, state="signed")])
    assert not there.participations.filter(actor_uri=town.actor_uri).exists()


def test_what_is_asked_is_owed_to_the_lead_and_shown_as_pending_until_answered(there, lead, town):
    editor = an_editor(town)
    step = actions.join(there, member=town, by=editor, technical_lead="Achats")
    assert (step.state, step.sequence) == ("pending", 1)
    assert not there.participations.filter(member=town).exists(), "only its lead writes what is shared"
    gesture = StoredGesture.objects.get(uri=step.uri)
    assert (gesture.verb, gesture.target, gesture.to) == ("join", there.uri, lead.uri)
    said = {"act": "join", "sequence": 1, "after": 0, "role": "member", "technical_lead": "Achats"}
    assert gesture.facts == said
    assert Delivery.objects.get().activity.type == "Join"
    FederatedAction().answered(a_gesture_of(step), True, "", {"sequence": 1})
    step.refresh_from_db()
    assert step.state == "accepted"
    assert Notice.objects.filter(user=editor, topic="answer").count() == 1
    update(there, lead, participants=[row(town, sequence=1)])
    assert there.participations.get(member=town).state == "interested"


def a_gesture_of(step: Step) -> Gesture:
    return Gesture(uri=step.uri, verb="join", author=step.member.actor_uri, target=step.action.uri)


def test_a_refusal_is_shown_with_its_reason_and_the_first_answer_counts(there, town):
    editor = an_editor(town)
    step = actions.join(there, member=town, by=editor)
    for accepted, reason in ((False, "La date est passée."), (True, "")):
        FederatedAction().answered(a_gesture_of(step), accepted, reason, {})
    step.refresh_from_db()
    assert (step.state, step.reason) == ("refused", "La date est passée.")
    assert Notice.objects.get(user=editor).text == "La date est passée."


def test_steps_are_numbered_in_the_order_in_which_they_are_said(there, town):
    first = actions.join(there, member=town, by=None)
    assert actions.join(there, member=town, by=None) == first, "twice the same is once"
    second = actions.plan_deliberation(there, member=town, by=None, on="2026-06-01")
    facts = StoredGesture.objects.get(uri=second.uri).facts
    assert (facts["sequence"], facts["after"], facts["on"]) == (2, 1, "2026-06-01")
    FederatedAction().answered(a_gesture_of(second), False, "Pas encore", {})
    third = actions.declare_needs(there, NEEDS, member=town, by=None)
    facts = StoredGesture.objects.get(uri=third.uri).facts
    assert (facts["sequence"], facts["after"], facts["rows"]) == (3, 1, NEEDS)


def test_a_step_that_nobody_answered_for_fifteen_days_stops_no_other(there, town):
    first = actions.join(there, member=town, by=None)
    Step.objects.filter(pk=first.pk).update(at=timezone.now() - timedelta(days=16))
    second = actions.join(there, member=town, by=None, role="observer")
    assert StoredGesture.objects.get(uri=second.uri).facts["after"] == 0


def test_a_restored_hub_uses_no_number_twice(there, lead, town):
    update(there, lead, participants=[row(town, sequence=7)])
    assert actions.join(there, member=town, by=None).sequence == 8


def test_what_would_be_refused_for_sure_is_refused_here_and_nothing_is_sent(there, lead, town):
    update(there, lead, launched_on="2026-01-01")
    with pytest.raises(NotPossible, match="L2113-6"):
        actions.join(there, member=town, by=None)
    with pytest.raises(NotPossible, match="first ask"):
        actions.sign(there, member=town, by=None)
    assert not Step.objects.exists()
    assert not StoredGesture.objects.exists()
    assert not Activity.objects.filter(type="Join").exists()


def test_a_lead_that_cannot_be_reached_is_told_and_nothing_is_kept(there, town):
    Peer.objects.update(level=Peer.Level.BLOCKED)
    with pytest.raises(NotPossible, match="cannot be asked"):
        actions.join(there, member=town, by=None)
    assert not Step.objects.exists()


def test_nobody_here_does_what_is_the_leads_to_do(there, town):
    for act in ("admit", "refuse", "exclude"):
        with pytest.raises(PermissionDenied):
            actions.perform(act, there, member=town, by=a_coordinator(), data={"reason": "Non"})
    with pytest.raises(PermissionDenied):
        actions.advance(there, "active", by=None)


def test_what_the_lead_does_with_a_seat_of_ours_is_told(there, lead, town):
    editor = an_editor(town)
    actions.join(there, member=town, by=None)
    update(there, lead, participants=[row(town)])
    assert not Notice.objects.filter(user=editor).exists()
    update(there, lead, participants=[row(town, admitted=True)])
    update(there, lead, participants=[row(town, admitted=True)])
    update(there, lead, participants=[row(town, state="refused", reason="Hors du département")])
    notices = Notice.objects.filter(user=editor).order_by("pk")
    assert [notice.topic for notice in notices] == ["answer", "answer"]
    assert "est admise" in notices[0].title
    assert notices[1].text == "Hors du département"


def test_a_late_copy_changes_nothing_and_what_is_withdrawn_is_shown_no_more(there, lead, town):
    old = replace(to_publication(there), uri=there.uri, author=lead.uri)
    update(there, lead, budget=[{"label": "Nouveau", "amount": "5"}])
    FederatedAction().receive(old, lead)
    assert [line.label for line in there.budget_lines.all()] == ["Nouveau"]
    actions.join(there, member=town, by=None)
    FederatedAction().remove(there.uri)
    assert not there.participations.exists()
    assert not there.budget_lines.exists()


def test_both_hubs_hold_the_same_rows(lead):
    """What is read back from the tables of the mirror is what the lead's tables gave."""
    action = a_pooled_action("setting_up")
    for name in ("Yonne", "Nièvre"):
        a_participation(action, "deliberated", member=a_remote_member(name=name))
    for seat in action.participations.exclude(role="coordinator"):
        actions.perform("needs", action, member=seat.member, by=None, data={"rows": NEEDS})
    publication = as_led_by(lead, action)
    FederatedAction().receive(publication, lead)
    mirrored = rows.facts_of(Resource.objects.get(uri=publication.uri))
    for code in ("participants", "needs"):
        said = [{key: value for key, value in one.items() if key != "territory"} for one in publication.facts[code]]
        kept = [{key: value for key, value in one.items() if key != "territory"} for one in mirrored[code]]
        assert kept == said, code
