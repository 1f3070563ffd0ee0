"""What others say, in whatever shape they say it. The reverse of `wire.write`, and much more tolerant.

null is absent, one value is a list of one, a link is a URL or an object with one. What must be there is not negotiable:
ids are absolute URLs, and what belongs to someone shares their origin. Never HTML-cleaned here.
"""

from federation.wire.read.activities import activity
from federation.wire.read.actors import actor
from federation.wire.read.collections import collection, link
from federation.wire.read.publications import publication
from federation.wire.read.values import is_public

__all__ = ["activity", "actor", "collection", "is_public", "link", "publication"]
