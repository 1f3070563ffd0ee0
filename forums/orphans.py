"""Replies that came before what they answer. They wait thirty days."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from federation.errors import Refused
from federation.publication import Attachment, Author, Publication
from forums.models import Orphan
from rtes_hub.periodic import every

PATIENCE = timedelta(days=30)
MAX_ORPHANS = 5000  #: of the whole hub: whoever sends more is not waited for
MAX_OF_A_HUB = 1000  #: so that no hub, and nobody in it, takes the room of all
MAX_OF_AN_AUTHOR = 100


def keep(publication: Publication, author: Author) -> None:
    """Until what it answers comes; a later version takes the place of an earlier one. Raises: Refused."""
    if not publication.in_reply_to:
        raise Refused("it answers nothing that is here", 404)
    known = Orphan.objects.filter(uri=publication.uri).first()
    if known is None and _is_full(author):
        raise Refused("it answers nothing that is here", 404)
    if known is not None and known.publication["version"] > publication.version:
        return
    said = {"author": asdict(author), "publication": asdict(publication), "parent_uri": publication.in_reply_to}
    Orphan.objects.update_or_create(uri=publication.uri, defaults=said)


def _is_full(author: Author) -> bool:
    waiting = Orphan.objects.all()
    return (
        waiting.filter(author__uri=author.uri).count() >= MAX_OF_AN_AUTHOR
        or waiting.filter(uri__startswith=f"{author.hub}/").count() >= MAX_OF_A_HUB
        or waiting.count() >= MAX_ORPHANS
    )


def of(*uris: str) -> Iterator[tuple[Publication, Author]]:
    """Those that waited for one of these, oldest first. They wait no more."""
    for row in Orphan.objects.filter(parent_uri__in=[uri for uri in uris if uri]).order_by("pk"):
        row.delete()
        yield _publication(row.publication), Author(**row.author)


def drop(uri: str) -> None:
    Orphan.objects.filter(uri=uri).delete()


@every(24 * 3600, "forums.orphans")
def forget() -> None:
    Orphan.objects.filter(at__lt=timezone.now() - PATIENCE).delete()


def _publication(kept: dict[str, Any]) -> Publication:
    """As it was, out of JSON: times and tuples again."""
    said = dict(kept)
    for name in ("published", "updated"):
        said[name] = parse_datetime(said[name]) if said[name] else None
    for name in ("themes", "tags", "mentions"):
        said[name] = tuple(said[name])
    said["attachments"] = tuple(Attachment(**one) for one in said["attachments"])
    return Publication(**said)
