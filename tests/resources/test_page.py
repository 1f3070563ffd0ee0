"""The page of a sheet: what an élue takes in within two minutes, and what a passer-by is not told."""

import re

import pytest
from django.urls import reverse

from federation.wire import names
from resources import actions
from resources.models import Resource
from tests.make import a_contributor, a_member, a_note, a_practice, a_reader, a_user, an_editor
from tests.resources.test_publication import SECRETS, a_publication, receive
from tests.sheets import PRACTICE

pytestmark = pytest.mark.django_db


def text_of(client, sheet: Resource) -> str:
    answer = client.get(sheet.get_absolute_url())
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_brief_comes_first_and_the_contact_is_there(client):
    page = text_of(client, a_practice())
    order = [
        PRACTICE["title"],
        "Dijon Métropole",
        'id="brief"',
        'id="key-facts"',
        'id="part-action"',
        'id="part-resultats"',
        'id="part-transposer"',
        'id="contact"',
    ]
    assert sorted(order, key=page.index) == order
    for word in (
        "261,178",
        "January 2024",
        "13,500.50 €, spent or planned",
        "Licence Ouverte",
        "Développement économique",
    ):
        assert word in page, word
    assert len(re.findall("<h1", page)) == 1


def test_a_passer_by_reads_nothing_that_is_kept_for_members(client):
    page = text_of(client, a_practice())
    for secret in SECRETS:
        assert secret not in page
    client.force_login(a_reader())
    page = text_of(client, a_practice())
    assert "ess@collectivite.example" in page
    assert PRACTICE["what_failed"] in page


def test_a_person_without_a_post_is_a_passer_by(client):
    client.force_login(a_user())
    assert PRACTICE["what_failed"] not in text_of(client, a_practice())


def test_what_is_not_said_is_not_hidden(client):
    said = {"title": "Une démarche", "description": "Texte", "started_on": "2020-01"}
    sheet = actions.bring_in("good-practice", member=a_member(), data=said, by=None)
    page = text_of(client, sheet)
    assert page.count("not-said") > 5
    assert 'href="#contact"' in page


def test_a_note_begins_with_the_decision(client):
    page = text_of(client, a_note())
    assert page.index("Adopter les quatre axes") < page.index('id="brief"')


def test_machines_find_their_way(client):
    sheet = a_practice()
    page = text_of(client, sheet)
    assert f'<link rel="alternate" type="application/activity+json" href="{sheet.uri}">' in page
    assert f'<meta property="og:title" content="{sheet.title}">' in page
    answer = client.get(sheet.get_absolute_url(), headers={"Accept": "application/activity+json"})
    assert (answer.status_code, answer["Location"]) == (303, sheet.uri)
    assert "Accept" in answer["Vary"]


def test_what_does_not_travel_has_no_other_form(client):
    sheet = a_practice(visibility="members")
    client.force_login(a_reader())
    page = text_of(client, sheet)
    assert "application/activity+json" not in page
    assert "noindex" in page
    answer = client.get(sheet.get_absolute_url(), headers={"Accept": "application/activity+json"})
    assert answer.status_code == 406


def test_an_old_address_leads_to_the_new_one(client):
    sheet = a_practice()
    answer = client.get(reverse("resource", args=[sheet.pk, "ancien-titre"]))
    assert (answer.status_code, answer["Location"]) == (301, sheet.get_absolute_url())


def test_a_hidden_sheet_does_not_tell_its_title_by_redirecting(client):
    sheet = a_practice(visibility="members")
    hidden = client.get(reverse("resource", args=[sheet.pk, "x"]))
    never = client.get(reverse("resource", args=[sheet.pk + 1, "x"]))
    assert (hidden.status_code, never.status_code) == (404, 404)
    assert hidden.headers == never.headers


@pytest.mark.parametrize("title", ["Publier", "Historique", "Copier"])
def test_a_title_does_not_take_the_place_of_a_move(client, title):
    assert title in text_of(client, a_practice(title=title))


def test_a_title_without_letters_has_a_page(client):
    assert "2030" in text_of(client, a_practice(title="« 2030 ! »"))
    text_of(client, a_practice(title="???"))


def test_a_withdrawn_sheet_says_so(client):
    sheet = a_practice()
    address = sheet.get_absolute_url()
    actions.withdraw(sheet, by=None)
    answer = client.get(address)
    assert answer.status_code == 410
    assert sheet.title not in answer.content.decode()


def test_an_archived_sheet_is_labelled(client):
    assert "badge--warning" in text_of(client, a_practice("archived", results_provisional=False))


def test_acts_are_offered_to_those_who_may(client):
    sheet = a_practice()
    assert "/modifier/" not in text_of(client, sheet)
    client.force_login(a_contributor())
    page = text_of(client, sheet)
    assert reverse("resource-write", args=[sheet.pk]) in page
    assert reverse("resource-move", args=[sheet.pk, "retirer"]) not in page
    client.force_login(an_editor())
    assert reverse("resource-move", args=[sheet.pk, "retirer"]) in text_of(client, sheet)


# What changed -----------------------------------------------------------------------------------------------------


def history(client, sheet: Resource) -> str:
    return client.get(reverse("resource-history", args=[sheet.pk])).content.decode()


def test_each_version_says_what_changed(client):
    sheet = a_practice()
    actions.save_draft(sheet, {"difficulties": "Autres difficultés"}, by=None)
    actions.publish(sheet, by=None, note="Retour d’expérience")
    page = history(client, sheet)
    assert "Retour d’expérience" in page
    assert page.count("<li value=") == 2


def test_a_passer_by_is_not_told_of_changes_they_cannot_read(client):
    sheet = a_practice(visibility="members")
    actions.save_draft(sheet, {"visibility": "public", "federated": False}, by=None)
    actions.publish(sheet, by=None, note="ouverte")
    actions.save_draft(sheet, {"what_failed": "Autre chose"}, by=None)
    actions.publish(sheet, by=None)
    assert history(client, sheet).count("<li value=") == 2
    client.force_login(a_reader())
    assert history(client, sheet).count("<li value=") == 3


def test_a_draft_of_others_has_no_history(client):
    sheet = a_practice("draft")
    assert client.get(reverse("resource-history", args=[sheet.pk])).status_code == 404


# Cost -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "most"), [(None, 6), (a_reader, 18), (an_editor, 22)])
def test_a_page_asks_the_database_few_questions(client, django_assert_max_num_queries, who, most):
    sheet = a_practice()
    if who:
        client.force_login(who())
    client.get(sheet.get_absolute_url())
    with django_assert_max_num_queries(most):
        client.get(sheet.get_absolute_url())


def test_a_remote_page_costs_no_more(client, django_assert_max_num_queries):
    receive(a_publication())
    sheet = Resource.objects.get()
    with django_assert_max_num_queries(6):
        client.get(sheet.get_absolute_url())


#: What programs of the network, and people, say that they prefer; and whether it is the thing rather than its page.
ACCEPT = [
    ("application/activity+json", True),
    ('application/ld+json; profile="https://www.w3.org/ns/activitystreams"', True),
    ("text/html;q=0.5, application/activity+json", True),
    ("application/activity+json;q=0.5, text/html", False),
    ("application/activity+json, text/html", False),
    ('application/ld+json; profile="https://example.org/other"', False),
    ("application/json", False),
    ("text/html", False),
    ("*/*", False),
    ("", False),
]


@pytest.mark.parametrize(("accept", "activity"), ACCEPT)
def test_pages_and_documents_read_what_is_preferred_in_one_way(client, accept, activity):
    """A sheet that partners get, one that they do not, and a document: by the rule of federation.wire.names."""
    shared, kept = a_practice(), a_practice(federated=False)
    assert names.prefers_activity(accept) is activity
    for sheet, status in ((shared, 303), (kept, 406)):
        answer = client.get(sheet.get_absolute_url(), headers={"Accept": accept})
        assert answer.status_code == (status if activity else 200)
