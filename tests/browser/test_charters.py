"""Journey 9: a mayor's office brings its charter up to date, on a phone, from one message; and everyone reads it."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from resources.charters import recurring
from resources.charters.models import Commitment, Pledge
from rtes_hub.notices.models import Notice
from tests.browser.looking import assert_welcoming, sign_in
from tests.make import a_charter, a_member, a_pledge, an_editor

ALL = ["A1", "A2", "A3", "B1", "B2", "C1", "C2", "C3"]


def test_eight_measures_are_brought_up_to_date_from_one_message(phone):
    town = a_member("com-21231")
    editor = an_editor(town)
    a_pledge(a_charter(), member=town, measures=ALL)
    Commitment.objects.update(next_update_due=timezone.localdate())
    recurring.remind()
    sign_in(phone, editor.email)
    phone.goto(Notice.objects.get(user=editor).path)
    assert_welcoming(phone)
    phone.locator("#id_A1-status").select_option("running")
    phone.locator("#id_A1-progress").fill("40")
    phone.locator("#id_A1-comment").fill("Trois conventions signées.")
    phone.locator("#id_B1-status").select_option("done")
    phone.locator("#id_A1-evidence summary").click()
    phone.locator("#id_A1-evidence-label").fill("Convention")
    phone.locator("#id_A1-evidence-url").fill("https://collectivite.example/convention")
    phone.locator("main form button.button").last.click()
    phone.wait_for_url("**/chartes/engagements/**")
    assert "Trois conventions signées." in phone.locator("main").inner_text()
    assert_welcoming(phone)
    rows = {row.measure: row.progress for row in Commitment.objects.all()}
    assert rows == dict.fromkeys(ALL, 0) | {"A1": 40, "B1": 100}
    assert not Commitment.objects.filter(updated_on=None).exists()


def test_a_town_pledges_and_a_passer_by_reads_the_scoreboard(phone, desktop):
    charter, town = a_charter(), a_member("com-21231")
    for _ in range(3):
        a_pledge(charter, progress={"A1": 60, "B1": 15})
    editor = an_editor(town, elected=True, function="Maire", starts_on=timezone.localdate() - timedelta(days=40))
    sign_in(phone, editor.email)
    for address in (charter.get_absolute_url(), reverse("charter", args=[charter.pk])):
        phone.goto(address)
        assert_welcoming(phone)
    phone.locator(f'a[href="{reverse("pledge-new", args=[charter.pk])}"]').click()
    assert_welcoming(phone)
    phone.locator("#id_measure_C3").uncheck()
    phone.locator("main form button.button").click()
    phone.wait_for_url(f"**{reverse('charter', args=[charter.pk])}")
    assert Pledge.objects.get(member=town).commitments.count() == 7
    phone.goto(reverse("pledge-withdraw", args=[charter.pk, town.slug]))
    assert_welcoming(phone)
    desktop.goto(reverse("charter-board", args=[charter.pk]))
    assert desktop.locator("tbody tr").count() == 4
    assert_welcoming(desktop)
