"""Discussions about sheets: where they begin, who may see what they are about, and answers from elsewhere."""

import pytest

from federation import places
from federation.models import Follow, Peer, StoredObject
from federation.wire import read, vocabulary
from forums import actions, topics
from forums.models import Orphan, Post, Thread
from resources import actions as resource_actions
from rtes_hub import subjects
from tests.federation.knocking import a_speaker, create, hear
from tests.forums.wire import announced, told_to
from tests.make import (
    a_coordinator,
    a_forum,
    a_member,
    a_post,
    a_practice,
    a_reader,
    a_remote_forum,
    a_thread,
    a_visitor,
    an_editor,
)
from tests.make import a_speaker as one_of_ours

pytestmark = pytest.mark.django_db


def a_note(author, to, **facts):
    """An answer as Mastodon writes it: it names no forum."""
    return author.a_note(type="Note", inReplyTo=to, name=None, content="<p>Combien cela coûte-t-il ?</p>", **facts)


# Answers from elsewhere -------------------------------------------------------------------------------------------


def test_an_answer_to_a_sheet_begins_the_discussion_about_it_in_the_forum_of_its_theme(client, hub, jeanne, server):
    forum = a_forum(theme="alimentation")
    a_forum(theme="mobilite")
    sheet = a_practice(title="Une cantine bio", themes=["alimentation", "mobilite"])
    note = a_note(jeanne, sheet.uri)
    assert create(client, jeanne, note).state == "done"
    thread = Thread.objects.get()
    assert (thread.forum, thread.title, thread.about, thread.uri) == (forum, "Une cantine bio", sheet.uri, note["id"])
    assert announced(forum) == [("Create", note["id"]), ("", note["id"])]
    html = client.get(thread.get_absolute_url()).content.decode()
    assert "Combien cela coûte-t-il ?" in html
    assert sheet.get_absolute_url() in html


def test_the_next_answers_join_it_and_its_title_stays(client, hub, jeanne):
    a_forum(theme="alimentation")
    sheet = a_practice(title="Une cantine bio", themes=["alimentation"])
    first, second = a_note(jeanne, sheet.uri), a_note(jeanne, sheet.uri)
    create(client, jeanne, first)
    create(client, jeanne, second)
    third = a_note(jeanne, first["id"])
    create(client, jeanne, third)
    thread = Thread.objects.get()
    assert [post.uri for post in thread.posts.in_reading_order()] == [first["id"], second["id"], third["id"]]
    changed = first | {"content": "<p>Autre texte.</p>", "updated": "2026-05-01T00:00:00Z"}
    hear(client, jeanne, jeanne.says("Update", changed))
    thread.refresh_from_db()
    assert (thread.title, thread.posts.get(is_first=True).html) == ("Une cantine bio", "<p>Autre texte.</p>")
    assert announced(thread.forum)[-1] == ("Update", first["id"])


def test_one_of_ours_answers_and_its_author_hears_of_it(client, hub, jeanne, server):
    a_forum(theme="alimentation")
    create(client, jeanne, a_note(jeanne, a_practice(themes=["alimentation"]).uri))
    answer = a_post(Thread.objects.get())
    assert [one["object"]["id"] for one in told_to(server) if one["type"] == "Create"] == [answer.uri]


def test_it_joins_a_discussion_that_ours_began(client, hub, jeanne):
    sheet = a_practice()
    forum = a_forum()
    closed = a_forum(access="closed")
    a_thread(closed, by=a_reader(), about=sheet.uri)
    locked = a_thread(forum, about=sheet.uri, title="Fermée")
    actions.lock(locked, by=None)
    going = a_thread(forum, about=sheet.uri)
    note = a_note(jeanne, sheet.uri)
    create(client, jeanne, note)
    assert Post.objects.get(uri=note["id"]).thread == going
    assert Thread.objects.filter(forum=closed).get().post_count == 1


def test_an_answer_to_what_is_not_everybodys_waits_as_one_to_nothing_does(client, hub, jeanne):
    a_forum()
    sheets = [a_practice(visibility="members"), a_practice("draft"), a_practice("withdrawn")]
    for uri in [*(sheet.uri for sheet in sheets), "http://127.0.0.1:8000/ap/objects/nothing"]:
        assert create(client, jeanne, a_note(jeanne, uri)).state == "done"
    assert Orphan.objects.count() == 4
    assert not Thread.objects.exists()


def test_without_any_forum_it_is_refused(client, hub, jeanne):
    note = a_note(jeanne, a_practice().uri)
    assert create(client, jeanne, note).state == "ignored"
    assert not StoredObject.objects.filter(uri=note["id"]).exists()


def test_the_forum_of_a_partner_shows_what_answers_a_sheet_of_that_hub(client, jeanne, server):
    """Its hub put it there, and says so: it names no forum itself."""
    place = a_speaker(server, "/ap/groups/1", type="Group")
    places.welcome(read.actor(place.document()), [], Peer.objects.get(origin=server.origin))
    Follow.objects.update(state=Follow.State.ACCEPTED)
    org = a_speaker(server, "/ap/orgs/9")
    sheet = org.a_note(**{"rtes:kind": "GoodPractice", "@context": vocabulary.CONTEXT}, name="Une ressourcerie")
    create(client, org, sheet)
    note = a_note(jeanne, sheet["id"])
    hear(client, place, place.says("Announce", jeanne.says("Create", note)))
    thread = Thread.objects.get()
    assert (thread.forum.uri, thread.about, thread.title) == (place.uri, sheet["id"], "Une ressourcerie")


# The right forum --------------------------------------------------------------------------------------------------


FORUMS = {
    "that of its first theme": ({"themes": ["mobilite", "alimentation"]}, "mobilité"),
    "that of its second theme": ({"themes": ["habitat", "alimentation"]}, "alimentation"),
    "that for all themes": ({"themes": ["habitat"]}, "tout"),
    "none for what only members read": ({"themes": ["mobilite"], "visibility": "members"}, None),
}


@pytest.mark.parametrize("what", FORUMS)
def test_the_forum_that_suits_a_sheet(what):
    facts, title = FORUMS[what]
    a_forum("membres", theme="mobilite", access="closed")
    actions.close_forum(a_forum("fini", theme="mobilite"), by=None)
    a_remote_forum(name="ailleurs", facts={"theme": "mobilite"})
    for name, theme in (("alimentation", "alimentation"), ("mobilité", "mobilite"), ("tout", "")):
        a_forum(name, theme=theme)
    subject = subjects.find(a_coordinator(), a_practice(**facts).uri)
    found = topics.forum_for(subject)
    assert (found.title if found else None) == title


def test_members_ask_where_members_read_and_else_at_a_partners():
    closed = a_forum(access="closed")
    remote = a_remote_forum()
    reader = topics.Person(a_reader())
    assert topics.forum_for(subjects.find(reader.user, a_practice(visibility="members").uri), reader=reader) == closed
    assert topics.forum_for(subjects.find(reader.user, a_practice().uri), reader=reader) == remote
    stranger = topics.Person(a_visitor())
    assert topics.forum_for(subjects.find(reader.user, a_practice().uri), reader=stranger) == remote


# What may be named, and to whom -----------------------------------------------------------------------------------


def test_a_discussion_names_a_sheet_only_where_all_its_readers_may_read_it():
    member = a_member()
    author = one_of_ours(member)
    opened, closed = a_forum(), a_forum(access="closed")
    reserved, own = a_practice(visibility="members", title="CANARI"), a_practice("draft", title="CANARI", member=member)
    editor = an_editor(member)
    actions.consent(editor)
    for forum, sheet, person in [(opened, reserved, author), (opened, own, editor), (closed, own, editor)]:
        with pytest.raises(actions.Invalid) as refusal:
            a_thread(forum, by=person, about=sheet.uri)
        assert list(refusal.value.errors) == ["about"]
    with pytest.raises(actions.Invalid):
        a_thread(opened, by=author, about="javascript:alert(1)")
    assert not Thread.objects.exists()
    assert a_thread(closed, by=author, about=reserved.uri).about_title == "CANARI"


def test_the_title_of_a_sheet_that_is_no_longer_there_is_not_shown(client):
    sheet = a_practice(title="Une ressourcerie")
    thread = a_thread(about=sheet.uri)
    assert "Une ressourcerie" in client.get(thread.get_absolute_url()).content.decode()
    resource_actions.withdraw(sheet, by=None)
    assert "Une ressourcerie" not in client.get(thread.get_absolute_url()).content.decode()


def test_a_sheet_that_only_another_hub_knows_is_named_as_that_hub_does(client):
    forum = a_remote_forum()
    thread = Thread.objects.create(
        uri="https://partner.example/t/1",
        forum=forum,
        local=False,
        voice=actions.voices.of(one_of_ours()),
        title="Sujet",
        slug="sujet",
        about="https://partner.example/ap/objects/9",
        about_title="Une fiche",
    )
    reader = topics.Person(a_visitor())
    assert topics.shown(thread, reader) == topics.Link(
        title="Une fiche", url="https://partner.example/ap/objects/9", is_here=False
    )
    thread.about = "javascript:alert(1)"
    assert topics.shown(thread, reader) is None


def test_who_asks_about_a_sheet_sees_which_one(client):
    sheet = a_practice(title="Une ressourcerie")
    forum = a_forum()
    client.force_login(one_of_ours())
    page = client.get(f"{forum.get_absolute_url()}nouveau/", {"about": sheet.uri}).content.decode()
    assert "Une ressourcerie" in page
    body = {"sort": "question", "title": "Combien ?", "source": "Combien cela coûte-t-il ?", "about": sheet.uri}
    assert client.post(f"{forum.get_absolute_url()}nouveau/", body).status_code == 302
    thread = Thread.objects.get()
    assert (thread.about, thread.about_title, thread.is_question) == (sheet.uri, "Une ressourcerie", True)
