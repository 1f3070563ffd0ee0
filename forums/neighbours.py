"""Forums of other hubs, and the people who speak from there, as their own hub describes them."""

import hashlib

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from federation.publication import Author
from forums import voices
from forums.models import Forum, Voice
from rtes_hub.text import clean
from rtes_hub.themes import THEMES


@transaction.atomic
def place_found(place: Author) -> Forum | None:
    """A partner's forum, as that hub now describes it. None for one of ours."""
    forum = Forum.objects.filter(uri=place.uri).first() or Forum(uri=place.uri, local=False, slug=_slug(place))
    if forum.local:
        return None
    theme = place.facts.get("theme")
    forum.title = clean.line(place.name, 100) or place.uri[:100]
    forum.description = clean.plain(place.summary, 1000)
    forum.theme = theme if theme in THEMES else ""
    forum.hub, forum.hub_name = place.hub, clean.line(place.hub_name, 200)
    forum.page_url = place.url if place.url.startswith(("https://", "http://")) else ""
    forum.closed_at = None
    forum.save()
    return forum


def _slug(place: Author) -> str:
    """Never one that a forum of ours could want."""
    mark = hashlib.sha256(place.uri.encode()).hexdigest()[:8]
    return f"{slugify(place.name)[:60]}-{mark}".lstrip("-")


def place_gone(uri: str) -> None:
    """What was said in it can still be read here; nothing more can be said."""
    Forum.objects.filter(uri=uri, local=False, closed_at=None).update(closed_at=timezone.now())


def author_changed(author: Author) -> None:
    if Voice.objects.filter(actor_uri=author.uri, user=None).exists():
        voices.of_author(author)
    if Forum.objects.filter(uri=author.uri, local=False).exists():
        place_found(author)
