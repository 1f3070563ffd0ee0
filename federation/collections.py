"""What an actor's collections hold: what it published, newest first; and how many follow it, not who.

Pages go by keyset, so that a page stays right while things are published. The hub's own outbox lists every public
object of the hub: it is what a new partner reads to catch up.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q, QuerySet

from federation import actors, groups
from federation.errors import Refused
from federation.models import Activity, Actor, Follow, StoredObject
from federation.wire import strict_json, write

PAGE = 40  #: objects
FEATURED = 20  #: objects


def outbox(actor: Actor) -> dict[str, Any]:
    """That of a place holds its newest things too: Lemmy reads no page (federation.md F2)."""
    found = _published(actor)
    items = None
    if actor.type == "Group":
        items = groups.announced(actor, list(found.order_by("-published", "-pk")[:PAGE]))
    return write.collection(actor.outbox, total=found.count(), first=f"{actor.outbox}?page=1", items=items)


def outbox_page(actor: Actor, *, before: str = "") -> dict[str, Any]:
    """One Create an object that still stands, with the object as it is now. Raises: Refused for a cursor not ours."""
    found = _published(actor)
    if before:
        moment, pk = _read_cursor(before)
        found = found.filter(Q(published__lt=moment) | Q(published=moment, pk__lt=pk))
    rows = list(found.select_related("actor").order_by("-published", "-pk")[: PAGE + 1])
    shown = rows[:PAGE]
    items = groups.announced(actor, shown) if actor.type == "Group" else _creates(shown)
    more = f"{actor.outbox}?before={_cursor(shown[-1])}" if len(rows) > PAGE else ""
    here = f"{actor.outbox}?before={before}" if before else f"{actor.outbox}?page=1"
    return write.page(here, part_of=actor.outbox, items=items, next=more)


def _creates(shown: list[StoredObject]) -> list[dict[str, Any]]:
    creates = Activity.objects.filter(object_uri__in=[row.uri for row in shown], type="Create")
    said = dict(creates.values_list("object_uri", "uri"))
    return [
        write.create(said.get(row.uri, f"{row.uri}#create"), strict_json.loads(row.document.encode())) for row in shown
    ]


def _published(actor: Actor) -> QuerySet[StoredObject]:
    """What is said in places is read where they are, not in the outbox of the hub."""
    living = StoredObject.objects.filter(removed_at=None, waiting=False)
    if actor.uri == actors.url(actors.INSTANCE):
        return living.filter(local=True, place="")
    return living.filter(place=actor.uri) if actor.type == "Group" else living.filter(local=True, actor=actor)


def _cursor(row: StoredObject) -> str:
    return f"{int(row.published.timestamp() * 1_000_000)}-{row.pk}"


def _read_cursor(text: str) -> tuple[datetime, int]:
    moment, _, pk = text.partition("-")
    try:
        return datetime.fromtimestamp(int(moment) / 1_000_000, UTC), int(pk)
    except (ValueError, OverflowError, OSError) as error:
        raise Refused("before: not a cursor of this collection", 400) from error


def followers(actor: Actor) -> dict[str, Any]:
    return write.collection(actor.followers, total=_accepted(followed=actor))


def following(actor: Actor) -> dict[str, Any]:
    return write.collection(f"{actor.uri}/following", total=_accepted(follower=actor))


def featured(actor: Actor) -> dict[str, Any]:
    """What a place shows first, whole: Lemmy takes nothing less (federation.md F7)."""
    found = StoredObject.objects.filter(place=actor.uri, featured=True, removed_at=None).order_by("-published", "-pk")
    items = [strict_json.loads(document.encode()) for document in found.values_list("document", flat=True)[:FEATURED]]
    return write.collection(f"{actor.uri}/featured", total=len(items), items=items if actor.type == "Group" else None)


def moderators(actor: Actor) -> dict[str, Any]:
    """Those of a place speak as one. Spec: federation.md F8."""
    who = [actors.moderation().uri] if actor.type == "Group" else []
    return write.collection(f"{actor.uri}/moderators", total=len(who), items=who)


def _accepted(**side: Actor) -> int:
    return Follow.objects.filter(state=Follow.State.ACCEPTED, **side).count()


#: By the last part of their address.
BY_NAME: dict[str, Callable[[Actor], dict[str, Any]]] = {
    "outbox": outbox,
    "followers": followers,
    "following": following,
    "featured": featured,
    "moderators": moderators,
}
