"""What came before what it answers: who may have it waited for, and how much of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from federation.errors import Refused
from forums import actions, orphans
from forums.models import Orphan, Voice
from tests.forums.test_arrivals import an_answer
from tests.forums.wire import an_answer_by, announced, says
from tests.make import a_forum, a_thread, an_author

pytestmark = pytest.mark.django_db

NOWHERE = "https://nowhere.example/1"


def test_whoever_is_kept_out_is_not_waited_for_nor_announced(client, hub, jeanne):
    thread = a_thread()
    says(client, jeanne, an_answer_by(jeanne, thread.uri, thread.forum.uri))
    Voice.objects.filter(actor_uri=jeanne.uri).update(barred_until=timezone.now() + timedelta(days=1))
    orphan = an_answer_by(jeanne, NOWHERE, thread.forum.uri)
    says(client, jeanne, orphan)
    assert ("Create", orphan.uri) not in announced(thread.forum)
    assert not Orphan.objects.exists()


def test_nothing_waits_in_a_forum_that_is_closed(client, hub, jeanne):
    forum = a_forum()
    actions.close_forum(forum, by=None)
    orphan = an_answer_by(jeanne, NOWHERE, forum.uri)
    says(client, jeanne, orphan)
    assert ("Create", orphan.uri) not in announced(forum)
    assert not Orphan.objects.exists()


@pytest.mark.parametrize(("limit", "same_author"), [("MAX_OF_AN_AUTHOR", True), ("MAX_OF_A_HUB", False)])
def test_nobody_and_no_hub_takes_the_room_of_all(monkeypatch, limit, same_author):
    monkeypatch.setattr(orphans, limit, 1)
    first = an_author(type="Person", name="Jeanne Colas")
    second = first if same_author else an_author(type="Person", name="Paul")
    actions.receive_post(an_answer(first, NOWHERE), first)
    with pytest.raises(Refused):
        actions.receive_post(an_answer(second, NOWHERE, "https://partner.example/o/2"), second)
    other = an_author("https://other.example", type="Person", name="Alix")
    actions.receive_post(an_answer(other, NOWHERE, "https://other.example/o/1"), other)
    assert Orphan.objects.count() == 2
