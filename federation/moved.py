"""An actor elsewhere that says it lives at another address now (FEP-7628): believed when both addresses say so.

A place is followed at its new address when that is a partner's. Whoever moved says nothing more at the old one, where
all that it published stays. A hub does not move so: its new address asks for a partnership of its own.
"""

from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from federation import actors, addresses, places
from federation.errors import Refused
from federation.models import Actor, Peer
from federation.said import Said
from federation.wire.shapes import ActorDoc

PAUSE = timedelta(days=7)  #: between two moves of one actor


def gather(said: Said) -> Said:
    """Both documents, each asked for at its own address. Raises: Refused, TryLater."""
    if not said.head.target or addresses.is_ours(said.head.target):
        raise Refused("it does not say where it moved to, or that is here", 400)
    old = actors.fetch_document(said.head.actor, afresh=True)
    new = actors.fetch_document(said.head.target, afresh=True)
    if old.moved_to != new.uri or old.uri not in new.also_known_as:
        raise Refused("the old address and the new one do not both say so")
    if old.type != new.type or old.type == "Application":
        raise Refused("an actor stays what it is, and a hub does not move so")
    return replace(said, author=new)


def run(said: Said) -> None:
    """Raises: Refused within a week of its last move, or when this hub does not speak with the new server."""
    new, now = said.author, timezone.now()
    if not isinstance(new, ActorDoc):
        raise Refused("the new address was not read")
    if said.actor.moved_at is not None and now - said.actor.moved_at < PAUSE:
        raise Refused("it moved less than a week ago")
    peer = _spoken_with(addresses.origin(new.uri))
    Actor.objects.filter(pk=said.actor.pk).update(moved_to=new.uri, moved_at=now)
    actors.keep(new, peer)
    if said.actor.type == "Group":
        places.part(said.actor)
        places.welcome(new, [], peer)


def _spoken_with(origin: str) -> Peer:
    peer = Peer.objects.filter(origin=origin).first()
    if peer is not None and peer.level == Peer.Level.PARTNER:
        return peer
    if settings.RTES.federation != "open" or (peer is not None and peer.level == Peer.Level.BLOCKED):
        raise Refused("it moved to a server that is no partner")
    return peer or Peer.objects.create(origin=origin)
