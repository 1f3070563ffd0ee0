"""People act for a collectivité through posts; access ends with the post."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from rtes_hub.accounts import actions as account_actions
from rtes_hub.audit.models import Line
from rtes_hub.territories import actions, rules
from rtes_hub.territories.models import Mandate, Role, StaffRole
from tests.make import (
    a_contributor,
    a_coordinator,
    a_member,
    a_reader,
    a_remote_member,
    a_territory,
    a_user,
    a_visitor,
    an_administrator,
    an_editor,
)

pytestmark = pytest.mark.django_db

R, C, E = Role.READER, Role.CONTRIBUTOR, Role.EDITOR


@pytest.mark.parametrize(
    ("maker", "role", "may"),
    [
        (a_visitor, None, ()),
        (a_user, None, ()),
        (a_reader, R, (R,)),
        (a_contributor, C, (R, C)),
        (an_editor, E, (R, C, E)),
        (a_coordinator, None, (R, C, E)),
        (an_administrator, None, (R, C, E)),
    ],
)
def test_what_each_role_may_do_for_a_collectivite(maker, role, may):
    user, member = maker(), a_member()
    assert rules.role(user, member) == role
    assert tuple(least for least in Role if rules.may_act_for(user, member, least)) == may
    assert tuple(least for least in Role if member in rules.members_of(user, least)) == may
    assert rules.is_member(user) is bool(may)


@pytest.mark.parametrize("maker", [a_visitor, a_user, a_reader, an_editor, a_coordinator, an_administrator])
def test_nobody_acts_for_a_collectivite_of_another_hub(maker):
    user, theirs = maker(), a_remote_member()
    assert not rules.may_act_for(user, theirs, R)
    assert theirs not in rules.members_of(user)


def test_a_role_here_is_no_role_there():
    editor, other = an_editor(a_member("epci-242100410")), a_member("com-21231")
    assert rules.role(editor, other) is None
    assert not rules.may_act_for(editor, other, R)
    assert other not in rules.members_of(editor)


def test_the_highest_of_several_posts_counts():
    member = a_member()
    user = an_editor(member, elected=True)
    a_reader(member, user=user)
    assert rules.role(user, member) == E


@pytest.mark.parametrize("elected", [True, False])
@pytest.mark.parametrize(
    ("day", "role"),
    [
        (date(2026, 3, 31), None),
        (date(2026, 4, 1), E),
        (date(2030, 1, 1), E),
        (date(2032, 3, 31), E),
        (date(2032, 4, 1), None),
    ],
)
def test_access_begins_and_ends_with_the_mandate(elected, day, role):
    member = a_member()
    user = an_editor(member, elected=elected, starts_on=date(2026, 4, 1), ends_on=date(2032, 3, 31))
    with time_machine.travel(day, tick=False):
        assert rules.role(user, member) == role
        assert rules.may_act_for(user, member, R) is (role is not None)
        assert rules.members_of(user).exists() is (role is not None)
        assert rules.is_member(user) is (role is not None)


@pytest.mark.parametrize("elected", [True, False])
def test_a_dismissed_person_acts_no_more_from_that_moment(elected):
    member = a_member()
    user = an_editor(member, elected=elected, ends_on=timezone.localdate() + timedelta(days=300))
    [post] = (Mandate if elected else StaffRole).objects.all()
    by = a_coordinator()
    actions.dismiss(post, by=by)
    assert rules.role(user, member) is None
    assert not rules.is_member(user)
    assert Line.objects.filter(act="territories.dismiss", by=by).count() == 1


def test_when_a_collectivite_leaves_nobody_acts_for_it_and_its_page_stays(client):
    member = a_member()
    editor, coordinator = an_editor(member), a_coordinator()
    actions.leave(member, by=coordinator)
    assert rules.role(editor, member) is None
    assert not rules.may_act_for(coordinator, member, R)
    assert client.get(member.get_absolute_url()).status_code == 200


def test_a_collectivite_that_comes_back_keeps_its_address_but_not_its_people():
    member = a_member()
    editor = an_editor(member)
    actions.leave(member, by=None)
    again = actions.join(member.territory)
    assert (again.pk, again.actor_uri, again.left_at) == (member.pk, member.actor_uri, None)
    assert rules.role(editor, again) is None


def test_a_deactivated_person_has_no_role():
    member = a_member()
    user = an_editor(member)
    account_actions.deactivate(user, by=None)
    assert rules.role(user, member) is None
    assert not rules.members_of(user).exists()


WHO_MAY_MANAGE = [
    (a_reader, False),
    (a_contributor, False),
    (an_editor, False),
    (a_user, False),
    (a_coordinator, True),
    (an_administrator, True),
]


@pytest.mark.parametrize(("maker", "allowed"), WHO_MAY_MANAGE)
def test_who_may_appoint_dismiss_admit_and_end(maker, allowed):
    member, by, other, held = a_member(), maker(), a_user(), an_editor()
    territory = a_territory("com-21231")
    acts = [
        lambda: actions.appoint(other, member, role=E, function="Directrice", by=by),
        lambda: actions.dismiss(held.staffroles.get(), by=by),
        lambda: actions.join(territory, by=by),
        lambda: actions.leave(member, by=by),
    ]
    before = Line.objects.count()
    for act in acts:
        if allowed:
            act()
        else:
            with pytest.raises(PermissionDenied):
                act()
    assert Line.objects.count() - before == (len(acts) if allowed else 0)
    assert other.staffroles.exists() is territory.members.exists() is allowed


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"role": "mayor"}, "role"),
        ({"function": "  "}, "function"),
        ({"starts_on": date(2026, 5, 1), "ends_on": date(2026, 4, 1)}, "ends_on"),
    ],
)
def test_an_appointment_that_makes_no_sense_names_the_field(wrong, field):
    with pytest.raises(ValidationError) as refusal:
        actions.appoint(a_user(), a_member(), **{"role": E, "function": "Directrice"} | wrong)
    assert set(refusal.value.message_dict) == {field}
    assert not StaffRole.objects.exists()


def test_nobody_is_appointed_to_a_collectivite_of_another_hub():
    with pytest.raises(ValidationError):
        actions.appoint(a_user(), a_remote_member(), role=E, function="Directrice")


def test_appointing_twice_is_appointing_once():
    user, member = a_user(), a_member()
    posts = {actions.appoint(user, member, role=E, function="Directrice").pk for _ in range(2)}
    assert len(posts) == StaffRole.objects.count() == 1


def test_a_person_appointed_by_another_is_told_in_their_language(django_capture_on_commit_callbacks):
    user = a_user(language="en", password=None)
    with django_capture_on_commit_callbacks(execute=True):
        actions.appoint(user, a_member(), role=E, function="Directrice", by=a_coordinator())
    [letter] = mail.outbox
    assert letter.to == [user.email]
    assert letter.subject == "You now act for Dijon Métropole"
    assert "/compte/connexion/code/" in letter.body


def test_the_operator_appoints_without_a_mail(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        an_editor()
    assert not mail.outbox


def test_a_question_of_role_costs_one_query(django_assert_num_queries):
    member = a_member()
    user = an_editor(member)
    with django_assert_num_queries(1):
        rules.role(user, member)
    with django_assert_num_queries(1):
        list(rules.members_of(user))
