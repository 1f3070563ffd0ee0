"""Who asks: the instance actor of a partner, by its signature on the request. Others may read none of this.

A signature is asked of GETs too: what a partner may see depends on who it is (security.md §1.C).
"""

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from federation import actors, addresses, storing
from federation.errors import Refused
from federation.models import Actor, Peer
from federation.responses import as_written
from federation.wire import BadSignature, signatures


def partner(request: HttpRequest, body: bytes = b"") -> Peer:
    """Raises: Refused: 401 unsigned or badly, 403 no partner; TryLater when its new key cannot be fetched."""
    window = storing.WINDOW[settings.RTES.federation]
    url = actors.url(as_written(request))
    try:
        claim = signatures.parse(
            request.method or "GET",
            url,
            tuple(request.headers.items()),
            body,
            now=timezone.now(),
            past=window,
            future=window,
        )
    except BadSignature as error:
        raise Refused(error.reason, error.status) from error
    peer = Peer.objects.filter(origin=addresses.origin(claim.key_id), level=Peer.Level.PARTNER).first()
    theirs = Actor.objects.filter(peer=peer, uri=peer.actor_uri, local=False).first() if peer else None
    if settings.RTES.federation == "off" or peer is None or theirs is None:
        raise Refused("only the instance actors of partners may ask for this", 403)
    if not actors.signed_by(actors.keys_of(theirs), claim):
        doc = actors.fetch_document(theirs.uri)  # its key may have changed
        if not actors.signed_by(doc.keys, claim):
            raise Refused("signature: not made by a key of the instance actor", 401)
        actors.keep(doc, peer)
    return peer
