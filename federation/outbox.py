"""The way out: what one of our actors says becomes rows, in the transaction of the act.

One Activity for what is said, one Delivery for each inbox that must hear it. What is published, and how, is
federation.publishing's business; sending is federation.delivery's.
"""

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from federation import addresses, keyring, tasks
from federation.models import Activity, Actor, Delivery, Follow, Peer
from federation.wire import canonical

#: Said of a thing in full, or that it is there: useless once it was withdrawn.
STATEMENTS = ("Create", "Update", "Announce Create", "Announce Update", "Announce")
#: A later one makes an earlier one useless.
CHANGES = ("Update", "Announce Update")
#: Never given up: whoever has the text must drop it.
WITHDRAWALS = ("Delete", "Announce Delete")


def activity_uri() -> str:
    """A new id for an activity: opaque, so that it tells nothing and is never given twice."""
    return f"{settings.RTES.base_url}/ap/activities/{secrets.token_urlsafe(15)}"


@transaction.atomic
def send(
    actor: Actor,
    document: Mapping[str, Any],
    *,
    to_inboxes: Iterable[str],
    object_uri: str = "",
    public: bool = False,
    body: bytes = b"",
) -> Activity | None:
    """Keep an activity as it will be signed, and owe it to each inbox once. Blocked servers are left out.

    `object_uri` is what it speaks of: activities of one object reach an inbox in their order. `body` is `document` to
    the byte, when it is not we who wrote all of it; a proof is added to either (FEP-8b32). None, and nothing written,
    when this hub does not federate.
    Withdrawals alone are always owed: to who is blocked until it is not, and by a hub that does not federate until it
    does, since whoever has the text must drop it.
    """
    type_ = _type(document)
    if settings.RTES.federation == "off" and type_ not in WITHDRAWALS:
        return None
    activity = Activity.objects.create(
        uri=document["id"],
        actor=actor,
        type=type_,
        object_uri=object_uri,
        body=keyring.prove_bytes(actor, body) if body else canonical.dumps(keyring.prove(actor, document)),
        public=public,
    )
    owe(activity, to_inboxes)
    return activity


def _type(document: Mapping[str, Any]) -> str:
    """ "Announce Create": what a place hands on is told from what it says itself."""
    said = document.get("object")
    if document["type"] == "Announce" and isinstance(said, Mapping):
        return f"Announce {said['type']}"[:40]
    return str(document["type"])


def owe(activity: Activity, inboxes: Iterable[str]) -> None:
    """To each inbox that does not wait for it already; to one that had it, once more."""
    peers = {inbox: peer for inbox, peer in _peers(set(inboxes)).items() if _may_be_owed(activity, peer)}
    had = set(Delivery.objects.filter(activity=activity, inbox__in=peers).values_list("inbox", flat=True))
    Delivery.objects.filter(activity=activity, inbox__in=had).exclude(state=Delivery.State.WAITING).update(
        state=Delivery.State.WAITING, next_try=timezone.now(), tries=0, created_at=timezone.now(), done_at=None
    )
    Delivery.objects.bulk_create(
        [
            Delivery(activity=activity, peer=peer, inbox=inbox)
            for inbox, peer in sorted(peers.items(), key=lambda pair: pair[0])
            if inbox not in had
        ]
    )
    if peers:
        tasks.nudge_delivery()


def _may_be_owed(activity: Activity, peer: Peer) -> bool:
    return peer.level != Peer.Level.BLOCKED or activity.type in WITHDRAWALS


def _peers(inboxes: set[str]) -> dict[str, Peer]:
    """The server behind each inbox. Its row is there, save for a server first met through this inbox."""
    origins = {inbox: addresses.origin(inbox) for inbox in inboxes}
    known = Peer.objects.in_bulk(set(origins.values()), field_name="origin")
    for origin in set(origins.values()) - known.keys():
        known[origin], _ = Peer.objects.get_or_create(origin=origin)
    return {inbox: known[origin] for inbox, origin in origins.items()}


def reachable() -> QuerySet[Actor]:
    """Actors of servers that we may send new texts to now."""
    found = Actor.objects.filter(local=False, gone_at=None).exclude(peer__level=Peer.Level.BLOCKED)
    if settings.RTES.federation == "allowlist":
        found = found.filter(peer__level__in=[Peer.Level.PARTNER, Peer.Level.READER])
    return found


def followers(actor: Actor) -> QuerySet[Actor]:
    """Who follows this very actor, on servers we may send to now."""
    return reachable().filter(_following(Q(following__followed=actor))).distinct()


def recipients(actor: Actor) -> QuerySet[Actor]:
    """Who follows this actor, or the whole hub through its instance actor.

    A place is followed by itself: who wants the hub's sheets did not ask for its discussions.
    """
    if actor.type == "Group":
        return followers(actor)
    hubs = Q(following__followed__in=Actor.objects.filter(Q(pk=actor.pk) | Q(local=True, type="Application")))
    return reachable().filter(_following(hubs)).distinct()


def _following(whom: Q) -> Q:
    return Q(following__state=Follow.State.ACCEPTED) & whom


def boxes(found: QuerySet[Actor]) -> set[str]:
    """The shared inbox of a server rather than one inbox an actor (ActivityPub §7.1.3)."""
    return {shared or own for own, shared in found.values_list("inbox", "shared_inbox")}


def inboxes(actor: Actor) -> set[str]:
    """Where its public words go."""
    return boxes(recipients(actor))


def readers_of_all() -> set[str]:
    """Inboxes of every hub that ever was our partner: it may have read all that is public here, by its back-fill."""
    agreed = Peer.objects.exclude(agreed_at=None).exclude(actor_uri="")
    return boxes(Actor.objects.filter(local=False, uri__in=agreed.values("actor_uri")))
