"""One request at the door, and what the questions of federation.inbox learn of it on the way."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from federation.models import Actor, Peer
from federation.wire.shapes import ActorDoc, Head
from federation.wire.signatures import Claim


@dataclass
class Knock:
    """One POST to an inbox, and what the questions learn of it on the way."""

    url: str  #: the inbox, as the sender wrote it: our public address, path and query not decoded
    content_type: str
    headers: Iterable[tuple[str, str]]
    body: bytes
    document: dict[str, Any] | None = None
    head: Head | None = None
    origin: str = ""  #: of the sender, authenticated once is_genuine has answered
    peer: Peer | None = None
    known: Actor | None = None  #: what we hold of who claims to speak: nothing is proven by it
    claim: Claim | None = None
    sender: Actor | None = None  #: when known and proven
    sender_doc: ActorDoc | None = None  #: when fetched and proven: to be kept

    @property
    def activity(self) -> Head:
        if self.head is None:
            raise AssertionError("asked before is_an_activity")
        return self.head

    @property
    def claimed(self) -> Claim:
        if self.claim is None:
            raise AssertionError("asked before is_signed")
        return self.claim
