"""A new hub belongs to whoever reads its console."""

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from rtes_hub.accounts import first_run
from rtes_hub.accounts.models import FirstRun, User, identity
from tests.make import a_coordinator, an_administrator

pytestmark = pytest.mark.django_db

ANSWERS = {
    "hub_name": "Réseau d'essai",
    "full_name": "Ada Martin",
    "email": "Ada@example.org",
    "password": "une-phrase-longue-et-privee",
}


def printed_path():
    return first_run.link().removeprefix(settings.RTES.base_url)


def test_the_one_time_link_makes_the_administrator_and_signs_them_in(client):
    path = printed_path()
    assert client.get(path).status_code == 200
    answer = client.post(path, ANSWERS)
    user = User.objects.get()
    assert (user.email, user.is_administrator) == ("ada@example.org", True)
    assert client.session["_auth_user_id"] == str(user.pk)
    assert (answer.status_code, identity().name) == (302, "Réseau d'essai")


def test_the_link_works_once(client, django_user_model):
    path = printed_path()
    client.post(path, ANSWERS)
    client.logout()
    for answer in (client.get(path), client.post(path, ANSWERS | {"email": "autre@example.org"})):
        assert answer.status_code == 404
    assert django_user_model.objects.count() == 1


def test_of_two_claims_one_finds_nothing():
    token = printed_path().rstrip("/").rpartition("/")[2]
    person = {"full_name": "Ada", "password": "une-phrase-longue-et-privee", "language": "fr"}
    first_run.claim(token, email="ada@example.org", **person)
    with pytest.raises(PermissionDenied):
        first_run.claim(token, email="bob@example.org", **person)
    assert User.objects.count() == 1


@pytest.mark.parametrize("token", ["x", "a" * 43, "../", "%00"])
def test_a_passer_by_cannot_take_the_hub(client, token):
    printed_path()
    for answer in (client.get(f"/bienvenue/{token}/"), client.post(f"/bienvenue/{token}/", ANSWERS)):
        assert answer.status_code == 404
    assert not User.objects.exists()


def test_the_link_itself_is_kept_nowhere():
    token = printed_path().rstrip("/").rpartition("/")[2]
    assert token not in str(list(FirstRun.objects.values_list()))


def test_a_new_link_replaces_the_old_one(client):
    old, new = printed_path(), printed_path()
    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200


def test_a_weak_password_is_refused_with_everything_else_kept(client):
    path = printed_path()
    answer = client.post(path, ANSWERS | {"password": "motdepasse"})
    assert answer.status_code == 200
    assert answer.context["form"].errors["password"]
    assert "Ada Martin" in answer.content.decode()
    assert not User.objects.exists()
    assert client.get(path).status_code == 200


def test_the_home_page_leads_to_the_explanation_until_somebody_has_come(client):
    path = printed_path()
    assert client.get("/").url == reverse("welcome")
    assert client.get(reverse("welcome")).status_code == 200
    assert path not in client.get(reverse("welcome")).content.decode()
    client.post(path, ANSWERS)
    assert client.get("/").status_code == 200
    assert client.get(reverse("welcome")).url == "/"


def test_only_the_home_page_leads_there(client):
    printed_path()
    assert client.get(reverse("members")).status_code == 200


def test_a_hub_that_has_an_administrator_prints_no_link():
    a_coordinator()
    assert first_run.link() is not None
    an_administrator()
    assert first_run.link() is None
    assert not FirstRun.objects.exists()


def test_a_link_left_lying_is_dead_once_an_administrator_came_another_way(client):
    path = printed_path()
    an_administrator()
    assert client.get(path).status_code == 404
    assert client.get("/").status_code == 200


def test_a_hub_without_administrator_can_be_recovered_from_the_console():
    User.objects.filter(pk=an_administrator().pk).update(is_active=False)
    assert first_run.link() is not None
