"""The list of collectivités: what can be asked of it, and who answers."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import QueryDict

from rtes_hub.territories.facts import BANDS
from rtes_hub.territories.models import Member, Territory
from rtes_hub.territories.search import MAX_QUERY, MAX_WORDS, fold

ORIGINS = ("here", "partner")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a visitor chose. An unknown choice counts as none: links grow old, and an error would help nobody."""

    words: str = ""
    kind: str = ""  #: of Territory.Kind
    band: str = ""  #: key of BANDS
    origin: str = ""  #: of ORIGINS

    @classmethod
    def from_query(cls, query: QueryDict) -> "Asked":
        def one_of(name: str, allowed: object) -> str:
            value = query.get(name, "")
            return value if value in allowed else ""  # type: ignore[operator]

        return cls(
            words=query.get("q", "").strip()[:MAX_QUERY],
            kind=one_of("kind", Territory.Kind.values),
            band=one_of("population", BANDS),
            origin=one_of("origin", ORIGINS),
        )

    def __bool__(self) -> bool:
        return bool(self.words or self.kind or self.band or self.origin)


def members(asked: Asked) -> QuerySet[Member]:
    """Current members of this hub and of its partners, by name."""
    found = Member.objects.current().select_related("territory")
    for word in fold(asked.words).split()[:MAX_WORDS]:
        found = found.filter(Q(territory__folded__contains=word) | Q(slug__contains=word))
    if asked.kind:
        found = found.filter(territory__kind=asked.kind)
    if asked.origin:
        found = found.filter(local=asked.origin == "here")
    if asked.band:
        least, limit = BANDS[asked.band]
        found = found.filter(territory__population__gte=least)
        found = found.filter(territory__population__lt=limit) if limit else found
    return found.order_by("name", "pk")
