"""Forums, threads and posts, from their opening to their end."""

import pytest

from forums.models import Post
from tests.make import a_post, a_question, a_remote_forum, a_thread

pytestmark = pytest.mark.django_db


def test_a_reply_to_a_reply_stands_beside_it_one_level_deep():
    answer = a_post()
    under = a_post(answer.thread, parent=answer)
    beside = a_post(answer.thread, parent=under)
    assert [post.is_indented for post in (answer, under, beside)] == [False, True, True]
    assert {under.branch, beside.branch} == {answer.pk}


def test_a_question_is_open_until_somebody_else_answers():
    question = a_question()
    assert question.state == "open"
    a_post(question)
    question.refresh_from_db()
    assert (question.state, question.post_count) == ("answered", 2)


def test_what_is_said_in_a_forum_of_another_hub_waits_for_it():
    thread = a_thread(a_remote_forum())
    assert not thread.shown
    assert thread.posts.get().passage == Post.Passage.PENDING
