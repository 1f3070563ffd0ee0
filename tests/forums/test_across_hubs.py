"""A discussion between two hubs: in a forum of ours, and in one of theirs, as each side sees it."""

import json

import pytest

from federation import places
from federation.models import Activity, Actor, Follow, Peer, StoredObject
from federation.wire import read, write
from forums import actions
from forums.models import Forum, Orphan, Post, Thread, Voice
from rtes_hub.notices.models import Notice
from tests.federation.knocking import a_speaker
from tests.federation.peers import a_follower, a_peer, a_server
from tests.federation.talking import show, written
from tests.forums.wire import (
    a_thread_by,
    an_answer_by,
    announced,
    hear,
    on_the_wire,
    says,
    says_in_their_own,
    shows,
    told_to,
)
from tests.make import a_coordinator, a_forum, a_post, a_question, a_reader, a_thread
from tests.make import a_speaker as one_of_ours

pytestmark = pytest.mark.django_db


# On A: the forum is ours ------------------------------------------------------------------------------------------


def test_a_question_asked_here_is_answered_from_there_and_validated_here(client, hub, jeanne, server):
    asker = one_of_ours(full_name="Camille Martin")
    question = a_question(by=asker)
    answer = an_answer_by(jeanne, question.uri, question.forum.uri)
    assert says(client, jeanne, answer).state == "done"
    post = Post.objects.get(uri=answer.uri)
    assert (post.thread_id, post.local, post.is_shown, post.voice.name) == (question.pk, False, True, "Région voisine")
    question.refresh_from_db()
    assert (question.state, question.post_count) == ("answered", 2)
    assert Notice.objects.get(user=asker, about=f"post:{answer.uri}").topic == "answer"
    assert ("Create", answer.uri) in announced(question.forum)
    assert ("", answer.uri) in announced(question.forum)
    actions.validate(question, post, by=asker)
    said = on_the_wire(question.uri)
    assert said.facts == {"question": True, "state": "validated", "answer": answer.uri}
    assert announced(question.forum)[-1] == ("Update", question.uri)


def test_a_thread_begun_from_there_lives_here_like_ours(client, hub, jeanne):
    forum = a_forum()
    thread = a_thread_by(jeanne, forum.uri, facts={"question": True, "state": "open"}, source="**Quel seuil ?**")
    assert says(client, jeanne, thread).state == "done"
    known = Thread.objects.get(uri=thread.uri)
    assert (known.title, known.state, known.local, known.forum) == ("Quel seuil ?", "open", False, forum)
    forum.refresh_from_db()
    assert forum.thread_count == 1
    page = client.get(known.get_absolute_url())
    assert page.status_code == 200
    assert "Région voisine" in page.content.decode()


def test_edits_hold_whatever_the_order_they_come_in(client, hub, jeanne):
    thread = a_thread()
    answer = an_answer_by(jeanne, thread.uri, thread.forum.uri)
    says(client, jeanne, answer)
    third = an_answer_by(jeanne, thread.uri, thread.forum.uri, uri=answer.uri, body="<p>Trois.</p>", version=3)
    second = an_answer_by(jeanne, thread.uri, thread.forum.uri, uri=answer.uri, body="<p>Deux.</p>", version=2)
    says(client, jeanne, third)
    says(client, jeanne, second)
    post = Post.objects.get(uri=answer.uri)
    assert (post.html, post.version) == ("<p>Trois.</p>", 3)
    assert [kept.html for kept in post.revisions.all()] == ["<p>Chez nous, 221 000 euros.</p>"]


def test_a_reply_that_comes_before_its_parent_waits_for_it(client, hub, jeanne):
    thread = a_thread()
    first = an_answer_by(jeanne, thread.uri, thread.forum.uri, body="<p>Un.</p>")
    second = an_answer_by(jeanne, first.uri, thread.forum.uri, body="<p>Deux.</p>")
    third = an_answer_by(jeanne, second.uri, thread.forum.uri, body="<p>Trois.</p>")
    for one in (third, second):
        assert says(client, jeanne, one).state == "done"
    assert thread.posts.count() == 1
    assert Orphan.objects.count() == 2
    says(client, jeanne, first)
    said = thread.posts.filter(is_first=False).in_reading_order()
    assert [post.html for post in said] == ["<p>Un.</p>", "<p>Deux.</p>", "<p>Trois.</p>"]
    assert [post.is_indented for post in said] == [False, True, True]
    assert not Orphan.objects.exists()
    thread.refresh_from_db()
    assert thread.post_count == 4


def test_an_orphan_that_is_withdrawn_waits_no_more(client, hub, jeanne):
    thread = a_thread()
    first = an_answer_by(jeanne, thread.uri, thread.forum.uri)
    second = an_answer_by(jeanne, first.uri, thread.forum.uri)
    says(client, jeanne, second)
    hear(client, jeanne, jeanne.says("Delete", second.uri))
    says(client, jeanne, first)
    assert thread.posts.count() == 2
    assert not Orphan.objects.exists()


REFUSALS = {
    "a locked discussion": lambda thread, jeanne: actions.lock(thread, by=None),
    "a closed forum": lambda thread, jeanne: actions.close_forum(thread.forum, by=None),
    "somebody who is barred": lambda thread, jeanne: Voice.objects.filter(actor_uri=jeanne.uri).update(
        barred_until="2999-01-01T00:00:00Z"
    ),
}


@pytest.mark.parametrize("what", REFUSALS)
def test_what_is_not_taken_is_answered_with_a_reason_and_leaves_nothing(client, hub, jeanne, server, what):
    thread = a_thread()
    says(client, jeanne, an_answer_by(jeanne, thread.uri, thread.forum.uri, body="<p>Avant.</p>"))
    REFUSALS[what](thread, jeanne)
    before = len(announced(thread.forum))
    answer = an_answer_by(jeanne, thread.uri, thread.forum.uri, body="<p>CANARI</p>")
    assert says(client, jeanne, answer).state == "done"
    refusal = told_to(server)[-1]
    assert (refusal["type"], refusal["actor"], refusal["to"]) == ("Reject", thread.forum.uri, [jeanne.uri])
    assert refusal["summary"]
    assert not Post.objects.filter(uri=answer.uri).exists()
    assert not StoredObject.objects.filter(uri=answer.uri).exists()
    assert len(announced(thread.forum)) == before


def test_what_is_said_in_a_closed_to_others_forum_is_not_even_known_there(client, hub, jeanne):
    """A members-only forum is no actor: whoever guesses its address gets what any wrong address gets."""
    forum = a_forum(access="closed")
    thread = a_thread(forum, by=a_reader())
    for publication in (a_thread_by(jeanne, forum.uri), an_answer_by(jeanne, thread.uri, forum.uri)):
        assert says(client, jeanne, publication).state in ("ignored", "done")
        assert not Post.objects.filter(uri=publication.uri).exists()
    assert thread.posts.count() == 1
    assert not Activity.objects.filter(actor__type="Group").exists()


@pytest.mark.parametrize("who", ["its author", "our moderators"])
def test_what_is_removed_vanishes_here_and_is_announced_gone(client, hub, jeanne, server, who):
    thread = a_thread()
    answer = an_answer_by(jeanne, thread.uri, thread.forum.uri, body="<p>CANARI</p>", source="CANARI")
    says(client, jeanne, answer)
    if who == "its author":
        hear(client, jeanne, jeanne.says("Delete", answer.uri))
    else:
        actions.delete(Post.objects.get(uri=answer.uri), by=a_coordinator(), reason="Hors charte.")
    assert announced(thread.forum)[-1] == ("Delete", answer.uri)
    assert "CANARI" not in client.get(thread.get_absolute_url()).content.decode()
    assert "CANARI" not in "".join(StoredObject.objects.values_list("document", flat=True))
    if who == "our moderators":
        removal = told_to(server)[-1]["object"]
        assert (removal["type"], removal["summary"], removal["object"]) == ("Delete", "Hors charte.", answer.uri)
    later = an_answer_by(jeanne, thread.uri, thread.forum.uri, uri=answer.uri, body="<p>CANARI</p>", version=9)
    says(client, jeanne, later)
    assert "CANARI" not in client.get(thread.get_absolute_url()).content.decode()


def test_ours_that_is_deleted_is_gone_for_all_readers(client, hub):
    author = one_of_ours()
    post = a_post(by=author, source="CANARI")
    forum = post.thread.forum
    a_follower(Actor.objects.get(uri=forum.uri))
    actions.delete(post, by=author)
    assert ("Delete", post.uri) in announced(forum)
    assert not any(b"CANARI" in bytes(body) for body in Activity.objects.values_list("body", flat=True))


def test_nobody_else_of_that_server_may_change_or_delete_it(client, hub, jeanne, server):
    thread = a_thread()
    answer = an_answer_by(jeanne, thread.uri, thread.forum.uri)
    says(client, jeanne, answer)
    other = a_speaker(server, "/ap/people/paul", type="Person")
    assert hear(client, other, other.says("Delete", answer.uri)).state == "ignored"
    forged = an_answer_by(other, thread.uri, thread.forum.uri, uri=answer.uri, body="<p>Faux.</p>", version=4)
    assert says(client, other, forged).state == "ignored"
    assert Post.objects.get(uri=answer.uri).html == "<p>Chez nous, 221 000 euros.</p>"


# On B: the forum is theirs ----------------------------------------------------------------------------------------


@pytest.fixture
def place(jeanne, server):
    """A forum of the partner, found and followed."""
    made = a_speaker(server, "/ap/groups/1", type="Group")
    places.welcome(read.actor(made.document(name="Alimentation durable")), [], Peer.objects.get(origin=server.origin))
    Follow.objects.update(state=Follow.State.ACCEPTED)
    return made


def test_a_question_asked_there_is_answered_from_here_and_seen_validated(client, place, jeanne):
    forum = Forum.objects.get(uri=place.uri)
    question = a_thread_by(jeanne, place.uri, facts={"question": True, "state": "open"})
    assert says_in_their_own(client, place, jeanne, question).state == "done"
    thread = Thread.objects.get(uri=question.uri)
    assert (thread.forum, thread.state) == (forum, "open")
    answer = a_post(thread, by=one_of_ours())
    assert answer.passage == "pending"
    assert answer.uri not in client.get(thread.get_absolute_url()).content.decode()
    shows(client, place, answer)
    answer.refresh_from_db()
    thread.refresh_from_db()
    assert (answer.passage, thread.state, thread.post_count) == ("shown", "answered", 2)
    validated = a_thread_by(
        jeanne,
        place.uri,
        uri=question.uri,
        version=2,
        facts={"question": True, "state": "validated", "answer": answer.uri},
    )
    says_in_their_own(client, place, jeanne, validated)
    thread.refresh_from_db()
    assert (thread.state, thread.answer_uri) == ("validated", answer.uri)


def test_what_is_said_there_goes_to_that_hub_alone_and_says_its_place(hub, place, server):
    a_peer("https://third.example")
    thread = a_thread(Forum.objects.get(uri=place.uri), by=one_of_ours())
    said = on_the_wire(thread.uri)
    assert (said.kind, said.place) == ("thread", place.uri)
    create = told_to(server)[-1]
    assert (create["type"], create["object"]["id"]) == ("Create", thread.uri)
    assert not Activity.objects.filter(deliveries__peer__origin="https://third.example").exists()


def test_a_refusal_from_there_is_told_to_its_author_with_the_reason(client, place):
    author = one_of_ours()
    post = a_thread(Forum.objects.get(uri=place.uri), by=author).posts.get()
    said = json.loads(bytes(Activity.objects.get(object_uri=post.uri, type="Create").body))
    hear(client, place, place.says("Reject", said["id"], summary="<p>Forum fermé.</p>"))
    post.refresh_from_db()
    assert (post.passage, post.refusal) == ("refused", "Forum fermé.")
    assert Notice.objects.get(user=author, about=f"post:{post.uri}").text == "Forum fermé."
    assert client.get(post.thread.get_absolute_url()).status_code == 404


def test_what_their_moderators_do_is_done_here(client, place, jeanne, server):
    thread = a_thread_by(jeanne, place.uri)
    says_in_their_own(client, place, jeanne, thread)
    answer = an_answer_by(jeanne, thread.uri, place.uri, body="<p>CANARI</p>")
    says_in_their_own(client, place, jeanne, answer)
    moderator = a_speaker(server, "/ap/people/moderator", type="Person")
    hear(client, place, place.says("Announce", moderator.says("Lock", thread.uri)))
    featured = moderator.says("Add", thread.uri, target=f"{place.uri}/featured")
    hear(client, place, place.says("Announce", featured))
    hear(client, place, place.says("Announce", moderator.says("Delete", answer.uri, summary="Hors sujet.")))
    known = Thread.objects.get(uri=thread.uri)
    assert (known.locked, known.pinned, known.post_count) == (True, True, 1)
    page = client.get(known.get_absolute_url()).content.decode()
    assert "CANARI" not in page
    assert Post.objects.get(uri=answer.uri).removed_why == "Hors sujet."


def test_a_forum_that_its_hub_closes_can_be_read_and_no_more_written_in(client, place):
    forum = Forum.objects.get(uri=place.uri)
    places.part(Actor.objects.get(uri=place.uri))
    forum.refresh_from_db()
    assert forum.is_ended
    with pytest.raises(actions.NotPossible):
        a_thread(forum, by=one_of_ours())
    assert client.get(forum.get_absolute_url()).status_code == 200


def test_a_third_server_that_speaks_there_is_read_at_its_origin_and_labelled(client, place, settings):
    with a_server(settings) as elsewhere:
        lea = a_speaker(elsewhere, "/users/lea", type="Person")
        thing = show(elsewhere, written(a_thread_by(lea, place.uri, title="D’ailleurs")))
        hear(client, place, place.says("Announce", write.create(lea.new_uri("activities"), thing)))
        thread = Thread.objects.get(uri=thing["id"])
        assert thread.voice.hub == elsewhere.origin != thread.forum.hub
        assert elsewhere.netloc in client.get(thread.get_absolute_url()).content.decode()


def test_a_person_or_a_forum_that_is_renamed_is_renamed_here(client, place, jeanne):
    says_in_their_own(client, place, jeanne, a_thread_by(jeanne, place.uri))
    for speaker, name in ((jeanne, "Jeanne Dupont"), (place, "Alimentation et restauration")):
        speaker.show(name=name)
        hear(client, speaker, speaker.says("Update", speaker.uri))
    assert Voice.objects.get(actor_uri=jeanne.uri).name == "Jeanne Dupont"
    assert Forum.objects.get(uri=place.uri).title == "Alimentation et restauration"
