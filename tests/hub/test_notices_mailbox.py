"""The mail box of a development hub: all of its mail, and nowhere else."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.urls import reverse

from rtes_hub.notices import letters, mailbox
from tests.hub.telling import shut_out, tell, wants
from tests.make import a_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shut_out")]
__all__ = ["shut_out"]


@pytest.fixture
def person():
    return a_user("camille@example.org")


@pytest.fixture
def folder(settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    return tmp_path


def test_the_mail_box_shows_every_letter_of_a_development_hub(client, person, folder, settings):
    settings.RTES = replace(settings.RTES, name="development")
    wants(person, "now")
    tell(person, title="Première <b>nouvelle</b>")
    tell(person, key="answer:2", title="Seconde nouvelle")
    letters.turn()
    client.post(reverse("account_request_login_code"), {"email": person.email})
    listed = client.get(reverse("mailbox")).content.decode()
    assert listed.count("<td>camille@example.org</td>") == 3
    assert "Première &lt;b&gt;nouvelle" in listed
    (shown, html) = (
        client.get(reverse(name, args=[next(m.key for m in mailbox._mails() if "Première" in m.subject)]))
        for name in ("mailbox-letter", "mailbox-letter-html")
    )
    assert "Oui, nous l’avons fait." in shown.content.decode()
    assert "List-Unsubscribe" in shown.content.decode()
    assert "&lt;b&gt;nouvelle" in html.content.decode()
    assert "script-src 'self'" in html["Content-Security-Policy"]
    assert client.get(reverse("mailbox"), {"to": "nobody@"}).content.decode().count("<td>") == 0


@pytest.mark.parametrize("name", ["production", "test"])
def test_there_is_no_mail_box_elsewhere(client, person, folder, settings, name):
    wants(person, "now")
    tell(person)
    letters.turn()
    key = mailbox._mails()[0].key
    settings.RTES = replace(settings.RTES, name=name)
    client.force_login(person)
    assert client.get(reverse("mailbox")).status_code == 404
    assert client.get(reverse("mailbox-letter", args=[key])).status_code == 404
    assert client.get(reverse("mailbox-letter-html", args=[key])).status_code == 404


def test_the_mail_box_reads_its_folder_only(client, folder, settings):
    settings.RTES = replace(settings.RTES, name="development")
    (Path(folder).parent / "secret.log").write_text("Subject: secret\n\nx")
    for key in ("..-secret-0", "secret-0", "-0"):
        assert client.get(f"/boite-aux-lettres/{key}/").status_code == 404


def test_a_hub_that_hands_its_mail_to_a_server_says_so(client, settings):
    settings.RTES = replace(settings.RTES, name="development")
    settings.EMAIL_FILE_PATH = ""
    assert "mail server" in client.get(reverse("mailbox"), headers={"accept-language": "en"}).content.decode()
