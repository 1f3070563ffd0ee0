"""HTTP Message Signatures: RFC 9421, in the profile that Mastodon documents."""

from collections.abc import Callable
from datetime import datetime

from federation.wire import digest, fields
from federation.wire.claims import Claim
from federation.wire.errors import BadSignature
from federation.wire.fields import InnerList, Item
from federation.wire.keys import PrivateKey, algorithm
from federation.wire.names import ACTIVITY_JSON
from federation.wire.requests import Request, Window, from_timestamp
from federation.wire.sealing import sign

LABEL = "sig1"
_ALGORITHMS = {"rsa": "rsa-v1_5-sha256", "ed25519": "ed25519"}

#: Derived components (§2.2). `@query` is "?" when there is none.
_DERIVED: dict[str, Callable[[Request], str]] = {
    "@method": lambda request: request.method,
    "@target-uri": lambda request: request.url,
    "@authority": lambda request: request.authority,
    "@scheme": lambda request: request.parts.scheme,
    "@path": lambda request: request.path,
    "@query": lambda request: f"?{request.parts.query}",
    "@request-target": lambda request: request.path + (f"?{request.parts.query}" if request.parts.query else ""),
}


def sign_rfc9421(
    method: str,
    url: str,
    *,
    key: PrivateKey,
    key_id: str,
    now: datetime,
    body: bytes | None = None,
    content_type: str = ACTIVITY_JSON,
) -> dict[str, str]:
    """Every header the request must carry, signature included. `body` is None for a GET."""
    headers = {"Host": Request(method, url, ()).authority}
    covered = ["@method", "@target-uri"]
    if body is not None:
        headers |= {"Content-Type": content_type, "Content-Digest": digest.content_digest(body)}
        covered.append("content-digest")
    signed = InnerList(
        tuple(Item(name) for name in covered),
        {"created": int(now.timestamp()), "keyid": key_id, "alg": _ALGORITHMS[algorithm(key)]},
    )
    signature = sign(key, _base(Request(method, url, headers.items()), signed))
    headers["Signature-Input"] = f"{LABEL}={fields.serialise(signed)}"
    headers["Signature"] = f"{LABEL}={fields.serialise_bytes(signature)}"
    return headers


def parse_rfc9421(request: Request, signature_input: str, header: str, window: Window) -> Claim:
    """Raises `BadSignature`."""
    signed, signature = _only_one(
        fields.inner_lists(signature_input, "signature-input"), fields.byte_sequences(header, "signature")
    )
    covered = tuple(item.value for item in signed.items)
    if len(set(covered)) != len(covered):
        raise BadSignature("signature-input: a component is said twice")
    for item in signed.items:
        if (
            item.parameters
            or (item.value.startswith("@") and item.value not in _DERIVED)
            or item.value.lower() != item.value
        ):
            raise BadSignature(f"{item.value[:40]}: a component that is not understood", 400)
    created, expires = _check_times(signed, window)
    _check_coverage(request, covered)
    if "content-digest" in covered:
        digest.check_content_digest(request.header("content-digest"), request.body)
    key_id, said = signed.parameters.get("keyid"), signed.parameters.get("alg", "hs2019")
    if not isinstance(key_id, str) or not key_id:
        raise BadSignature("keyid: absent", 400)
    if "alg" in signed.parameters and said not in _ALGORITHMS.values():
        raise BadSignature("alg: not accepted")
    return Claim(
        key_id=key_id,
        format="rfc9421",
        algorithm=str(said),
        created=created,
        expires=expires,
        covered=covered,
        signature=signature,
        bases=(_base(request, signed),),
    )


def _only_one(inputs: dict[str, InnerList], signatures: dict[str, bytes]) -> tuple[InnerList, bytes]:
    """With several labels one could be checked and another believed."""
    if len(inputs) != 1 or len(signatures) != 1:
        raise BadSignature("signature: exactly one is accepted", 400)
    label, signed = next(iter(inputs.items()))
    if label not in signatures:
        raise BadSignature(f"signature: none labelled {label[:40]}", 400)
    return signed, signatures[label]


def _check_times(signed: InnerList, window: Window) -> tuple[datetime, datetime | None]:
    if "created" not in signed.parameters:
        raise BadSignature("created: absent")
    created = from_timestamp("created", signed.parameters["created"])
    window.check("created", created)
    expires = None
    if "expires" in signed.parameters:
        expires = from_timestamp("expires", signed.parameters["expires"])
        window.check_expiry("expires", expires)
    return created, expires


def _check_coverage(request: Request, covered: tuple[str, ...]) -> None:
    if "@method" not in covered:
        raise BadSignature("@method: not signed")
    if "@target-uri" not in covered:
        for needed in ("@authority", "@path", *(("@query",) if request.parts.query else ())):
            if needed not in covered:
                raise BadSignature(f"{needed}: not signed")
    if request.has_body and "content-digest" not in covered:
        raise BadSignature("content-digest: not signed")
    if "host" in covered:
        request.check_host()


def _base(request: Request, signed: InnerList) -> bytes:
    """The text that is signed (§2.5)."""
    lines = []
    for item in signed.items:
        derive = _DERIVED.get(item.value)
        lines.append(f'"{item.value}": {derive(request) if derive else request.header(item.value)}')
    lines.append(f'"@signature-params": {fields.serialise(signed)}')
    return "\n".join(lines).encode()
