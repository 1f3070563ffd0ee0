"""Joining in time: the hard date, and the law of purchasing groups (CCP L2113-6 to L2113-8)."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from resources.acts import Invalid
from resources.pooling import actions
from resources.pooling.models import Participation, Share
from resources.workflow import NotPossible
from tests.make import a_member, a_participation, a_pooled_action, a_remote_member, a_territory

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
YESTERDAY = (TODAY - timedelta(days=1)).isoformat()


@pytest.fixture
def town():
    return a_member("com-21231")


@pytest.mark.parametrize(
    ("facts", "role", "law"),
    [
        ({"launched_on": YESTERDAY, "instrument": "in_force"}, "member", True),
        ({"join_by": YESTERDAY}, "member", True),
        ({"join_by": YESTERDAY, "form": "formation_commune"}, "member", False),
    ],
)
def test_who_comes_late_cannot_benefit_and_is_told_why(town, facts, role, law):
    action = a_pooled_action("active", **facts)
    with pytest.raises(NotPossible) as refusal:
        actions.join(action, member=town, by=None, role=role)
    assert ("L2113-6" in str(refusal.value)) is law
    assert "observer" in str(refusal.value)
    assert not Participation.objects.filter(member=town).exists()
    actions.join(action, member=town, by=None, role="observer")
    assert Participation.objects.get(member=town).role == "observer"
    with pytest.raises(NotPossible):
        actions.join(action, member=town, by=None, role="member")


def test_the_last_day_is_a_day_to_join(town):
    action = a_pooled_action(join_by=TODAY.isoformat())
    actions.join(action, member=town, by=None)
    assert Participation.objects.filter(member=town, state="interested").exists()


def test_after_the_launch_of_a_group_nobody_signs_and_needs_stay_as_they_are(town):
    action = a_pooled_action("deliberating", instrument="in_force")
    a_participation(action, "deliberated", member=town)
    actions.launch(action, by=None)
    with pytest.raises(NotPossible, match="L2113-6"):
        actions.sign(action, member=town, by=None)
    with pytest.raises(NotPossible, match="L2111-1"):
        actions.declare_needs(action, [{"item": "Papier", "quantity": "1"}], member=town, by=None)


def test_a_group_is_launched_when_its_agreement_is_in_force_and_once():
    action = a_pooled_action("deliberating", instrument="signing")
    with pytest.raises(NotPossible, match="in force"):
        actions.launch(action, by=None)
    with pytest.raises(NotPossible, match="Nobody has signed"):
        actions.set_instrument(action, "in_force", by=None)
    a_participation(action, "signed")
    actions.set_instrument(action, "in_force", by=None)
    with pytest.raises(NotPossible, match="to come"):
        actions.launch(action, by=None, on=TODAY + timedelta(days=1))
    actions.launch(action, by=None)
    with pytest.raises(NotPossible, match="already"):
        actions.launch(action, by=None)


def test_only_a_joint_purchase_is_launched():
    with pytest.raises(NotPossible, match="joint purchase"):
        actions.launch(a_pooled_action("active", form="entente"), by=None)


def test_one_signs_once_admitted_and_once_the_agreement_is_open(town):
    action = a_pooled_action("deliberating")
    a_participation(action, "deliberated", member=town, admitted=False)
    with pytest.raises(NotPossible, match="not admitted"):
        actions.sign(action, member=town, by=None)
    actions.admit(action, member=town, by=None)
    with pytest.raises(NotPossible, match="for signature"):
        actions.sign(action, member=town, by=None)
    actions.set_instrument(action, "signing", by=None)
    with pytest.raises(Invalid, match="after the deliberation"):
        actions.sign(action, member=town, by=None, on=date(2026, 1, 30))
    actions.sign(action, member=town, by=None)
    assert Participation.objects.get(member=town).signed_on == TODAY


def test_who_leaves_may_come_back_and_begins_anew(town):
    action = a_pooled_action("setting_up")
    a_participation(action, "deliberated", member=town)
    actions.leave(action, member=town, by=None, reason="Changement de majorité")
    seat = Participation.objects.get(member=town)
    assert (seat.state, seat.reason, seat.left_on) == ("left", "Changement de majorité", TODAY)
    actions.join(action, member=town, by=None)
    back = Participation.objects.get(member=town)
    assert (back.pk, back.state, back.admitted, back.reason) == (seat.pk, "interested", False, "")
    assert back.deliberation_title == ""


def test_another_part_is_admitted_anew(town):
    action = a_pooled_action()
    a_participation(action, member=town, role="observer")
    actions.join(action, member=town, by=None, role="member")
    assert Participation.objects.get(member=town).admitted is False


def test_the_lead_may_think_again_of_whom_it_refused(town):
    action = a_pooled_action()
    actions.join(action, member=town, by=None)
    actions.refuse(action, member=town, by=None, reason="Hors du département")
    with pytest.raises(NotPossible):
        actions.join(action, member=town, by=None)
    actions.admit(action, member=town, by=None)
    seat = Participation.objects.get(member=town)
    assert (seat.state, seat.admitted, seat.reason, seat.left_on) == ("interested", True, "", None)


def test_a_territory_takes_part_once(town):
    action = a_pooled_action()
    actions.join(action, member=town, by=None)
    twin = a_remote_member(facts={"territory": "com-21231"})
    with pytest.raises(NotPossible, match="takes part already"):
        actions.perform("join", action, member=twin, by=None)


def test_the_lead_is_in_from_the_first_act_and_cannot_leave():
    action = a_pooled_action()
    with pytest.raises(NotPossible):
        actions.leave(action, member=action.member, by=None)
    assert not Participation.objects.exists()
    actions.declare_needs(action, [{"item": "Papier", "quantity": "1"}], member=action.member, by=None)
    assert Participation.objects.get().role == "coordinator"


# Money ------------------------------------------------------------------------------------------------------------


def shared(action, key, **needs):
    actions.set_budget(
        action, [{"label": "Poste", "amount": "100.01"}, {"label": "Local", "amount": "50", "apart": True}], by=None
    )
    for name, quantity in needs.items():
        seat = Participation.objects.get(action=action, name=name)
        actions.declare_needs(action, [{"item": "Heures", "quantity": quantity}], member=seat.member, by=None)
    actions.compute_shares(action, key, by=None)


def amounts(action) -> dict[str, str]:
    return {share.participation.name: str(share.amount) for share in Share.objects.filter(participation__action=action)}


def test_shares_follow_who_takes_part_and_stay_exact(town):
    action = a_pooled_action()
    a_participation(action, member=town)
    other = a_participation(action, member=a_member(a_territory("com-21166", name="Chenôve", siren="212101661")))
    a_participation(action, admitted=False)
    a_participation(action, role="observer")
    shared(action, [{"by": "flat", "percent": "100"}])
    assert amounts(action) == {"Chenôve": "33.34", "Dijon": "33.34", "Dijon Métropole": "33.33"}
    actions.leave(action, member=other.member, by=None)
    assert amounts(action) == {"Dijon Métropole": "50.00", "Dijon": "50.01"}
    assert sum(share.percent for share in Share.objects.all()) == 100
    actions.set_budget(action, [{"label": "Poste", "amount": "10"}], by=None)
    assert amounts(action) == {"Dijon Métropole": "5.00", "Dijon": "5.00"}


def test_real_populations_are_those_of_the_official_table(town):
    action = a_pooled_action()
    a_participation(action, member=town)
    shared(action, [{"by": "population", "percent": "100"}])
    # 10,001 cents by 161,830 and 261,178 inhabitants.
    assert amounts(action) == {"Dijon": "38.26", "Dijon Métropole": "61.75"}


def test_an_agreed_share_stays_and_the_others_make_up_the_total(town):
    action = a_pooled_action()
    a_participation(action, member=town)
    shared(action, [{"by": "flat", "percent": "100"}])
    actions.set_share(action, "90", member=town, by=None, reason="Accord du comité")
    assert amounts(action) == {"Dijon": "90.00", "Dijon Métropole": "10.01"}
    assert sum(share.percent for share in Share.objects.all()) == 100
    with pytest.raises(NotPossible, match="agreed amounts"):
        actions.set_share(action, "200", member=town, by=None, reason="Trop")
    assert amounts(action)["Dijon"] == "90.00"
    actions.set_budget(action, [{"label": "Poste", "amount": "80"}], by=None)
    assert amounts(action) == {}, "no share rather than shares that do not make the total"


def test_what_a_key_cannot_divide_is_said_in_a_sentence(town):
    action = a_pooled_action()
    a_participation(action, member=town)
    with pytest.raises(NotPossible, match="Dijon, Dijon Métropole"):
        shared(action, [{"by": "need", "percent": "100"}])
    with pytest.raises(NotPossible, match="make 90"):
        shared(action, [{"by": "flat", "percent": "90"}])
    with pytest.raises(NotPossible, match="agreed percentages"):
        shared(action, [{"by": "percent", "percent": "100"}])
    assert not Share.objects.exists()
    assert "sharing_key" not in action.facts


def test_needs_in_several_units_are_shared_by_their_amounts_or_not_at_all(town):
    action = a_pooled_action()
    a_participation(action, member=town)
    lead = action.member
    rows = [{"item": "Papier", "quantity": "10", "unit": "ramettes", "amount_max": "30"}]
    actions.declare_needs(action, rows, member=town, by=None)
    actions.declare_needs(action, [{"item": "Heures", "quantity": "5", "unit": "h"}], member=lead, by=None)
    with pytest.raises(NotPossible, match="several units"):
        shared(action, [{"by": "need", "percent": "100"}])
    actions.weigh(action, member=lead, by=None, weight="30")
    shared(action, [{"by": "need", "percent": "100"}])
    assert amounts(action) == {"Dijon": "25.00", "Dijon Métropole": "75.01"}
