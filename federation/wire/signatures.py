"""Signing requests, and checking who signed them, in both formats.

In two steps, because the key must be fetched between them: `parse` asks all that can be asked without it, so that
nothing is fetched for a request that would be refused anyway; `verify` needs the key and gives the only proof.
"""

from datetime import datetime

from federation.wire import urls
from federation.wire.cavage import parse_cavage, sign_cavage
from federation.wire.claims import Claim, Signed, verify
from federation.wire.errors import BadSignature, Malformed
from federation.wire.requests import Headers, Request, Window
from federation.wire.rfc9421 import parse_rfc9421, sign_rfc9421

__all__ = ["Claim", "Signed", "parse", "sign_cavage", "sign_rfc9421", "verify"]


def parse(method: str, url: str, headers: Headers, body: bytes, *, now: datetime, past: float, future: float) -> Claim:
    """What the request claims: window, coverage, host and digest are checked, the signature is not yet.

    `url` is our own public address of the resource, with path and query as they came, not decoded. `past` and `future`
    are in seconds. Raises `BadSignature`.
    """
    try:
        urls.origin(url)
    except Malformed as wrong:
        raise BadSignature(f"target: {wrong.reason}", 400) from None
    request = Request(method.upper(), url, tuple(headers), body)
    window = Window(now, past, future)
    signature, signature_input = request.find("signature"), request.find("signature-input")
    if signature is None:
        raise BadSignature("signature: absent")
    if signature_input is not None:
        return parse_rfc9421(request, signature_input, signature, window)
    return parse_cavage(request, signature, window)
