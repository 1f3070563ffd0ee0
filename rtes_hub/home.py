"""The first page, the pages about the hub itself, and the choice of a language."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from federation import api as federation
from resources.models import Resource, State, ThemeOf
from resources.rooms import dress
from rtes_hub.accounts.models import User
from rtes_hub.themes import THEMES

LATEST = 6
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600  #: seconds


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    published = Resource.objects.visible_to(request.user).filter(state=State.PUBLISHED)
    latest = published.select_related("member__territory").order_by("-published_at", "-pk")
    return render(
        request,
        "home.html",
        {
            "hide_header_search": True,
            "latest": dress(latest[:LATEST]),
            "total": published.count(),
            "members": published.values("member").distinct().count(),
            "themes": _themes(request.user),
            "partners": federation.partners(),
        },
    )


def _themes(user: User | AnonymousUser) -> list[dict[str, Any]]:
    """Every theme with the number of resources that this person may read in it."""
    published = Resource.objects.visible_to(user).filter(state=State.PUBLISHED)
    rows = ThemeOf.objects.filter(resource__in=published).values_list("theme").annotate(Count("pk"))
    counts = dict(rows.order_by())
    return [{"slug": slug, "label": theme.label, "count": counts.get(slug, 0)} for slug, theme in THEMES.items()]


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "about.html", {"partners": federation.partners()})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "accessibility.html")


@require_safe
def legal(request: HttpRequest) -> HttpResponse:
    return render(request, "legal.html")


@require_safe
def language(request: HttpRequest, code: str) -> HttpResponse:
    """Keep a choice of language in a cookie of its own: a visitor who reads has no other."""
    if code not in dict(settings.LANGUAGES):
        raise Http404
    back = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None) or not back.startswith("/"):
        back = "/"
    answer = redirect(back)
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return answer
