"""Being told, on any page: the number in the header, and the button that follows something."""

from typing import Any

from django import template
from django.http import HttpRequest

from rtes_hub.notices.models import Notice, Watch

MOST = 99  #: more are not counted

register = template.Library()


@register.simple_tag(takes_context=True)
def unread_notices(context: dict[str, Any]) -> str:
    """ "3", "99+"; nothing for none, and for passers-by. One query, on an index of unread ones only."""
    user = context.get("user")
    if user is None or not user.is_authenticated:
        return ""
    count = Notice.objects.filter(user=user, read_at=None).order_by()[: MOST + 1].count()
    return f"{MOST}+" if count > MOST else str(count or "")


@register.inclusion_tag("notices/_watch.html", takes_context=True)
def watch_button(context: dict[str, Any], target: str, label: str, short: bool = False) -> dict[str, Any]:
    """Follow `target` ("theme:<slug>", "thread:<uri>"…), or stop: `{% watch_button target label %}`.

    `label` names it in the list of what one follows; `short` leaves it out of the button, on a page that is all about
    it. Any number of buttons on a page cost one query.
    """
    request: HttpRequest = context["request"]
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "target": target,
        "label": label,
        "short": short,
        "is_watching": target in _watched(request),
    }


def _watched(request: HttpRequest) -> frozenset[str]:
    if not request.user.is_authenticated:
        return frozenset()
    known: frozenset[str] | None = getattr(request, "watched_targets", None)
    if known is None:
        known = frozenset(Watch.objects.filter(user=request.user).values_list("target", flat=True))
        request.watched_targets = known  # type: ignore[attr-defined]
    return known
