"""Who is told of what in charters: once, and never what one may not see."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from resources.charters import actions, recurring
from resources.models import Resource
from rtes_hub.notices import actions as notices
from rtes_hub.notices.models import Notice, Topic
from rtes_hub.notices.registry import visible
from rtes_hub.territories import actions as territory_actions
from rtes_hub.territories.models import Mandate, StaffRole
from tests.make import (
    a_charter,
    a_contributor,
    a_member,
    a_pledge,
    a_reader,
    a_remote_member,
    an_editor,
)

pytestmark = pytest.mark.django_db

SIGNED = datetime(2026, 4, 2, 9, tzinfo=timezone.get_fixed_timezone(120))


@pytest.fixture
def town():
    return a_member("com-21231")


@pytest.fixture
def pledge(town):
    """Signed on 2 April: the next update is due six months later."""
    with time_machine.travel(SIGNED, tick=False):
        return a_pledge(member=town, mandate_starts_on="2026-03-28", signed_on="2026-04-02")


def on(day: str):
    return time_machine.travel(datetime.fromisoformat(f"{day}T09:00:00+02:00"), tick=False)


def told(user) -> list[Notice]:
    return list(Notice.objects.filter(user=user, topic=Topic.COMMITMENT))


def test_editors_are_told_a_week_before_the_day_once_with_every_measure_and_where_to_answer(pledge, town):
    editor, contributor = an_editor(town), a_contributor(town)
    with on("2026-09-24"):
        recurring.remind()
    assert told(editor) == []
    for day in ("2026-09-25", "2026-10-02", "2026-11-02"):
        with on(day):
            recurring.remind()
    (notice,) = told(editor)
    assert "Huit mesures" in notice.title
    assert notice.text.splitlines()[0] == "A1. Soutenir les structures d’appui à la création d’entreprises sociales."
    assert len(notice.text.splitlines()) == 3
    assert notice.path == reverse("pledge-update", args=[pledge.charter_id, town.slug])
    assert told(contributor) == []


def test_the_next_day_is_another_day_to_be_told_of(pledge, town):
    editor = an_editor(town)
    with on("2026-10-02"):
        recurring.remind()
        due = {"status": "running", "progress": 10, "next_update_due": "2027-03-31"}
        actions.update(pledge.charter, dict.fromkeys(("A1", "A2", "B1"), due), member=town, by=editor)
        recurring.remind()
    (first,) = told(editor)
    assert first.read_at is not None, "what is done is asked of nobody any more"
    with on("2027-03-31"):
        recurring.remind()
    assert len(told(editor)) == 2


def test_part_of_an_update_leaves_the_rest_to_be_asked(pledge, town):
    editor = an_editor(town)
    with on("2026-10-02"):
        recurring.remind()
        due = {"status": "running", "progress": 10, "next_update_due": "2027-03-31"}
        actions.update_commitment(pledge.charter, "A1", member=town, by=editor, **due)
    assert told(editor)[0].read_at is None


@pytest.mark.parametrize("ended", ["withdrawn", "left", "charter withdrawn", "dismissed"])
def test_nobody_is_asked_once_it_is_over(pledge, town, ended):
    editor = an_editor(town)
    with on("2026-10-02"):
        match ended:
            case "withdrawn":
                actions.withdraw(pledge.charter, member=town, by=None, reason="Vote contraire.")
            case "left":
                territory_actions.leave(town, by=None)
            case "charter withdrawn":
                Resource.objects.filter(pk=pledge.charter_id).update(state="withdrawn")
            case "dismissed":
                StaffRole.objects.update(dismissed_at=timezone.now())
                Mandate.objects.update(dismissed_at=timezone.now())
        recurring.remind()
    assert told(editor) == []


def test_those_of_other_hubs_are_asked_by_their_own(town):
    charter = a_charter()
    pledge = a_pledge(charter, member=town)
    pledge.member = a_remote_member()
    pledge.save()
    with on("2099-01-01"):
        recurring.remind()
    assert not Notice.objects.filter(topic=Topic.COMMITMENT).exists()


def test_a_reminder_is_seen_by_those_who_may_answer_it_and_by_nobody_else(pledge, town):
    about = f"pledge-due:{pledge.pk}"
    assert visible(an_editor(town), [about]) == {about}
    for other in (a_reader(town), an_editor(a_member("epci-242100410"))):
        assert visible(other, [about, "pledge-due:x", "pledge-due:999"]) == set()


def test_those_who_keep_or_follow_a_charter_are_told_who_signs_and_not_of_their_own_act():
    charter = a_charter()
    keeper, follower = an_editor(charter.member), a_reader()
    notices.watch(follower, f"resource:{charter.uri}", charter.title)
    today = timezone.localdate()
    said = {"signatory": "La présidente", "signed_on": today, "mandate_starts_on": today, "measures": ["A1"]}
    actions.pledge(charter, member=charter.member, by=keeper, **said)
    assert not Notice.objects.filter(user=keeper).exists()
    assert "Dijon Métropole s’est engagée" in Notice.objects.get(user=follower).title
    a_pledge(charter)
    assert Notice.objects.filter(user=keeper).count() == 1


def test_the_mail_leads_to_the_page_where_all_is_told_in_one_go(pledge, town, client):
    editor = an_editor(town)
    with on("2026-10-02"):
        recurring.remind()
    client.force_login(editor)
    page = client.get(told(editor)[0].path)
    assert page.status_code == 200
    assert page.content.decode().count('class="measure-form"') == 3


def test_next_year_is_not_asked_today(town):
    editor = an_editor(town)
    a_pledge(member=town)
    recurring.remind()
    with time_machine.travel(timezone.now() + timedelta(days=100), tick=False):
        recurring.remind()
    assert told(editor) == []
