"""Tables, the sharing key and invitations, on pages: without JavaScript, and by several at once."""

from decimal import Decimal

import pytest
from django.urls import reverse

from federation.models import Activity
from resources.pooling import actions, inviting
from resources.pooling.models import BudgetLine, Need, Share
from rtes_hub.notices.models import Notice
from tests.make import a_member, a_participation, a_pooled_action, an_editor
from tests.resources.pooling.test_page_acts import address, do, rows, said
from tests.returning import session_ended

pytestmark = pytest.mark.django_db

TOWN = "com-21231"
PAPER = {"item": "Papier", "quantity": "12", "unit": "ramettes"}


@pytest.fixture
def action():
    action = a_pooled_action("setting_up")
    a_participation(action, member=a_member(TOWN))
    return action


@pytest.fixture
def agent():
    return an_editor(a_member(TOWN))


# Tables -----------------------------------------------------------------------------------------------------------


def test_a_row_is_added_without_javascript_and_nothing_is_recorded(client, action, agent):
    before = said(action)
    page = do(client, action, "needs", who=agent, **rows(PAPER, add_row="rows")).content.decode()
    assert 'value="Papier"' in page
    assert 'name="rows-1-item"' in page
    assert 'name="rows-2-item"' not in page
    assert said(action) == before


def test_a_row_is_removed_without_javascript(client, action, agent):
    typed = rows(PAPER, {"item": "Colle", "quantity": "3"}) | {"rows-0-remove": "1"}
    do(client, action, "needs", who=agent, **typed)
    assert [need.item for need in Need.objects.all()] == ["Colle"]


def test_what_others_need_is_suggested_and_counts_only_with_a_quantity(client, action, agent):
    lead = action.member
    actions.declare_needs(action, [PAPER, {"item": "Colle", "quantity": "1"}], member=lead, by=None)
    client.force_login(agent)
    page = client.get(address(action, "needs")).content.decode()
    assert page.count('value="Papier"') == page.count('value="Colle"') == page.count('value="ramettes"') == 1
    suggested = {"item": "Papier", "unit": "ramettes"}
    do(client, action, "needs", who=agent, **rows(suggested, {"item": "Colle", "quantity": "5"}))
    assert [need.item for need in Need.objects.filter(participation__member__territory=TOWN)] == ["Colle"]
    answer = do(client, action, "needs", who=agent, **rows({"item": "Papier peint"}))
    assert "this is needed" in answer.content.decode(), "what one wrote oneself is never dropped"


def test_two_people_at_once_lose_nothing(client, action, agent):
    client.force_login(agent)
    seen = client.get(address(action, "needs")).context["seen"]
    actions.declare_needs(action, [{"item": "Colle", "quantity": "7"}], member=a_member(TOWN), by=None)
    answer = do(client, action, "needs", who=agent, **rows(PAPER, seen=seen))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Colle" in page
    assert 'value="Papier"' in page
    assert [need.item for need in Need.objects.all()] == ["Colle"], "nothing was overwritten"
    do(client, action, "needs", who=agent, **rows(PAPER, seen=answer.context["seen"]))
    assert [need.item for need in Need.objects.all()] == ["Papier"]


def test_what_was_typed_when_the_session_ended_comes_back_after_signing_in(client, action, agent):
    session_ended(client)
    assert client.post(address(action, "needs"), rows(PAPER)).status_code == 302
    client.force_login(agent)
    page = client.get(address(action, "needs")).content.decode()
    assert 'value="Papier"' in page
    assert "Your session had ended" in page
    assert not Need.objects.exists()


def test_the_lead_sets_budget_milestones_and_decisions(client, action):
    boss = an_editor()
    lines = rows({"label": "Étude", "amount": "1 000,50"}, {"label": "Aide", "amount": "-200", "apart": "1"})
    do(client, action, "budget", who=boss, **lines)
    assert [(line.amount, line.apart) for line in BudgetLine.objects.all()] == [
        (Decimal("1000.50"), False),
        (Decimal("-200.00"), True),
    ]
    page = client.get(address(action, "budget")).content.decode()
    assert 'value="1000.50"' in page
    assert 'value="-200"' in page
    do(client, action, "milestones", who=boss, **rows({"on": "2026-09-01", "label": "Lancement"}))
    do(client, action, "decide", who=boss, on="2026-04-01", body="Comité", text="Un seul lot.")
    assert action.milestones.get().label == "Lancement"
    assert action.decisions.get().text == "Un seul lot."
    long = do(client, action, "decide", who=boss, on="2026-04-01", body="Comité", text="a" * 1001)
    assert "at most 1000 characters; there are 1001" in long.content.decode()


def test_only_what_may_follow_is_offered(client, action):
    client.force_login(an_editor())
    page = client.get(address(action, "advance")).content.decode()
    assert 'value="deliberating"' in page
    assert 'value="finished"' not in page
    assert 'value="in_force"' not in client.get(address(action, "instrument")).content.decode()
    do(client, action, "advance", who=an_editor(), to="deliberating")
    action.refresh_from_db()
    assert action.facts["status"] == "deliberating"


# The sharing key --------------------------------------------------------------------------------------------------


@pytest.fixture
def costly(action):
    actions.set_budget(action, [{"label": "Animation", "amount": "1000.01"}], by=None)
    return action


def test_a_key_is_tried_and_writes_nothing_then_applied(client, costly):
    client.force_login(an_editor())
    before, activities = said(costly), Activity.objects.count()
    page = client.get(address(costly, "share"), {"population": "40", "flat": "60", "need": "0"}).content.decode()
    # Dijon: 40 % by 161,830 of 423,008 inhabitants, and 60 % by two.
    assert "453.03\xa0€" in page
    assert "546.98\xa0€" in page
    assert "161,830" in page
    assert "smallest SIREN" in page
    assert (said(costly), Activity.objects.count(), Share.objects.count()) == (before, activities, 0)
    do(client, costly, "share", who=an_editor(), population="40", flat="60", need="", percent="")
    assert sum(share.amount for share in Share.objects.all()) == Decimal("1000.01")
    assert 'value="40"' in client.get(address(costly, "share")).content.decode(), (
        "the form starts from the key in force"
    )


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ({"population": "40", "flat": "50"}, "must make 100"),
        ({"population": "beaucoup"}, "is not a number"),
        ({"population": "33.33333", "flat": "66.66667"}, "at most 4 decimals"),
        ({"need": "100"}, "It is not known what these count for"),
        ({"percent": "100"}, "they make 0"),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_key_that_divides_nothing_says_why_and_stays_typed(client, costly, method, key, why):
    client.force_login(an_editor())
    page = getattr(client, method)(address(costly, "share"), key).content.decode()
    assert why in page
    for typed in key.values():
        assert f'value="{typed}"' in page
    assert not Share.objects.exists()


def test_a_share_is_set_by_agreement_with_its_reason_and_the_total_stays_exact(client, costly):
    actions.compute_shares(costly, [{"by": "population", "percent": "100"}], by=None)
    boss = an_editor()
    page = do(client, costly, "agree", who=boss, amount="500").content.decode()
    assert "say why this amount was agreed" in page
    assert 'value="500"' in page
    do(client, costly, "agree", who=boss, amount="500", reason="Plafond de la convention")
    share = Share.objects.get(agreed=True)
    assert (share.amount, share.reason) == (Decimal("500.00"), "Plafond de la convention")
    assert sum(one.amount for one in Share.objects.all()) == Decimal("1000.01")
    assert "Plafond de la convention" in client.get(costly.get_absolute_url()).content.decode()
    actions.declare_needs(costly, [PAPER], member=a_member(TOWN), by=None)
    assert Share.objects.get(agreed=True).reason == "Plafond de la convention", "kept when all is computed anew"
    do(client, costly, "agree", who=boss, amount="", reason="")
    assert not Share.objects.filter(agreed=True).exists()


# Invitations ------------------------------------------------------------------------------------------------------


def test_the_lead_invites_once_and_only_those_who_are_not_in_yet(client, action):
    other, guest = a_member("com-75056"), an_editor(a_member("com-75056"))
    where = reverse("pooling-invite", args=[action.pk])
    client.force_login(an_editor())
    assert inviting.to_invite(action) == [other]
    for _ in range(2):
        client.post(where, {"members": [other.pk, a_member(TOWN).pk], "text": "Rejoignez-nous"})
    notice = Notice.objects.get(user=guest)
    assert "vous invite" in notice.title
    assert notice.text == "Rejoignez-nous"
    assert not Notice.objects.exclude(user=guest).exists()


def test_an_invitation_that_goes_to_nobody_or_says_too_much_stays_typed(client, action):
    other = a_member("com-75056")
    client.force_login(an_editor())
    where = reverse("pooling-invite", args=[action.pk])
    page = client.post(where, {"text": "Venez"}).content.decode()
    assert "Whom do you invite?" in page
    assert "Venez" in page
    page = client.post(where, {"members": other.pk, "text": "a" * 501}).content.decode()
    assert "there are 501" in page
    assert f'id="id_members_{other.pk}" checked' in page
    assert not Notice.objects.exists()


def test_whoever_does_not_lead_invites_nobody(client, action, agent):
    where = reverse("pooling-invite", args=[action.pk])
    assert client.post(where).status_code == 302
    client.force_login(agent)
    assert client.get(where).status_code == client.post(where).status_code == 403
    assert not Notice.objects.exists()
    closed = a_pooled_action("finished")
    client.force_login(an_editor())
    answer = client.post(reverse("pooling-invite", args=[closed.pk]), {"members": a_member("com-75056").pk})
    assert answer.status_code == 409
