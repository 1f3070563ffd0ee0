"""Who made the proof that a document carries. A key is believed as its owner's own document lists it (security.md A2).

Asked only of what somebody else hands on: where the author itself signed the request, that is enough.
"""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from federation import actors
from federation.errors import Refused
from federation.models import Actor
from federation.wire import BadSignature, proofs, urls
from federation.wire.proofs import Proof
from federation.wire.shapes import ActorDoc


def author(document: Mapping[str, Any], uri: str) -> Actor | ActorDoc | None:
    """The actor `uri`, when it has proven that it says this; None when nothing here proves that or the contrary.

    Raises: Refused, the proof is false; TryLater, its owner cannot be asked now.
    """
    try:
        proof = proofs.of(document)
    except BadSignature as error:
        raise Refused(error.reason) from error
    if proof is None or "@context" not in document or not urls.same_origin(proof.key_id, uri):
        return None
    known = actors.find(uri)
    if known is not None and not actors.is_stale(known) and _holds(document, proof, known) is None:
        return known
    doc = actors.fetch_document(uri)
    if not any(key.id == proof.key_id for key in doc.keys):
        return None
    if wrong := _holds(document, proof, doc):
        raise Refused(wrong)
    return doc


def _holds(document: Mapping[str, Any], proof: Proof, owner: Actor | ActorDoc) -> str | None:
    """None, or what is wrong with it."""
    listed = actors.keys_of(owner) if isinstance(owner, Actor) else owner.keys
    wrong = "proof: its key is not one of the author"
    for key in listed:
        if key.id == proof.key_id:
            try:
                proofs.verify(document, proof, key.public, now=timezone.now())
            except BadSignature as error:
                wrong = error.reason
            else:
                return None
    return wrong
