"""The only ways for a text to be shown as HTML: both end in the one sanitising function."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from rtes_hub.text import clean
from rtes_hub.text import markdown as md

register = template.Library()


@register.filter
def cleaned(html: str) -> SafeString:
    """Stored HTML, cleaned again: a row may come from an older version, an import or a restored backup."""
    return mark_safe(clean.html(html))  # noqa: S308


@register.filter
def cleaned_once(html: str, by: int) -> SafeString:
    """The same where many stand on one page: the row says which version cleaned it, and it is not done twice."""
    return mark_safe(html) if by == clean.VERSION else cleaned(html)  # noqa: S308


@register.filter
def markdown(source: str) -> SafeString:
    return mark_safe(md.render(source))  # noqa: S308
