"""Parts of a page that another app writes (rtes_hub.blocks)."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from rtes_hub.blocks import written

register = template.Library()


@register.simple_tag(takes_context=True)
def blocks(context: dict[str, Any], place: str, of: str) -> SafeString:
    """`{% blocks "about" resource.uri %}`."""
    return written(place, context["request"], of)
