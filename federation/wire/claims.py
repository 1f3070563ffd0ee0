"""What a signature claims before its key is known, and what is known once it has been verified."""

from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256, SHA512, HashAlgorithm

from federation.wire.errors import BadSignature
from federation.wire.keys import PublicKey

_HASHES: dict[str, tuple[HashAlgorithm, ...]] = {
    "rsa-sha256": (SHA256(),),
    "rsa-v1_5-sha256": (SHA256(),),
    # Seen: "hs2019" is RSA-SHA256 nearly everywhere, and RSA-SHA512 in some, though its registry says neither.
    "hs2019": (SHA256(), SHA512()),
}
_ED25519 = frozenset({"ed25519", "hs2019"})


@dataclass(frozen=True, kw_only=True)
class Claim:
    """All that can be checked without the key has been. Nothing in it may be believed before `verify`."""

    key_id: str
    format: str  #: "cavage" or "rfc9421"
    algorithm: str  #: as said; "hs2019", which leaves it to the key, when nothing was
    created: datetime
    expires: datetime | None
    covered: tuple[str, ...]
    signature: bytes
    bases: tuple[bytes, ...]  #: what may have been signed: some servers leave the query out


@dataclass(frozen=True, kw_only=True)
class Signed:
    """Proof that the holder of this key sent this request: only `verify` makes one."""

    key_id: str
    format: str
    algorithm: str
    created: datetime
    covered: tuple[str, ...]


def verify(claim: Claim, public_key: PublicKey) -> Signed:
    """Raises `BadSignature` when the key is of another kind than said, or did not sign this."""
    if isinstance(public_key, Ed25519PublicKey):
        if claim.algorithm not in _ED25519:
            raise BadSignature(f"algorithm: {claim.algorithm} with an Ed25519 key")
        good = any(_ed25519(claim.signature, base, public_key) for base in claim.bases)
    else:
        hashes = _HASHES.get(claim.algorithm)
        if hashes is None:
            raise BadSignature(f"algorithm: {claim.algorithm} with an RSA key")
        good = any(_rsa(claim.signature, base, public_key, algorithm) for base in claim.bases for algorithm in hashes)
    if not good:
        raise BadSignature("signature: not made by this key on this request")
    return Signed(
        key_id=claim.key_id,
        format=claim.format,
        algorithm=claim.algorithm,
        created=claim.created,
        covered=claim.covered,
    )


def _ed25519(signature: bytes, base: bytes, key: Ed25519PublicKey) -> bool:
    try:
        key.verify(signature, base)
    except InvalidSignature:
        return False
    return True


def _rsa(signature: bytes, base: bytes, key: RSAPublicKey, algorithm: HashAlgorithm) -> bool:
    try:
        key.verify(signature, base, PKCS1v15(), algorithm)
    except InvalidSignature:
        return False
    return True
