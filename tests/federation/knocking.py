"""A remote actor that signs for real, its document served by a real server; and `knock`, which POSTs what it says."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from itertools import count
from typing import Any

from django.utils import timezone

from federation import actors, processing, registry
from federation.errors import Refused
from federation.models import Incoming
from federation.publication import Publication
from federation.wire import canonical, keys, signatures, write
from federation.wire.keys import generate_rsa
from federation.wire.names import ACTIVITY_JSON, AS2, PUBLIC
from federation.wire.shapes import ActorDoc, Key
from rtes_hub.management.commands.state_digest import of_table, tables
from tests.federation.peers import Server

INBOX = "http://127.0.0.1:8000/ap/inbox"
SIGN = {"cavage": signatures.sign_cavage, "rfc9421": signatures.sign_rfc9421}

_numbers = count(1)


@cache
def a_key(name: str = "first") -> Any:
    """RSA keys are slow to make, and tests need few."""
    return generate_rsa()


@dataclass
class Speaker:
    """Somebody elsewhere."""

    server: Server
    path: str
    key: Any = field(default_factory=a_key)
    type: str = "Organization"

    @property
    def uri(self) -> str:
        return f"{self.server.origin}{self.path}"

    @property
    def key_id(self) -> str:
        return f"{self.uri}#main-key"

    def document(self, **facts: Any) -> dict[str, Any]:
        doc = ActorDoc(
            uri=self.uri,
            type=self.type,
            handle="region",
            name="Région voisine",
            inbox=f"{self.uri}/inbox",
            outbox=f"{self.uri}/outbox",
            shared_inbox=f"{self.server.origin}/ap/inbox",
            moderators=f"{self.uri}/moderators" if self.type == "Group" else "",
            featured=f"{self.uri}/featured" if self.type == "Group" else "",
            keys=(Key(id=self.key_id, algorithm="rsa", public=keys.public_pem(self.key)),),
        )
        return write.actor(doc, instance=f"{self.server.origin}/ap/actor") | facts

    def show(self, **facts: Any) -> "Speaker":
        """Put its document where the hub will look for it."""
        self.server.pages[self.path] = (ACTIVITY_JSON, canonical.dumps(self.document(**facts)))
        return self

    def new_uri(self, what: str = "objects") -> str:
        return f"{self.server.origin}/ap/{what}/{next(_numbers)}"

    def a_note(self, **facts: Any) -> dict[str, Any]:
        uri = self.new_uri()
        return {
            "@context": AS2,
            "id": uri,
            "type": "Article",
            "attributedTo": self.uri,
            "name": "Une ressourcerie",
            "content": "<p>Un texte.</p>",
            "published": "2026-01-02T03:04:05Z",
            "to": [PUBLIC],
            "cc": [],
        } | facts

    def says(self, verb: str, object: Any, **facts: Any) -> dict[str, Any]:
        """An activity; a fact of `...` is left out."""
        said = {
            "@context": AS2,
            "id": self.new_uri("activities"),
            "type": verb,
            "actor": self.uri,
            "to": [PUBLIC],
            "cc": [],
            "object": object,
        }
        return {name: value for name, value in (said | facts).items() if value is not ...}


def a_speaker(server: Server, path: str = "/ap/orgs/1", **facts: Any) -> Speaker:
    return Speaker(server, path, **facts).show()


def knock(
    client: Any,
    speaker: Speaker,
    activity: dict[str, Any] | bytes,
    *,
    url: str = INBOX,
    format: str = "cavage",
    key: Any = None,
    key_id: str = "",
    now: Any = None,
    signed_url: str = "",
    signed_body: bytes | None = None,
    headers: dict[str, str | None] | None = None,
) -> Any:
    """POST it, signed by the speaker. Each keyword spoils one thing; a header of None is left out."""
    body = activity if isinstance(activity, bytes) else canonical.dumps(activity)
    made = SIGN[format](
        "POST",
        signed_url or url,
        key=key or speaker.key,
        key_id=key_id or speaker.key_id,
        now=now or timezone.now(),
        body=body if signed_body is None else signed_body,
    )
    sent = {name: value for name, value in (made | (headers or {})).items() if value is not None}
    content_type = sent.pop("Content-Type", ACTIVITY_JSON)
    path = url.removeprefix("http://127.0.0.1:8000")
    return client.post(path, data=body, content_type=content_type, headers=sent | {"Host": "127.0.0.1:8000"})


def state() -> dict[str, str]:
    """Every table, as a digest."""
    return {name: of_table(model) for name, model in tables().items()}


def hub_uri() -> str:
    return actors.url(actors.INSTANCE)


class Shelf(registry.Federated):
    """An app that speaks for one kind, and remembers what it was told."""

    def __init__(self):
        self.received, self.removed, self.changed = [], [], []

    def receive(self, publication, author):
        if publication.title == "Incomplet":
            raise Refused("it says nothing of its cost")
        self.received.append((publication, author))

    def remove(self, uri):
        self.removed.append(uri)

    def author_changed(self, author):
        self.changed.append(author.name)


def a_practice(speaker, uri="", **facts):
    said = {
        "uri": uri or speaker.new_uri(),
        "kind": "good-practice",
        "author": speaker.uri,
        "title": "Une ressourcerie",
        "body": "<p>Un texte.</p>",
        "published": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        "updated": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    }
    return write.article(Publication(**said | facts), followers=f"{speaker.uri}/followers")


def hear(client, speaker, activity):
    """Through the door, then given its effect."""
    assert knock(client, speaker, activity).status_code == 202
    processing.turn_inbox()
    return Incoming.objects.get(uri=activity["id"])


def create(client, speaker, document):
    return hear(client, speaker, write.create(speaker.new_uri("activities"), document))
