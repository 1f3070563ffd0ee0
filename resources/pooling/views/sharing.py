"""Sharing the cost: a key is tried first, and counts once it is applied."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from resources.acts import Invalid
from resources.kinds.pooled_words import KeyPart
from resources.models import Resource
from resources.pooling import actions, acts, forms, money, said
from resources.pooling.models import Participation, Share
from resources.pooling.sharing import Key
from resources.pooling.views.acts import find
from resources.pooling.words import WORDS
from resources.workflow import NotPossible
from rtes_hub.accounts import stash
from rtes_hub.accounts.models import User


@dataclass(frozen=True, kw_only=True)
class Line:
    """What one participant pays, and what it counts for in this key."""

    seat: Participation
    share: Share
    measures: list[Decimal | int | None]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sharing(request: HttpRequest, pk: int) -> HttpResponse:
    """With a key in its address the page shows what it gives; nothing is written until it is applied."""
    if not isinstance(request.user, User):
        return stash.to_sign_in(request)
    action = find(request.user, pk, "share", "").action
    if request.method == "POST":
        return _apply(request, action, request.user)
    typed = forms.key_typed(request.GET)
    if any(typed.values()):
        return _try(request, action, typed)
    return _show(request, action, forms.key_typed(_as_typed(action)))


def _as_typed(action: Resource) -> Any:
    """The key in force, as the form has it; everything by inhabitants when there is none yet."""
    found = {row["by"]: said.percent(row["percent"]) for row in action.facts.get("sharing_key", [])}
    return found or {KeyPart.POPULATION.value: "100"}


def _try(request: HttpRequest, action: Resource, typed: dict[str, str]) -> HttpResponse:
    try:
        rows = acts.checked("share", {"rows": forms.key_rows(typed)})["rows"]
        key = [Key(by=row["by"], percent=Decimal(row["percent"])) for row in rows]
        lines = _lines(action, key, money.simulate(action, key))
    except Invalid as invalid:
        return _show(request, action, typed, problems=invalid.errors.get("rows", []))
    except NotPossible as problem:
        return _show(request, action, typed, problems=[str(problem)])
    return _show(request, action, typed, tried=rows, lines=lines, measures=_measures(key))


def _apply(request: HttpRequest, action: Resource, user: User) -> HttpResponse:
    typed = forms.key_typed(request.POST)
    rows = forms.key_rows(typed)
    if not rows:
        return _show(request, action, typed, problems=[_("Say what the cost is divided by.")])
    try:
        actions.compute_shares(action, rows, by=user)
    except Invalid as invalid:
        return _show(request, action, typed, problems=invalid.errors.get("rows", []))
    except NotPossible as problem:
        return _show(request, action, typed, problems=[str(problem)], status=409)
    messages.success(request, str(WORDS["share"].done))
    return HttpResponseRedirect(f"{action.get_absolute_url()}#shares")


def _lines(action: Resource, key: list[Key], made: list[Share]) -> list[Line]:
    seats = money.sharers(action)
    parts = {part.id: part for part in money.parts_of(seats, key)}
    by_seat = {share.participation_id: share for share in made}
    fields = [one.by for one in key if one.by != KeyPart.FLAT]
    return [
        Line(
            seat=seat,
            share=by_seat[seat.pk],
            measures=[getattr(parts[seat.actor_uri], field) for field in fields],
        )
        for seat in seats
    ]


def _measures(key: list[Key]) -> list[str]:
    """Titles of the columns that say what each one counts for."""
    titles = {
        KeyPart.POPULATION: _("Inhabitants"),
        KeyPart.NEED: _("Real need"),
        KeyPart.PERCENT: _("Agreed percentage"),
    }
    return [titles[KeyPart(one.by)] for one in key if one.by != KeyPart.FLAT]


def _show(
    request: HttpRequest,
    action: Resource,
    typed: dict[str, str],
    *,
    problems: list[str] | None = None,
    tried: list[dict[str, str]] | None = None,
    lines: list[Line] | None = None,
    measures: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    total = Decimal(money.total_cents(action)).scaleb(-2)
    context = {
        "action": action,
        "parts": [(part, KeyPart(part).label, value) for part, value in typed.items()],
        "problems": problems or [],
        "tried": said.key(tried) if tried else "",
        "lines": lines or [],
        "measures": measures or [],
        "sum": sum((line.share.amount for line in lines or []), Decimal(0)),
        "percent_sum": sum((line.share.percent for line in lines or []), Decimal(0)),
        "total": total,
        "sharers": money.sharers(action),
        "in_force": said.key(action.facts.get("sharing_key", [])),
        "agreed": len(money.agreed_of(action)),
    }
    return render(request, "resources/pooling/sharing.html", context, status=status)
