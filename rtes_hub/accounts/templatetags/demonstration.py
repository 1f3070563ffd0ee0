from typing import Any

from django import template

from rtes_hub.accounts import demo

register = template.Library()


@register.inclusion_tag("accounts/_demonstration.html")
def demonstration_people() -> dict[str, Any]:
    """Who may be signed in as, on a demonstration hub."""
    return {"people": demo.people(), "password": demo.PASSWORD}
