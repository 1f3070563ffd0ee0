"""What is asked of a thing of ours, and what others answer to what we asked."""

from typing import Any

from federation.publication import Gesture
from federation.wire.errors import Malformed
from federation.wire.read.activities import activity
from federation.wire.read.values import Document, text
from federation.wire.vocabulary import Terms
from rtes_hub.text import clean

#: By their name on the wire.
VERBS = {"Join": "join", "Leave": "leave", "Offer": "offer"}
MAX_REASON = 500  #: characters


def gesture(doc: Document) -> Gesture:
    """Raises `Malformed` when it is none, or is about nothing."""
    head = activity(doc)
    if head.type not in VERBS:
        raise Malformed("type: not that of a gesture")
    if not head.object_id:
        raise Malformed("object: absent")
    return Gesture(uri=head.id, verb=VERBS[head.type], author=head.actor, target=head.object_id, facts=facts(doc))


def facts(doc: Document) -> dict[str, Any]:
    """What an activity says in our terms."""
    return Terms(doc.get("@context")).facts(doc)


def reason(doc: Document) -> str:
    """Why it was said, in plain text. Seen: Lemmy's stands in `summary`, Mastodon's in `content`."""
    return clean.plain(text(doc.get("summary")) or text(doc.get("content")), MAX_REASON)
