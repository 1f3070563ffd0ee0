"""Forums and what is said in them, here and elsewhere; and an app that speaks for it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from federation import actors, api, registry
from federation.errors import Refused
from federation.models import Actor, Delivery, Follow
from federation.publication import Publication
from federation.wire import canonical, keys, write
from federation.wire.names import ACTIVITY_JSON
from tests.federation.knocking import Speaker
from tests.federation.peers import Server, a_peer, a_remote_actor

SAMPLES = Path(__file__).parent / "wire" / "samples"
READER = "https://reader.example"  #: where somebody follows the forum of the fixture
#: Where the samples say that our forum, our thread and our collectivité live.
SAMPLE_FORUM = "https://hub.example/ap/forums/achats-responsables"
SAMPLE_THREAD = "https://hub.example/ap/objects/01KGP1"


class Conversations(registry.Federated):
    """Speaks for threads and posts, remembers all it was told, and takes nothing in a locked place."""

    def __init__(self) -> None:
        self.received: list[Publication] = []
        self.told: list[tuple[Any, ...]] = []
        self.is_locked = False

    def receive(self, publication, author):
        if self.is_locked:
            raise Refused("the discussion is closed")
        self.received.append(publication)
        self.told.append(("received", publication.uri))

    def remove(self, uri):
        self.told.append(("removed", uri))

    def shown(self, uri):
        self.told.append(("shown", uri))

    def refused(self, uri, reason):
        self.told.append(("refused", uri, reason))

    def place_found(self, place):
        self.told.append(("found", place.uri, place.name, place.facts.get("theme")))

    def place_gone(self, uri):
        self.told.append(("gone", uri))

    def locked(self, uri, locked):
        self.told.append(("locked", uri, locked))

    def featured(self, uri, pinned):
        self.told.append(("featured", uri, pinned))

    def removed_by_moderator(self, uri, reason):
        self.told.append(("moderated", uri, reason))

    def reported(self, uri, *, flag, reason, by):
        self.told.append(("reported", uri, reason, by.uri))


def a_forum(handle: str = "achats", **facts: Any) -> Actor:
    """A forum of ours."""
    uri = api.open_actor(type="Group", handle=handle, name="Achats responsables", facts={"theme": "achats"} | facts)
    return Actor.objects.get(uri=uri)


def a_person(handle: str = "claire") -> Actor:
    return Actor.objects.get(uri=api.open_actor(type="Person", handle=handle, name="Claire"))


def a_post(author: Actor | Speaker, **facts: Any) -> Publication:
    """A thread; with `in_reply_to`, a post."""
    said = {
        "uri": api.new_uri() if isinstance(author, Actor) else author.new_uri(),
        "kind": "post" if facts.get("in_reply_to") else "thread",
        "author": author.uri,
        "title": "" if facts.get("in_reply_to") else "Quel seuil ?",
        "body": "<p>Quel seuil retenez-vous ?</p>",
        "published": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        "updated": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    }
    return Publication(**said | facts)


def written(publication: Publication, **facts: Any) -> dict[str, Any]:
    return write.article(publication, followers=f"{publication.author}/followers", **facts)


def a_place_elsewhere(server: Server, path: str = "/ap/groups/1") -> Speaker:
    """A forum of a partner, that the hub follows."""
    return followed(Speaker(server, path, type="Group").show())


def followed(place: Speaker) -> Speaker:
    peer = a_peer(place.server.origin)
    row = a_remote_actor(
        place.server.origin,
        peer=peer,
        uri=place.uri,
        type="Group",
        moderators=[f"{place.server.origin}/ap/people/moderator"],
    )
    follower = actors.instance()
    Follow.objects.create(follower=follower, followed=row, uri=f"{follower.uri}/f/1", state=Follow.State.ACCEPTED)
    return place


def sample(name: str, **hosts: str) -> Any:
    """ "lemmy-page", with the hosts of the sample put in the place of real ones."""
    text = (SAMPLES / "inbound" / f"{name}.json").read_text()
    for old, new in hosts.items():
        text = text.replace(old, new)
    return json.loads(text)


def a_sample_actor(server: Server, document: dict[str, Any], path: str) -> Speaker:
    """One of the actors of the samples, with a key that can sign."""
    speaker = Speaker(server, path, type=document["type"])
    document["id"] = speaker.uri
    document["publicKey"] |= {"id": speaker.key_id, "owner": speaker.uri, "publicKeyPem": keys.public_pem(speaker.key)}
    server.pages[path] = (ACTIVITY_JSON, canonical.dumps(document))
    return speaker


def show(server: Server, document: dict[str, Any]) -> dict[str, Any]:
    """Put a thing where it lives."""
    server.pages[document["id"].removeprefix(server.origin)] = (ACTIVITY_JSON, canonical.dumps(document))
    return document


def owed(actor: Actor | None = None) -> list[dict[str, Any]]:
    """What waits to be sent, in order, each activity once."""
    waiting = Delivery.objects.select_related("activity").order_by("activity_id")
    found = {one.activity_id: one.activity for one in waiting if actor is None or one.activity.actor_id == actor.pk}
    return [json.loads(bytes(activity.body)) for activity in found.values()]


def inboxes_of(activity_id: str) -> set[str]:
    return set(Delivery.objects.filter(activity__uri=activity_id).values_list("inbox", flat=True))
