"""A thing of ours becomes public, changes, and is withdrawn: one StoredObject, and what is said of it to whom.

What is said in a place of ours is announced by the place; what is said in another hub's goes to that place, which
shows it or refuses it.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from federation import actors, groups, keyring, outbox
from federation.errors import Refused
from federation.models import Activity, Actor, Delivery, Peer, StoredObject
from federation.publication import Publication
from federation.wire import canonical, proofs, read, strict_json, write


@transaction.atomic
def publish(publication: Publication) -> None:
    """Make it public here and owe it to all who must hear it: a Create the first time, an Update after.

    Without a place, that is every follower of its author and of the hub; with one, the place, and who follows the
    author. Publishing the very same thing twice says nothing twice. Version and time grow at each change, whatever the
    caller says, since receivers take what does not grow for a late copy.
    Raises: Refused when the author is not ours or has changed, when it was withdrawn (a new address is needed), or when
    nothing can be said in its place.
    """
    actor, place = _our(publication.author), _place(publication.place)
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
    left = stored.place if stored.place != publication.place else ""
    _store(stored, publication, document, actor)
    say = write.create if known is None else write.update
    activity = say(outbox.activity_uri(), document)
    if known is not None:
        _collapse(publication.uri)
    heard = _hearers(actor, publication, place)
    said = outbox.send(actor, activity, to_inboxes=heard, object_uri=publication.uri, public=True)
    raw = bytes(said.body) if said else b""
    for group in _groups_of_ours(publication.place, left):
        groups.hand_on(group, activity, about=publication.uri, raw=raw)


def _our(uri: str) -> Actor:
    actor = Actor.objects.filter(uri=uri, local=True, gone_at=None).first()
    if actor is None:
        raise Refused(f"{uri} is not an author of this hub")
    return actor


def _place(uri: str) -> Actor | None:
    """None for no place. Raises: Refused when nothing can be said there."""
    if not uri:
        return None
    place = Actor.objects.select_related("peer").filter(uri=uri, type="Group", gone_at=None).first()
    if place is None:
        raise Refused(f"there is no place at {uri}")
    level = place.peer.level if place.peer else Peer.Level.PARTNER
    if level == Peer.Level.BLOCKED or (settings.RTES.federation == "allowlist" and level != Peer.Level.PARTNER):
        raise Refused(f"the hub of {place.name or uri} is not our partner")
    return place


def _groups_of_ours(*uris: str) -> list[Actor]:
    """The place it is said in, then the one it leaves, whose readers must hear of it too."""
    found = {group.uri: group for group in Actor.objects.filter(uri__in=[uri for uri in uris if uri], local=True)}
    return [found[uri] for uri in uris if uri in found]


def _hearers(actor: Actor, publication: Publication, place: Actor | None) -> set[str]:
    """The inboxes of who is called by name and of whom it answers come with those of followers or of the place."""
    called = outbox.reachable().filter(uri__in=[*publication.mentions, _author_of(publication.in_reply_to)])
    heard = outbox.boxes(called)
    if place is None:
        return heard | outbox.inboxes(actor)
    return heard | outbox.boxes(outbox.followers(actor)) | ({place.inbox} if not place.local else set())


def _author_of(uri: str) -> str:
    return StoredObject.objects.filter(uri=uri).values_list("actor__uri", flat=True).first() or "" if uri else ""


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
    return write.article(
        replace(publication, published=published, updated=updated),
        followers=actor.followers,
        context=_conversation(publication),
        handles=_handles(publication),
    )


def _conversation(publication: Publication) -> str:
    """That of what it answers, if we know it; what answers nothing begins one, here."""
    if not publication.in_reply_to:
        return f"{publication.uri}/context"
    known = StoredObject.objects.filter(uri=publication.in_reply_to).values_list("context", flat=True).first()
    return known or ""


def _handles(publication: Publication) -> dict[str, str]:
    named = [uri for uri in (publication.place, *publication.mentions) if uri]
    if not named:
        return {}
    found = Actor.objects.select_related("peer").filter(uri__in=named)
    return {actor.uri: actors.author(actor).handle for actor in found}


def _is_unchanged(known: StoredObject, document: Mapping[str, Any]) -> bool:
    said = strict_json.loads(known.document.encode())
    said.pop("proof", None)
    return said in (proofs.in_context(document), document)


def _store(stored: StoredObject, publication: Publication, document: Mapping[str, Any], actor: Actor) -> None:
    stored.kind = publication.kind
    stored.version = publication.version
    stored.url = publication.url
    stored.former_type = str(document["type"])
    stored.place = publication.place
    stored.in_reply_to = publication.in_reply_to
    stored.context = str(document.get("context", ""))
    dated = read.publication(document)
    if dated.published is None or dated.updated is None:
        raise ValueError(f"{stored.uri} travels without its dates")
    stored.published, stored.updated = dated.published, dated.updated
    stored.document = canonical.dumps(keyring.prove(actor, document, created=dated.updated)).decode()
    stored.save()


def _collapse(uri: str) -> None:
    """An Update that nobody tried to send yet says less than the one that follows it."""
    Delivery.objects.filter(
        activity__object_uri=uri, activity__type__in=outbox.CHANGES, state=Delivery.State.WAITING, tries=0
    ).delete()


@transaction.atomic
def withdraw(uri: str, *, by_moderator: bool = False, reason: str = "") -> None:
    """Leave a tombstone, and owe a Delete to everyone who may ever have received or read it. Twice is once.

    What still waits of it is cancelled: text that was withdrawn leaves no more, and the Delete comes after whatever is
    being sent right now. Of what never was public nothing is said. `by_moderator`, what anybody said in a place
    of ours is removed from it, with a reason that everyone may read; a thing of others elsewhere is not ours to remove.
    """
    stored = StoredObject.objects.select_for_update().filter(uri=uri, removed_at=None).first()
    group = next(iter(_groups_of_ours(stored.place)), None) if stored else None
    if stored is None or not (stored.local or (by_moderator and group)):
        return
    told = set(Delivery.objects.filter(activity__object_uri=uri).values_list("inbox", flat=True))
    _forget(stored)
    if group and by_moderator:
        groups.take_away(group, stored, reason=reason)
    if stored.local:
        document = _delete(stored)
        heard = told | _hearers_of_end(stored) | outbox.readers_of_all()
        outbox.send(stored.actor, document, to_inboxes=heard, object_uri=uri, public=True)
        if group and not by_moderator:
            groups.hand_on(group, document, about=uri)


def _delete(stored: StoredObject) -> dict[str, Any]:
    removed, actor = stored.removed_at or timezone.now(), stored.actor
    tombstone = write.tombstone(stored.uri, former_type=stored.former_type, deleted=removed, published=stored.published)
    return write.delete(
        outbox.activity_uri(), actor=actor.uri, tombstone=tombstone, followers=actor.followers, place=stored.place
    )


def _hearers_of_end(stored: StoredObject) -> set[str]:
    if not stored.place:
        return outbox.inboxes(stored.actor)
    return outbox.boxes(outbox.followers(stored.actor))


def _forget(stored: StoredObject) -> None:
    """Deliveries that arrived are kept: they say who received it."""
    stored.document = ""
    stored.removed_at = timezone.now().replace(microsecond=0)
    stored.save(update_fields=["document", "removed_at"])
    said = Activity.objects.filter(object_uri=stored.uri, type__in=outbox.STATEMENTS)
    Delivery.objects.filter(activity__in=said).exclude(state=Delivery.State.SENT).delete()
    said.update(body=b"", public=False)
