"""Calling people and collectivités by name: links while the text is a tree, notices to whom they name, nothing else."""

import pytest
from django.conf import settings
from django.urls import reverse

from forums import actions
from forums.models import Voice
from rtes_hub.notices.models import Notice
from rtes_hub.text import markdown
from tests.make import (
    a_contributor,
    a_forum,
    a_member,
    a_post,
    a_reader,
    a_remote_member,
    a_speaker,
    a_thread,
    a_user,
)

pytestmark = pytest.mark.django_db


def told(user) -> list[tuple[str, str]]:
    return list(Notice.objects.filter(user=user).values_list("topic", "about"))


def test_a_person_is_linked_and_told_once():
    nadia = a_speaker(full_name="Nadia Benali")
    thread = a_thread(source="Bonjour @nadia.benali, et encore @Nadia.Benali !")
    html = thread.posts.get().html
    assert html.count('class="mention"') == 2
    assert ">@Nadia Benali</a>" in html
    assert told(nadia) == [("mention", f"post:{thread.uri}")]
    assert thread.posts.get().mentions == [nadia.voice.actor_uri]


def test_a_collectivite_is_linked_and_those_who_act_for_it_are_told():
    member = a_member()
    colleague, other = a_contributor(member), a_reader(a_member("com-21231"))
    post = a_post(source="Voyez @dijon-metropole.")
    assert f'href="{settings.RTES.base_url}/collectivites/dijon-metropole/"' in post.html
    assert [topic for topic, _about in told(colleague)] == ["mention"]
    assert told(other) == []


def test_a_collectivite_of_a_partner_leads_to_its_own_page():
    member = a_remote_member()
    post = a_post(source=f"Voyez @{member.slug}.")
    assert f'href="{member.page_url}"' in post.html
    assert post.mentions == [member.actor_uri]


@pytest.mark.parametrize(
    "source",
    [
        "camille@nadia.benali.fr",
        "`@nadia.benali`",
        "[@nadia.benali](https://example.org)",
        "https://social.example/@nadia.benali",
        "@personne.inconnue",
        "\\@",
    ],
)
def test_what_is_no_call_is_no_link(source):
    a_speaker(full_name="Nadia Benali")
    assert "mention" not in a_thread(source=source).posts.get().html


def test_a_name_cannot_bring_markup():
    handle = a_speaker(full_name='<img src=x onerror=alert(1)> "Nadia"').voice.handle
    html = a_thread(source=f"@{handle} **gras**").posts.get().html
    assert "<img" not in html
    assert "@&lt;img" in html
    assert "<strong>gras</strong>" in html


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//evil.example", "https://user@evil.example/"])
def test_an_address_that_is_none_is_no_link(url):
    assert "href" not in markdown.render("@paul", names={"paul": ("Paul", url)})


def test_whoever_did_not_agree_to_be_known_is_told_and_stays_a_word():
    shy = a_reader(full_name="Paul Étienne")
    a_thread(a_forum(access="closed"), by=shy)
    thread = a_thread(source="@paul.etienne, une idée ?")
    post = thread.posts.get()
    assert "Étienne" not in post.html
    assert post.mentions == []
    assert [topic for topic, _about in told(shy)] == ["mention"]


def test_nobody_is_told_of_what_they_may_not_read():
    former = a_speaker(full_name="Nadia Benali")
    former.staffroles.update(ends_on="2020-01-01")
    a_thread(a_forum(access="closed"), by=a_reader(), source="@nadia.benali")
    assert told(former) == []


def test_an_edit_tells_only_those_it_newly_calls():
    nadia = a_speaker(full_name="Nadia Benali")
    author = a_speaker()
    post = a_post(by=author, source="Une phrase.")
    actions.edit(post, by=author, source="Une phrase, @nadia.benali.")
    actions.edit(post, by=author, source="Une autre, @nadia.benali.")
    assert told(nadia) == [("mention", f"post:{post.uri}")]


# Completion -------------------------------------------------------------------------------------------------------


def suggested(client, query: str) -> list[str]:
    return [one["handle"] for one in client.get(reverse("mentions"), {"q": query}).json()]


def test_people_and_collectivites_are_suggested_by_the_beginning_of_any_word(client):
    a_member()
    client.force_login(a_reader(full_name="Camille Martin"))
    a_reader(full_name="Étienne Dijol")
    assert suggested(client, "dij") == ["etienne.dijol", "dijon-metropole"]
    assert suggested(client, "Étienne d") == ["etienne.dijol"]
    assert suggested(client, "m") == []


def test_nobody_is_suggested_to_others_nor_without_a_post(client):
    a_user(full_name="Nadia Sans-Poste")
    assert client.get(reverse("mentions"), {"q": "nadia"}).status_code == 302
    client.force_login(a_user())
    assert client.get(reverse("mentions"), {"q": "nadia"}).status_code == 403
    client.force_login(a_reader())
    assert suggested(client, "nadia") == []


@pytest.mark.parametrize("query", ["%", "_", "'; drop table", "@" * 300])
def test_odd_questions_find_nobody(client, query):
    client.force_login(a_reader())
    assert suggested(client, query) == []


def test_looking_for_a_name_and_the_preview_write_nothing_and_calling_it_does(client):
    """Somebody who never spoke here is found, previewed and called by the same name."""
    paul = a_reader(full_name="Paul Dupond")
    client.force_login(a_speaker())
    before = Voice.objects.count()
    (found,) = client.get("/mentions/", {"q": "dupo"}).json()
    assert (found["handle"], found["name"]) == ("paul.dupond", "Paul Dupond")
    for source in ("Bonjour @paul.dupond", "Bonjour @personne.du.tout"):
        shown = client.post("/discussions/apercu/", {"source": source})
        assert shown.status_code == 200
        assert 'class="mention"' not in shown.content.decode()
    assert Voice.objects.count() == before
    post = a_post(source="Bonjour @paul.dupond")
    assert ("mention", f"post:{post.uri}") in told(paul)
    assert Voice.objects.get(user=paul).handle == "paul.dupond"
    for agreed in (False, True):
        shown = client.post("/discussions/apercu/", {"source": "Bonjour @paul.dupond"}).content.decode()
        assert (">@Paul Dupond</a>" in shown) is agreed, "he did not agree to be known outside yet"
        actions.consent(paul)


def test_the_preview_is_for_those_who_are_signed_in_and_of_bounded_size(client):
    assert client.post("/discussions/apercu/", {"source": "x"}).url.startswith("/compte/connexion/")
    client.force_login(a_speaker())
    assert client.post("/discussions/apercu/", {"source": "x" * 20_001}).status_code == 413
