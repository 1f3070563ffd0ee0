"""The picture beside the scoreboard, as figures for a template: the server draws it, no script does."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.translation import gettext as _

from resources.charters.text import Theme

register = template.Library()

STEP = 28  #: units between two bars
FULL = 200  #: units of a bar at 100 per cent


@dataclass(frozen=True, kw_only=True)
class Bar:
    code: str
    y: int
    width: int
    figure: str

    @property
    def text_y(self) -> int:
        return self.y + 14


@dataclass(frozen=True, kw_only=True)
class Picture:
    bars: list[Bar]
    said: str  #: what it shows, for who cannot see it

    @property
    def height(self) -> int:
        return STEP * max(len(self.bars), 1)


@register.simple_tag
def picture(by_theme: list[tuple[Theme, Any, int | None]]) -> Picture:
    bars = [
        Bar(code=theme.code, y=place * STEP + 4, width=FULL * (value or 0) // 100, figure=_figure(value))
        for place, (theme, _tallies, value) in enumerate(by_theme)
    ]
    said = "; ".join(f"{theme.label}: {_figure(value)}" for theme, _tallies, value in by_theme)
    return Picture(bars=bars, said=_("Average progress by theme. %(list)s.") % {"list": said})


def _figure(value: int | None) -> str:
    return "–" if value is None else _("%(value)d %%") % {"value": value}


@register.filter
def of_key(found: dict[str, Any], key: str) -> Any:
    """What a dictionary says of a key, None when it says nothing."""
    return found.get(key)
