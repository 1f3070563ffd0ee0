"""The page of a sheet: brief first, then what was done, and whom to ask."""

from collections import Counter
from typing import Any

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from resources import actions, rules
from resources.history import changes
from resources.models import Resource
from resources.publication import page_of
from resources.rooms import ROOMS
from resources.sheet import Sheet
from rtes_hub.territories import rules as territory_rules

#: What became of what was sent to a hub (federation.publication.Fate).
FATES = {
    "waiting": _("on its way"),
    "silent": _("on its way, but they do not answer"),
    "sent": _("received"),
    "parked": _("not accepted"),
    "expired": _("could not be delivered"),
}


@require_safe
def page(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    readable = Resource.objects.visible_to(request.user)
    resource = readable.select_related("member__territory", "territory").filter(pk=pk).first()
    if resource is None:
        return _gone(request, pk)
    if asks_activity(request):
        return _vary(HttpResponseRedirect(resource.uri, status=303) if resource.travels else _not_acceptable())
    if request.path != resource.get_absolute_url():
        return HttpResponsePermanentRedirect(resource.get_absolute_url())
    return _vary(render(request, "resources/page.html", _context(request, resource)))


def _context(request: HttpRequest, resource: Resource) -> dict[str, Any]:
    allowed = rules.allowed(request.user, resource) if resource.local else frozenset()
    is_editor = bool(allowed & {"publish", "restore"})
    is_member = territory_rules.is_member(request.user)
    room = ROOMS.get(resource.kind)
    return {
        "resource": resource,
        "rooms": {"head": room.head, "body": room.body} if room else {},
        "room": room.page(request, resource) if room else None,
        "sheet": Sheet(resource, as_member=is_member),
        "is_member": is_member,
        "allowed": allowed,
        "may_copy": resource.local and rules.may_create(request.user, resource.member),
        "fate": _went(resource) if is_editor else {},
        "page_url": page_of(resource) if resource.local else settings.RTES.base_url + resource.get_absolute_url(),
        "has_changes": "edit" in allowed and resource.has_changes,
        "comments": resource.comments.select_related("by") if "edit" in allowed and not resource.version else [],
    }


@require_safe
def withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    """For whoever may withdraw it: what each hub that had it answered, as a signed document."""
    resource = get_object_or_404(Resource.objects.select_related("member"), pk=pk, local=True)
    proof = actions.withdrawal(resource) if rules.ever_may(request.user, "withdraw", resource) else None
    if proof is None:
        raise Http404
    response = JsonResponse(proof, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="retrait-{pk}.json"'
    response["Cache-Control"] = "private, no-store"
    return response


def _gone(request: HttpRequest, pk: int) -> HttpResponse:
    if not Resource.objects.gone_to(request.user).filter(pk=pk).exists():
        raise Http404
    withdrawn = Resource.objects.filter(pk=pk, local=True).exclude(shared_at=None).select_related("member").first()
    is_ours = withdrawn is not None and rules.ever_may(request.user, "withdraw", withdrawn)
    page = {"withdrawn": withdrawn, "fate": _went(withdrawn)} if withdrawn is not None and is_ours else {}
    return _vary(render(request, "410.html", page, status=410))


def _went(resource: Resource) -> dict[str, Any]:
    """Where it went, in lines and in numbers."""
    lines = actions.fate(resource)
    states = Counter(one.state for one in lines)
    rows = [(one, FATES.get(one.state, one.state)) for one in lines]
    return {"lines": rows, "received": states["sent"], "total": len(lines), "silent": states["silent"]}


@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Each version, when, and what changed in it: only what this reader may read of it."""
    readable = Resource.objects.visible_to(request.user).select_related("member")
    resource = get_object_or_404(readable, pk=pk, local=True)
    is_member = territory_rules.is_member(request.user)
    is_ours = territory_rules.members_of(request.user).filter(pk=resource.member_id).exists() if is_member else False
    context = {"resource": resource, "versions": changes(resource, as_member=is_member, is_ours=is_ours)}
    return render(request, "resources/history.html", context)


def asks_activity(request: HttpRequest) -> bool:
    """A program of the network asks, and no person: federation.negotiation has read what it prefers."""
    return getattr(request, "wants_activity", False)


def _not_acceptable() -> HttpResponse:
    return HttpResponse(status=406)


def _vary(response: HttpResponse) -> HttpResponse:
    patch_vary_headers(response, ["Accept", "Cookie", "Accept-Language"])
    return response
