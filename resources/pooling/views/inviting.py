"""Inviting others to an action, by its lead."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from resources import actions as resource_actions
from resources.acts import Invalid
from resources.models import Resource
from resources.pooling import inviting, rules
from resources.pooling.views.acts import readable
from resources.workflow import NotPossible
from rtes_hub.accounts import stash
from rtes_hub.accounts.models import User


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    if not isinstance(request.user, User):
        return stash.to_sign_in(request)
    action = readable(request.user, pk)
    if not rules.leads(request.user, action):
        raise PermissionDenied
    if request.method == "POST":
        return _receive(request, action, request.user)
    kept = stash.kept(request)
    chosen = kept.getlist("members") if kept else []
    return _show(request, action, chosen=chosen, text=kept.get("text", "") if kept else "")


def _receive(request: HttpRequest, action: Resource, user: User) -> HttpResponse:
    chosen, text = request.POST.getlist("members"), request.POST.get("text", "").strip()
    members = [member for member in inviting.to_invite(action) if str(member.pk) in chosen]
    try:
        number = inviting.invite(action, members, by=user, text=text)
    except Invalid as invalid:
        return _show(request, action, chosen=chosen, text=text, errors=invalid.errors)
    except NotPossible as problem:
        return _show(request, action, chosen=chosen, text=text, problem=str(problem), status=409)
    stash.drop(request)
    told = ngettext("%d local authority is told.", "%d local authorities are told.", number)
    messages.success(request, told % number)
    return HttpResponseRedirect(f"{action.get_absolute_url()}#lead")


def _show(
    request: HttpRequest,
    action: Resource,
    *,
    chosen: list[str],
    text: str,
    errors: dict[str, list[str]] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    possible = inviting.to_invite(action)
    context: dict[str, Any] = {
        "action": action,
        "possible": possible,
        "members": [member for member in possible if member.local],
        "partners": [member for member in possible if not member.local],
        "chosen": chosen,
        "text": text,
        "errors": errors or {},
        "problem": problem,
        "max_text": inviting.MAX_TEXT,
        "address": settings.RTES.base_url + action.get_absolute_url(),
        "reach": len(resource_actions.reached(action)) if action.travels else 0,
    }
    return render(request, "resources/pooling/invite.html", context, status=status)
