"""The life of a pooled action led from here, from the call to the good practice."""

from datetime import date
from decimal import Decimal

import pytest

from resources.kinds import validate
from resources.models import Resource
from resources.pooling import actions
from resources.pooling.models import Share
from tests.make import a_member, a_participation, a_pooled_action, a_territory

pytestmark = pytest.mark.django_db


def test_a_purchasing_group_from_the_call_to_the_good_practice():
    action = a_pooled_action("setting_up")
    lead, town = action.member, a_member(a_territory("com-21231"))
    actions.join(action, member=town, by=None, political_lead="Adjointe aux finances")
    actions.admit(action, member=town, by=None)
    actions.declare_needs(action, [{"item": "Papier", "quantity": "1200", "unit": "ramettes"}], member=town, by=None)
    actions.declare_needs(action, [{"item": "Papier", "quantity": "800", "unit": "ramettes"}], member=lead, by=None)
    actions.set_budget(action, [{"label": "Animation", "amount": "1000.01"}], by=None)
    actions.compute_shares(action, [{"by": "population", "percent": "40"}, {"by": "need", "percent": "60"}], by=None)
    amounts = {share.participation.name: share.amount for share in Share.objects.all()}
    # 400.004 by 161,830 and 261,178 inhabitants; 600.006 by 1,200 and 800 reams.
    assert amounts == {"Dijon": Decimal("513.03"), "Dijon Métropole": Decimal("486.98")}
    for member in (lead, town):
        actions.deliberated(action, member=member, by=None, on="2026-03-26", title="2026-31")
    actions.set_instrument(action, "signing", by=None)
    for member in (lead, town):
        actions.sign(action, member=member, by=None)
    actions.set_instrument(action, "in_force", by=None)
    actions.launch(action, by=None)
    actions.contribute(
        action, [{"kind": "hours", "label": "Rédaction", "planned": "40", "delivered": "38"}], member=town, by=None
    )
    actions.set_milestones(action, [{"on": "2026-09-01", "label": "Marché notifié", "done": True}], by=None)
    actions.decide(action, by=None, on="2026-04-01", body="Comité", text="Un seul lot.", vote="unanimité")
    actions.advance(action, "active", by=None)
    actions.finish(action, by=None)
    practice = actions.draft_practice(action, by=None)
    assert practice.draft["title"] == action.title
    assert {row["name"] for row in practice.draft["stakeholders"]} == {"Dijon Métropole", "Dijon"}
    assert practice.draft["results"] == action.facts["results"]
    assert validate("good-practice", practice.draft, complete=False, member=lead)[1] == {}
    assert actions.draft_practice(action, by=None) == practice
    assert action.facts["launched_on"] <= date.today().isoformat()
    assert [row["state"] for row in action.facts["participants"]] == ["signed", "signed"]


def test_what_changes_is_a_new_version_and_nothing_of_what_people_type():
    action = a_pooled_action()
    typed, version = dict(action.facts), action.version
    a_participation(action, "signed")
    fresh = Resource.objects.get(pk=action.pk)
    assert fresh.version > version
    assert typed.items() <= fresh.facts.items()
