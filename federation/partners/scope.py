"""What is compared between two hubs: what each published and the other may see. Each answers for its own things only.

A row of ours is public, and goes to every partner: sheets and what speaks of them, wherever they are; what is said in
our own forums. What our people say in the forum of another hub is between them and that hub.
"""

from django.conf import settings
from django.db.models import Q, QuerySet

from federation.models import Peer, StoredObject, Told
from federation.wire.digests import Row


def own(peer: Peer) -> QuerySet[StoredObject]:
    """Things of ours that this partner may see, withdrawn ones too. Nothing for whoever is no partner."""
    if peer.level != Peer.Level.PARTNER:
        return StoredObject.objects.none()
    return StoredObject.objects.filter(_said_at(settings.RTES.base_url), local=True)


def held(peer: Peer) -> QuerySet[StoredObject]:
    """Our copies of that partner's things."""
    return StoredObject.objects.filter(_said_at(peer.origin), local=False, actor__peer=peer)


def _said_at(origin: str) -> Q:
    return Q(place="") | Q(place__startswith=f"{origin}/")


def own_rows(peer: Peer) -> list[Row]:
    """In the order of their keys, as below."""
    return list(own(peer).order_by("key").values_list("key", "leaf"))


def held_rows(peer: Peer) -> list[Row]:
    """What we know of each thing of theirs: the copy we hold, or what they told us where we keep none that says so."""
    rows: dict[str, str] = dict(held(peer).order_by("key").values_list("key", "leaf"))
    told: dict[str, str] = dict(Told.objects.filter(peer=peer).values_list("key", "leaf"))
    if not told:
        return list(rows.items())
    return sorted((key, leaf) for key, leaf in (rows | told).items() if leaf)
