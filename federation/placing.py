"""In which place a thing that came in is said, and what it is there: a thread, or an answer.

Other software knows neither our places nor our kinds: Mastodon mentions a group, Lemmy writes to a community, NodeBB
to a category (federation.md §1.I). And not everybody may say where a thing is said: a place of ours asks whoever
writes to it; a place elsewhere has shown it, or lives on the author's own server.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from federation import groups
from federation.errors import Refused
from federation.models import Actor, StoredObject
from federation.publication import Publication
from federation.wire import names, read, urls
from rtes_hub.text import clean

#: What is made of a thing of another software: kinds that an app may speak for.
THREAD, POST = "thread", "post"
MAX_TITLE = 200  #: characters, of a title taken from a first line
NO_TITLE = "…"

_FOREIGN = frozenset(name.lower() for name in names.OBJECT_TYPES)
_END_OF_LINE = re.compile(r"<br\s*/?>|</(?:p|h[1-6]|li|div|blockquote)>", re.IGNORECASE)
_CALLS = re.compile(r"^(?:@\S+\s*)+")
_MAX_LINES = 50  #: looked at for a title


def placed(publication: Publication, document: Mapping[str, Any], *, by: Actor | None) -> Publication:
    """With its place, and the kind and title that it has there. `by` is the place that shows it, if one does.

    Raises: Refused when it cannot be said there.
    """
    if read.is_vote(document):
        raise Refused("votes in polls are not counted here")
    place = _shown(publication, document, by) if by is not None else _said(publication, document)
    mentions = tuple(uri for uri in publication.mentions if uri != place)
    found = replace(publication, place=place, mentions=mentions)
    if found.kind not in _FOREIGN:
        return found
    if found.in_reply_to:
        return replace(found, kind=POST)
    if place:
        return replace(found, kind=THREAD, title=found.title or first_line(found.body))
    return found


def _shown(publication: Publication, document: Mapping[str, Any], by: Actor) -> str:
    """A place shows what is said to it, what answers something said in it or a thing of its own hub, and what leaves it
    for a neighbour."""
    if by.uri in (publication.place, *read.addressed(document), *publication.mentions):
        return publication.place if _is_moving(publication, by) else by.uri
    if _place_of(publication.in_reply_to) == by.uri or _is_of_the_hub(publication.in_reply_to, by):
        return by.uri
    if _is_moving(publication, by):
        return publication.place
    raise Refused("it is not said in the place that shows it")


def _is_of_the_hub(uri: str, by: Actor) -> bool:
    """A sheet of the place's own hub: what answers it was addressed to no place, and lands in one of its places."""
    return bool(uri) and urls.same_origin(uri, by.uri) and not _place_of(uri)


def _is_moving(publication: Publication, by: Actor) -> bool:
    elsewhere = publication.place not in ("", by.uri) and urls.same_origin(publication.place, by.uri)
    return elsewhere and _place_of(publication.uri) == by.uri


def _said(publication: Publication, document: Mapping[str, Any]) -> str:
    parent = _place_of(publication.in_reply_to)
    named = [uri for uri in (publication.place, parent, *read.addressed(document), *publication.mentions) if uri]
    for uri in dict.fromkeys(named):
        if groups.ours(uri):
            return uri
    elsewhere = publication.place or parent
    if elsewhere and not urls.same_origin(elsewhere, publication.uri):
        raise Refused("the place that it is said in is elsewhere, and has not shown it")
    return elsewhere


def _place_of(uri: str) -> str:
    return StoredObject.objects.filter(uri=uri).values_list("place", flat=True).first() or "" if uri else ""


def first_line(body: str) -> str:
    """A title for what has none: the first line that says something besides whom it calls (federation.md I2)."""
    for part in _END_OF_LINE.split(body)[:_MAX_LINES]:
        line = _CALLS.sub("", clean.plain(part, 1000).strip()).strip()
        if line:
            return line if len(line) <= MAX_TITLE else line[: MAX_TITLE - 1].rsplit(" ", 1)[0] + "…"
    return NO_TITLE
