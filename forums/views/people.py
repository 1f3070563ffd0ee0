"""Those who speak: the page of each, and their names as one types them."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from forums import naming
from forums.models import Post, Voice
from rtes_hub.territories import rules as territory_rules

LATEST = 20  #: messages
MAX_QUERY = 60  #: characters


@require_safe
def voice(request: HttpRequest, handle: str) -> HttpResponse:
    """Whoever did not agree to be known outside is known to members only: to others there is nobody here."""
    found = Voice.objects.select_related("member").filter(handle=handle).first()
    is_member = territory_rules.is_member(request.user)
    if found is None or not (is_member or found.is_shown):
        raise Http404
    said = Post.objects.visible_to(request.user).standing().filter(voice=found).select_related("thread__forum")
    latest = said.defer("source").order_by("-written_at", "-pk")[:LATEST]
    return render(request, "forums/voice.html", {"voice": found, "posts": latest})


@never_cache
@login_required
@require_safe
def mentions(request: HttpRequest) -> JsonResponse:
    """`?q=`: people and collectivités whose name holds that, for completion. For members: it tells names."""
    if not territory_rules.is_member(request.user):
        raise PermissionDenied
    return JsonResponse(naming.suggested(request.GET.get("q", "")[:MAX_QUERY]), safe=False)
