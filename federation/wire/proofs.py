"""Object integrity proofs: FEP-8b32 with `eddsa-jcs-2022` (W3C Data Integrity EdDSA Cryptosuites §3.3).

A document that carries one may be believed whoever hands it on. JSON is signed as it stands (RFC 8785): no JSON-LD.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from federation.wire import base58, keys
from federation.wire.errors import BadSignature, Malformed
from federation.wire.write.dates import rfc3339

SUITE = "eddsa-jcs-2022"
#: Gives `proof` its meaning to readers of JSON-LD, which hold it without fetching it.
CONTEXT = "https://w3id.org/security/data-integrity/v1"
MAX_PROOFS = 8  #: of one document

_SIGNATURE = 64  #: bytes


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What a document claims. Nothing in it may be believed before `verify`."""

    key_id: str
    options: Mapping[str, Any]
    signature: bytes
    expires: datetime | None = None


def in_context(document: Mapping[str, Any]) -> dict[str, Any]:
    """The same, in whose context a proof has a meaning."""
    found = document.get("@context", [])
    declared = found if isinstance(found, list) else [found]
    return {"@context": declared if CONTEXT in declared else [*declared, CONTEXT], **_without(document, "@context")}


def make(document: Mapping[str, Any], *, key: Ed25519PrivateKey, key_id: str, created: datetime) -> dict[str, Any]:
    """The `proof` to add to `document`, which has none. Raises `Malformed` when it has no canonical form."""
    options = {
        "@context": document["@context"],
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "verificationMethod": key_id,
        "proofPurpose": "assertionMethod",
        "created": rfc3339(created),
    }
    return {**options, "proofValue": "z" + base58.encode(key.sign(_signed_bytes(document, options)))}


def of(document: Mapping[str, Any]) -> Proof | None:
    """The first proof of this suite; None when there is none. Raises `BadSignature` when it is malformed."""
    found = document.get("proof")
    for options in (found if isinstance(found, list) else [found])[:MAX_PROOFS]:
        if isinstance(options, Mapping) and options.get("cryptosuite") == SUITE:
            return _read(options)
    return None


def verify(document: Mapping[str, Any], proof: Proof, public: str, *, now: datetime) -> None:
    """`public` is the key as text. Raises `BadSignature` when it did not sign this, or not for so long."""
    try:
        key = keys.load_public(public)
        if not isinstance(key, Ed25519PublicKey):
            raise BadSignature("proof: its key is not an Ed25519 key")
        if proof.expires is not None and proof.expires <= now:
            raise BadSignature("proof: it has expired")
        plain = _without(document, "proof", "signature")
        if not any(_signs(key, proof.signature, *signed) for signed in _readings(plain, proof.options)):
            raise BadSignature("proof: not made by this key on this document")
    except Malformed as error:
        raise BadSignature(f"proof: {error.reason}") from error


def _readings(document: dict[str, Any], options: Mapping[str, Any]) -> list[tuple[dict[str, Any], Mapping[str, Any]]]:
    """What may have been signed: some leave the context out of the proof that they show, not of the one they sign."""
    if "@context" not in options:
        return [(document, {**options, "@context": document.get("@context")}), (document, options)]
    declared, said = _many(document.get("@context")), _many(options["@context"])
    if declared[: len(said)] != said:
        raise BadSignature("proof: made in another context than that of the document")
    return [({**document, "@context": options["@context"]}, options)]


def _read(options: Mapping[str, Any]) -> Proof:
    if options.get("type") != "DataIntegrityProof" or options.get("proofPurpose") != "assertionMethod":
        raise BadSignature("proof: not one that asserts", 400)
    key_id, value = options.get("verificationMethod"), options.get("proofValue")
    if not isinstance(key_id, str) or not isinstance(value, str) or not value.startswith("z"):
        raise BadSignature("proof: it names no key, or holds no signature", 400)
    try:
        signature = base58.decode(value[1:])
        expires = datetime.fromisoformat(options["expires"]) if "expires" in options else None
    except (ValueError, TypeError):
        raise BadSignature("proof: it cannot be read", 400) from None
    if len(signature) != _SIGNATURE or (expires is not None and expires.tzinfo is None):
        raise BadSignature("proof: it cannot be read", 400)
    return Proof(key_id=key_id, options=_without(options, "proofValue"), signature=signature, expires=expires)


def _signed_bytes(document: Mapping[str, Any], options: Mapping[str, Any]) -> bytes:
    return sha256(_canonical(options)).digest() + sha256(_canonical(document)).digest()


def _canonical(value: Mapping[str, Any]) -> bytes:
    try:
        return rfc8785.dumps(dict(value))
    except (rfc8785.CanonicalizationError, ValueError):
        raise Malformed("it has no canonical form") from None


def _signs(key: Ed25519PublicKey, signature: bytes, document: Mapping[str, Any], options: Mapping[str, Any]) -> bool:
    try:
        key.verify(signature, _signed_bytes(document, options))
    except InvalidSignature:
        return False
    return True


def _without(value: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {key: item for key, item in value.items() if key not in names}


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
