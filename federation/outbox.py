"""The way out: what one of our actors says becomes rows, in the transaction of the act.

One StoredObject for the thing, one Activity for what is said of it, one Delivery for each inbox that must hear it.
Sending them is federation.delivery's work.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from federation import addresses, tasks
from federation.errors import Refused
from federation.models import Activity, Actor, Delivery, Follow, Peer, StoredObject
from federation.publication import Publication
from federation.wire import canonical, read, write

#: Said of a thing in full: a later one makes an earlier one useless.
STATEMENTS = ("Create", "Update")


def activity_uri() -> str:
    """A new id for an activity: opaque, so that it tells nothing and is never given twice."""
    return f"{settings.RTES.base_url}/ap/activities/{secrets.token_urlsafe(15)}"


@transaction.atomic
def send(
    actor: Actor, document: Mapping[str, Any], *, to_inboxes: Iterable[str], object_uri: str = "", public: bool = False
) -> Activity | None:
    """Keep an activity as it will be signed, and owe it to each inbox once. Blocked servers are left out.

    `object_uri` is what it speaks of: activities of one object reach an inbox in their order.
    None, and nothing written, when this hub does not federate.
    """
    if settings.RTES.federation == "off":
        return None
    activity = Activity.objects.create(
        uri=document["id"],
        actor=actor,
        type=document["type"],
        object_uri=object_uri,
        body=canonical.dumps(document),
        public=public,
    )
    peers = _peers(set(to_inboxes))
    Delivery.objects.bulk_create(
        [
            Delivery(activity=activity, peer=peer, inbox=inbox)
            for inbox, peer in sorted(peers.items(), key=lambda pair: pair[0])
            if peer.level != Peer.Level.BLOCKED
        ]
    )
    if peers:
        tasks.nudge_delivery()
    return activity


def _peers(inboxes: set[str]) -> dict[str, Peer]:
    """The server behind each inbox. Its row is there, save for a server first met through this inbox."""
    origins = {inbox: addresses.origin(inbox) for inbox in inboxes}
    known = Peer.objects.in_bulk(set(origins.values()), field_name="origin")
    for origin in set(origins.values()) - known.keys():
        known[origin], _ = Peer.objects.get_or_create(origin=origin)
    return {inbox: known[origin] for inbox, origin in origins.items()}


def recipients(actor: Actor) -> QuerySet[Actor]:
    """Who follows this actor, or the whole hub through its instance actor; only on servers we may send to now."""
    found = (
        Actor.objects.filter(
            local=False,
            gone_at=None,
            following__state=Follow.State.ACCEPTED,
            following__followed__in=Actor.objects.filter(Q(pk=actor.pk) | Q(local=True, type="Application")),
        )
        .exclude(peer__level=Peer.Level.BLOCKED)
        .distinct()
    )
    if settings.RTES.federation == "allowlist":
        found = found.filter(peer__level__in=[Peer.Level.PARTNER, Peer.Level.READER])
    return found


def inboxes(actor: Actor) -> set[str]:
    """Where its public words go: the shared inbox of a server rather than one inbox a follower (ActivityPub §7.1.3)."""
    return {shared or own for own, shared in recipients(actor).values_list("inbox", "shared_inbox")}


@transaction.atomic
def publish(publication: Publication) -> None:
    """Make it public here and owe it to every follower: a Create the first time, an Update after.

    Publishing the very same thing twice says nothing twice. Version and time grow at each change, whatever the caller
    says, since receivers take what does not grow for a late copy.
    Raises: Refused when the author is not ours or has changed, or when it was withdrawn (a new address is needed).
    """
    actor = _our(publication.author)
    known = StoredObject.objects.select_for_update().filter(uri=publication.uri).first()
    if known is None:
        document = _document(actor, publication, timezone.now())
        stored = StoredObject(uri=publication.uri, actor=actor, local=True)
    else:
        _check_same(known, actor)
        if _is_unchanged(known, _document(actor, publication, known.updated)):
            return
        publication = _newer(publication, known)
        document, stored = _document(actor, publication, timezone.now()), known
    _store(stored, publication, document)
    if known is None:
        activity = write.create(activity_uri(), document)
    else:
        activity = write.update(activity_uri(), document)
        _collapse(publication.uri)
    send(actor, activity, to_inboxes=inboxes(actor), object_uri=publication.uri, public=True)


def _our(uri: str) -> Actor:
    actor = Actor.objects.filter(uri=uri, local=True, gone_at=None).first()
    if actor is None:
        raise Refused(f"{uri} is not an author of this hub")
    return actor


def _check_same(known: StoredObject, actor: Actor) -> None:
    if known.removed_at is not None:
        raise Refused(f"{known.uri} was withdrawn: to publish it again, give it a new address", 410)
    if known.actor_id != actor.pk:
        raise Refused(f"{known.uri} belongs to another author")


def _newer(publication: Publication, known: StoredObject) -> Publication:
    later = known.updated + timedelta(seconds=1)
    return replace(
        publication,
        version=max(publication.version, known.version + 1),
        updated=max(publication.updated or timezone.now(), later).replace(microsecond=0),
        published=publication.published or known.published,
    )


def _document(actor: Actor, publication: Publication, now: datetime) -> dict[str, Any]:
    """As it travels. Without times of its own it is published now."""
    published = (publication.published or now).replace(microsecond=0)
    updated = max((publication.updated or now).replace(microsecond=0), published)
    return write.article(replace(publication, published=published, updated=updated), followers=actor.followers)


def _is_unchanged(known: StoredObject, document: Mapping[str, Any]) -> bool:
    return known.document == canonical.dumps(document).decode()


def _store(stored: StoredObject, publication: Publication, document: Mapping[str, Any]) -> None:
    stored.kind = publication.kind
    stored.version = publication.version
    stored.url = publication.url
    stored.document = canonical.dumps(document).decode()
    stored.former_type = str(document["type"])
    dated = read.publication(document)
    if dated.published is None or dated.updated is None:
        raise ValueError(f"{stored.uri} travels without its dates")
    stored.published, stored.updated = dated.published, dated.updated
    stored.save()


def _collapse(uri: str) -> None:
    """An Update that nobody tried to send yet says less than the one that follows it."""
    Delivery.objects.filter(
        activity__object_uri=uri, activity__type="Update", state=Delivery.State.WAITING, tries=0
    ).delete()


@transaction.atomic
def withdraw(uri: str) -> None:
    """Leave a tombstone, and owe a Delete to everyone who may ever have received it. Twice is once.

    What still waits of it is cancelled: text that was withdrawn leaves no more, and the Delete comes after whatever is
    being sent right now. What never travelled is withdrawn without a word.
    """
    stored = StoredObject.objects.select_for_update().filter(uri=uri, local=True, removed_at=None).first()
    if stored is None:
        return
    told = _ever_told(uri)
    now = timezone.now().replace(microsecond=0)
    tombstone = write.tombstone(uri, former_type=stored.former_type, deleted=now, published=stored.published)
    stored.document = ""
    stored.removed_at = now
    stored.save(update_fields=["document", "removed_at"])
    _forget_text(uri)
    actor = stored.actor
    document = write.delete(activity_uri(), actor=actor.uri, tombstone=tombstone, followers=actor.followers)
    send(actor, document, to_inboxes=told | inboxes(actor), object_uri=uri, public=True)


def _ever_told(uri: str) -> set[str]:
    return set(Delivery.objects.filter(activity__object_uri=uri).values_list("inbox", flat=True))


def _forget_text(uri: str) -> None:
    """Deliveries that arrived are kept: they say who received it."""
    said = Activity.objects.filter(object_uri=uri, type__in=STATEMENTS)
    Delivery.objects.filter(activity__in=said).exclude(state=Delivery.State.SENT).delete()
    said.update(body=b"", public=False)
