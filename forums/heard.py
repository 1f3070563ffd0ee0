"""What comes from another hub, as the columns of a post."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.html import format_html, format_html_join

from federation.publication import Publication
from forums import mentions, writing
from rtes_hub.text import clean

MAX_TITLE = 300
#: Of a text without a title, this many characters of its beginning are its title.
TITLE_OF_TEXT = 80
MAX_ENCLOSED = 10  #: links to what comes with a message


def title(publication: Publication) -> str:
    return clean.line(publication.title, MAX_TITLE) or clean.plain(publication.body, TITLE_OF_TEXT) or "…"


def written(publication: Publication) -> datetime:
    """Never in the future: it would stay on top of every list."""
    return min(publication.published or timezone.now(), timezone.now())


def edited(publication: Publication) -> datetime | None:
    changed = publication.updated and publication.published and publication.updated > publication.published
    return publication.updated if changed else None


def said(publication: Publication) -> dict[str, Any]:
    return {
        "source": publication.source[: writing.MAX_SOURCE],
        "html": clean.html(publication.body + _enclosed(publication)),
        "cleaned_by": clean.VERSION,
        "mentions": list(publication.mentions)[: mentions.MAX_MENTIONS],
    }


def _enclosed(publication: Publication) -> str:
    """Links to what came with it. Seen: on Lemmy a thread may be nothing but a link."""
    links = (one for one in publication.attachments if one.url.startswith(("https://", "http://")))
    rows = [(one.url, one.title or one.url) for one in links][:MAX_ENCLOSED]
    return format_html("<ul>{}</ul>", format_html_join("", '<li><a href="{}">{}</a></li>', rows)) if rows else ""
