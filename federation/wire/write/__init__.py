"""What we say, in the strictest shapes that every server we know of accepts: federation.md §2.4.

One string `type`, arrays where readers want arrays, nothing null, the context inline and first.
"""

from federation.wire.write.activities import accept, create, delete, follow, reject, tombstone, undo, update
from federation.wire.write.actors import actor
from federation.wire.write.articles import article
from federation.wire.write.collections import collection, page
from federation.wire.write.discovery import (
    host_meta,
    host_meta_xml,
    nodeinfo,
    nodeinfo_discovery,
    nodeinfo_type,
    webfinger,
    webfinger_server,
)
from federation.wire.write.flags import answer_to_flag, flag
from federation.wire.write.gestures import VERBS as GESTURES
from federation.wire.write.gestures import answer, gesture, invite
from federation.wire.write.places import add, announce, lock, refusal, removal, remove

__all__ = [
    "GESTURES",
    "accept",
    "actor",
    "add",
    "announce",
    "answer",
    "answer_to_flag",
    "article",
    "collection",
    "create",
    "delete",
    "flag",
    "follow",
    "gesture",
    "host_meta",
    "host_meta_xml",
    "invite",
    "lock",
    "nodeinfo",
    "nodeinfo_discovery",
    "nodeinfo_type",
    "page",
    "refusal",
    "reject",
    "removal",
    "remove",
    "tombstone",
    "undo",
    "update",
    "webfinger",
    "webfinger_server",
]
