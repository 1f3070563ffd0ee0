"""Pages of pooled actions as they are read: where the action stands, and what each reader is offered."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from resources import actions as resource_actions
from resources.kinds.pooled_words import Status
from resources.models import Resource
from resources.pooling import actions
from resources.pooling.federated import FederatedAction
from tests.make import (
    a_contributor,
    a_coordinator,
    a_member,
    a_participation,
    a_pooled_action,
    a_practice,
    a_reader,
    a_sheet,
    an_editor,
)
from tests.resources.pooling.test_asked_elsewhere import (  # noqa: F401 - fixtures
    a_gesture_of,
    lead,
    row,
    there,
    town,
    update,
)

pytestmark = pytest.mark.django_db

TOWN = "com-21231"


def page_of(client, action: Resource, *, who=None) -> str:
    if who is not None:
        client.force_login(who)
    answer = client.get(action.get_absolute_url())
    assert answer.status_code == 200
    return answer.content.decode()


def offers(client, action: Resource, *, who) -> tuple[str, list[str]]:
    """(the one next step, the others) of the only local authority that this person acts for."""
    client.force_login(who)
    (part,) = client.get(action.get_absolute_url()).context["room"].parts
    return part.next.act if part.next else "", [offer.act for offer in part.beside]


@pytest.mark.parametrize("status", Status.values)
def test_the_page_stands_at_every_status_for_everyone(client, status):
    action = a_pooled_action(status)
    assert 'id="stands"' in page_of(client, action)
    for who in (an_editor(), an_editor(a_member(TOWN)), a_reader(), a_coordinator()):
        page_of(client, action, who=who)


@pytest.mark.parametrize("state", ["draft", "archived"])
def test_what_is_not_standing_offers_nothing(client, state):
    page = page_of(client, a_sheet("pooled-action", state), who=an_editor())
    assert "actions-mutualisees" not in page


def test_until_when_one_may_join_is_told_with_the_days_that_are_left(client):
    soon = timezone.localdate() + timedelta(days=23)
    action = a_pooled_action("call", join_by=soon.isoformat())
    assert "23 days left" in page_of(client, action)
    with translation.override("fr"):
        client.cookies["django_language"] = "fr"
        assert str(soon.year) in page_of(client, action)


def test_after_the_launch_the_law_is_told_and_one_may_only_observe(client):
    action = a_pooled_action("setting_up", instrument="in_force", launched_on="2026-01-15")
    editor = an_editor(a_member(TOWN))
    page = page_of(client, action, who=editor)
    assert "Closed since Jan. 15, 2026" in page
    assert "L2113-6" in page
    assert "Follow as an observer" in page
    assert offers(client, action, who=editor) == ("join", [])


@pytest.mark.parametrize(
    ("state", "needs", "expected"),
    [
        ("interested", False, "needs"),
        ("interested", True, "plan"),
        ("planned", True, "deliberate"),
        ("deliberated", True, ""),  # the agreement is not open for signature: the page says so
        ("signed", True, ""),
        ("left", False, "join"),
        ("refused", False, ""),
    ],
)
def test_each_state_has_one_obvious_next_step(client, state, needs, expected):
    action, dijon = a_pooled_action("setting_up"), a_member(TOWN)
    seat = a_participation(action, state, member=dijon)
    if needs:
        lines = [{"item": "Papier", "quantity": "1"}]
        actions.declare_needs(action, lines, member=dijon, by=None)
    assert offers(client, action, who=an_editor(dijon))[0] == expected
    if state == "deliberated":
        assert "not opened the agreement for signature" in page_of(client, action)
        actions.set_instrument(action, "signing", by=None)
        assert offers(client, action, who=an_editor(dijon))[0] == "sign"
    assert seat.name in page_of(client, action)


def test_a_newcomer_says_its_interest_and_nothing_else_is_offered(client):
    action = a_pooled_action("call")
    assert offers(client, action, who=an_editor(a_member(TOWN))) == ("join", [])


@pytest.mark.parametrize("who", [a_reader, a_contributor])
def test_whoever_may_not_act_is_told_who_can(client, who):
    page = page_of(client, a_pooled_action("call"), who=who(a_member(TOWN)))
    assert "for the editors of your local authority" in page
    assert "rejoindre" not in page


def test_a_passer_by_is_asked_to_sign_in_and_shown_no_button(client):
    page = page_of(client, a_pooled_action("call"))
    assert "/compte/connexion/?next=" in page
    assert "actions-mutualisees" not in page


def test_a_coordinator_chooses_for_whom(client):
    action = a_pooled_action("call")
    a_member("com-75056"), a_member(TOWN)
    page = page_of(client, action, who=a_coordinator())
    assert page.count("<option") >= 2
    answer = client.get(reverse("pooling-choose", args=[action.pk]), {"member": a_member(TOWN).slug})
    assert answer.url.endswith(f"/rejoindre/{a_member(TOWN).slug}/")
    assert client.get(reverse("pooling-choose", args=[action.pk]), {"member": "nobody"}).status_code == 404


# The lead ---------------------------------------------------------------------------------------------------------


def test_the_lead_finds_requests_to_answer_and_nobody_else_does(client):
    action = a_pooled_action("call")
    a_participation(action, admitted=False, member=a_member(TOWN), technical_lead="Achats")
    page = page_of(client, action, who=an_editor())
    assert "Dijon asks to take part as member" in page
    assert "/admettre/dijon/" in page
    assert "/admettre/" not in page_of(client, action, who=an_editor(a_member(TOWN)))
    actions.admit(action, member=a_member(TOWN), by=None)
    assert "No request waits" in page_of(client, action, who=an_editor())


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("idea", "advance"),
        ("call", "advance"),
        ("setting_up", "budget"),
        ("paused", "advance"),
        ("finished", "practice"),
    ],
)
def test_the_lead_is_shown_what_moves_the_action_on(client, status, expected):
    action = a_pooled_action(status)
    client.force_login(an_editor())
    assert client.get(action.get_absolute_url()).context["room"].onward.act == expected


def test_whoever_was_refused_is_shown_with_the_reason_and_may_be_taken_in_again(client):
    action = a_pooled_action("call")
    a_participation(action, member=a_member(TOWN), admitted=False)
    actions.refuse(action, member=a_member(TOWN), by=None, reason="Hors du département")
    assert "Hors du département" in page_of(client, action)
    assert "/admettre/dijon/" in page_of(client, action, who=an_editor())


# What is shared ---------------------------------------------------------------------------------------------------


def test_needs_budget_shares_milestones_and_decisions_are_read_by_all(client):
    action, dijon = a_pooled_action("setting_up"), a_member(TOWN)
    a_participation(action, member=dijon)
    needs = [{"item": "Papier", "quantity": "1200.50", "unit": "ramettes", "amount_max": "6000", "site": "Mairie"}]
    actions.declare_needs(action, needs, member=dijon, by=None)
    given = [{"kind": "hours", "label": "Rédaction", "planned": "40", "delivered": "38"}]
    actions.contribute(action, given, member=dijon, by=None)
    actions.set_budget(action, [{"label": "Animation", "amount": "1000.01"}], by=None)
    actions.compute_shares(action, [{"by": "population", "percent": "100"}], by=None)
    actions.set_milestones(action, [{"on": "2020-01-01", "label": "Diagnostic"}], by=None)
    actions.decide(action, by=None, on="2026-04-01", body="Comité", text="Un seul lot.")
    page = page_of(client, action)
    # 1,000.01 € by 161,830 and 261,178 inhabitants
    for told in ("1,200.5", "6,000.00\xa0€", "Mairie", "Rédaction", "late", "Un seul lot.", "By number of inhabitants"):
        assert told in page, told
    for told in ("261,178", "617.44\xa0€", "61.743\xa0%", "382.57\xa0€", "38.257\xa0%", "1,000.01\xa0€", "100\xa0%"):
        assert told in page, told
    assert "smallest SIREN" in page, "the rule of remainders is stated"


def test_it_is_read_in_french_notation(client, settings):
    action = a_pooled_action("setting_up")
    actions.set_budget(action, [{"label": "Animation", "amount": "12345.6"}], by=None)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "fr"
    assert "12\xa0345,60\xa0€" in page_of(client, action).replace("\u202f", "\xa0")


def test_the_page_takes_as_many_queries_for_twenty_participants_as_for_two(client, django_assert_max_num_queries):
    counts = []
    for number in (2, 20):
        action = a_pooled_action("setting_up")
        for _ in range(number):
            a_participation(action)
        with django_assert_max_num_queries(60) as queries:
            page_of(client, action)
        counts.append(len(queries))
    assert counts[0] == counts[1]


# Elsewhere, in lists ----------------------------------------------------------------------------------------------


def test_what_was_asked_of_a_lead_elsewhere_is_shown_as_pending_then_with_its_answer(client, there, lead, town):  # noqa: F811
    editor = an_editor(town)
    step = actions.join(there, member=town, by=editor)
    page = page_of(client, there, who=editor)
    assert "Ask to join: member" in page
    assert "has not answered yet" in page
    assert offers(client, there, who=editor)[0] == "needs", "one may go on before it answers"
    FederatedAction().answered(a_gesture_of(step), False, "Le périmètre est celui de l’Yonne.", {})
    page = page_of(client, there)
    assert "Refused by" in page
    assert "Le périmètre est celui de l’Yonne." in page
    assert offers(client, there, who=editor)[0] == "join"


def test_what_was_just_accepted_counts_before_the_shared_state_shows_it(client, there, lead, town):  # noqa: F811
    editor = an_editor(town)
    FederatedAction().answered(a_gesture_of(actions.join(there, member=town, by=editor)), True, "", {})
    assert "it is shown below in a moment" in page_of(client, there, who=editor)
    assert offers(client, there, who=editor)[0] == "needs"
    actions.plan_deliberation(there, member=town, by=editor, on="2027-01-31")
    update(there, lead, participants=[row(town, state="planned", sequence=2)])
    assert "it is shown below in a moment" not in page_of(client, there)


def test_a_card_tells_until_when_one_may_join_in_one_query_for_all(client, django_assert_num_queries):
    a_practice()
    a_pooled_action("call", join_by=(timezone.localdate() + timedelta(days=3)).isoformat(), title="Bientôt")
    a_pooled_action("call", join_by=None, title="Sans date")
    a_pooled_action("finished", title="Finie")
    a_pooled_action("active", join_by="2020-01-01", title="Fermée")
    found = client.get(reverse("catalogue")).context["resources"]
    badges = {one.title: str(one.badge.text) for one in found if one.badge}
    assert badges == {
        "Bientôt": badges["Bientôt"],
        "Sans date": "open to join",
        "Finie": "finished",
        "Fermée": "no longer open to members",
    }
    assert "3 days left" in badges["Bientôt"]


def test_my_workspace_lists_our_actions_and_what_waits_first(client, there, town):  # noqa: F811
    led = a_pooled_action("call", member=town, title="Le nôtre")
    a_participation(led, admitted=False)
    joined = a_pooled_action("active", title="Le leur")
    a_participation(joined, "signed", member=town)
    actions.declare_needs(joined, [{"item": "Papier", "quantity": "1"}], member=town, by=None)
    gone = a_pooled_action("call", title="Quitté")
    a_participation(gone, "left", member=town)
    actions.join(there, member=town, by=None)
    client.force_login(an_editor(town))
    ((_template, lines),) = [one for one in client.get(reverse("workspace")).context["desks"] if "pooling" in one[0]]
    assert {line.action.title: (line.leads, line.requests, line.pending) for line in lines} == {
        "Le nôtre": (True, 1, 0),
        "Le leur": (False, 0, 0),
        there.title: (False, 0, 1),
    }
    assert lines[-1].action == joined, "nothing waits for us there"
    resource_actions.withdraw(led, by=None)
    page = client.get(reverse("workspace"))
    assert "Le nôtre" not in [line.action.title for line in page.context["desks"][0][1]]


def test_my_workspace_asks_as_few_questions_for_ten_actions_as_for_one(client, django_assert_max_num_queries):
    client.force_login(an_editor(a_member(TOWN)))
    counts = []
    for number in (1, 9):
        for _ in range(number):
            a_participation(a_pooled_action("call"), member=a_member(TOWN))
        with django_assert_max_num_queries(40) as queries:
            client.get(reverse("workspace"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
