"""Words for codes, and numbers as people read them."""

from django import template
from django.utils.formats import number_format

from resources.kinds import KINDS
from resources.kinds.shape import Text
from rtes_hub.territories import facts
from rtes_hub.territories.models import Territory

register = template.Library()


@register.filter
def kind_label(slug: str) -> Text:
    """The slug itself for a kind that only a partner knows."""
    return KINDS[slug].label if slug in KINDS else slug


@register.filter
def size(place: Territory) -> str:
    """ "métropole, 261 178 inhabitants": what readers compare with their own."""
    return ", ".join(word for word in (facts.type_label(place), facts.inhabitants(place.population)) if word)


@register.filter
def grouped(number: int) -> str:
    """261178 is "261 178" in French."""
    return number_format(number, use_l10n=True, force_grouping=True)
