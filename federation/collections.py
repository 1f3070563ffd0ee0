"""What an actor's collections hold: what it published, newest first; and how many follow it, not who.

Pages go by keyset, so that a page stays right while things are published. The hub's own outbox lists every public
object of the hub: it is what a new partner reads to catch up.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q, QuerySet

from federation import actors
from federation.errors import Refused
from federation.models import Activity, Actor, Follow, StoredObject
from federation.wire import strict_json, write

PAGE = 40  #: objects


def outbox(actor: Actor) -> dict[str, Any]:
    found = _published(actor)
    return write.collection(actor.outbox, total=found.count(), first=f"{actor.outbox}?page=1")


def outbox_page(actor: Actor, *, before: str = "") -> dict[str, Any]:
    """One Create an object that still stands, with the object as it is now. Raises: Refused for a cursor not ours."""
    found = _published(actor)
    if before:
        moment, pk = _read_cursor(before)
        found = found.filter(Q(published__lt=moment) | Q(published=moment, pk__lt=pk))
    rows = list(found.order_by("-published", "-pk").values_list("pk", "uri", "document", "published")[: PAGE + 1])
    shown = rows[:PAGE]
    said = dict(
        Activity.objects.filter(object_uri__in=[uri for _, uri, _, _ in shown], type="Create").values_list(
            "object_uri", "uri"
        )
    )
    items = [
        write.create(said.get(uri, f"{uri}#create"), strict_json.loads(document.encode()))
        for _, uri, document, _ in shown
    ]
    more = f"{actor.outbox}?before={_cursor(shown[-1][3], shown[-1][0])}" if len(rows) > PAGE else ""
    here = f"{actor.outbox}?before={before}" if before else f"{actor.outbox}?page=1"
    return write.page(here, part_of=actor.outbox, items=items, next=more)


def _published(actor: Actor) -> QuerySet[StoredObject]:
    living = StoredObject.objects.filter(local=True, removed_at=None)
    return living if actor.uri == actors.url(actors.INSTANCE) else living.filter(actor=actor)


def _cursor(published: datetime, pk: int) -> str:
    return f"{int(published.timestamp() * 1_000_000)}-{pk}"


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
    return write.collection(f"{actor.uri}/featured", total=0)


def _accepted(**side: Actor) -> int:
    return Follow.objects.filter(state=Follow.State.ACCEPTED, **side).count()


#: By the last part of their address.
BY_NAME: dict[str, Callable[[Actor], dict[str, Any]]] = {
    "outbox": outbox,
    "followers": followers,
    "following": following,
    "featured": featured,
}
