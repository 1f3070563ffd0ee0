"""What was said in a place of ours before what it answers: its app keeps it waiting (registry.WAITS), and nobody else
hears of it until the app takes it in, or turns it down."""

from typing import Any

from django.db import transaction

from federation import groups
from federation.models import Actor, Incoming, StoredObject
from federation.wire import strict_json, write


@transaction.atomic
def adopted(uri: str, place: str = "") -> None:
    """Its app took it in: it is announced like what comes in its order. `place`: where it was put."""
    stored = _waiting(uri)
    if stored is None:
        return
    stored.waiting, stored.place = False, stored.place or place
    stored.save(update_fields=["waiting", "place"])
    if group := groups.ours(stored.place):
        parent = StoredObject.objects.select_related("actor").filter(uri=stored.in_reply_to, local=False).first()
        if parent is not None and parent.place == stored.place and parent.removed_at is None:
            _announce(group, parent)  # its own turn comes after this one: the order holds for whoever follows
        _announce(group, stored)


def _announce(group: Actor, stored: StoredObject) -> None:
    activity, raw = _as_it_came(stored)
    author = stored.actor.shared_inbox or stored.actor.inbox
    groups.hand_on(group, activity, about=stored.uri, raw=raw, to_inboxes=[author])


@transaction.atomic
def turned_down(uri: str, reason: str) -> None:
    """Its app does not take it, now that its turn came: its author is told, and nothing of it stays."""
    stored = _waiting(uri)
    if stored is None:
        return
    if group := groups.ours(stored.place):
        groups.decline(group, _as_it_came(stored)[0], stored.actor, reason)
    stored.delete()


def _waiting(uri: str) -> StoredObject | None:
    rows = StoredObject.objects.select_for_update(of=("self",)).select_related("actor")
    return rows.filter(uri=uri, local=False, waiting=True, removed_at=None).first()


def _as_it_came(stored: StoredObject) -> tuple[dict[str, Any], bytes]:
    """The last activity that said it, and its bytes; written anew without bytes when those were not kept."""
    came = Incoming.objects.filter(
        peer=stored.actor.peer, lane=stored.uri, type__in=("Create", "Update"), actor_uri=stored.actor.uri
    )
    row = came.exclude(body=b"").order_by("-pk").first()
    if row is not None:
        raw = bytes(row.body)
        return strict_json.loads(raw), raw
    return write.create(f"{stored.uri}#create", strict_json.loads(stored.document.encode())), b""
