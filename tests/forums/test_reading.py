"""Lists and discussions as people read them: what is new, page after page, at a cost that does not grow."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forums import actions, pages
from forums.models import Post, Seen, Thread, Visit
from rtes_hub.notices import actions as notices
from tests.make import a_forum, a_post, a_question, a_reader, a_remote_forum, a_speaker, a_thread

pytestmark = pytest.mark.django_db


def many_threads(forum, count: int) -> None:
    """The last one made is the oldest."""
    voice = a_speaker().voice
    now = timezone.now().replace(microsecond=0)
    Thread.objects.bulk_create(
        Thread(
            uri=f"https://hub.example/{forum.pk}/{n}",
            forum=forum,
            voice=voice,
            title=f"Discussion {n}",
            slug=f"discussion-{n}",
            last_post_at=now - timedelta(minutes=n // 2),  # two by two at the same moment
            news_at=now - timedelta(minutes=n // 2),
            post_count=1,
        )
        for n in range(count)
    )


def many_posts(thread, count: int) -> list[Post]:
    first, now = thread.posts.get(is_first=True), timezone.now().replace(microsecond=0)
    said = [
        Post(
            uri=f"https://hub.example/p/{thread.pk}/{n}",
            thread=thread,
            voice=first.voice,
            parent=first,
            html=f"<p>Réponse {n}</p>",
            written_at=now + timedelta(seconds=n // 2),
            branch_at=now + timedelta(seconds=n // 2),
        )
        for n in range(count)
    ]
    made = Post.objects.bulk_create(said)
    for post in made:
        post.branch = post.pk
    Post.objects.bulk_update(made, ["branch"])
    Thread.objects.filter(pk=thread.pk).update(post_count=count + 1)
    return made


def cost(client, path: str) -> int:
    client.get(path)  # the first look writes what was seen
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
        return len(asked.captured_queries)


# Pages ------------------------------------------------------------------------------------------------------------


def test_a_list_is_read_to_its_end_without_a_gap_nor_a_repeat(client):
    forum = a_forum()
    many_threads(forum, 47)
    seen, path = [], forum.get_absolute_url()
    while path:
        page = client.get(path).context["page"]
        seen += [thread.title for thread in page.threads]
        path = f"{forum.get_absolute_url()}?apres={page.next}" if page.next else ""
    assert sorted(seen) == sorted(f"Discussion {n}" for n in range(47))
    assert len(seen) == 47


def test_what_is_written_meanwhile_shifts_no_page(client):
    forum = a_forum()
    many_threads(forum, 30)
    first = client.get(forum.get_absolute_url()).context["page"]
    a_thread(forum)
    second = client.get(f"{forum.get_absolute_url()}?apres={first.next}").context["page"]
    assert not {thread.pk for thread in first.threads} & {thread.pk for thread in second.threads}
    assert len(second.threads) == 10


@pytest.mark.parametrize("mark", ["x", "1-", "-1", "9" * 30 + "-1", "1-" + "9" * 30])
def test_a_mark_that_is_none_is_the_first_page(client, mark):
    forum = a_forum()
    many_threads(forum, 3)
    assert len(client.get(f"{forum.get_absolute_url()}?apres={mark}").context["page"].threads) == 3


def test_pinned_ones_come_first_and_once(client):
    forum = a_forum()
    many_threads(forum, 25)
    last = Thread.objects.get(title="Discussion 24")
    actions.pin(last, by=None)
    page = client.get(forum.get_absolute_url())
    assert [thread.pk for thread in page.context["pinned"]] == [last.pk]
    rest = client.get(f"{forum.get_absolute_url()}?apres={page.context['page'].next}").context
    assert last not in [*page.context["page"].threads, *rest["page"].threads, *rest["pinned"]]


def test_a_discussion_is_read_to_its_end_and_back(client):
    thread = a_thread()
    said = [post.pk for post in many_posts(thread, 120)]
    path, seen = thread.get_absolute_url(), []
    while path:
        page = client.get(path).context["page"]
        seen += [post.pk for post in page.posts]
        path = f"{thread.get_absolute_url()}?de={page.next}" if page.next else ""
    assert seen == said
    last = client.get(thread.get_absolute_url() + "?fin").context["page"]
    assert [post.pk for post in last.posts] == said[-50:]
    before = client.get(f"{thread.get_absolute_url()}?de={last.previous}").context["page"]
    assert [post.pk for post in before.posts] == said[20:70]
    assert before.previous == 0


def test_the_address_of_a_message_shows_it(client):
    thread = a_thread()
    post = many_posts(thread, 80)[70]
    answer = client.get(f"/messages/{post.pk}/", follow=True)
    assert f'id="message-{post.pk}"' in answer.content.decode()


@pytest.mark.parametrize("name", ["list", "thread", "forums"])
@pytest.mark.parametrize("who", ["visitor", "member"])
def test_a_page_costs_the_same_however_much_there_is(client, name, who):
    if who == "member":
        client.force_login(a_speaker())
    forum = a_forum()
    thread = a_question(forum, by=a_speaker())
    actions.validate(thread, a_post(thread), by=None)
    path = {"list": forum.get_absolute_url(), "thread": thread.get_absolute_url(), "forums": "/forums/"}[name]
    few = cost(client, path)
    many_threads(forum, 60)
    many_posts(thread, 60)
    for _ in range(5):
        a_thread(a_forum())
    a_thread(a_remote_forum())
    assert cost(client, path) <= few + 1  # one more question: is there a page before this one?
    assert cost(client, path) <= 20


# Narrowing --------------------------------------------------------------------------------------------------------


def test_filters_show_what_they_say(client):
    forum, me = a_forum(), a_speaker()
    other = a_speaker()
    mine = a_thread(forum, by=me, title="La mienne")
    answered = a_question(forum, by=other, title="Répondue")
    a_post(answered, by=me)
    followed = a_thread(forum, by=other, title="Suivie")
    open_one = a_question(forum, by=other, title="Sans réponse")
    actions.follow(followed, by=me)
    actions.follow(mine, by=me, following=False)
    actions.follow(answered, by=me, following=False)
    client.force_login(me)

    def listed(only: str) -> set[str]:
        return {one.title for one in client.get(forum.get_absolute_url(), {"filtre": only}).context["page"].threads}

    assert listed("sans-reponse") == {open_one.title}
    assert listed("mes-discussions") == {mine.title, answered.title}
    assert listed("suivies") == {followed.title}
    assert listed("n-importe-quoi") == {mine.title, answered.title, followed.title, open_one.title}


def test_questions_without_an_answer_come_first_to_those_who_follow_the_theme(client):
    forum, helper = a_forum(theme="commande-publique"), a_speaker()
    waiting = a_question(forum, title="Qui sait ?")
    many_threads(forum, 30)
    Thread.objects.filter(pk=waiting.pk).update(last_post_at=timezone.now() - timedelta(days=30))
    client.force_login(helper)
    assert client.get(forum.get_absolute_url()).context["waiting"] == []
    notices.watch(helper, "theme:commande-publique", "Commande publique")
    assert client.get(forum.get_absolute_url()).context["waiting"] == [waiting]
    assert client.get("/forums/").context["waiting"] == [waiting]
    a_post(waiting)
    assert client.get(forum.get_absolute_url()).context["waiting"] == []


# What is new ------------------------------------------------------------------------------------------------------


def test_what_came_before_the_first_visit_is_not_new(client):
    thread = a_thread()
    client.force_login(a_reader())
    assert client.get("/forums/").context["unread"] == 0
    assert client.get(thread.forum.get_absolute_url()).context["unread"] == set()


def test_an_answer_makes_a_discussion_new_until_it_is_read(client):
    thread, reader = a_thread(), a_reader()
    client.force_login(reader)
    client.get("/forums/")
    a_post(thread)
    assert client.get("/forums/").context["unread"] == 1
    assert client.get(thread.forum.get_absolute_url()).context["unread"] == {thread.pk}
    page = client.get(thread.get_absolute_url())
    assert len(page.context["new"]) == 1
    assert client.get("/forums/").context["unread"] == 0
    assert client.get(thread.get_absolute_url()).context["new"] == set()


def test_ones_own_words_are_never_new_to_oneself(client):
    me = a_speaker()
    client.force_login(me)
    client.get("/forums/")
    thread = a_thread(by=me)
    a_post(thread, by=me)
    assert client.get("/forums/").context["unread"] == 0


def test_one_is_led_to_the_first_new_message_pages_away(client):
    reader, thread = a_reader(), a_thread()
    client.force_login(reader)
    client.get("/forums/")
    many_posts(thread, 60)
    Post.objects.filter(thread=thread).update(came_at=timezone.now() - timedelta(days=1))
    client.get(thread.get_absolute_url())
    new = a_post(thread)
    Post.objects.filter(pk=new.pk).update(branch_at=timezone.now() + timedelta(hours=1))
    page = client.get(thread.get_absolute_url())
    assert page.context["first_unread"] == new
    there = client.get(new.get_absolute_url())
    assert new in there.context["page"].posts


def test_everything_is_marked_as_read_in_one_forum_or_in_all(client):
    reader, one, two = a_reader(), a_thread(), a_thread()
    client.force_login(reader)
    client.get("/forums/")
    a_post(one)
    a_post(two)
    client.post(f"/forums/{one.forum.slug}/lu/")
    assert client.get("/forums/").context["unread"] == 1
    client.post("/forums/lu/")
    assert client.get("/forums/").context["unread"] == 0
    a_post(one, source="Encore autre chose.")
    assert client.get("/forums/").context["unread"] == 1


def test_since_the_last_visit_is_since_one_left(client):
    reader, now = a_reader(), timezone.now()
    client.force_login(reader)
    with time_machine.travel(now - timedelta(days=2), tick=False):
        assert client.get("/forums/").context["is_first_visit"]
    with time_machine.travel(now - timedelta(days=1), tick=False):
        thread = a_thread()
    with time_machine.travel(now, tick=False):
        assert client.get("/forums/").context["news"] == [thread]
    with time_machine.travel(now + timedelta(minutes=5), tick=False):
        assert client.get("/forums/").context["news"] == [thread]  # the same visit still
    with time_machine.travel(now + timedelta(hours=3), tick=False):
        assert client.get("/forums/").context["news"] == []


def test_visitors_leave_no_trace(client):
    thread = a_thread()
    before = (Seen.objects.count(), Visit.objects.count())
    client.get("/forums/")
    client.get(thread.get_absolute_url())
    assert (Seen.objects.count(), Visit.objects.count()) == before


def test_counting_stops(client, monkeypatch):
    monkeypatch.setattr("forums.reading.MAX_UNREAD", 3)
    reader, forum = a_reader(), a_forum()
    client.force_login(reader)
    with time_machine.travel(timezone.now() - timedelta(days=1)):
        client.get("/forums/")
    many_threads(forum, 8)
    context = client.get("/forums/").context
    assert (context["unread"], context["is_more"]) == (3, True)


def test_marks_go_there_and_back():
    thread = a_thread()
    assert pages._place(pages.mark_of(thread)) == (thread.last_post_at, thread.pk)
