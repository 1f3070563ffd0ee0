"""What everyone who may read a charter reads: its measures, the scoreboard, one pledge."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from resources.charters import board, rules, sheets
from resources.charters.models import Evidence, Pledge, ProofFile, Update
from resources.charters.text import read
from resources.charters.views.common import crumbs, readable
from resources.kinds.charter_words import Status
from resources.models import Resource
from resources.views.attachments import as_download

ON_A_PAGE = 100  #: pledges


@require_safe
def charter(request: HttpRequest, pk: int) -> HttpResponse:
    """Measures by theme, and what one may do about them."""
    found = readable(request, pk)
    score = board.Board(found)
    mine, may_pledge = board.mine(request.user, found)
    context = {"board": score, "text": score.text, "mine": mine, "may_pledge": may_pledge}
    return _show(request, "charters/charter.html", crumbs(found) | context)


@require_safe
def scoreboard(request: HttpRequest, pk: int) -> HttpResponse:
    """The table first, and the picture beside it."""
    found = readable(request, pk)
    score = board.Board(found)
    asked = _asked(request, score)
    rows = score.narrowed(**asked)
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "board": score,
        "text": score.text,
        "page_obj": page,
        "found": len(rows),
        "asked": asked,
        "statuses": Status.choices,
        "query": request.GET.urlencode(),
    }
    return _show(request, "charters/scoreboard.html", crumbs(found) | context)


@require_safe
def scoreboard_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """What the filter leaves, one line a measure of a pledge."""
    found = readable(request, pk)
    score = board.Board(found)
    asked = _asked(request, score)
    response = HttpResponse(
        sheets.csv_of(score.narrowed(**asked), measure=asked["measure"], status=asked["status"]),
        content_type="text/csv; charset=utf-8",
    )
    response["Content-Disposition"] = f'attachment; filename="{found.slug or "charte"}.csv"'
    patch_vary_headers(response, ["Cookie", "Accept-Language"])
    return response


def _asked(request: HttpRequest, score: board.Board) -> dict[str, str]:
    """The filter. What is not one of the choices filters nothing."""
    measure, status = request.GET.get("measure", ""), request.GET.get("status", "")
    return {
        "name": request.GET.get("q", "")[:100],
        "measure": measure if measure in score.text.by_code else "",
        "status": status if status in Status.values else "",
    }


@dataclass(frozen=True, kw_only=True)
class Day:
    """What was told on one day."""

    on: date
    updates: list[Update]
    evidence: list[Evidence]


@require_safe
def pledge(request: HttpRequest, pk: int) -> HttpResponse:
    """One pledge, measure by measure, with what shows it and what was told over time."""
    pledges = Pledge.objects.select_related("member__territory").prefetch_related("commitments__evidence")
    found = get_object_or_404(pledges, pk=pk)
    charter = readable(request, found.charter_id)
    followed = board.Followed(found, read(charter.facts))
    may_act = found.member is not None and rules.may(request.user, "update", charter, found.member)
    proofs = [proof for line in followed.lines for proof in line.commitment.evidence.all()]
    context = {
        "pledge": found,
        "followed": followed,
        "statuses": board.statuses(followed.lines),
        "timeline": _timeline(found, proofs),
        "sheets": _sheets(request, proofs),
        "mine": next((one for one in board.mine(request.user, charter)[0] if one.member == found.member), None)
        if may_act
        else None,
    }
    return _show(request, "charters/pledge.html", crumbs(charter) | context)


def _timeline(pledge: Pledge, proofs: list[Evidence]) -> list[Day]:
    """The newest first."""
    updates = list(Update.objects.filter(commitment__pledge=pledge).select_related("commitment"))
    days = sorted({one.on for one in updates} | {one.added_on for one in proofs}, reverse=True)
    return [
        Day(
            on=day,
            updates=[one for one in updates if one.on == day],
            evidence=[one for one in proofs if one.added_on == day],
        )
        for day in days
    ]


def _sheets(request: HttpRequest, proofs: list[Evidence]) -> dict[str, Any]:
    """Sheets given as evidence that this reader may read here, by their address."""
    found = Resource.objects.visible_to(request.user).filter(uri__in={proof.url for proof in proofs})
    return {sheet.uri: sheet for sheet in found}


@require_safe
def proof(request: HttpRequest, token: str, filename: str) -> HttpResponseBase:
    """A download. Whoever may not read the charter now gets the same answer as for a file that never was."""
    readable_now = Resource.objects.visible_to(request.user)
    found = ProofFile.objects.filter(token=token, filename=filename, charter__in=readable_now).first()
    if found is None:
        raise Http404
    return as_download(found.file, found.filename, found.media_type)


def _show(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    response = render(request, template, context)
    patch_vary_headers(response, ["Cookie", "Accept-Language"])
    return response
