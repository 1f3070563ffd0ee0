"""Who can sign: the hub itself, its moderation, its collectivités, its people; and those of other servers.

An id is opaque and never changes; the handle and the page may. Of others we believe only what their own document
says, fetched at their own id; and nothing is written of them before a signature has been verified: `fetch_document`
gives a plain shape, `keep` stores it.
"""

import hashlib
import random
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.core.cache import caches
from django.db import transaction
from django.utils import timezone

from federation import addresses, fetch, keyring
from federation.errors import Refused, TryLater
from federation.models import Actor, FormerHandle, Peer
from federation.publication import Author
from federation.wire import BadSignature, Malformed, keys, read, signatures, write
from federation.wire.shapes import ActorDoc, Key
from federation.wire.signatures import Claim
from rtes_hub import rows
from rtes_hub.text import clean

#: Where each type lives. The hub and its moderation have addresses of their own.
FOLDERS = {"Organization": "orgs", "Person": "people", "Group": "groups"}
INSTANCE = "/ap/actor"
MODERATION = "/ap/moderation"
SHARED_INBOX = "/ap/inbox"
FORUMS = "/ap/forums"  #: the collection of our places
CHANGES = "/ap/changes"  #: what partners read to catch up
DIGEST = "/ap/digest"  #: what they compare

_FOR_SERVERS = ("Application", "Service")
STALE = timedelta(days=1)  #: a document older than this is fetched again before it is relied upon
PAUSE = 600  #: seconds between two fetches of one actor, whether it answered or refused
#: The same when its server did not answer at all. Short: a partner that starts speaks before it listens.
UNREACHABLE_PAUSE = 15
MAX_SUMMARY = 20_000  #: characters of foreign HTML


class HandleTaken(ValueError):
    """Somebody here has, or had, that name."""


def url(path: str) -> str:
    return f"{settings.RTES.base_url}{path}"


def host() -> str:
    """The part after the @ of every handle of ours: host[:port]."""
    return urlsplit(settings.RTES.base_url).netloc


def instance() -> Actor:
    """The hub itself: signs our requests, and stands for us in partnerships."""
    return _fixed(INSTANCE, "Application", host().replace(":", "-").strip("[]"), f"RTES hub {host()}", url("/"))


def moderation() -> Actor:
    """Signs reports: some servers take none from an Application (federation.md A7)."""
    return _fixed(MODERATION, "Service", "moderation", f"Modération · {host()}", url("/"))


def _fixed(path: str, type_: str, handle: str, name: str, page: str) -> Actor:
    actor = Actor.objects.filter(uri=url(path)).first()
    return actor or _make(url(path), type_, handle, name=name, url=page)


def prepare() -> None:
    """Make the two actors that every hub has, with their keys, before the first request. Safe to repeat."""
    for actor in (instance(), moderation()):
        keyring.public_keys(actor)


def make(type_: str, handle: str, **fields: Any) -> Actor:
    """Raises: HandleTaken; KeyError for a type that we do not host."""
    return _make(url(f"/ap/{FOLDERS[type_]}/{uuid4().hex}"), type_, handle, **fields)


@transaction.atomic
def _make(uri: str, type_: str, handle: str, **fields: Any) -> Actor:
    """`get_or_create`, since two first requests may come at once."""
    _check_free(handle, uri)
    made = {"local": True, "type": type_, "handle": handle.lower(), "shared_inbox": url(SHARED_INBOX), **fields}
    made |= {name: f"{uri}/{name}" for name in ("inbox", "outbox", "followers")}
    return Actor.objects.get_or_create(uri=uri, defaults=made)[0]


def rename(actor: Actor, handle: str) -> None:
    """Its former name keeps answering, and is nobody else's. The caller saves the actor. Raises: HandleTaken."""
    handle = handle.lower()
    if handle == actor.handle:
        return
    _check_free(handle, actor.uri)
    FormerHandle.objects.filter(handle=handle).delete()
    FormerHandle.objects.create(handle=actor.handle, actor=actor)
    actor.handle = handle


def _check_free(handle: str, uri: str) -> None:
    holders = [
        *Actor.objects.filter(local=True, handle=handle.lower()).values_list("uri", flat=True),
        *FormerHandle.objects.filter(handle=handle.lower()).values_list("actor__uri", flat=True),
    ]
    if any(holder != uri for holder in holders):
        raise HandleTaken(handle)


def document(actor: Actor) -> dict[str, Any]:
    """What the actor says of itself. Makes its keys the first time. Raises: keyring.KeysLost."""
    is_place = actor.type == "Group"
    shown = ActorDoc(
        uri=actor.uri,
        type=actor.type,
        handle=actor.handle,
        inbox=actor.inbox,
        name=actor.name,
        summary=actor.summary,
        url=actor.url,
        outbox=actor.outbox,
        shared_inbox=actor.shared_inbox,
        followers=actor.followers,
        following=f"{actor.uri}/following",
        keys=keyring.public_keys(actor),
        approves_followers=not is_place and (settings.RTES.federation != "open" or actor.type in _FOR_SERVERS),
        discoverable=actor.type not in _FOR_SERVERS,
        published=actor.created_at,
        updated=actor.updated_at,
        facts=actor.facts | (_offers() if actor.uri == url(INSTANCE) else {}),
        moderators=f"{actor.uri}/moderators" if is_place else "",
        featured=f"{actor.uri}/featured" if is_place else "",
    )
    return write.actor(shown, instance=url(INSTANCE))


def _offers() -> dict[str, str]:
    """What the hub itself says that others find here."""
    return {"forums": url(FORUMS), "changes": url(CHANGES), "digest": url(DIGEST)}


def touch(actor: Actor) -> None:
    """Save it as changed just now: its document has a new date, so that others know theirs is old."""
    actor.updated_at = timezone.now()
    actor.save()


def author(actor: Actor) -> Author:
    """The actor as other apps see it, ours or another's."""
    home = settings.RTES.base_url if actor.local else (actor.peer.origin if actor.peer else "")
    netloc = urlsplit(home).netloc
    return Author(
        uri=actor.uri,
        name=actor.name or actor.handle,
        handle=f"{actor.handle}@{netloc}",
        type=actor.type,
        url=actor.url,
        summary=actor.summary,
        hub=home,
        hub_name=_hub_name(actor, netloc),
        local=actor.local,
        facts=actor.facts,
    )


def _hub_name(actor: Actor, netloc: str) -> str:
    if actor.local:
        return instance().name
    return (actor.peer.name if actor.peer else "") or netloc


# Others' ----------------------------------------------------------------------------------------------------------


def find(uri: str) -> Actor | None:
    actor = rows.by(Actor, "uri", uri)
    if actor is None or actor.local:
        return None
    if actor.peer_id is not None:
        actor.peer = rows.by(Peer, "id", actor.peer_id)
    return actor


def is_stale(actor: Actor) -> bool:
    return actor.fetched_at is None or timezone.now() - actor.fetched_at > STALE


def keys_of(actor: Actor) -> list[Key]:
    return [Key(**key) for key in actor.keys]


def signed_by(listed: Iterable[Key], claim: Claim) -> bool:
    for key in listed:
        if key.id == claim.key_id:
            try:
                signatures.verify(claim, keys.load_public(key.public))
            except (BadSignature, Malformed):
                continue
            return True
    return False


def fetch_document(uri: str, *, afresh: bool = False) -> ActorDoc:
    """Its owner's own word at its own address, at most PAUSE seconds old: what it answered is kept meanwhile, a refusal
    too, so that nobody makes us knock at somebody's door at each request. `afresh` asks again: its owner told us to.

    Raises: Refused, fetch.Gone when the actor was deleted, TryLater.
    """
    key = _remembered_as(uri)
    answer = None if afresh else caches["federation"].get(key)
    if answer is None:
        answer, kept = _ask(uri)
        # A little disorder, so that what failed together is not asked for again together.
        caches["federation"].set(key, answer, kept * random.uniform(1, 1.1))  # noqa: S311 - no secret
    if "refused" in answer:
        raise (fetch.Gone if answer["status"] == 410 else Refused)(answer["refused"], answer["status"])
    if "later" in answer:
        raise TryLater(answer["later"], UNREACHABLE_PAUSE)
    try:
        return read.actor(answer["document"])
    except Malformed as error:
        raise Refused(f"the actor's document cannot be read: {error.reason}", 403) from error


def is_remembered(uri: str) -> bool:
    """Would `fetch_document` answer without asking?"""
    return caches["federation"].get(_remembered_as(uri)) is not None


def _remembered_as(uri: str) -> str:
    return f"federation:actor:{hashlib.sha256(uri.encode()).hexdigest()}"


def _ask(uri: str) -> tuple[dict[str, Any], float]:
    """What the cache keeps of an answer, and for how many seconds."""
    try:
        final, document = fetch.get_document(uri, signer=instance())
    except Refused as error:
        return {"refused": error.reason, "status": error.status}, PAUSE
    except TryLater as error:
        return {"later": error.reason}, UNREACHABLE_PAUSE
    if final != uri:
        return {"refused": "the actor's document lives at another address than its id", "status": 403}, PAUSE
    return {"document": document}, PAUSE


def keep(doc: ActorDoc, peer: Peer) -> Actor:
    """Insert or replace, whole. The caller has verified that the owner speaks, and that `peer` is its server."""
    if addresses.origin(doc.uri) != peer.origin or addresses.is_ours(doc.uri):
        raise Refused("an actor lives on its own server", 403)
    fields = {
        "peer": peer,
        "type": doc.type,
        "handle": clean.line(doc.handle, 100),
        "name": clean.line(doc.name, 500),
        "summary": clean.html(doc.summary[:MAX_SUMMARY], base_url=doc.uri),
        "url": doc.url,
        "inbox": doc.inbox,
        "shared_inbox": doc.shared_inbox,
        "outbox": doc.outbox,
        "followers": doc.followers,
        "keys": [{"id": key.id, "algorithm": key.algorithm, "public": key.public} for key in doc.keys],
        "facts": dict(doc.facts),
        "collections": {"featured": doc.featured, "moderators": doc.moderators} if doc.type == "Group" else {},
        "fetched_at": timezone.now(),
        "updated_at": doc.updated or timezone.now(),
        "gone_at": None,
    }
    return Actor.objects.update_or_create(uri=doc.uri, defaults=fields)[0]


def refresh(actor: Actor) -> Actor:
    """Ask again, if that was not done a moment ago, and keep the answer: for one of a server that we know.

    Raises: Refused, fetch.Gone, TryLater.
    """
    if actor.peer is None:
        raise Refused("it is one of ours", 403)
    return keep(fetch_document(actor.uri), actor.peer)
