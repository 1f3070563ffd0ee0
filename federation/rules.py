"""Who may say what: one question a verb, asked once its sender is proven and before anything is fetched for it.

The first line of each is what `manage.py verbs` prints. Raises: Refused.
"""

from django.conf import settings

from federation import addresses, flags, gathering, gestures, moderating, received, relevance, welcome
from federation.errors import Refused
from federation.models import Activity, Follow, Peer, StoredObject
from federation.said import Said


def follower_of_ours(said: Said) -> None:
    """Any actor of a partner, of one of ours; others, of the hub itself, or of anyone here when the hub is open."""
    if not addresses.is_ours(said.head.object_id):
        raise Refused("one follows an actor of this hub here")
    is_known = said.peer.level == Peer.Level.PARTNER or settings.RTES.federation == "open"
    if not (is_known or welcome.asks_partnership(said.head)):
        raise Refused("your server is not a partner of this hub")


def whom_we_asked(said: Said) -> None:
    """The actor whom one of ours asked: to follow, to show something, by a gesture or a report."""
    if flags.is_ours(said.head.object_id) or gestures.is_ours(said.head.object_id) or said_there(said) is not None:
        return
    if not Follow.objects.filter(followed=said.actor, follower__local=True).exists():
        raise Refused("nobody here asked that actor anything")


def the_same_actor(said: Said) -> None:
    """The actor who said what is undone."""
    undone = said.head.object or {}
    if undone and (undone.get("actor") or said.head.actor) != said.head.actor:
        raise Refused("one undoes only what one did")
    if addresses.origin(said.head.object_id) != addresses.origin(said.head.actor):
        raise Refused("one undoes only what one did")


def owner_we_read(said: Said) -> None:
    """The author of the thing, when its server is a partner, one of ours follows it, or it is said to us."""
    owner(said)
    if said.peer.level == Peer.Level.PARTNER:
        return
    if settings.RTES.federation == "open" and relevance.concerns_us(said.head):
        return
    if not Follow.objects.filter(followed=said.actor, follower__local=True, state=Follow.State.ACCEPTED).exists():
        raise Refused("nobody here follows that author, and its server is no partner")


def owner(said: Said) -> None:
    """The author of the thing, on its own server."""
    received.check_theirs(said.head.object_id, said.actor)
    if said.actor.moved_to and said.head.type in ("Create", "Update") and not said.is_about_itself:
        raise Refused("that actor moved: it speaks at its new address only")


def owner_or_moderator(said: Said) -> None:
    """The author of the thing, on its own server; or who moderates the place where it was said, on the same."""
    owner(said)


def place_we_follow(said: Said) -> None:
    """A place, a group actor, that one of ours follows."""
    if said.actor.type != "Group":
        raise Refused("only what places announce is heard")
    follows = Follow.objects.filter(followed=said.actor, follower__local=True)
    if not follows.exclude(state=Follow.State.REFUSED).exists():
        raise Refused("nobody here follows that place")


def moderator(said: Said) -> None:
    """Who moderates the place where the thing was said, on the server of that place."""
    if moderating.place_of(said.head.object_id) is None:
        raise Refused("that was said in no place of others")


def curator(said: Said) -> None:
    """A hub, of its list of places; who moderates a place, of its lists."""
    if not gathering.is_list_of_places(said):
        moderator(said)


def itself(said: Said) -> None:
    """An actor of itself alone, of a partner or one that one of ours follows."""
    if not said.is_about_itself:
        raise Refused("one moves nobody but oneself")


def partner_or_concerned(said: Said) -> None:
    """Any actor of a partner, of a thing of ours or in a place of ours; of any server when the hub is open."""
    if said.peer.level != Peer.Level.PARTNER and settings.RTES.federation != "open":
        raise Refused("only partners report anything here")


def owner_and_partner(said: Said) -> None:
    """The author of the thing, from a partner."""
    owner(said)
    if said.peer.level != Peer.Level.PARTNER:
        raise Refused("only partners invite anybody of this hub")


def partner_of_ours(said: Said) -> None:
    """Any actor of a partner, of a thing of ours."""
    if said.peer.level != Peer.Level.PARTNER:
        raise Refused("only partners ask anything of our things")
    if not addresses.is_ours(said.head.object_id):
        raise Refused("it is not a thing of this hub")


def said_there(said: Said) -> StoredObject | None:
    """What one of ours said, in an activity that is spoken of, in the place that speaks."""
    ours = Activity.objects.filter(uri=said.head.object_id, type__in=("Create", "Update")).first()
    if ours is None:
        return None
    return StoredObject.objects.filter(uri=ours.object_uri, local=True, place=said.actor.uri).first()
