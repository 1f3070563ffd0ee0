"""Keeping somebody from writing for a while: by a coordinator, with a reason, and told."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from forums import actions
from forums.problems import NotPossible
from rtes_hub.notices import registry
from rtes_hub.notices.models import Notice
from tests.make import a_coordinator, a_post, a_reader, a_speaker, a_thread

pytestmark = pytest.mark.django_db


def test_a_barred_person_writes_nothing_reads_everything_and_takes_back_their_own(client):
    person = a_speaker()
    thread = a_thread(by=person)
    actions.bar(person.voice, days=7, reason="Publicité répétée.", by=a_coordinator())
    with pytest.raises(NotPossible, match="decision of the moderators"):
        actions.reply(thread, by=person, source="Encore.")
    client.force_login(person)
    assert "decision of the moderators" in client.get(thread.get_absolute_url()).content.decode()
    actions.delete(thread.posts.get(), by=person)


def test_the_person_is_told_why_and_nobody_else():
    person = a_speaker()
    actions.bar(person.voice, days=7, reason="Publicité répétée.", by=None)
    notice = Notice.objects.get()
    assert (notice.user, notice.text) == (person, "Publicité répétée.")
    assert registry.visible(person, [notice.about])
    assert not registry.visible(a_reader(), [notice.about])


@pytest.mark.parametrize("sent", [{"days": "7", "reason": ""}, {"days": "9999", "reason": "x"}, {}])
def test_it_takes_a_reason_and_an_end(client, sent):
    person = a_speaker()
    client.force_login(a_coordinator())
    answer = client.post(reverse("voice-bar", args=[person.voice.handle]), sent)
    assert answer.status_code == 400
    person.voice.refresh_from_db()
    assert not person.voice.is_barred


def test_from_its_page_and_back(client):
    person = a_speaker()
    post = a_post(by=person)
    client.force_login(a_coordinator())
    path = reverse("voice-bar", args=[person.voice.handle])
    client.post(path, {"days": "30", "reason": "Hors charte."})
    assert "May not write in the forums until" in client.get(person.voice.get_absolute_url()).content.decode()
    client.post(path, {"act": "undo"})
    actions.reply(post.thread, by=person, source="Me revoici.")


def test_only_coordinators_and_never_oneself(client):
    person, coordinator = a_speaker(), a_coordinator()
    own = actions.consent(coordinator)
    for by, voice in ((a_speaker(), person.voice), (coordinator, own)):
        with pytest.raises(PermissionDenied):
            actions.bar(voice, days=7, reason="x", by=by)
    client.force_login(a_reader())
    sent = {"days": "7", "reason": "x"}
    assert client.post(reverse("voice-bar", args=[person.voice.handle]), sent).status_code == 403
