"""What a moderator removed, and its author removes too."""

import pytest

from forums import actions
from forums.models import Forum, Post, PostRevision, Thread
from tests.forums.wire import a_thread_by, an_answer_by, hear, says
from tests.make import a_coordinator, a_forum, a_thread

pytestmark = pytest.mark.django_db


def test_nothing_is_kept_of_it_once_its_author_wishes_so(client, hub, jeanne):
    thread = a_thread()
    answer = an_answer_by(jeanne, thread.uri, thread.forum.uri, body="<p>CANARI</p>")
    says(client, jeanne, answer)
    actions.delete(Post.objects.get(uri=answer.uri), by=a_coordinator(), reason="Hors sujet")
    assert PostRevision.objects.filter(html__contains="CANARI").exists()
    hear(client, jeanne, jeanne.says("Delete", answer.uri))
    assert not PostRevision.objects.filter(html__contains="CANARI").exists()
    assert Post.objects.get(uri=answer.uri).removed_by == Post.Remover.AUTHOR


def test_it_is_counted_out_once(client, hub, jeanne):
    forum = a_forum()
    topics = [a_thread_by(jeanne, forum.uri, title=title) for title in ("Un", "Deux")]
    answers = [an_answer_by(jeanne, topics[0].uri, forum.uri, body=f"<p>{word}</p>") for word in ("a", "b")]
    for said in (*topics, *answers):
        says(client, jeanne, said)
    for said in (answers[0], topics[1]):
        actions.delete(Post.objects.get(uri=said.uri), by=a_coordinator(), reason="Hors sujet")
        hear(client, jeanne, jeanne.says("Delete", said.uri))
    assert Thread.objects.get(uri=topics[0].uri).post_count == 2
    assert Forum.objects.get(pk=forum.pk).thread_count == 1
