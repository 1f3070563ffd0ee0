"""Discussions found: by words, beside resources, and on the page of the sheet that they speak of."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from forums import actions
from forums.models import Post
from rtes_hub.search import index
from rtes_hub.search.models import Entry
from tests.make import (
    a_forum,
    a_post,
    a_practice,
    a_question,
    a_reader,
    a_remote_forum,
    a_thread,
    a_user,
)

pytestmark = pytest.mark.django_db

SEARCH = "/discussions/"


def found(client, words):
    return [thread.title for thread in client.get(SEARCH, {"q": words}).context["threads"]]


def test_a_discussion_is_found_by_its_title_its_question_and_its_answers_once(client):
    thread = a_thread(title="Clauses sociales", source="Quel seuil pour une légumerie ?")
    a_post(thread, source="Une légumerie a besoin d’un agrément.")
    a_post(thread, source="La légumerie de Dijon.")
    a_thread(title="Autre chose")
    assert found(client, "clause") == found(client, "légumeries") == found(client, "agrément") == ["Clauses sociales"]
    assert found(client, "introuvable") == found(client, "") == []
    assert "Nothing matches" in client.get(SEARCH, {"q": "introuvable"}).content.decode()


def test_what_is_changed_is_found_by_its_new_words_and_what_is_removed_no_more(client):
    thread = a_thread(source="Une légumerie ?")
    post = thread.posts.get()
    actions.edit(post, by=post.voice.user, source="Une conserverie ?", title="Titre")
    assert (found(client, "légumerie"), found(client, "conserverie")) == ([], ["Titre"])
    actions.delete(Post.objects.get(pk=post.pk), by=post.voice.user)
    assert found(client, "conserverie") == []


def test_a_closed_forum_is_searched_by_members_alone(client):
    a_thread(a_forum(access="closed"), by=a_reader(), title="Réservée", source="CANARI")
    for person in (None, a_user()):
        if person:
            client.force_login(person)
        assert found(client, "canari") == []
        assert "speaks of it too" not in client.get(reverse("catalogue"), {"q": "canari"}).content.decode()
    client.force_login(a_reader())
    assert found(client, "canari") == ["Réservée"]


def test_what_another_hub_has_not_shown_yet_is_not_found(client):
    a_thread(a_remote_forum(), source="CANARI")
    assert found(client, "canari") == []


@pytest.mark.parametrize("words", ['"', "a" * 5000, "clause OR 1=1", "*", "<script>"])
def test_whatever_is_typed_is_words(client, words):
    a_thread(title="Clause")
    page = client.get(SEARCH, {"q": words})
    assert page.status_code == 200
    assert "<script>" not in page.content.decode().split("</head>")[1]


def test_who_searches_resources_is_led_to_discussions_too(client):
    a_practice(title="Une légumerie")
    a_thread(source="Une légumerie ?")
    a_thread(source="Notre légumerie.")
    page = client.get(reverse("catalogue"), {"q": "légumerie"}).content.decode()
    assert "2 discussions in the forums speak of it too" in page
    assert f"{SEARCH}?q=l%C3%A9gumerie" in page
    assert "speak of it" not in client.get(reverse("catalogue")).content.decode()
    assert "speak of it" not in client.get(reverse("catalogue"), {"q": "introuvable"}).content.decode()


def test_discussions_do_not_crowd_resources_out(client):
    sheet = a_practice(title="Une légumerie")
    a_thread(title="Légumerie légumerie", source="Légumerie.")
    page = client.get(reverse("catalogue"), {"q": "légumerie"})
    assert list(page.context["resources"]) == [sheet]


def test_the_index_can_be_made_again_from_what_is_there(client):
    answer = a_post(source="Une légumerie.")
    hidden = a_thread(a_forum(access="closed"), by=a_reader(), source="Une légumerie.")
    gone = a_post(source="Une légumerie.")
    actions.delete(gone, by=gone.voice.user)
    a_thread(a_remote_forum(), source="Une légumerie.")
    Entry.objects.all().delete()
    index.put("https://gone.example/1", kind="post", title="", text="Une légumerie.")
    call_command("reindex", stdout=StringIO())
    assert index.find("légumerie") == [answer.uri]
    assert set(index.find("légumerie", members=True)) == {answer.uri, hidden.uri}


# On the page of a sheet -------------------------------------------------------------------------------------------


def test_the_page_of_a_sheet_shows_its_last_discussions_and_leads_to_asking(client):
    sheet = a_practice(themes=["alimentation"])
    forum = a_forum(theme="alimentation")
    page = client.get(sheet.get_absolute_url()).content.decode()
    assert "Nobody has asked anything yet." in page
    assert f"{reverse('thread-new', args=[forum.slug])}?about=" in page
    for number in range(4):
        a_question(forum, title=f"Question {number}", about=sheet.uri)
    page = client.get(sheet.get_absolute_url()).content.decode()
    assert [f"Question {number}" in page for number in range(4)] == [False, True, True, True]
    everything = client.get(reverse("discussions-about"), {"uri": sheet.uri})
    assert len(everything.context["threads"]) == 4


def test_it_shows_each_reader_what_they_may_read(client):
    sheet = a_practice()
    a_thread(a_forum(access="closed"), by=a_reader(), about=sheet.uri, title="CANARI")
    for person, sees in ((None, False), (a_user(), False), (a_reader(), True)):
        if person:
            client.force_login(person)
        for page in (
            client.get(sheet.get_absolute_url()),
            client.get(reverse("discussions-about"), {"uri": sheet.uri}),
        ):
            assert ("CANARI" in page.content.decode()) is sees


def test_without_any_forum_nothing_is_said_of_discussions(client):
    assert "Discussions about" not in client.get(a_practice().get_absolute_url()).content.decode()


def test_discussions_about_what_one_may_not_read_and_about_nothing_look_the_same(client):
    a_forum()
    hidden = [a_practice("draft").uri, a_practice(visibility="members").uri, "https://x.example/1", ""]
    assert {client.get(reverse("discussions-about"), {"uri": uri}).status_code for uri in hidden} == {404}


def test_a_search_costs_the_same_however_many_are_found(client, django_assert_max_num_queries):
    forum = a_forum()
    reader = a_reader()
    actions.consent(reader)
    for number in range(6):
        a_thread(forum, by=reader, title=f"Clause {number}")
    with django_assert_max_num_queries(8):
        assert len(found(client, "clause")) == 6
