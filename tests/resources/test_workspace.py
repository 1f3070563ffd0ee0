"""One page says what waits for me."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from resources import actions
from tests.make import a_contributor, a_member, a_practice, a_reader, a_user, an_editor

pytestmark = pytest.mark.django_db


def lists(client) -> dict[str, list[str]]:
    context = client.get(reverse("workspace")).context
    names = ("mine", "others", "sent_back", "to_review", "submitted", "published", "withdrawn")
    return {name: sorted(sheet.title for sheet in context[name]) for name in names}


def test_it_asks_to_sign_in(client):
    assert client.get(reverse("workspace")).status_code == 302


@pytest.mark.parametrize("who", [a_user, a_reader])
def test_who_writes_for_nobody_is_told_what_to_do(client, who):
    client.force_login(who())
    assert 'class="empty"' in client.get(reverse("workspace")).content.decode()


def test_every_sheet_is_where_its_next_step_is(client):
    writer, editor = a_contributor(), an_editor()
    mine = actions.start("good-practice", member=a_member(), by=writer, data={"title": "Le mien"})
    a_practice("draft", title="Du collègue")
    back = a_practice("submitted", title="Renvoyée")
    actions.send_back(back, by=editor, comment="À revoir")
    a_practice("submitted", title="Soumise")
    changed = a_practice(title="Modifiée")
    actions.save_draft(changed, {"tags": ["x"]}, by=writer)
    actions.submit(changed, by=writer)
    a_practice(title="Publiée")
    actions.withdraw(a_practice(title="Retirée"), by=editor)
    a_practice("draft", member=a_member("com-21231"), title="D’ailleurs")

    client.force_login(writer)
    assert lists(client) == {
        "mine": ["Le mien"],
        "others": ["Du collègue"],
        "sent_back": ["Renvoyée"],
        "to_review": [],
        "submitted": ["Modifiée", "Soumise"],
        "published": ["Modifiée", "Publiée"],
        "withdrawn": [],
    }
    assert mine.title in client.get(reverse("workspace")).content.decode()
    client.force_login(editor)
    seen = lists(client)
    assert seen["to_review"] == ["Modifiée", "Soumise"]
    assert seen["submitted"] == []
    assert seen["withdrawn"] == ["Retirée"]


def test_a_sheet_to_look_at_again_is_marked(client):
    today = timezone.localdate()
    a_practice(review_due_on=(today - timedelta(days=1)).isoformat())
    client.force_login(a_contributor())
    assert "badge--warning" in client.get(reverse("workspace")).content.decode()


def test_it_asks_few_questions_however_long_the_lists(client, django_assert_max_num_queries):
    for _ in range(5):
        a_practice("draft")
        a_practice("submitted")
    client.force_login(an_editor())
    client.get(reverse("workspace"))
    with django_assert_max_num_queries(20):
        client.get(reverse("workspace"))
