"""Finding what an address names, for whoever may read it."""

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from resources.charters import rules
from resources.charters.text import KIND
from resources.models import Resource
from resources.visibility import OUT
from rtes_hub.territories.models import Member


def readable(request: HttpRequest, pk: int) -> Resource:
    """A charter that is out. 404 for what this person may not read."""
    charters = Resource.objects.visible_to(request.user, only=OUT).filter(kind=KIND)
    return get_object_or_404(charters.select_related("member__territory"), pk=pk)


def ours(request: HttpRequest, pk: int, slug: str) -> tuple[Resource, Member]:
    """A charter, and a collectivité that this person acts for on it. 404 for any other."""
    charter = readable(request, pk)
    found = rules.mine(request.user, charter, slug=slug)
    if not found:
        raise Http404
    return charter, found[0]


def crumbs(charter: Resource) -> dict[str, Any]:
    """What every page of a charter shows."""
    return {"charter": charter, "noindex": charter.visibility != "public"}
