"""Amounts, quantities and states of pooled actions, as people read them."""

from decimal import Decimal

from django import template
from django.utils.formats import number_format

from resources.pooling import said
from resources.pooling.models import Participation, Step
from rtes_hub.territories import facts

register = template.Library()


@register.filter
def euros(amount: Decimal | None) -> str:
    """1234.5 is "1 234,50 €" in French, to the cent always."""
    return "" if amount is None else f"{number_format(amount, 2, use_l10n=True, force_grouping=True)}\u00a0€"


@register.filter
def quantity(number: Decimal | None) -> str:
    """1200.00 is "1 200"; 12.50, "12,5"."""
    if number is None:
        return ""
    text = f"{number:f}"
    return number_format(text.rstrip("0").rstrip(".") if "." in text else text, use_l10n=True, force_grouping=True)


@register.filter
def percent(number: Decimal) -> str:
    return f"{said.percent(number)}\u00a0%"


@register.filter
def state_said(seat: Participation) -> str:
    return said.seat(seat)


@register.filter
def step_said(step: Step) -> str:
    return said.step(step)


@register.filter
def inhabitants(population: int | None) -> str:
    """ "261 178 inhabitants"."""
    return facts.inhabitants(population)
