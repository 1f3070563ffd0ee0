"""Collectivités, for everyone: the list, the page of each, and the search in the official table."""

from dataclasses import dataclass
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_cookie

from rtes_hub.accounts.models import User
from rtes_hub.territories import actions, facts, listing, rules, search
from rtes_hub.territories.forms import MemberForm
from rtes_hub.territories.models import Mandate, Member, Role, StaffRole, Territory

PAGE_SIZE = 24
#: How long a browser may keep an answer about the official table, in seconds: it changes once a year.
SEARCH_MAX_AGE = 3600
SEARCH_LIMIT = 20


@dataclass(frozen=True)
class Card:
    """A member as the list shows it."""

    member: Member
    type: str = ""
    place: str = ""
    population: str = ""

    @classmethod
    def of(cls, member: Member, names: dict[str, str]) -> "Card":
        if not (territory := member.territory):
            return cls(member)
        return cls(
            member,
            type=facts.type_label(territory),
            place=facts.place(territory, names),
            population=facts.inhabitants(territory.population),
        )


@require_safe
def members(request: HttpRequest) -> HttpResponse:
    asked = listing.Asked.from_query(request.GET)
    page = Paginator(listing.members(asked), PAGE_SIZE).get_page(request.GET.get("page"))
    names = facts.places(member.territory for member in page)
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "asked": asked,
        "page_obj": page,
        "cards": [Card.of(member, names) for member in page],
        "query": query.urlencode(),
        "kinds": Territory.Kind.choices,
        "bands": [(key, facts.band_label(key)) for key in facts.BANDS],
    }
    return render(request, "territories/members.html", context)


@require_safe
def member(request: HttpRequest, slug: str) -> HttpResponse:
    """A natural person is named to members of the hub only; to everyone else, by function (domain.md §5.2)."""
    found = get_object_or_404(Member.objects.select_related("territory"), slug=slug)
    held = {"member": found}
    names = facts.places([found.territory])
    context = {
        "member": found,
        "card": Card.of(found, names),
        "mandates": Mandate.objects.current().filter(**held).select_related("user").order_by("function", "pk"),
        "staff": StaffRole.objects.current().filter(**held).select_related("user").order_by("function", "pk"),
        "names_shown": rules.is_member(request.user),
        "may_edit": rules.may_act_for(request.user, found, Role.EDITOR),
        "may_manage": found.local and rules.may_manage_members(request.user),
    }
    return render(request, "territories/member.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Member, slug=slug)
    if not rules.may_act_for(request.user, found, Role.EDITOR):
        raise PermissionDenied
    form = MemberForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        actions.describe(found, by=cast(User, request.user), **form.cleaned_data)
        messages.success(request, _("The presentation is saved."))
        return redirect(found)
    return render(request, "territories/member_edit.html", {"form": form, "member": found})


@require_safe
@vary_on_cookie  # the language of the labels
@cache_control(public=True, max_age=SEARCH_MAX_AGE)
def territory_search(request: HttpRequest) -> JsonResponse:
    """`?q=`, and `?kind=` to narrow. A list, best first, for completion."""
    kind = request.GET.get("kind", "")
    found = search.find(
        request.GET.get("q", ""), kind=kind if kind in Territory.Kind.values else "", limit=SEARCH_LIMIT
    )
    answer = [
        {
            "id": territory.pk,
            "name": territory.name,
            "kind": territory.kind,
            "kind_label": facts.type_label(territory),
            "department": territory.department,
            "population": territory.population,
        }
        for territory in found
    ]
    return JsonResponse(answer, safe=False)
