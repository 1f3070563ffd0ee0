"""People sign in with a password or a code; strangers learn nothing."""

import re

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse

from rtes_hub.accounts import actions
from rtes_hub.accounts.models import User, normal_email
from rtes_hub.audit.models import Line
from tests.make import a_coordinator, a_user, an_administrator

pytestmark = pytest.mark.django_db

PASSWORD = "une-phrase-longue-et-privee"


def sign_in(client, email, password=PASSWORD, **more):
    return client.post(reverse("account_login"), {"login": email, "password": password, **more})


def who(client):
    return client.session.get("_auth_user_id")


def test_a_person_signs_in_with_a_password_and_is_led_where_they_wanted_to_go(client):
    user = a_user(password=PASSWORD)
    answer = sign_in(client, user.email, next="/collectivites/")
    assert (answer.status_code, answer.url) == (302, "/collectivites/")
    assert who(client) == str(user.pk)


@pytest.mark.parametrize(
    "next_url",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "http:///evil.example"],
)
def test_nobody_is_led_away_after_signing_in(client, next_url):
    user = a_user(password=PASSWORD)
    assert sign_in(client, user.email, next=next_url).url == "/"


def test_the_language_of_the_person_is_that_of_the_pages_after_signing_in(client):
    user = a_user(password=PASSWORD, language="en")
    answer = sign_in(client, user.email)
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"


@pytest.mark.parametrize("typed", ["Marie.Dupont@Example.ORG", " marie.dupont@example.org "])
def test_an_address_has_one_spelling(client, typed):
    user = a_user("marie.dupont@example.org", password=PASSWORD)
    sign_in(client, typed)
    assert who(client) == str(user.pk)


def test_no_twin_can_be_made_of_an_address():
    user = actions.invite("marie@example.org")
    assert actions.invite("ＭＡＲＩＥ@example.org") == user
    assert User.objects.count() == 1


def test_a_look_alike_address_receives_nothing(client):
    a_user("marie@example.org")
    for page in ("account_request_login_code", "account_reset_password"):
        client.post(reverse(page), {"email": "ｍarie@example.org"})
    assert not mail.outbox


def test_a_signed_in_person_keeps_the_language_they_choose(client):
    user = a_user(language="fr")
    client.force_login(user)
    answer = client.post(reverse("set-language"), {"language": "en", "next": "https://evil.example/"})
    assert (answer.status_code, answer.url) == (302, "/")
    client.post(reverse("set-language"), {"language": "tlh"})
    user.refresh_from_db()
    assert user.language == "en"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client):
    user = a_user(password=PASSWORD)
    known = sign_in(client, user.email, "une-autre-phrase-longue")
    unknown = sign_in(client, "personne@nulle-part.example", "une-autre-phrase-longue")
    assert known.status_code == unknown.status_code == 200
    errors = [list(answer.context["form"].non_field_errors()) for answer in (known, unknown)]
    assert errors[0] == errors[1] != []


def test_guessing_is_stopped_even_when_the_last_guess_is_right(client):
    user = a_user(password=PASSWORD)
    for number in range(5):
        sign_in(client, user.email, f"essai-numero-{number}-assez-long")
    assert sign_in(client, user.email).status_code == 200
    assert who(client) is None


def test_a_code_sent_by_mail_signs_in_once(client):
    user = a_user(password=None)
    client.post(reverse("account_request_login_code"), {"email": user.email.upper()})
    [letter] = mail.outbox
    assert letter.to == [user.email]
    code = re.search(r"^    (\S+)$", letter.body, re.MULTILINE)[1]
    answer = client.post(reverse("account_confirm_login_code"), {"code": code})
    assert answer.status_code == 302
    assert who(client) == str(user.pk)
    client.logout()
    client.post(reverse("account_confirm_login_code"), {"code": code})
    assert who(client) is None


def test_a_wrong_code_does_not_sign_in(client):
    user = a_user()
    client.post(reverse("account_request_login_code"), {"email": user.email})
    answer = client.post(reverse("account_confirm_login_code"), {"code": "000-000"})
    assert answer.status_code == 200
    assert who(client) is None


@pytest.mark.parametrize("page", ["account_request_login_code", "account_reset_password"])
def test_asking_for_a_code_or_a_new_password_does_not_tell_who_has_an_account(page):
    user = a_user()
    answers = [Client().post(reverse(page), {"email": email}) for email in (user.email, "inconnu@example.org")]
    assert answers[0].status_code == answers[1].status_code == 302
    assert answers[0].url == answers[1].url
    assert [letter.to for letter in mail.outbox] == [[user.email], ["inconnu@example.org"]]


def test_a_new_password_is_chosen_through_the_link_which_is_on_our_own_address(client):
    user = a_user(password=PASSWORD)
    actions.make_token(user, name="essai", scopes=["read"])
    client.post(reverse("account_reset_password"), {"email": user.email}, HTTP_HOST="localhost")
    link = re.search(r"http\S+", mail.outbox[0].body)[0]
    assert link.startswith(settings.RTES.base_url + "/compte/")
    form = client.get(link.removeprefix(settings.RTES.base_url), follow=True)
    new = "encore-une-phrase-longue"
    client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    user.refresh_from_db()
    assert user.check_password(new)
    assert not user.auth_token_set.exists(), "a changed password revokes the tokens"
    assert client.get(link.removeprefix(settings.RTES.base_url), follow=True).context["token_fail"]


def test_nobody_can_open_an_account_by_themselves(client):
    answer = client.post(reverse("account_signup"), {"email": "moi@example.org", "password1": PASSWORD})
    assert answer.status_code == 200
    assert not User.objects.exists()


def test_a_deactivated_person_can_do_nothing_with_any_of_their_keys(client):
    user, by = a_user(password=PASSWORD), an_administrator()
    sign_in(client, user.email)
    actions.make_token(user, name="essai", scopes=["read"], by=user)
    actions.deactivate(user, by=by)
    assert client.get(reverse("tokens")).status_code == 302, "the session is over"
    assert not user.auth_token_set.exists()
    stranger = Client()
    sign_in(stranger, user.email)
    assert who(stranger) is None
    stranger.post(reverse("account_request_login_code"), {"email": user.email})
    assert [letter.to for letter in mail.outbox] == [[user.email]]
    assert "code" not in mail.outbox[0].subject
    assert Line.objects.filter(act="accounts.deactivate", by=by).count() == 1


def test_sessions_of_a_deactivated_person_stay_dead_when_they_are_active_again(client):
    user = a_user(password=PASSWORD)
    sign_in(client, user.email)
    actions.deactivate(user, by=None)
    User.objects.filter(pk=user.pk).update(is_active=True)
    assert client.get(reverse("tokens")).status_code == 302


#: Every way to be an administrator no longer.
WAYS_OUT = {
    "deactivated": lambda user, by: actions.deactivate(user, by=by),
    "made a coordinator": lambda user, by: actions.invite(user.email, hub_role="coordinator", by=by),
}


@pytest.mark.parametrize("way", WAYS_OUT)
@pytest.mark.parametrize("operator", [True, False])
def test_the_last_administrator_stays_one(way, operator):
    last = an_administrator()
    actions.deactivate(an_administrator(), by=last)
    before = Line.objects.count()
    with pytest.raises(actions.ValidationError, match="administr"):
        WAYS_OUT[way](last, None if operator else last)
    last.refresh_from_db()
    assert (last.is_active, last.hub_role) == (True, "administrator")
    assert Line.objects.count() == before


@pytest.mark.parametrize("way", WAYS_OUT)
def test_one_of_two_administrators_may_go(way):
    an_administrator()
    user = an_administrator()
    WAYS_OUT[way](user, None)
    assert not User.objects.get(pk=user.pk).is_administrator or way == "deactivated"


@pytest.mark.parametrize(
    ("maker", "hub_role", "allowed"),
    [
        (an_administrator, "administrator", True),
        (an_administrator, "coordinator", True),
        (a_coordinator, "", True),
        (a_coordinator, "coordinator", False),
        (a_coordinator, "administrator", False),
        (a_user, "", False),
    ],
)
def test_who_may_invite_and_with_which_role(maker, hub_role, allowed):
    by = maker()
    if allowed:
        assert actions.invite("nouvelle@example.org", hub_role=hub_role, by=by).hub_role == hub_role
        return
    with pytest.raises(actions.PermissionDenied):
        actions.invite("nouvelle@example.org", hub_role=hub_role, by=by)
    assert not User.objects.filter(email="nouvelle@example.org").exists()


def test_inviting_somebody_who_is_here_changes_neither_name_nor_password():
    user = a_user(full_name="Marie Dupont", password=PASSWORD)
    actions.invite(user.email, full_name="Un Autre Nom", by=an_administrator())
    with pytest.raises(actions.PermissionDenied):
        actions.invite(user.email, password="un-mot-de-passe-impose", by=an_administrator())
    user.refresh_from_db()
    assert user.full_name == "Marie Dupont"
    assert user.check_password(PASSWORD)


@pytest.mark.parametrize("address", ["Élodie@Example.org", "  a@b.fr", "ＡＢＣ@example.org", "straße@example.org"])
def test_a_normal_address_is_left_as_it_is(address):
    assert normal_email(normal_email(address)) == normal_email(address)
