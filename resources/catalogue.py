"""How the catalogue is narrowed: one set of filters, read from the address by the site and by the API alike."""

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from resources.kinds import KINDS, THEMES, lists
from resources.models import Resource, State, ThemeOf
from rtes_hub.rest.pages import Ranked
from rtes_hub.search import index
from rtes_hub.territories import facts, search
from rtes_hub.territories.models import Territory
from rtes_hub.territories.rules import is_member

FORM = "catalogue"  #: id of the form on the page
HERE, PARTNERS = "here", "partners"
MAX_QUERY = 200  #: characters

#: Types of collectivité (codes of `lists.ORG_KINDS`) as the official table tells them: kind, and its subtypes if any.
TYPES: dict[str, tuple[str, tuple[str, ...]]] = {
    "commune": ("commune", ()),
    "epci_cc": ("epci", ("CC",)),
    "epci_ca": ("epci", ("CA",)),
    "epci_cu": ("epci", ("CU",)),
    "metropole": ("epci", ("METRO", "MET69")),
    "ept": ("ept", ()),
    "departement": ("departement", ()),
    "region": ("region", ()),
    "special": ("collectivite-om", ()),
}


def inside(territory: Territory) -> Q:
    """What concerns a territory or lies in it: "Côte-d'Or" brings its communes and intercommunalities too."""
    around = {
        Territory.Kind.REGION: Q(territory__region=territory.code),
        # An intercommunality across two departments belongs to both.
        Territory.Kind.DEPARTMENT: Q(territory__department=territory.code)
        | Q(territory__departments__contains=territory.code),
        Territory.Kind.EPCI: Q(territory__epci=territory.siren or territory.code),
    }
    return Q(territory=territory) | around.get(Territory.Kind(territory.kind), Q())


class Boxes(forms.CheckboxSelectMultiple):
    """They stand beside the list, outside of the form that they belong to."""

    def __init__(self) -> None:
        super().__init__(attrs={"form": FORM})


class TerritoryField(forms.CharField):
    """An id of the official table, made a `Territory`."""

    def clean(self, value: Any) -> Territory | None:
        given = super().clean(value)
        if not given:
            return None
        if (territory := Territory.objects.filter(pk=given).first()) is None:
            raise ValidationError(_("“%(given)s” is not in the official table."), params={"given": given})
        return territory


class TerritoryFilter(django_filters.Filter):
    field_class = TerritoryField


class CatalogueForm(forms.Form):
    def clean(self) -> dict[str, Any]:
        """What is typed as a place wins over the territory chosen before, which a page without script sends again."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "place" not in self.data or "place" in self.errors:
            return cleaned
        typed, chosen = cleaned.get("place", ""), cleaned.get("territory")
        if not typed:
            cleaned["territory"] = None
        elif chosen is None or search.fold(chosen.name) != search.fold(typed):
            cleaned["territory"] = next(iter(search.find(typed, limit=1)), None)
            if cleaned["territory"] is None:
                self.add_error("place", _("No territory is called so. Try another spelling, or its postal code."))
        return cleaned


class CatalogueFilter(django_filters.FilterSet):
    """The names are in addresses that people share: they do not change."""

    q = django_filters.CharFilter(
        label=_("Words"), method="with_words", max_length=MAX_QUERY, help_text=_("Accents do not matter.")
    )
    kind = django_filters.MultipleChoiceFilter(
        label=_("Kind"),
        distinct=False,
        widget=Boxes,
        choices=[(kind.slug, kind.label) for kind in KINDS.values()],
    )
    theme = django_filters.MultipleChoiceFilter(
        label=_("Theme"),
        method="with_themes",
        widget=Boxes,
        choices=[(theme.slug, theme.label) for theme in THEMES.values()],
    )
    territory = TerritoryFilter(
        label=_("Territory"), method="around", max_length=24, help_text=_("Id of the official table.")
    )
    place = django_filters.CharFilter(
        label=_("Territory"),
        method="already_around",
        max_length=100,
        help_text=_("A commune, an intercommunality, a department or a region, and all that lies in it."),
    )
    type = django_filters.MultipleChoiceFilter(
        label=_("Type of collectivité"),
        method="of_type",
        widget=Boxes,
        choices=[(choice.code, choice.label) for choice in lists.ORG_KINDS if choice.code in TYPES],
    )
    band = django_filters.MultipleChoiceFilter(
        label=_("Population"),
        method="of_size",
        widget=Boxes,
        choices=[(band, lazy(facts.band_label, str)(band)) for band in facts.BANDS],
    )
    origin = django_filters.CharFilter(
        label=_("Origin"),
        method="from_hub",
        max_length=255,
        help_text=_("`here`, `partners`, or the address of a partner hub."),
    )
    member = django_filters.CharFilter(label=_("Collectivité"), field_name="member__slug", max_length=80)

    class Meta:
        model = Resource
        form = CatalogueForm
        fields: tuple[str, ...] = ()

    #: URIs that hold the words of `q`, best first; None when nothing is asked.
    _best: list[str] | None = None

    @property
    def found(self) -> QuerySet[Resource] | Ranked:
        """What matches, published unless asked otherwise: the closest to the words first, else the newest."""
        asked = self.form.cleaned_data if self.form.is_valid() else {}
        matching = self.qs if asked.get("state") else self.qs.filter(state=State.PUBLISHED)
        if self._best is not None:
            return Ranked(matching, "uri", self._best)
        return matching.order_by("-published_at", "-id")

    def with_words(self, queryset: QuerySet, _name: str, value: str) -> QuerySet:
        self._best = index.find(value, members=is_member(self.request.user), kinds=KINDS)
        return queryset

    def with_themes(self, queryset: QuerySet, _name: str, value: list[str]) -> QuerySet:
        return queryset.filter(Exists(ThemeOf.objects.filter(resource=OuterRef("pk"), theme__in=value)))

    def around(self, queryset: QuerySet, _name: str, value: Territory) -> QuerySet:
        return queryset.filter(inside(value))

    def already_around(self, queryset: QuerySet, _name: str, _value: str) -> QuerySet:
        """The form has made a territory of it."""
        return queryset

    def of_type(self, queryset: QuerySet, _name: str, value: list[str]) -> QuerySet:
        wanted = Q()
        for code in value:
            kind, subtypes = TYPES[code]
            one = Q(member__territory__kind=kind)
            wanted |= one & Q(member__territory__subtype__in=subtypes) if subtypes else one
        return queryset.filter(wanted)

    def of_size(self, queryset: QuerySet, _name: str, value: list[str]) -> QuerySet:
        wanted = Q()
        for band in value:
            least, limit = facts.BANDS[band]
            one = Q(member__territory__population__gte=least)
            wanted |= one & Q(member__territory__population__lt=limit) if limit is not None else one
        return queryset.filter(wanted)

    def from_hub(self, queryset: QuerySet, _name: str, value: str) -> QuerySet:
        if value in (HERE, PARTNERS):
            return queryset.filter(local=value == HERE)
        return queryset.filter(local=False, member__hub=value.rstrip("/"))
