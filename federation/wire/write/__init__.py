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

__all__ = [
    "accept",
    "actor",
    "article",
    "collection",
    "create",
    "delete",
    "follow",
    "host_meta",
    "host_meta_xml",
    "nodeinfo",
    "nodeinfo_discovery",
    "nodeinfo_type",
    "page",
    "reject",
    "tombstone",
    "undo",
    "update",
    "webfinger",
    "webfinger_server",
]
