"""Whatever a server sends is read, or refused as malformed: no reader fails in another way."""

import contextlib

from hypothesis import given
from hypothesis import strategies as st

from federation.wire import Malformed, names, read

KEYS = [
    *("@context", "id", "type", "attributedTo", "name", "nameMap", "summary", "content", "contentMap", "source", "url"),
    *("published", "updated", "to", "cc", "tag", "attachment", "language", "inReplyTo", "mediaType", "actor", "object"),
    *("inbox", "endpoints", "sharedInbox", "publicKey", "assertionMethod", "owner", "publicKeyPem", "first", "items"),
    *("orderedItems", "totalItems", "links", "rel", "href", "generator", "implements", "identifier", "target"),
    *("rtes:kind", "rtes:theme", "rtes:version", "rtes:size", "rtes:cost", "rtes:about", f"{names.NS}territory"),
]
URL = "https://hub.example/a"
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-1, 2**40)
    | st.sampled_from([URL, "Person", "Article", "Hashtag", "as:Public", "2026-11-20T08:30:00Z", "rtes:GoodPractice"])
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)
documents = st.dictionaries(st.sampled_from(KEYS), anything, max_size=10).map(
    lambda changes: {"id": URL, "attributedTo": URL, "actor": URL, "type": "Person", "inbox": URL} | changes
)


@given(documents)
def test_any_document_is_read_or_refused_and_nothing_else(document):
    for reader in (read.publication, read.activity, read.actor, read.collection, read.is_public):
        with contextlib.suppress(Malformed):
            reader(document)
    read.link(document, "self", type="x")
