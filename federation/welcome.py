"""What a server may say here, by where our talks with it stand: the question of the door that needs no signature.

In allow-list mode whoever is no partner speaks of the agreement only: its instance actor, of or to ours. Nothing that
it says binds a collectivité or a forum.
"""

from federation import actors
from federation.models import Follow, Peer
from federation.wire.shapes import Head

_ANSWERS = frozenset({"Accept", "Reject"})
_LEAVING = frozenset({"Undo", "Reject", "Delete"})


def asks_partnership(head: Head) -> bool:
    """The one thing that a stranger may always say."""
    return head.type == "Follow" and head.object_id == actors.url(actors.INSTANCE)


def may_say(peer: Peer, head: Head) -> bool:
    """A hub that we asked may answer; one that asked may take it back; a former partner may withdraw what we hold."""
    if peer.agreement in (Peer.Agreement.ENDED, Peer.Agreement.REFUSED):
        return head.type in _LEAVING
    if peer.actor_uri != head.actor:
        return False
    if peer.agreement == Peer.Agreement.ASKED and head.type in _ANSWERS:
        return _is_about(_our_follow(peer), head)
    if peer.agreement in (Peer.Agreement.ASKED, Peer.Agreement.RECEIVED) and head.type == "Undo":
        return _is_about(_their_follow(peer), head)
    return False


def is_followed(actor_uri: str) -> bool:
    """By one of ours, who asked or was accepted."""
    return Follow.objects.filter(followed__uri=actor_uri, follower__local=True).exclude(state="refused").exists()


def _our_follow(peer: Peer) -> Follow | None:
    return Follow.objects.filter(follower__uri=actors.url(actors.INSTANCE), followed__uri=peer.actor_uri).first()


def _their_follow(peer: Peer) -> Follow | None:
    return Follow.objects.filter(follower__uri=peer.actor_uri, followed__uri=actors.url(actors.INSTANCE)).first()


def _is_about(follow: Follow | None, head: Head) -> bool:
    """An answer that names no Follow is about the only one there can be."""
    return follow is not None and head.object_id in ("", follow.uri)
