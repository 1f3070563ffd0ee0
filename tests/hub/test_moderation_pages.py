"""The pages of moderation: who sees which, and what of it."""

import pytest
from django.urls import reverse

from rtes_hub.moderation import actions
from rtes_hub.moderation.models import Report
from tests.hub.test_moderation import a_report
from tests.make import a_coordinator, a_post, a_reader, a_user, an_administrator, an_editor

pytestmark = pytest.mark.django_db

WHO = {
    "a passer-by": (lambda: None, 302, 302),
    "a reader": (a_reader, 403, 404),
    "an editor": (an_editor, 403, 404),
    "somebody without a post": (a_user, 403, 404),
    "a coordinator": (a_coordinator, 200, 200),
    "an administrator": (an_administrator, 200, 200),
}


@pytest.mark.parametrize("who", WHO)
def test_who_sees_the_reports(client, who):
    make, of_list, of_one = WHO[who]
    report = a_report(reason="CANARI")
    if person := make():
        client.force_login(person)
    pages = client.get(reverse("moderation")), client.get(report.get_absolute_url())
    assert [page.status_code for page in pages] == [of_list, of_one]
    assert all(("CANARI" in page.content.decode()) == (page.status_code == 200) for page in pages)
    if of_one != 200:
        client.post(report.get_absolute_url(), {"act": "remove", "reason": "Je décide."})
        report.refresh_from_db()
        assert report.is_open


def test_whoever_reported_reads_the_outcome_and_not_who_decided(client):
    reader, coordinator = a_reader(), a_coordinator(full_name="Coordinatrice Secrète")
    report = a_report(f"post:{a_post(source='CANARI').uri}", by=reader)
    client.force_login(reader)
    page = client.get(report.get_absolute_url()).content.decode()
    assert "have not decided yet" in page
    assert client.post(report.get_absolute_url(), {"act": "remove", "reason": "x"}).status_code == 403
    actions.decide(report, uphold=True, reason="Contraire à la charte.", by=coordinator)
    page = client.get(report.get_absolute_url()).content.decode()
    assert "Contraire à la charte." in page
    assert "Coordinatrice" not in page
    assert "CANARI" not in page


def test_the_list_shows_what_waits_and_can_be_narrowed(client):
    waiting = a_report(track="illegal", reason="Première raison")
    kept = a_report(reason="Seconde raison")
    actions.decide(kept, uphold=False, reason="Gardé.", by=None)
    client.force_login(a_coordinator())

    def listed(**asked):
        return list(client.get(reverse("moderation"), asked).context["page_obj"])

    assert listed() == listed(track="illegal") == listed(state="nonsense") == [waiting]
    assert listed(state="dismissed") == [kept]
    assert listed(state="all") == [kept, waiting]
    assert listed(track="charter") == []


def test_what_is_reported_is_shown_as_text_never_as_markup(client):
    reader = a_reader(full_name="<b>Nom</b>")
    report = a_report(by=reader, reason="<script>alert(1)</script>")
    Report.objects.update(excerpt="<img src=x onerror=alert(1)>", title="<i>Titre</i>")
    client.force_login(a_coordinator())
    for page in (client.get(reverse("moderation")), client.get(report.get_absolute_url())):
        text = page.content.decode()
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "<i>Titre" not in text
        assert "<b>Nom" not in text


def test_the_list_costs_the_same_however_long(client, django_assert_max_num_queries):
    for _ in range(8):
        a_report()
    client.force_login(a_coordinator())
    with django_assert_max_num_queries(10):
        assert len(client.get(reverse("moderation")).context["page_obj"]) == 8
