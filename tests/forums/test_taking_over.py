"""What its author may not make of a message in somebody else's discussion."""

from typing import Any

import pytest

from federation.errors import Refused
from federation.models import StoredObject
from forums import actions
from forums.models import Thread
from tests.forums.test_arrivals import a_topic, an_answer
from tests.forums.wire import a_thread_by, an_answer_by, announced, says
from tests.make import a_forum, a_question, a_remote_forum, a_speaker, an_author

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "said", [{"title": "PIRATE"}, {"facts": {"question": True, "state": "validated", "answer": "https://x.example/1"}}]
)
def test_who_answers_does_not_become_the_owner_of_the_discussion(client, hub, jeanne, said: dict[str, Any]):
    question = a_question(by=a_speaker())
    answer = an_answer_by(jeanne, question.uri, question.forum.uri)
    says(client, jeanne, answer)
    before = Thread.objects.filter(pk=question.pk).values().get()
    forged = says(client, jeanne, a_thread_by(jeanne, question.forum.uri, uri=answer.uri, version=2, **said))
    assert forged.state == "ignored"
    assert Thread.objects.filter(pk=question.pk).values().get() == before


def test_an_answer_stays_an_answer_and_a_beginning_a_beginning():
    author = an_author(type="Person", name="Jeanne Colas")
    question = a_question(by=a_speaker())
    answer = an_answer(author, question.uri)
    topic = a_topic(author, question.forum)
    actions.receive_post(answer, author)
    thread = actions.receive_thread(topic, author)
    with pytest.raises(Refused, match="stays"):
        actions.receive_thread(a_topic(author, question.forum, answer.uri, version=2), author)
    with pytest.raises(Refused, match="stays"):
        actions.receive_post(an_answer(author, question.uri, topic.uri, version=2), author)
    assert (question.posts.count(), thread.posts.count()) == (2, 1)


@pytest.mark.parametrize("locked", [False, True])
def test_its_author_takes_no_discussion_out_of_a_forum_of_ours(client, hub, jeanne, locked):
    forum, other = a_forum(), a_forum(title="Autre forum")
    topic = a_thread_by(jeanne, forum.uri)
    says(client, jeanne, topic)
    Thread.objects.filter(uri=topic.uri).update(locked=locked)
    says(client, jeanne, a_thread_by(jeanne, other.uri, uri=topic.uri, version=2))
    assert Thread.objects.get(uri=topic.uri).forum_id == forum.pk
    assert StoredObject.objects.get(uri=topic.uri).place == forum.uri
    assert ("Update", topic.uri) not in announced(other)


@pytest.mark.parametrize("hub_of", ["ours", "theirs"])
def test_a_discussion_moves_only_between_forums_of_one_other_hub(hub_of):
    author = an_author(type="Person", name="Jeanne Colas")
    here, there = a_remote_forum(), a_forum() if hub_of == "ours" else a_remote_forum()
    topic = a_topic(author, here)
    actions.receive_thread(topic, author)
    thread = actions.receive_thread(a_topic(author, there, version=2), author)
    assert thread.forum_id == (there.pk if here.hub == there.hub else here.pk)
