"""What forums say to other hubs and hear from them, through the real door."""

import json
from typing import Any

from federation.models import Activity, Delivery, StoredObject
from federation.publication import Publication
from federation.wire import read, write
from forums.models import Forum, Post
from tests.federation.knocking import Speaker, hear
from tests.federation.talking import a_post, written

__all__ = [
    "a_thread_by",
    "an_answer_by",
    "announced",
    "hear",
    "on_the_wire",
    "says",
    "says_in_their_own",
    "shows",
    "told_to",
]


def a_thread_by(author: Speaker, place: str, **said: Any) -> Publication:
    return a_post(author, place=place, **{"title": "Quel seuil ?"} | said)


def an_answer_by(author: Speaker, to: str, place: str, **said: Any) -> Publication:
    return a_post(author, place=place, in_reply_to=to, **{"body": "<p>Chez nous, 221 000 euros.</p>"} | said)


def says(client: Any, author: Speaker, publication: Publication) -> Any:
    """Its author's hub sends it: the first time, or changed."""
    document = written(publication)
    verb = write.create if publication.version == 1 else write.update
    return hear(client, author, verb(author.new_uri("activities"), document))


def says_in_their_own(client: Any, place: Speaker, author: Speaker, publication: Publication) -> Any:
    """The place elsewhere announces what one of its own server said in it."""
    verb = write.create if publication.version == 1 else write.update
    return hear(client, place, place.says("Announce", verb(author.new_uri("activities"), written(publication))))


def shows(client: Any, place: Speaker, post: Post) -> Any:
    """The place elsewhere announces what one of ours said in it."""
    said = Activity.objects.filter(object_uri=post.uri, type__in=("Create", "Update")).order_by("-pk")[0]
    return hear(client, place, place.says("Announce", json.loads(bytes(said.body))))


def announced(forum: Forum) -> list[tuple[str, str]]:
    """(verb, thing) of what a forum of ours announces, in order; "" when it shows the bare thing."""
    rows = Activity.objects.filter(actor__uri=forum.uri, type__startswith="Announce").order_by("pk")
    return [(row.type.removeprefix("Announce").strip(), row.object_uri) for row in rows]


def told_to(server: Any) -> list[dict[str, Any]]:
    """What is owed to a server, in order."""
    owed = Delivery.objects.filter(peer__origin=server.origin).select_related("activity").order_by("activity_id", "pk")
    return [json.loads(bytes(one.activity.body)) for one in owed]


def on_the_wire(uri: str) -> Publication:
    """A thing of ours as others read it."""
    return read.publication(json.loads(StoredObject.objects.get(uri=uri).document))
