"""A partner that exists only by what it sends: its key, its collectivité, and sheets by the thousand, signed ahead.

Documents are a sheet that the hub itself wrote, with the partner's addresses: as long, and as true to its kind.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from bench.hub import HOST
from federation.wire import canonical, keys, write
from federation.wire.cavage import sign_cavage

ORIGIN = "https://partner.example"
ACTOR = f"{ORIGIN}/ap/orgs/1"
KEY_ID = f"{ACTOR}#main-key"
INBOX = f"https://{HOST}/ap/inbox"


@dataclass(frozen=True, kw_only=True)
class Partner:
    """`model` is the document of a sheet of the hub of `bench.hub`."""

    model: str
    key: keys.PrivateKey

    def create(self, i: int) -> bytes:
        """The i-th Create."""
        sheet = self.model.replace(f"https://{HOST}/", f"{ORIGIN}/")
        document = json.loads(sheet)
        named = f"{ORIGIN}/ap/objects/bench-{i}"
        text = sheet.replace(document["id"], named).replace(document["attributedTo"], ACTOR)
        document = json.loads(text) | {"name": f"{document['name']} {i}"}
        document.pop("proof", None)
        return canonical.dumps(write.create(f"{named}/activities/1", document))

    def signed(self, body: bytes) -> bytes:
        """The whole request, as it goes over the wire."""
        headers = sign_cavage("POST", INBOX, key=self.key, key_id=KEY_ID, now=datetime.now(UTC), body=body)
        headers |= {"X-Forwarded-Proto": "https", "Content-Length": str(len(body))}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"POST /ap/inbox HTTP/1.1\r\n{lines}\r\n".encode() + body
