"""What other hubs say, as it is kept: by URI, newest wins, whatever the order it comes in."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from federation.errors import Refused
from federation.publication import Author, Publication
from forums import actions, arrivals, orphans
from forums.models import Forum, Orphan, Post, Thread, Voice
from rtes_hub.notices.models import Notice
from tests.make import a_forum, a_post, a_question, a_remote_forum, a_speaker, a_thread, an_author

pytestmark = pytest.mark.django_db


@pytest.fixture
def jeanne() -> Author:
    return an_author(type="Person", name="Jeanne Colas", handle="jeanne@partner.example", summary="<p>Cheffe</p>")


def an_answer(author: Author, to: str, uri: str = "https://partner.example/o/1", **said: Any) -> Publication:
    words: dict[str, Any] = {"body": "<p>Chez nous, 15 %.</p>", "published": timezone.now(), "version": 1}
    return Publication(uri=uri, kind="post", author=author.uri, in_reply_to=to, **(words | said))


def a_topic(author: Author, forum: Forum, uri: str = "https://partner.example/t/1", **said: Any) -> Publication:
    words: dict[str, Any] = {"title": "Quel seuil ?", "body": "<p>Bonjour.</p>", "published": timezone.now()}
    return Publication(uri=uri, kind="thread", author=author.uri, place=forum.uri, **(words | said))


def test_the_same_thing_twice_is_one(jeanne):
    thread = a_thread()
    for _ in range(2):
        actions.receive_post(an_answer(jeanne, thread.uri), jeanne)
    thread.refresh_from_db()
    assert (thread.posts.count(), thread.post_count) == (2, 2)
    assert Voice.objects.get(actor_uri=jeanne.uri).detail == "Cheffe"


def test_a_newer_version_replaces_and_an_older_one_changes_nothing(jeanne):
    thread = a_thread()
    first = an_answer(jeanne, thread.uri)
    actions.receive_post(first, jeanne)
    actions.receive_post(replace(first, version=3, body="<p>Plutôt 20 %.</p>"), jeanne)
    actions.receive_post(replace(first, version=2, body="<p>En retard.</p>"), jeanne)
    post = thread.posts.get(is_first=False)
    assert (post.html, post.version) == ("<p>Plutôt 20 %.</p>", 3)
    assert [kept.html for kept in post.revisions.all()] == ["<p>Chez nous, 15 %.</p>"]


def test_nobody_speaks_in_the_place_of_another(jeanne):
    post = a_post()
    for uri in (post.uri, post.thread.uri):
        with pytest.raises(Refused):
            actions.receive_post(an_answer(jeanne, post.thread.uri, uri), jeanne)
    said = an_answer(jeanne, post.thread.uri)
    actions.receive_post(said, jeanne)
    other = an_author(type="Person", name="Paul")
    with pytest.raises(Refused):
        actions.receive_post(replace(said, author=other.uri, version=9), other)


def test_an_answer_that_comes_before_what_it_answers_waits_for_it(jeanne):
    forum = a_forum()
    topic = a_topic(jeanne, forum)
    first = an_answer(jeanne, topic.uri, "https://partner.example/o/1")
    second = an_answer(jeanne, first.uri, "https://partner.example/o/2", body="<p>Et encore.</p>")
    assert actions.receive_post(second, jeanne) is None
    assert actions.receive_post(first, jeanne) is None
    assert not Post.objects.exists()
    thread = actions.receive_thread(topic, jeanne)
    assert list(thread.posts.in_reading_order().values_list("uri", flat=True)) == [topic.uri, first.uri, second.uri]
    assert not Orphan.objects.exists()


def test_of_what_waits_the_newest_version_comes_in(jeanne):
    thread = a_thread()
    waiting = an_answer(jeanne, "https://partner.example/o/9")
    for version, words in ((2, "Corrigé."), (1, "Trop tôt.")):
        actions.receive_post(replace(waiting, version=version, body=f"<p>{words}</p>"), jeanne)
    actions.receive_post(an_answer(jeanne, thread.uri, "https://partner.example/o/9"), jeanne)
    assert Post.objects.get(uri=waiting.uri).html == "<p>Corrigé.</p>"


def test_what_waits_is_refused_like_any_other_when_its_time_comes(jeanne):
    forum = a_forum()
    topic = a_topic(jeanne, forum)
    other = an_author(type="Person", name="Paul")
    actions.receive_post(an_answer(other, topic.uri), other)
    Voice.objects.create(
        actor_uri=other.uri, handle="paul@x", name="Paul", hub="x", barred_until=timezone.now() + timedelta(days=1)
    )
    thread = actions.receive_thread(topic, jeanne)
    assert thread.posts.count() == 1
    assert not Orphan.objects.exists()


def test_nothing_waits_longer_than_a_month(jeanne):
    actions.receive_post(an_answer(jeanne, "https://partner.example/nowhere"), jeanne)
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        orphans.forget()
    assert not Orphan.objects.exists()


def test_what_was_withdrawn_while_it_waited_never_comes_in(jeanne):
    thread = a_thread()
    waiting = an_answer(jeanne, "https://partner.example/o/9")
    actions.receive_post(waiting, jeanne)
    arrivals.remove(waiting.uri)
    actions.receive_post(an_answer(jeanne, thread.uri, "https://partner.example/o/9"), jeanne)
    assert not Post.objects.filter(uri=waiting.uri).exists()


def test_a_locked_discussion_a_closed_forum_and_a_barred_voice_refuse_with_a_reason(jeanne):
    thread = a_thread()
    said = an_answer(jeanne, thread.uri)
    actions.lock(thread, by=None)
    with pytest.raises(Refused, match="discussion is closed"):
        actions.receive_post(said, jeanne)
    actions.lock(thread, by=None, locked=False)
    actions.close_forum(thread.forum, by=None)
    for publication, receive in ((said, actions.receive_post), (a_topic(jeanne, thread.forum), actions.receive_thread)):
        with pytest.raises(Refused, match="forum is closed"):
            receive(publication, jeanne)
    actions.reopen_forum(Forum.objects.get(pk=thread.forum_id), by=None)
    Voice.objects.filter(actor_uri=jeanne.uri).delete()
    actions.receive_post(said, jeanne)
    Voice.objects.filter(actor_uri=jeanne.uri).update(barred_until=timezone.now() + timedelta(days=1))
    with pytest.raises(Refused, match="may not write here"):
        actions.receive_post(an_answer(jeanne, thread.uri, "https://partner.example/o/2"), jeanne)


def test_a_members_only_forum_looks_like_none_from_outside(jeanne):
    closed = a_thread(a_forum(access="closed"))
    with pytest.raises(Refused) as there:
        actions.receive_thread(a_topic(jeanne, closed.forum), jeanne)
    with pytest.raises(Refused) as nowhere:
        actions.receive_thread(replace(a_topic(jeanne, closed.forum), place="https://hub.example/never"), jeanne)
    assert (there.value.reason, there.value.status) == (nowhere.value.reason, nowhere.value.status)
    with pytest.raises(Refused):
        actions.receive_post(an_answer(jeanne, closed.uri), jeanne)


def test_what_its_author_withdrew_stays_away_though_a_late_copy_comes(jeanne):
    thread = a_thread()
    said = an_answer(jeanne, thread.uri)
    actions.receive_post(said, jeanne)
    arrivals.remove(said.uri)
    actions.receive_post(replace(said, version=5), jeanne)
    post = Post.objects.get(uri=said.uri)
    assert (post.html, post.removed_by) == ("", "author")


def test_what_a_moderator_elsewhere_removed_may_come_back(jeanne):
    forum = a_remote_forum()
    topic = a_topic(jeanne, forum)
    thread = actions.receive_thread(topic, jeanne)
    arrivals.removed_by_moderator(topic.uri, "Hors sujet")
    thread.refresh_from_db()
    assert (thread.removed_at is not None, thread.title) == (True, "")
    actions.receive_thread(topic, jeanne)
    thread.refresh_from_db()
    assert (thread.removed_at, thread.title, thread.posts.get().html) == (None, "Quel seuil ?", "<p>Bonjour.</p>")


def test_a_question_is_validated_by_who_asked_even_before_the_answer_comes(jeanne):
    answer_uri = "https://partner.example/o/1"
    topic = a_topic(jeanne, a_forum(), facts={"question": True, "state": "validated", "answer": answer_uri})
    thread = actions.receive_thread(topic, jeanne)
    actions.receive_post(an_answer(jeanne, topic.uri, answer_uri), jeanne)
    thread.refresh_from_db()
    assert (thread.state, thread.answer_uri) == ("validated", answer_uri)


def test_times_to_come_are_not_believed(jeanne):
    topic = a_topic(jeanne, a_forum(), published=timezone.now() + timedelta(days=300))
    assert actions.receive_thread(topic, jeanne).last_post_at <= timezone.now()


def test_ours_elsewhere_is_shown_or_refused_with_the_reason(client):
    author = a_speaker()
    client.force_login(author)
    thread = a_thread(a_remote_forum(), by=author)
    path = thread.get_absolute_url()
    assert "not yet shown by the other hub" in client.get(path).content.decode()
    arrivals.refused(thread.uri, "Le forum est réservé aux régions.")
    page = client.get(path).content.decode()
    assert "Le forum est réservé aux régions." in page
    assert "Change it and send it again" in page
    post = thread.posts.get()
    actions.edit(post, by=author, source="Pour les régions.", title="Autre titre")
    post.refresh_from_db()
    assert (post.passage, post.refusal) == ("pending", "")
    arrivals.shown(thread.uri)
    arrivals.shown(thread.uri)
    thread.refresh_from_db()
    assert (thread.shown, thread.post_count, thread.forum.threads.count()) == (True, 1, 1)
    assert "not yet shown" not in client.get(path).content.decode()


def test_the_author_is_told_of_a_refusal_and_of_a_removal():
    author = a_speaker()
    thread = a_thread(a_remote_forum(), by=author)
    arrivals.refused(thread.uri, "Trop long.")
    assert Notice.objects.get(user=author).text == "Trop long."
    arrivals.shown(thread.uri)
    arrivals.removed_by_moderator(thread.uri, "Hors sujet.")
    assert Notice.objects.get(user=author, key__startswith="removed:").text == "Hors sujet."


def test_a_forum_of_a_partner_is_described_by_its_hub_and_kept_when_it_goes():
    forum = a_remote_forum()
    assert (forum.theme, forum.local) == ("alimentation", False)
    thread = a_thread(forum)
    arrivals.locked(thread.uri, True)
    arrivals.featured(thread.uri, True)
    thread = Thread.objects.get(pk=thread.pk)
    assert (thread.locked, thread.pinned) == (True, True)


def test_what_is_said_of_our_own_discussions_by_others_is_not_heeded():
    thread = a_question()
    arrivals.locked(thread.uri, True)
    arrivals.featured(thread.uri, True)
    arrivals.remove(thread.uri)
    thread.refresh_from_db()
    assert (thread.locked, thread.pinned, thread.removed_at) == (False, False, None)


def test_a_reply_counts_from_when_it_came_unless_it_is_history(jeanne):
    thread = a_thread()
    old = an_answer(jeanne, thread.uri, published=timezone.now() - timedelta(days=40))
    late = an_answer(jeanne, thread.uri, "https://partner.example/o/2", published=timezone.now() - timedelta(hours=5))
    old_post, late_post = actions.receive_post(old, jeanne), actions.receive_post(late, jeanne)
    assert old_post.came_at == old_post.written_at
    assert timezone.now() - late_post.came_at < timedelta(minutes=1)
