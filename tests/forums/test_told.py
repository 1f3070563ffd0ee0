"""Who is told of a message: each once, for the best reason, and never of what they may not read."""

from dataclasses import replace

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forums import actions, writing
from forums import told as told_of
from forums.models import Thread
from rtes_hub.notices import actions as notices
from rtes_hub.notices import digests, letters, registry
from rtes_hub.notices.models import Letter, Notice, Watch
from tests.forums.wire import a_thread_by, says
from tests.make import a_coordinator, a_forum, a_post, a_question, a_reader, a_speaker, a_thread, a_user

pytestmark = pytest.mark.django_db


def told(user) -> list[str]:
    return list(Notice.objects.filter(user=user).order_by("pk").values_list("topic", flat=True))


def test_who_asked_is_told_of_the_answer_with_its_text():
    asker = a_speaker()
    post = a_post(a_question(by=asker), source="Chez nous, **le lot 2**.")
    notice = Notice.objects.get(user=asker)
    assert (notice.topic, notice.text, notice.path) == ("answer", "Chez nous, le lot 2.", post.get_absolute_url())
    assert notice.group == post.thread.forum.title


def test_who_is_answered_under_is_told_and_who_asked_as_a_follower():
    asker, helper = a_speaker(), a_speaker()
    thread = a_thread(by=asker)
    answer = a_post(thread, by=helper)
    a_post(thread, parent=answer, source="Et après ?")
    assert told(helper) == ["answer"]
    assert told(asker) == ["answer", "followed"]


def test_nobody_is_told_of_their_own_words():
    asker = a_speaker()
    thread = a_thread(by=asker)
    a_post(thread, by=asker)
    assert told(asker) == []


def test_called_answered_and_following_is_told_once():
    nadia = a_speaker(full_name="Nadia Benali")
    thread = a_thread(by=nadia)
    a_post(thread, source="@nadia.benali, voici.")
    assert told(nadia) == ["answer"]


@pytest.mark.parametrize("target", ["forum:{forum}", "theme:commande-publique", "territory:epci-242100410"])
def test_new_discussions_are_news_to_those_who_follow_what_they_are_of(target):
    forum, follower = a_forum(theme="commande-publique"), a_reader()
    notices.watch(follower, target.format(forum=forum.uri), "Ce que je suis")
    thread = a_question(forum)
    a_post(thread)
    assert told(follower) == ["followed"]


def test_writing_follows_and_one_may_stop():
    writer = a_speaker()
    thread = a_thread(by=writer)
    assert notices.is_watching(writer, f"thread:{thread.uri}")
    actions.follow(thread, by=writer, following=False)
    assert not Watch.objects.exists()


def test_of_a_closed_forum_those_outside_are_told_nothing():
    forum = a_forum(access="closed", theme="commande-publique")
    outsider = a_user()
    notices.watch(outsider, "theme:commande-publique", "Commande publique")
    thread = a_thread(forum, by=a_reader())
    assert told(outsider) == []
    abouts = [f"post:{thread.uri}", f"thread:{thread.uri}", f"forum:{forum.uri}"]
    assert registry.visible(outsider, abouts) == set()
    assert registry.visible(a_reader(), abouts) == set(abouts)


def test_no_word_of_a_deleted_message_stays_with_those_who_were_told():
    asker = a_speaker()
    post = a_post(a_thread(by=asker), source="À oublier.")
    actions.delete(post, by=post.voice.user)
    assert told(asker) == []


def test_the_author_of_a_removed_message_is_told_why():
    post = a_post()
    actions.delete(post, by=a_coordinator(), reason="Publicité.")
    assert Notice.objects.get(user=post.voice.user, key__startswith="removed:").text == "Publicité."


def test_what_its_author_took_out_of_a_message_is_in_no_letter(mailoutbox):
    """The weekly digest is written after the change: it says what the message says now, and only once."""
    asker = a_speaker()
    thread = a_thread(by=asker)
    with time_machine.travel("2026-07-14T10:00:00Z", tick=False):
        post = a_post(thread, source="Appelez Mme Secrète au plus vite.")
        actions.edit(post, by=post.voice.user, source="Appelez le standard.")
    (notice,) = Notice.objects.filter(user=asker)
    assert notice.text == "Appelez le standard."
    with time_machine.travel("2026-07-20T06:00:00Z", tick=False):
        digests.leave()
        letters.turn()
    (mail,) = [one for one in mailoutbox if asker.email in one.to]
    assert "Appelez le standard." in mail.body
    assert "Secrète" not in mail.body + str(mail.alternatives)


def test_what_another_hub_took_out_of_a_message_is_in_no_notice():
    asker = a_speaker()
    post = a_post(a_thread(by=asker), source="Un mot de trop.")
    told_before = Notice.objects.count()
    writing.revise(post, title="", version=2, edited_at=timezone.now(), html="<p>Un mot.</p>", source="")
    told_of.of_edit(post, [])
    assert (Notice.objects.get(user=asker).text, Notice.objects.count()) == ("Un mot.", told_before)


@pytest.mark.parametrize("frequency", ["weekly", "now"])
def test_telling_thirty_asks_no_more_of_the_database_than_telling_three(frequency):
    counts = []
    for many in (3, 30):
        thread = a_thread()
        for _ in range(many):
            reader = a_reader()
            notices.watch(reader, f"thread:{thread.uri}", "Suivi")
            notices.prefer(reader, {"followed": frequency})
        writer = thread.voice.user
        with CaptureQueriesContext(connection) as asked:
            actions.reply(thread, by=writer, source="À tous.")
        counts.append(len(asked))
        assert Notice.objects.filter(text="À tous.", about__startswith="post:").count() >= many
        assert Letter.objects.count() == (0 if frequency == "weekly" else sum((3, 30)[: len(counts)]))
    assert counts[0] == counts[1]


def test_a_title_that_was_changed_is_changed_in_what_was_told_of_its_answers(client, hub, jeanne):
    """Ours by its page, another hub's by its Update."""
    asker = a_speaker()
    ours = a_thread(by=asker, title="Litige avec Mme Secrète")
    a_post(ours, source="Oui.")
    theirs = a_thread_by(jeanne, ours.forum.uri, title="Litige avec M. Caché")
    says(client, jeanne, theirs)
    reader = a_speaker()
    actions.follow(Thread.objects.get(uri=theirs.uri), by=reader)
    a_post(Thread.objects.get(uri=theirs.uri), source="Et alors ?")
    actions.edit(ours.posts.get(is_first=True), by=asker, source="Texte.", title="Un litige")
    says(client, jeanne, replace(theirs, title="Un autre litige", body="<p>Texte.</p>", version=2))
    titles = " ".join(Notice.objects.values_list("title", flat=True))
    assert "Un litige" in titles
    assert "Un autre litige" in titles
    assert "Secrète" not in titles
    assert "Caché" not in titles
