"""What other apps may do with our own actors: open, change, close. The other side is told in the same transaction."""

from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from federation import actors, outbox
from federation.models import Actor, StoredObject
from federation.publication import Author
from federation.wire import digests, write
from rtes_hub.accounts.models import Identity


def new_uri() -> str:
    """An address for ever, for a thing that will be published."""
    return actors.url(f"/ap/objects/{uuid4().hex}")


@transaction.atomic
def open_actor(
    *, type: str, handle: str, name: str, summary: str = "", url: str = "", facts: dict[str, Any] | None = None
) -> str:
    """The URI of an actor of ours, made when nobody has that handle. `summary` is safe HTML; `facts` travel.

    Opened again after it was closed, it is the same one. Raises: actors.HandleTaken: a name that another gave up.
    """
    found = Actor.objects.filter(local=True, handle=handle.lower()).first()
    if found is None:
        return actors.make(type, handle, name=name, summary=summary, url=url, facts=facts or {}).uri
    if found.gone_at is not None:
        found.gone_at = None
        actors.touch(found)
        for stored in StoredObject.objects.filter(actor=found):
            stored.save(update_fields=[])  # it stands again, in the digest too
    return found.uri


@transaction.atomic
def change_actor(
    uri: str,
    *,
    name: str | None = None,
    summary: str | None = None,
    url: str | None = None,
    handle: str | None = None,
    facts: dict[str, Any] | None = None,
) -> None:
    """Change what is given, and tell every follower. Nothing is said when nothing changes.

    Raises: Actor.DoesNotExist; actors.HandleTaken.
    """
    actor = Actor.objects.select_for_update().get(uri=uri, local=True)
    given = {"name": name, "summary": summary, "url": url, "facts": facts}
    changed = {field: value for field, value in given.items() if value is not None and value != getattr(actor, field)}
    if handle is not None and handle.lower() != actor.handle:
        actors.rename(actor, handle)
    elif not changed:
        return
    for field, value in changed.items():
        setattr(actor, field, value)
    actors.touch(actor)
    _tell(actor, write.update(outbox.activity_uri(), actors.document(actor)))


def introduce() -> None:
    """Give the hub's own actor the name that administrators gave the hub, and tell its partners when it is another."""
    if said := Identity.objects.first():
        change_actor(actors.instance().uri, name=said.name)


@transaction.atomic
def close_actor(uri: str) -> None:
    """It answers 410 from now on, and its followers are told. Raises: Actor.DoesNotExist."""
    actor = Actor.objects.select_for_update().get(uri=uri, local=True)
    if actor.gone_at is not None:
        return
    actor.gone_at = timezone.now()
    actors.touch(actor)
    for stored in StoredObject.objects.filter(actor=actor, removed_at=None):  # gone with it, for all who are told
        StoredObject.objects.filter(pk=stored.pk).update(leaf=digests.withdrawn(stored.uri), change=None)
    tombstone = write.tombstone(actor.uri, former_type=actor.type, deleted=actor.gone_at)
    _tell(actor, write.delete(outbox.activity_uri(), actor=actor.uri, tombstone=tombstone, followers=actor.followers))


def _tell(actor: Actor, document: dict[str, Any]) -> None:
    outbox.send(actor, document, to_inboxes=outbox.inboxes(actor), object_uri=actor.uri, public=True)


def author(uri: str) -> Author | None:
    """Who signs there, here or elsewhere; None when nobody of that address is known."""
    actor = Actor.objects.select_related("peer").filter(uri=uri).first()
    return actors.author(actor) if actor else None


def hub_author() -> Author:
    return actors.author(actors.instance())
