"""Programs act with tokens: hashed, expiring, scoped, shown once."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from rtes_hub.accounts import actions
from rtes_hub.accounts.models import ApiToken
from rtes_hub.accounts.tokens import HasScope, TokenAuthentication
from rtes_hub.audit.models import Line
from tests.make import a_user, an_administrator

pytestmark = pytest.mark.django_db


class Echo(APIView):
    authentication_classes = [TokenAuthentication]
    permission_classes = [HasScope]

    def get(self, request):
        return Response(str(request.user))

    post = get


def knock(method="get", token=None):
    headers = {"HTTP_AUTHORIZATION": f"Token {token}"} if token is not None else {}
    return Echo.as_view()(getattr(APIRequestFactory(), method)("/", **headers))


@pytest.mark.parametrize(
    ("scopes", "method", "status"),
    [
        (["read"], "get", 200),
        (["read"], "post", 403),
        (["write"], "post", 200),
        (["write"], "get", 403),
        (["read", "write"], "get", 200),
        (["read", "write"], "post", 200),
    ],
)
def test_a_token_does_what_it_was_made_for(scopes, method, status):
    assert knock(method, actions.make_token(a_user(), name="essai", scopes=scopes)).status_code == status


def test_without_a_token_one_may_read_and_is_asked_for_one_to_write():
    assert knock("get").status_code == 200
    assert knock("post").status_code == 401


@pytest.mark.parametrize("token", ["rtes_inconnu", "", "\xff\xfe", "a" * 5000])
def test_what_is_not_a_token_is_refused(token):
    assert knock(token=token).status_code == 401


def test_only_the_digest_is_kept():
    token = actions.make_token(a_user(), name="essai", scopes=["read"])
    row = ApiToken.objects.get()
    assert token.startswith("rtes_")
    assert token not in str([getattr(row, field.attname) for field in row._meta.concrete_fields])


def test_an_expired_token_opens_nothing():
    token = actions.make_token(a_user(), name="essai", scopes=["read"], days=1)
    assert knock(token=token).status_code == 200
    ApiToken.objects.update(expiry=timezone.now() - timedelta(seconds=1))
    assert knock(token=token).status_code == 401


def test_a_deactivated_persons_token_opens_nothing_even_if_its_row_stayed():
    user = a_user()
    token = actions.make_token(user, name="essai", scopes=["read"])
    user.is_active = False
    user.save()
    assert knock(token=token).status_code == 401


def test_the_last_use_is_noted_without_a_write_at_each_reading(django_assert_num_queries):
    token = actions.make_token(a_user(), name="essai", scopes=["read"])
    knock(token=token)
    assert ApiToken.objects.get().last_used_at is not None
    with django_assert_num_queries(1):
        knock(token=token)


@pytest.mark.parametrize(
    "wrong", [{"scopes": []}, {"scopes": ["admin"]}, {"days": 0}, {"days": 366}], ids=lambda wrong: str(wrong)
)
def test_a_token_out_of_bounds_is_not_made(wrong):
    with pytest.raises(ValidationError):
        actions.make_token(a_user(), **{"name": "essai", "scopes": ["read"]} | wrong)
    assert not ApiToken.objects.exists()


def test_a_person_holds_a_bounded_number_of_tokens(monkeypatch):
    monkeypatch.setattr(actions, "MAX_TOKENS", 2)
    user = a_user()
    for name in ("un", "deux"):
        actions.make_token(user, name=name, scopes=["read"])
    with pytest.raises(ValidationError, match="2"):
        actions.make_token(user, name="trois", scopes=["read"])


def test_not_even_an_administrator_makes_a_token_for_another():
    with pytest.raises(PermissionDenied):
        actions.make_token(a_user(), name="essai", scopes=["read"], by=an_administrator())
    assert not ApiToken.objects.exists()


def test_the_page_shows_a_new_token_once(client):
    user = a_user()
    client.force_login(user)
    answer = client.post(reverse("tokens"), {"name": "Mon tableur", "scopes": ["read"], "days": 90})
    token = answer.context["made"]
    assert knock(token=token).data == str(user)
    assert token in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    again = client.get(reverse("tokens")).content.decode()
    assert "Mon tableur" in again
    assert token not in again


def test_the_page_keeps_what_was_typed_when_it_refuses(client):
    client.force_login(a_user())
    answer = client.post(reverse("tokens"), {"name": "Mon tableur", "scopes": ["read"], "days": 9999})
    assert "Mon tableur" in answer.content.decode()
    assert answer.context["form"].errors["days"]
    assert not ApiToken.objects.exists()


def test_a_token_is_revoked_by_its_owner_only(client):
    owner = a_user()
    token = actions.make_token(owner, name="essai", scopes=["read"])
    digest = ApiToken.objects.get().digest
    client.force_login(a_user())
    assert client.post(reverse("token-revoke"), {"token": digest}).status_code == 404
    assert knock(token=token).status_code == 200
    client.force_login(owner)
    assert client.post(reverse("token-revoke"), {"token": digest}).status_code == 302
    assert knock(token=token).status_code == 401
    assert Line.objects.filter(act="accounts.revoke_token", by=owner).exists()


def test_a_visitor_sees_no_tokens(client):
    assert client.get(reverse("tokens")).status_code == 302
