"""The catalogue: everything that is published here and at partners', in one list."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from resources.catalogue import HERE, MAX_QUERY, PARTNERS, CatalogueFilter
from resources.kinds.shape import Text
from resources.models import Resource, State
from resources.rooms import dress
from rtes_hub.territories.models import Member, Territory

PAGE = 20  #: cards
FOLLOWED = 3  #: buttons that follow a theme or a territory
BOXES = ("kind", "theme", "type", "band")  #: filters of which several may be ticked


@dataclass(frozen=True, kw_only=True)
class Chip:
    """One filter in force, and the address of the same catalogue without it."""

    name: Text
    value: Text
    url: str


def catalogue(request: HttpRequest) -> HttpResponse:
    # Cards need none of the long columns.
    published = Resource.objects.visible_to(request.user, only=(State.PUBLISHED,))
    readable = published.select_related("member__territory", "territory")
    filters = CatalogueFilter(request.GET, readable.defer("facts", "body_html", "draft", "brief"), request=request)
    page = Paginator(filters.found, PAGE).get_page(request.GET.get("page"))
    hubs = partner_hubs()
    context = {
        "filters": filters,
        "form": filters.form,
        "boxes": [filters.form[name] for name in BOXES],
        "territory": filters.form.cleaned_data.get("territory"),
        "page_obj": page,
        "resources": dress(cast("Iterable[Resource]", page.object_list)),
        "chips": list(_chips(request.GET, filters, hubs)),
        "can_follow": _can_follow(filters),
        "hubs": hubs,
        "origin": request.GET.get("origin", ""),
        "max_query": MAX_QUERY,
        "hide_header_search": True,
    }
    return render(request, "resources/catalogue.html", context)


def _can_follow(filters: CatalogueFilter) -> list[tuple[str, Text]]:
    """What is asked for and can be followed, with its name; nothing for who compares many things."""
    asked, labels = filters.form.cleaned_data, dict(filters.base_filters["theme"].extra["choices"])
    targets = [(f"theme:{slug}", labels[slug]) for slug in asked.get("theme", ())]
    if territory := asked.get("territory"):
        targets.append((f"territory:{territory.pk}", territory.name))
    return targets if len(targets) <= FOLLOWED else []


def partner_hubs() -> dict[str, str]:
    """Origin and name of each hub that something here comes from."""
    return dict(
        Member.objects.filter(local=False).order_by("hub_name").values_list("hub", "hub_name").distinct()  # type: ignore[arg-type]
    )


def _chips(asked: QueryDict, filters: CatalogueFilter, hubs: dict[str, str]) -> Any:
    for name, value in filters.form.cleaned_data.items():
        label = filters.form.fields[name].label
        for raw, shown in _shown(name, value, filters, hubs):
            yield Chip(name=label, value=shown, url="?" + _without(asked, name, raw))


def _shown(name: str, value: Any, filters: CatalogueFilter, hubs: dict[str, str]) -> list[tuple[str | None, Text]]:
    """Each value in force as it stands in the address, None for the only one, and in words."""
    if not value:
        return []
    match name:
        case "kind" | "theme" | "type" | "band":
            labels = dict(filters.base_filters[name].extra["choices"])
            return [(code, labels[code]) for code in value]
        case "origin":
            words = {HERE: _("this hub"), PARTNERS: _("partner territories"), **hubs}
            return [(None, words.get(value, value))]
        case "member":
            return [(None, Member.objects.filter(slug=value).values_list("name", flat=True).first() or value)]
        case "place":
            return []  # the territory that it was made says it
        case "territory" if isinstance(value, Territory):
            return [(None, f"{value.name} ({value.get_kind_display()})")]
    return [(None, value)]


def _without(asked: QueryDict, name: str, raw: str | None) -> str:
    rest = asked.copy()
    rest.pop("page", None)
    kept = [value for value in rest.getlist(name) if raw is not None and value != raw]
    rest.setlist(name, kept)
    if name == "territory":
        rest.pop("place", None)
    return rest.urlencode()
