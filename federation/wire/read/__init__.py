"""What others say, in whatever shape they say it. The reverse of `wire.write`, and much more tolerant.

null is absent, one value is a list of one, a link is a URL or an object with one. What must be there is not negotiable:
ids are absolute URLs, and what belongs to someone shares their origin. Never HTML-cleaned here.
"""

from federation.wire.read.activities import activity
from federation.wire.read.actors import actor
from federation.wire.read.collections import MAX_ITEMS, collection, link
from federation.wire.read.gestures import VERBS as GESTURES
from federation.wire.read.gestures import facts, gesture, reason
from federation.wire.read.publications import conversation, is_vote, publication
from federation.wire.read.values import addressed, is_public, references

__all__ = [
    "GESTURES",
    "MAX_ITEMS",
    "activity",
    "actor",
    "addressed",
    "collection",
    "conversation",
    "facts",
    "gesture",
    "is_public",
    "is_vote",
    "link",
    "publication",
    "reason",
    "references",
]
