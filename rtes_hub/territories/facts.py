"""What the official table says of a territory, in words for people."""

from collections.abc import Iterable

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from rtes_hub.territories.models import Territory

#: The table's subtypes (domain.md §4.4). What is missing is called by its kind.
TYPES: dict[str, str | Promise] = {
    "CA": _("agglomeration community"),
    "CC": _("community of communes"),
    "CU": _("urban community"),
    "METRO": _("métropole"),
    "MET69": _("métropole"),
    "collectivite-territoriale-unique": _("single territorial collectivité"),
}

#: Upper limits, in inhabitants, of the nine bands people compare themselves by: unions of the legal strata
#: (domain.md §4.4). A territory is in the first band whose limit is above its population.
BANDS: dict[str, tuple[int, int | None]] = {
    "0-499": (0, 500),
    "500-1999": (500, 2_000),
    "2000-3499": (2_000, 3_500),
    "3500-9999": (3_500, 10_000),
    "10000-19999": (10_000, 20_000),
    "20000-49999": (20_000, 50_000),
    "50000-99999": (50_000, 100_000),
    "100000-199999": (100_000, 200_000),
    "200000-": (200_000, None),
}


def band(population: int | None) -> str:
    """The key in BANDS, empty when the population is not known."""
    if population is None:
        return ""
    return next(key for key, (_least, limit) in BANDS.items() if limit is None or population < limit)


def band_label(key: str) -> str:
    least, limit = BANDS[key]
    if not least:
        return gettext("fewer than %(n)s inhabitants") % {"n": _grouped(limit or 0)}
    if limit is None:
        return gettext("%(n)s inhabitants or more") % {"n": _grouped(least)}
    return gettext("%(least)s to %(most)s inhabitants") % {"least": _grouped(least), "most": _grouped(limit - 1)}


def type_label(territory: Territory) -> str:
    return str(TYPES.get(territory.subtype) or territory.get_kind_display())


def inhabitants(population: int | None) -> str:
    """ "261 178 inhabitants", grouped as the language does; empty when not known."""
    if population is None:
        return ""
    words = ngettext("%(n)s inhabitant", "%(n)s inhabitants", population)
    return words % {"n": _grouped(population)}


def _grouped(number: int) -> str:
    return number_format(number, use_l10n=True, force_grouping=True)


def places(territories: Iterable[Territory | None]) -> dict[str, str]:
    """Names of the departments and regions around them, by id, in one query: {"dep-21": "Côte-d'Or", …}."""
    ids = {i for t in territories if t for i in _around(t)}
    return dict(Territory.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


def _around(territory: Territory) -> list[str]:
    around = [f"dep-{territory.department}"] if territory.department else []
    return around + ([f"reg-{territory.region}"] if territory.region else [])


def place(territory: Territory, names: dict[str, str]) -> str:
    """ "Côte-d'Or, Bourgogne-Franche-Comté"; "La Réunion" once, department and region though it is."""
    return ", ".join(dict.fromkeys(names[i] for i in _around(territory) if i in names))
