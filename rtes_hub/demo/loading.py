"""What a demonstration hub is filled with: at once by itself, then with the other hub, by the gestures of people."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from rtes_hub.accounts.actions import identify
from rtes_hub.accounts.models import Identity, identity
from rtes_hub.demo import charters, people, pooling, sheets, threads
from rtes_hub.demo.source import said
from rtes_hub.territories.models import Member


@dataclass(frozen=True, kw_only=True)
class Added:
    """How many of each were not there yet."""

    sheets: int
    actions: int
    charters: int
    threads: int


@transaction.atomic
def load(slug: str) -> Added:
    """Fill this hub; what is there already is left as it is."""
    hub = people.HUBS[slug]
    if not identity().is_demo:
        identify(Identity(name=hub.name, entity=hub.entity, is_demo=True, notice=said()["meta"]["notice"]), by=None)
    members = people.gather(slug)
    return Added(
        sheets=sheets.load(members),
        actions=pooling.load(members),
        charters=charters.load(members),
        threads=threads.load(slug, people.speakers()),
    )


def go_on(slug: str) -> Iterator[str]:
    """All that can be done now with the other hub. What is still awaited of it, in words; nothing at the end."""
    found = Member.objects.filter(local=True, territory__in=people.HUBS[slug].members).select_related("territory")
    members = {str(member.territory_id): member for member in found}
    yield from pooling.take_part(members)
    yield from pooling.lead_on(members)
    yield from charters.take_part(members)
    yield from threads.go_on(slug, people.speakers())
