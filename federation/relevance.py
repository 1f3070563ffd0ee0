"""Which words of a server that is no partner concern us, when the hub is open (security.md B13).

Addressed to a place of ours; an answer to what we hold; or a change of what that author has here already. In
allow-list mode only partners are heard, whatever they speak of.
"""

from federation import addresses
from federation.models import Actor, StoredObject
from federation.wire import Malformed, read
from federation.wire.shapes import Head


def concerns_us(head: Head) -> bool:
    if head.type == "Flag":
        return any(addresses.is_ours(uri) for uri in (head.object_id, *head.to))
    held = StoredObject.objects.filter(uri=head.object_id, local=False, actor__uri=head.actor)
    named = {*head.to, *head.cc}
    parent = ""
    if head.object is not None and "attributedTo" in head.object:
        try:
            thing = read.publication(head.object)
        except Malformed:
            return False
        named |= {*read.addressed(head.object), *thing.mentions}
        parent = thing.in_reply_to
    return (
        held.exists()
        or Actor.objects.filter(uri__in=named, local=True, type="Group", gone_at=None).exists()
        or (bool(parent) and StoredObject.objects.filter(uri=parent, removed_at=None).exists())
    )
