"""« Fédération »: how the exchange goes with each server, and what can be done about it."""

from collections.abc import Callable
from functools import wraps
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from federation.models import Peer
from federation.operating import actions, check, state
from rtes_hub.accounts import rules
from rtes_hub.accounts.models import User

View = Callable[..., HttpResponse]


def for_operators(view: View) -> View:
    """Coordinators and administrators read; each act asks further."""

    @never_cache
    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not actions.may_see(cast(User, request.user)):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@for_operators
@require_safe
def exchange(request: HttpRequest) -> HttpResponse:
    page = {"lines": state.known(), "may_act": rules.may_administer(cast(User, request.user))}
    return render(request, "federation/exchange.html", page)


@for_operators
@require_http_methods(["GET", "HEAD", "POST"])
def test(request: HttpRequest) -> HttpResponse:
    """A button, then what was found: a page that is merely opened speaks to nobody."""
    findings = check.run() if request.method == "POST" else None
    return render(request, "federation/exchange_test.html", {"findings": findings})


#: Last word of the address → the act, and what is said of how many it concerned.
ACTS = {
    "pause": (
        actions.pause,
        ngettext_lazy("Paused. %(number)d message waits here.", "Paused. %(number)d messages wait here.", "number"),
    ),
    "reprise": (
        actions.resume,
        ngettext_lazy("Resumed. %(number)d message leaves.", "Resumed. %(number)d messages leave.", "number"),
    ),
    "essai": (
        actions.try_now,
        ngettext_lazy("%(number)d message is tried now.", "%(number)d messages are tried now.", "number"),
    ),
    "renvoi": (
        actions.send_all_again,
        ngettext_lazy("%(number)d message is sent again.", "%(number)d messages are sent again.", "number"),
    ),
    "relecture": (
        actions.take_in_again,
        ngettext_lazy("%(number)d message is read again.", "%(number)d messages are read again.", "number"),
    ),
}


@for_operators
@require_POST
def act(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    if slug not in ACTS:
        raise Http404
    do, said = ACTS[slug]
    number = do(get_object_or_404(Peer, pk=pk), by=cast(User, request.user))
    messages.success(request, said % {"number": number})
    return redirect("exchange")
