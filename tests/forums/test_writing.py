"""Writing: nothing typed is lost, whatever happens to the session, the discussion or the text."""

import pytest
from django.urls import reverse

from forums import actions
from forums.models import Post, Thread
from tests.make import a_coordinator, a_forum, a_member, a_post, a_question, a_speaker, a_thread
from tests.returning import session_ended

pytestmark = pytest.mark.django_db

TYPED = {"sort": "question", "title": "Quel seuil ?", "source": "Nous hésitons *beaucoup*."}


@pytest.fixture
def speaker(client):
    user = a_speaker()
    client.force_login(user)
    return user


def test_a_question_carries_the_territory_of_who_asks(client, speaker):
    a_member()
    path = reverse("thread-new", args=[a_forum().slug])
    assert "Dijon Métropole (métropole, 261,178 inhabitants" in client.get(path).content.decode()
    page = client.post(path, TYPED, follow=True).content.decode()
    assert "<em>beaucoup</em>" in page
    assert "Dijon Métropole (métropole, 261,178 inhabitants" in page
    assert Thread.objects.get().state == "open"


def test_a_discussion_carries_none(client, speaker):
    client.post(reverse("thread-new", args=[a_forum().slug]), TYPED | {"sort": "talk"})
    assert Thread.objects.get().territory is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": ""}, "Give it a title"),
        ({"title": "x" * 201}, "more than 200 characters"),
        ({"source": "   "}, "Write your message"),
        ({"source": "x" * 20_001}, "has 20001 characters; the most is 20000"),
    ],
)
def test_a_mistake_is_named_with_its_limit_and_the_rest_stays(client, speaker, change, words):
    sent = TYPED | change
    answer = client.post(reverse("thread-new", args=[a_forum().slug]), sent)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert words in page
    assert sent["title"][:150] in page
    assert sent["source"].strip()[:1000] in page
    assert not Thread.objects.exists()


@pytest.mark.parametrize("name", ["thread-new", "thread-reply", "post-edit"])
def test_what_is_sent_after_the_session_ended_comes_back_after_signing_in(client, name):
    user = a_speaker()
    thread = a_thread(by=user)
    path = reverse(name, args={"thread-new": [thread.forum.slug]}.get(name, [thread.pk]))
    path = reverse(name, args=[thread.posts.get().pk]) if name == "post-edit" else path
    session_ended(client)
    answer = client.post(path, TYPED)
    assert answer.status_code == 302
    assert "/compte/connexion/" in answer.url
    session = dict(client.session)
    client.force_login(user)
    kept = client.session
    kept.update({"stash": session["stash"]})
    kept.save()
    page = client.get(path).content.decode()
    assert "Nous hésitons *beaucoup*." in page
    assert "Your session had ended" in page


def test_a_discussion_locked_meanwhile_says_so_and_keeps_the_text(client, speaker):
    thread = a_thread()
    actions.lock(thread, by=None)
    answer = client.post(reverse("thread-reply", args=[thread.pk]), {"source": "Trop tard ?"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "closed to new messages" in page
    assert "Trop tard ?" in page


def test_a_button_pressed_twice_says_it_once(client, speaker):
    thread = a_thread()
    for _ in range(2):
        client.post(reverse("thread-reply", args=[thread.pk]), {"source": "Une fois."})
        client.post(reverse("thread-new", args=[thread.forum.slug]), TYPED)
    assert Post.objects.filter(source="Une fois.").count() == 1
    assert Thread.objects.filter(title="Quel seuil ?").count() == 1


def test_quoting_needs_no_javascript(client, speaker):
    post = a_post(source="Première ligne\n\nSeconde")
    link = f"{reverse('thread-reply', args=[post.thread_id])}?parent={post.pk}&citer"
    assert link.replace("&", "&amp;") in client.get(post.thread.get_absolute_url()).content.decode()
    assert "&gt; Première ligne\n&gt;\n&gt; Seconde\n" in client.get(link).content.decode()


def test_an_answer_stands_under_what_it_answers(client, speaker):
    answer, later = a_post(), None
    later = a_post(answer.thread)
    client.post(reverse("thread-reply", args=[answer.thread_id]), {"source": "Sous la première.", "parent": answer.pk})
    order = list(answer.thread.posts.in_reading_order().values_list("source", flat=True))
    assert order.index("Sous la première.") < order.index(later.source, order.index(answer.source) + 1)


def test_a_changed_message_keeps_its_history(client, speaker):
    thread = a_thread(by=speaker, title="Ancien titre", source="Ancien texte")
    post = thread.posts.get()
    client.post(reverse("post-edit", args=[post.pk]), {"title": "Nouveau titre", "source": "Nouveau texte"})
    page = client.get(reverse("post-history", args=[post.pk])).content.decode()
    for words in ("Ancien titre", "Ancien texte", "Nouveau texte"):
        assert words in page
    post.refresh_from_db()
    assert (post.version, post.thread.title) == (2, "Nouveau titre")


def test_a_deleted_message_leaves_a_line_and_no_word(client, speaker):
    post = a_post(by=speaker, source="à oublier")
    actions.edit(post, by=speaker, source="à oublier vite")
    client.post(reverse("post-delete", args=[post.pk]))
    page = client.get(post.thread.get_absolute_url()).content.decode()
    assert "Message deleted by its author" in page
    assert "oublier" not in page
    assert client.get(reverse("post-history", args=[post.pk])).status_code == 404
    post.refresh_from_db()
    assert not (post.source or post.html or post.revisions.exists())


def test_the_first_message_deleted_leaves_the_answers_under_no_title(client, speaker):
    thread = a_thread(by=speaker, title="Titre à oublier")
    answer = a_post(thread)
    client.post(reverse("post-delete", args=[thread.posts.get(is_first=True).pk]))
    page = client.get(answer.thread.get_absolute_url(), follow=True).content.decode()
    assert "Titre à oublier" not in page
    assert "réservé" in page


def test_an_answer_is_validated_and_taken_back_by_who_asked(client, speaker):
    question = a_question(by=speaker)
    answer = a_post(question)
    path = reverse("post-validate", args=[answer.pk])
    states = []
    for act in ("take", "undo"):
        client.post(path, {"act": act})
        question.refresh_from_db()
        states.append(question.state)
    assert states == ["validated", "answered"]


def test_a_question_whose_validated_answer_is_deleted_is_only_answered():
    question = a_question()
    answer, _other = a_post(question), a_post(question, source="Autre chose.")
    actions.validate(question, answer, by=question.voice.user)
    actions.delete(answer, by=answer.voice.user)
    question.refresh_from_db()
    assert question.state == "answered"


def test_a_title_that_is_the_word_of_an_act_stays_readable(client, speaker):
    thread = a_thread(title="Verrouiller")
    assert client.get(thread.get_absolute_url()).status_code == 200


def test_a_forum_is_opened_described_closed_and_opened_again(client):
    client.force_login(a_coordinator())
    path = reverse("forum-open")
    assert "at most 100" in client.post(path, {"title": "x" * 101, "access": "open"}).content.decode()
    client.post(path, {"title": "Achats", "access": "open", "theme": "commande-publique", "description": "Pour tous."})
    page = client.get("/forums/achats/").content.decode()
    assert "Pour tous." in page
    client.post("/forums/achats/modifier/", {"title": "Achats durables", "description": "", "theme": ""})
    client.post("/forums/achats/fermer/", {"act": "close"})
    page = client.get("/forums/achats/").content.decode()
    assert "Achats durables" in page
    assert "nothing more is written in it" in page
    client.post("/forums/achats/fermer/", {"act": "reopen"})
    assert "nothing more is written in it" not in client.get("/forums/achats/").content.decode()
