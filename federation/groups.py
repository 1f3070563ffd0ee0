"""What a place of ours, a group actor, does with what is said in it: shows it, pins it, closes it, takes it away.

Whatever it hands on it announces twice: the activity as it was said, for servers that know places, then the bare thing,
for those that do not (FEP-1b12; federation.md §1.I). Its moderators speak as one: the moderation of the hub.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from federation import actors, addresses, outbox
from federation.errors import Refused
from federation.models import Activity, Actor, StoredObject
from federation.wire import canonical, proofs, read, strict_json, write
from rtes_hub import rows

#: Removals say why: without a reason, this one is given. It travels, hence no language of ours.
NO_REASON = "–"
#: Stands in an Announce for the activity it wraps, until that is put in byte for byte.
_HERE = "urn:rtes:the-activity-as-it-came"


def ours(uri: str) -> Actor | None:
    """A place of ours that is open."""
    group = rows.by(Actor, "uri", uri) if addresses.is_ours(uri) else None
    return group if group and group.local and group.type == "Group" and group.gone_at is None else None


def in_which(author: Actor) -> list[Actor]:
    """Places of ours in which somebody said something that still stands."""
    said_in = StoredObject.objects.filter(actor=author, removed_at=None).exclude(place="").values("place")
    return list(Actor.objects.filter(uri__in=said_in, local=True, type="Group", gone_at=None))


def moderators(group: Actor) -> str:
    return f"{group.uri}/moderators"


def featured(group: Actor) -> str:
    return f"{group.uri}/featured"


def announce_uri(group: Actor, said: str) -> str:
    """The same for the same words: what was announced is not announced again."""
    digest = hashlib.sha256(f"{group.uri} {said}".encode()).hexdigest()[:32]
    return actors.url(f"/ap/activities/announce-{digest}")


def hand_on(
    group: Actor, activity: Mapping[str, Any], *, about: str, raw: bytes = b"", to_inboxes: Iterable[str] = ()
) -> None:
    """Announce an activity to all who follow the place, and the thing itself when it is new. Twice is once.

    `about` is the thing, `raw` the activity as somebody else sent it: it travels to the byte. `to_inboxes` is who else
    must hear, such as the author's server.
    """
    uri = announce_uri(group, activity["id"])
    if Activity.objects.filter(uri=uri).exists():
        return
    heard = outbox.boxes(outbox.followers(group)) | set(to_inboxes)
    document = write.announce(uri, actor=group.uri, object=activity, followers=group.followers)
    body = _wrap(group, uri, raw) if raw else b""
    outbox.send(group, document, to_inboxes=heard, object_uri=about, public=True, body=body)
    if activity["type"] == "Create":
        _show(group, about, heard)


def _wrap(group: Actor, uri: str, raw: bytes) -> bytes:
    said = write.announce(uri, actor=group.uri, object=_HERE, followers=group.followers, wraps=True)
    shell = canonical.dumps(proofs.in_context(said))
    return shell.replace(canonical.dumps({"object": _HERE})[1:-1], b'"object":' + raw.strip(), 1)


def _show(group: Actor, thing: str, heard: set[str]) -> None:
    uri = announce_uri(group, thing)
    if not Activity.objects.filter(uri=uri).exists():
        document = write.announce(
            uri, actor=group.uri, object=thing, followers=group.followers, published=timezone.now()
        )
        outbox.send(group, document, to_inboxes=heard, object_uri=thing, public=True)


def decline(group: Actor, activity: Mapping[str, Any], author: Actor, reason: str) -> None:
    """Tell the author that the place does not take it, and why."""
    document = write.refusal(
        outbox.activity_uri(), actor=group.uri, activity=activity["id"], to=author.uri, reason=reason
    )
    outbox.send(group, document, to_inboxes=[author.inbox], object_uri=activity["id"])


# What moderators do -----------------------------------------------------------------------------------------------


@transaction.atomic
def lock(uri: str, locked: bool, place: str) -> None:
    """Tell everyone that this takes no more answers, or takes them again. Raises: Refused: no place of ours."""
    group, moderation = _must(place), actors.moderation()
    document = write.lock(outbox.activity_uri(), actor=moderation.uri, object=uri, place=place)
    if not locked:
        document = write.undo(outbox.activity_uri(), actor=moderation.uri, activity=document)
    _moderate(group, document, about=uri)


@transaction.atomic
def feature(uri: str, pinned: bool, place: str) -> None:
    """Show this first in its place, or no longer, and tell everyone. Raises: Refused: no place of ours."""
    group, moderation = _must(place), actors.moderation()
    if not StoredObject.objects.filter(uri=uri, place=place).exclude(featured=pinned).update(featured=pinned):
        return
    say = write.add if pinned else write.remove
    document = say(outbox.activity_uri(), actor=moderation.uri, object=uri, target=featured(group), place=place)
    _moderate(group, document, about=uri)


def take_away(group: Actor, stored: StoredObject, *, reason: str) -> None:
    """Tell everyone, its author's server too, that the place shows it no more. The caller has emptied it."""
    StoredObject.objects.filter(pk=stored.pk).update(moderated=not stored.local)
    document = write.removal(
        outbox.activity_uri(),
        actor=actors.moderation().uri,
        object=stored.uri,
        place=group.uri,
        summary=reason or NO_REASON,
    )
    _moderate(group, document, about=stored.uri, author=stored.actor)


def _must(place: str) -> Actor:
    group = ours(place)
    if group is None:
        raise Refused(f"there is no place of this hub at {place}")
    return group


def _moderate(group: Actor, document: Mapping[str, Any], *, about: str, author: Actor | None = None) -> None:
    said = outbox.send(actors.moderation(), document, to_inboxes=(), public=True)
    to = {author.shared_inbox or author.inbox} if author is not None and not author.local else set()
    if document["type"] == "Delete":
        to |= outbox.readers_of_all()
    hand_on(group, document, about=about, raw=bytes(said.body) if said else b"", to_inboxes=to)


# What others read -------------------------------------------------------------------------------------------------


def announced(group: Actor, rows: list[StoredObject]) -> list[dict[str, Any]]:
    """For each thing said in the place, the Announce of its Create, with the thing as it is now."""
    said: dict[str, Activity] = {}
    kinds = ("Announce Create", "Announce Update")
    uris = [row.uri for row in rows]
    for activity in Activity.objects.filter(actor=group, type__in=kinds, object_uri__in=uris).order_by("-pk"):
        said[activity.object_uri] = activity
    return [_announced(group, row, said.get(row.uri)) for row in rows]


def _announced(group: Actor, row: StoredObject, activity: Activity | None) -> dict[str, Any]:
    """`activity` is missing for what was said while the hub did not federate."""
    now = strict_json.loads(row.document.encode())
    if activity is not None and activity.body:
        document = strict_json.loads(bytes(activity.body))
        if _plain(document["object"]["object"]) == _plain(now):
            return document
        # What was said has changed since: neither proof holds any more.
        inner = {key: value for key, value in document["object"].items() if key != "proof"}
        outer = {key: value for key, value in document.items() if key != "proof"}
        return {**outer, "object": {**inner, "object": _plain(now)}}
    create = write.create(f"{row.uri}#create", now)
    return write.announce(announce_uri(group, create["id"]), actor=group.uri, object=create, followers=group.followers)


def _plain(thing: Any) -> Any:
    """As it stands within another, whose context and proof are its own."""
    return {key: value for key, value in thing.items() if key not in ("@context", "proof")} if thing else thing


def conversation(root: StoredObject) -> dict[str, Any]:
    """Everything said in it, oldest first (FEP-7888)."""
    found = StoredObject.objects.filter(context=f"{root.uri}/context", removed_at=None, waiting=False)
    items = found.order_by("published", "pk").values_list("uri", flat=True)[: read.MAX_ITEMS]
    return write.collection(
        f"{root.uri}/context", total=found.count(), owner=root.place or root.actor.uri, items=list(items)
    )


def replies(stored: StoredObject) -> dict[str, Any]:
    found = StoredObject.objects.filter(in_reply_to=stored.uri, removed_at=None, waiting=False)
    items = found.order_by("published", "pk").values_list("uri", flat=True)[: read.MAX_ITEMS]
    return write.collection(f"{stored.uri}/replies", total=found.count(), items=list(items))
