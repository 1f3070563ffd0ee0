"""Inviting somebody of a partner to a thing of ours, and being invited. No answer: whoever wants to, joins."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from federation import outbox, registry
from federation.errors import Refused
from federation.models import Actor, StoredObject
from federation.wire import read, write
from federation.wire.shapes import Head


@transaction.atomic
def invite(author: str, target: str, guest: str, text: str = "") -> None:
    """All three are URIs: one of ours, its thing, an actor elsewhere. `text` is plain.

    Raises: Refused: not theirs to invite to, or a guest who cannot be reached.
    """
    thing = StoredObject.objects.select_related("actor").filter(uri=target, local=True, removed_at=None).first()
    if thing is None or thing.actor.uri != author:
        raise Refused(f"{target} is not a thing of {author}")
    found = outbox.reachable().filter(uri=guest).first()
    if found is None:
        raise Refused(f"{guest} cannot be reached")
    document = write.invite(outbox.activity_uri(), actor=author, object=target, guest=guest, text=text)
    outbox.send(thing.actor, document, to_inboxes=[found.inbox], object_uri=target)


def on_invite(head: Head, document: Mapping[str, Any], by: Actor) -> None:
    """Raises: Refused: nobody here, or nothing that we know of."""
    guest = Actor.objects.filter(uri=head.target, local=True, gone_at=None).first()
    if guest is None:
        raise Refused("there is no such actor here", 404)
    thing = StoredObject.objects.filter(uri=head.object_id, local=False, removed_at=None, actor=by).first()
    if thing is None:
        raise Refused("nothing is known here of what one is invited to")
    if speaker := registry.for_kind(thing.kind):
        speaker.invited(thing.uri, guest.uri, read.reason(document))
