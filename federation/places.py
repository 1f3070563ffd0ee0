"""The places of hubs, group actors in which things are said: ours as partners find them, and those of partners.

A hub lists its open places at an address that its instance actor gives (`rtes:forums`), and tells partners when one
opens or closes. Each place of a partner is followed by the hub itself; federation.visits reads the lists.
"""

from typing import Any

from django.db import transaction

from federation import actors, addresses, fetch, outbox, registry, tasks
from federation.errors import Refused
from federation.models import Actor, Follow, Peer, Place
from federation.wire import canonical, read, strict_json, write
from federation.wire.shapes import ActorDoc, Collection

# Ours -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def place_open(uri: str) -> None:
    """List a group actor of ours among our places, and tell every partner. Twice is once. Raises: Refused."""
    _list(uri, listed=True)


@transaction.atomic
def place_closed(uri: str) -> None:
    """Nothing can be said in it from elsewhere any more; what was said stays. Raises: Refused."""
    _list(uri, listed=False)


def _list(uri: str, *, listed: bool) -> None:
    if not Actor.objects.filter(uri=uri, local=True, type="Group").exists():
        raise Refused(f"{uri} is not a place of this hub")
    if not Actor.objects.filter(uri=uri).exclude(listed=listed).update(listed=listed):
        return
    hub = actors.instance()
    say = write.add if listed else write.remove
    document = say(
        outbox.activity_uri(), actor=hub.uri, object=uri, target=actors.url(actors.FORUMS), followers=hub.followers
    )
    outbox.send(hub, document, to_inboxes=outbox.inboxes(hub), object_uri=uri, public=True)


def ours() -> dict[str, Any]:
    """The collection of our places."""
    uris = list(
        Actor.objects.filter(local=True, listed=True, gone_at=None).order_by("pk").values_list("uri", flat=True)
    )
    return write.collection(actors.url(actors.FORUMS), total=len(uris), owner=actors.url(actors.INSTANCE), items=uris)


# A partner's: found, gone -----------------------------------------------------------------------------------------


def welcome(doc: ActorDoc, moderators: list[str], peer: Peer) -> None:
    """A partner has this place: tell the apps, and follow it. In a transaction; again, it is brought up to date."""
    place = actors.keep(doc, peer)
    Actor.objects.filter(pk=place.pk).update(moderators=moderators)
    for speaker in registry.everyone():
        speaker.place_found(actors.author(place))
    Place.objects.get_or_create(actor=place)
    _follow(place)


def _follow(place: Actor) -> None:
    """As the hub itself. What was asked and not answered is asked again, with the same words."""
    hub = actors.instance()
    known = Follow.objects.filter(follower=hub, followed=place).first()
    if known is not None and known.state == Follow.State.ACCEPTED:
        return
    if known is not None and known.state == Follow.State.ASKED:
        document = strict_json.loads(known.document.encode()) | {"id": outbox.activity_uri()}
    else:
        document = write.follow(outbox.activity_uri(), actor=hub.uri, object=place.uri)
    Follow.objects.update_or_create(
        follower=hub,
        followed=place,
        defaults={
            "uri": document["id"],
            "document": canonical.dumps(document).decode(),
            "state": Follow.State.ASKED,
        },
    )
    outbox.send(hub, document, to_inboxes=[place.inbox], object_uri=place.uri)


def part(place: Actor) -> None:
    """The place is there no more, or its hub no partner: tell the apps, and follow it no more."""
    hub = actors.instance()
    known = Follow.objects.filter(follower=hub, followed=place).first()
    if known is not None:
        asked = strict_json.loads(known.document.encode())
        document = write.undo(outbox.activity_uri(), actor=hub.uri, activity=asked)
        outbox.send(hub, document, to_inboxes=[place.inbox], object_uri=place.uri)
        known.delete()
    if Place.objects.filter(actor=place).delete()[0]:
        for speaker in registry.everyone():
            speaker.place_gone(place.uri)


def on_accept(place: Actor) -> None:
    """It lets us follow. What it said before is read now."""
    _answered(place, Follow.State.ACCEPTED)
    tasks.nudge_places()


def on_reject(place: Actor) -> None:
    _answered(place, Follow.State.REFUSED)


def _answered(place: Actor, state: str) -> None:
    if not Follow.objects.filter(follower=actors.instance(), followed=place).update(state=state):
        raise Refused("no Follow of ours awaits that answer")


# A partner's: looked at, without a transaction ------------------------------------------------------------------


def collection(url: str, peer: Peer) -> Collection:
    """A list of that hub. Raises: Refused, Malformed, TryLater."""
    if addresses.origin(url) != peer.origin:
        raise Refused("the list lives on another server")
    return read.collection(fetch.get_document(url, signer=actors.instance())[1])


def uris(found: Collection) -> list[str]:
    return [item if isinstance(item, str) else str(item.get("id", "")) for item in found.items]


def look_at(uri: str, peer: Peer) -> tuple[ActorDoc, list[str]]:
    """A place and who moderates it, as its own server says. Raises: Refused, Malformed, TryLater."""
    if addresses.origin(uri) != peer.origin:
        raise Refused("the place lives on another server")
    final, document = fetch.get_document(uri, signer=actors.instance())
    doc = read.actor(document)
    if final != uri or doc.uri != uri or doc.type != "Group":
        raise Refused("it is no place")
    return doc, uris(collection(doc.moderators, peer)) if doc.moderators else []
