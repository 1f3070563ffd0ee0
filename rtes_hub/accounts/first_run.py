"""The first administrator: whoever reads the console, not whoever passes by.

`link()` makes a one-time link and keeps its digest only; while it waits, the home page leads to an explanation.
"""

import hashlib
import secrets
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from rtes_hub.accounts import actions, rules
from rtes_hub.accounts.models import FirstRun, User


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def link() -> str | None:
    """A new one-time link to print on the console, replacing an older one. None when the hub has an administrator."""
    FirstRun.objects.all().delete()
    if rules.administrators().exists():
        return None
    token = secrets.token_urlsafe(32)
    FirstRun.objects.create(digest=_digest(token))
    return settings.RTES.base_url + reverse("first-run", args=[token])


def is_waiting() -> bool:
    return FirstRun.objects.exists() and not rules.administrators().exists()


def is_good(token: str) -> bool:
    return FirstRun.objects.filter(digest=_digest(token)).exists() and not rules.administrators().exists()


@transaction.atomic
def claim(token: str, *, email: str, full_name: str, password: str, language: str) -> User:
    """The first administrator. The link is destroyed first: of two claims at once, one finds nothing.

    Raises: PermissionDenied when the link is wrong, used, or no longer needed.
    """
    destroyed, _ = FirstRun.objects.filter(digest=_digest(token)).delete()
    if not destroyed or rules.administrators().exists():
        raise PermissionDenied
    return actions.invite(
        email, full_name=full_name, password=password, language=language, hub_role=User.HubRole.ADMINISTRATOR
    )


def middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Leads the home page to the explanation, only there, and asks the database only until somebody has come."""
    settled = False

    def lead(request: HttpRequest) -> HttpResponse:
        nonlocal settled
        if not settled and request.path == "/":
            if is_waiting():
                return redirect("welcome")
            settled = True
        return get_response(request)

    return lead
