"""What others publish, taken in: checked, made safe, stored, and handed to the app that speaks for its kind.

The only way into the tables for an object of another server, whether it was sent (federation.verbs) or fetched
(federation.partners.backfill). Sources: security.md §0.3, §1.B, §1.F; FEP-fe34.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC
from typing import Any

from django.db import transaction
from django.utils import timezone

from federation import actors, addresses, groups, placing, registry
from federation.errors import Refused
from federation.models import Actor, StoredObject, Tombstone
from federation.publication import Attachment, Publication
from federation.wire import Malformed, canonical, read, urls
from rtes_hub import rows
from rtes_hub.text import clean

MAX_TITLE = 300  #: characters, here as below
MAX_SUMMARY = 500
MAX_WORD = 100  #: a tag, a theme, a licence, a territory


class Declined(Refused):
    """The app of its kind does not take it, in a place of ours: its author must be told."""

    def __init__(self, refused: Refused, group: Actor) -> None:
        super().__init__(refused.reason, refused.status)
        self.group = group


@transaction.atomic
def take(document: Mapping[str, Any], *, actor: Actor, place: Actor | None = None) -> StoredObject | None:
    """Store what `actor` published, when it is newer than what we hold. None when it is not, and nothing changed.

    `document` is the object itself, with its `@context`; who sent it has been proven to be `actor`. `place` is the
    group actor elsewhere that shows it, when it came that way.
    Raises: Refused: not theirs, not public, removed, not said there, or the app of its kind misses something; Declined.
    """
    publication = placing.placed(_read(document, actor, place), document, by=place)
    stored = _held(publication.uri)
    if stored is not None:
        _check_same(stored, actor, publication.kind)
    elif Tombstone.objects.filter(uri=publication.uri, actor_uri=actor.uri).exists():
        raise Refused("it was deleted before it came", 410)
    if stored is not None and stored.place:
        place_now = publication.place if _may_move(publication, stored, place or actor) else stored.place
        publication = replace(publication, place=place_now)
    now = timezone.now().astimezone(UTC).replace(microsecond=0)
    published = min(publication.published or now, now)
    updated = max(published, min(publication.updated or published, now))
    if stored is not None and (publication.version, updated) <= (stored.version, stored.updated):
        return None
    publication = _made_safe(replace(publication, published=published, updated=updated))
    stored = stored or StoredObject(uri=publication.uri, actor=actor, local=False)
    _store(stored, publication, document)
    put_in = _hand_over(publication, actor)
    if put_in == registry.WAITS:
        stored.waiting = True
        stored.save(update_fields=["waiting"])
    elif put_in and not stored.place:
        stored.place = put_in
        stored.save(update_fields=["place"])
    return stored


def _held(uri: str) -> StoredObject | None:
    """Locked. Most of what comes is new: that it is costs little to see."""
    if rows.by(StoredObject, "uri", uri) is None:
        return None
    return StoredObject.objects.select_for_update().filter(uri=uri).first()


def _hand_over(publication: Publication, actor: Actor) -> str | None:
    """The place that its app put it in. Raises: Refused, Declined."""
    speaker = registry.for_kind(publication.kind)
    if speaker is None:
        return None
    try:
        return speaker.receive(publication, actors.author(actor))
    except Refused as refused:
        if (group := groups.ours(publication.place)) is not None:
            raise Declined(refused, group) from refused
        raise


def _read(document: Mapping[str, Any], actor: Actor, place: Actor | None) -> Publication:
    """The three equalities, and the owner: the same actor, not just another one of the same server."""
    try:
        publication = read.publication(document)
    except Malformed as error:
        raise Refused(error.reason, 400) from error
    check_theirs(publication.uri, actor)
    if publication.author != actor.uri:
        raise Refused("the object is attributed to somebody else than its sender")
    # Seen: Discourse addresses nobody; what a public place shows is public.
    if not (read.is_public(document) or (place is not None and not ({"to", "cc"} & document.keys()))):
        raise Refused("the object is not addressed to everyone: this hub keeps nothing private for others")
    return publication


def check_theirs(uri: str, actor: Actor) -> None:
    """An object lives where its owner does, and never here. Raises: Refused."""
    if addresses.is_ours(uri) or addresses.origin(uri) != addresses.origin(actor.uri):
        raise Refused("the object lives on another server than its author")


def _check_same(stored: StoredObject, actor: Actor, kind: str) -> None:
    if stored.local or stored.actor_id != actor.pk:
        raise Refused("the object belongs to another author")
    if stored.removed_at is not None:
        raise Refused("the object was deleted", 410)
    # The app that shows it must hear of its removal, and knows what its author may do to it by its kind.
    if registry.for_kind(stored.kind) is not None and kind[:40] != stored.kind:
        raise Refused(f"the object is of another kind than before: {stored.kind}")


def _may_move(publication: Publication, stored: StoredObject, by: Actor) -> bool:
    """Only the server of a place moves what is said in it, to another place of its own."""
    return all(urls.same_origin(uri, stored.place) for uri in (by.uri, publication.place))


def _made_safe(publication: Publication) -> Publication:
    """Sanitising is the last thing done to the text: apps show what they are given."""
    return replace(
        publication,
        title=clean.line(publication.title, MAX_TITLE),
        summary=clean.line(publication.summary, MAX_SUMMARY),
        body=clean.html(publication.body, base_url=publication.uri),
        url=publication.url if urls.same_origin(publication.url, publication.uri) else publication.uri,
        licence=clean.line(publication.licence, MAX_WORD),
        territory=clean.line(publication.territory, MAX_WORD),
        themes=tuple(clean.line(theme, MAX_WORD) for theme in publication.themes),
        tags=tuple(clean.line(tag, MAX_WORD) for tag in publication.tags),
        attachments=tuple(_safe_attachment(item) for item in publication.attachments),
    )


def _safe_attachment(attachment: Attachment) -> Attachment:
    return replace(
        attachment,
        title=clean.line(attachment.title, MAX_TITLE),
        media_type=clean.line(attachment.media_type, MAX_WORD),
        nature=clean.line(attachment.nature, MAX_WORD),
        digest=clean.line(attachment.digest, 64),
    )


def _store(stored: StoredObject, publication: Publication, document: Mapping[str, Any]) -> None:
    stored.kind = publication.kind[:40]
    stored.version = publication.version
    stored.url = publication.url
    stored.document = canonical.dumps(document).decode()
    stored.former_type = _type(document)
    stored.place = publication.place
    stored.in_reply_to = publication.in_reply_to
    stored.context = _conversation(publication.in_reply_to) or read.conversation(document)
    stored.published = publication.published or timezone.now()
    stored.updated = publication.updated or stored.published
    stored.save()


def _conversation(parent: str) -> str:
    """That of what it answers, whatever it says: so that one of ours holds all that was said in it."""
    if not parent:
        return ""
    return StoredObject.objects.filter(uri=parent).values_list("context", flat=True).first() or ""


def _type(document: Mapping[str, Any]) -> str:
    said = document.get("type")
    first = said[0] if isinstance(said, list) and said else said
    return clean.line(first, 40) if isinstance(first, str) else ""


@transaction.atomic
def remove(uri: str, *, actor: Actor) -> None:
    """Its author deleted it: keep no text, and remember for ever that it must not come back. Raises: Refused.

    Of a thing never seen only the id is kept, so that a Create that comes late is refused.
    """
    check_theirs(uri, actor)
    stored = StoredObject.objects.select_for_update().filter(uri=uri).first()
    if stored is None:
        Tombstone.objects.get_or_create(uri=uri, actor_uri=actor.uri)
        return
    if stored.local or stored.actor_id != actor.pk:
        raise Refused("the object belongs to another author")
    if stored.removed_at is None or stored.moderated:  # its author's word is final: what is kept aside goes too
        _remove(stored)


@transaction.atomic
def remove_all_of(actor: Actor) -> None:
    """The author itself is gone."""
    for stored in StoredObject.objects.filter(actor=actor, local=False, removed_at=None).iterator():
        _remove(stored)


def empty(stored: StoredObject, *, moderated: bool) -> None:
    """Keep no text. What its place removed may come back, what its author removed may not."""
    stored.document = ""
    stored.removed_at = timezone.now()
    stored.moderated = moderated
    stored.save(update_fields=["document", "removed_at", "moderated"])


def _remove(stored: StoredObject) -> None:
    empty(stored, moderated=False)
    if speaker := registry.for_kind(stored.kind):
        speaker.remove(stored.uri)
