"""Consent: asked once, before the first word that others will read, and kept with it or not at all."""

import pytest
from django.urls import reverse

from federation.models import Activity, Actor
from forums import actions
from forums.models import Post, Voice
from forums.problems import ConsentNeeded
from tests.make import a_forum, a_member, a_reader, a_speaker, a_thread
from tests.resources.programs import is_problem, send, signed

pytestmark = pytest.mark.django_db

TYPED = {"sort": "question", "title": "Quel seuil ?", "source": "Nous hésitons."}


def test_without_it_nothing_is_said_in_an_open_forum():
    with pytest.raises(ConsentNeeded):
        actions.start_thread(a_forum(), by=a_reader(), title="Quel seuil ?", source="Nous hésitons.")
    assert not Post.objects.exists()


def test_a_closed_forum_asks_nothing_and_makes_no_actor():
    a_thread(a_forum(access="closed"), by=a_reader())
    assert not Actor.objects.filter(type="Person").exists()


def test_the_form_says_what_is_shown_and_where_it_goes(client):
    client.force_login(a_reader(full_name="Claire Moreau", function="Vice-présidente"))
    page = client.get(reverse("thread-new", args=[a_forum().slug])).content.decode()
    for words in ("Before your first message", "Claire Moreau", "Vice-présidente", "Dijon Métropole", "I agree"):
        assert words in page
    assert "@example.org" not in page


def test_unticked_the_text_stays_and_nobody_is_known(client):
    user = a_reader()
    client.force_login(user)
    answer = client.post(reverse("thread-new", args=[a_forum().slug]), TYPED)
    assert answer.status_code == 400
    assert "Nous hésitons." in answer.content.decode()
    assert "Tick this box" in answer.content.decode()
    assert not Voice.objects.filter(user=user).exists()


def test_ticked_beside_a_mistake_it_is_not_kept(client):
    user = a_reader()
    client.force_login(user)
    sent = TYPED | {"consent": "on", "source": "x" * 20_001}
    assert client.post(reverse("thread-new", args=[a_forum().slug]), sent).status_code == 400
    assert not Voice.objects.filter(user=user, consented_at__isnull=False).exists()


def test_it_is_asked_once(client):
    user, forum = a_reader(), a_forum()
    client.force_login(user)
    assert client.post(reverse("thread-new", args=[forum.slug]), TYPED | {"consent": "on"}).status_code == 302
    assert "Before your first message" not in client.get(reverse("thread-new", args=[forum.slug])).content.decode()
    assert client.post(reverse("thread-new", args=[forum.slug]), TYPED | {"title": "Autre"}).status_code == 302


def test_the_actor_says_name_function_and_collectivite_and_follows_them():
    user = a_speaker(a_member(), full_name="Claire Moreau", function="Vice-présidente")
    actor = Actor.objects.get(uri=user.voice.actor_uri)
    assert (actor.name, actor.summary) == ("Claire Moreau", "<p>Vice-présidente, Dijon Métropole</p>")
    assert actor.facts == {"territory": "epci-242100410"}
    user.staffroles.update(function="Présidente")
    a_thread(by=user)
    actor.refresh_from_db()
    assert actor.summary == "<p>Présidente, Dijon Métropole</p>"


def test_a_handle_is_never_that_of_a_collectivite_nor_of_a_namesake():
    handles = [a_speaker(full_name=name).voice.handle for name in ("Dijon", "Camille Martin", "Camille Martin")]
    assert handles == ["dijon.1", "camille.martin", "camille.martin.2"]


def test_a_person_without_a_name_is_shown_by_function_never_by_address():
    user = a_reader(full_name="", function="Chargée de mission")
    user.full_name = ""
    user.save()
    voice = actions.consent(user)
    assert (voice.name, "@" in voice.name) == ("Chargée de mission", False)


def test_to_others_whoever_did_not_agree_is_nobody(client):
    user = a_reader()
    a_thread(a_forum(access="closed"), by=user)
    path = user.voice.get_absolute_url()
    assert client.get(path).status_code == 404
    actions.consent(user)
    assert client.get(path).status_code == 200


# Withdrawn --------------------------------------------------------------------------------------------------------


def test_withdrawn_nothing_more_leaves_and_what_was_said_stays(client):
    claire = a_speaker(full_name="Claire Moreau")
    thread = a_thread(by=claire)
    voice = Voice.objects.get(user=claire)
    client.force_login(claire)
    page = client.get(voice.get_absolute_url()).content.decode()
    assert "Withdraw my agreement" in page
    assert client.post(reverse("voice-withdraw", args=[voice.handle])).status_code == 302
    voice.refresh_from_db()
    assert (voice.consented_at, bool(voice.actor_uri)) == (None, True)
    assert Post.objects.standing().filter(voice=voice).count() == 1
    sent = Activity.objects.count()
    with pytest.raises(ConsentNeeded):
        actions.reply(thread, by=claire, source="Encore.")
    assert "Before your first message" in client.get(thread.get_absolute_url()).content.decode()
    assert Activity.objects.count() == sent
    assert (
        client.post(reverse("thread-reply", args=[thread.pk]), {"source": "Encore.", "consent": "on"}).status_code
        == 302
    )
    assert Voice.objects.get(pk=voice.pk).actor_uri == voice.actor_uri


def test_nobody_withdraws_that_of_another(client):
    voice = Voice.objects.get(user=a_speaker())
    where = reverse("voice-withdraw", args=[voice.handle])
    assert client.post(where).url.startswith("/compte/connexion/")
    client.force_login(a_speaker())
    assert client.post(where).status_code == 404
    assert Voice.objects.get(pk=voice.pk).consented_at is not None


def test_a_program_withdraws_it_too(client):
    claire = a_speaker()
    answer = send(client, "delete", "consent/", **signed(claire))
    assert (answer.status_code, answer.json()["agreed_at"]) == (200, None)
    is_problem(send(client, "delete", "consent/"), 401)
