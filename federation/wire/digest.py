"""Does the body match what was signed? Two headers say it: `Digest` (RFC 3230) and `Content-Digest` (RFC 9530)."""

import base64
import binascii
import hashlib
import hmac

from federation.wire import fields
from federation.wire.errors import BadSignature

_HASHES = {"sha-256": hashlib.sha256, "sha-512": hashlib.sha512}


def digest(body: bytes) -> str:
    """For `Digest`. Upper case: some servers compare the name of the algorithm as text."""
    return "SHA-256=" + base64.b64encode(hashlib.sha256(body).digest()).decode()


def content_digest(body: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def check_digest(header: str, body: bytes) -> None:
    """Raises `BadSignature`: 400 when it cannot be read, 401 when it is of another body or of no algorithm we trust."""
    said: dict[str, bytes] = {}
    for part in header.split(","):
        name, equals, value = part.strip().partition("=")
        try:
            decoded = base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            raise BadSignature("digest: not base64", 400) from None
        if not equals or not name:
            raise BadSignature("digest: algorithm=value expected", 400)
        if name.lower() in said:
            raise BadSignature(f"digest: {name[:20]} is said twice")
        said[name.lower()] = decoded
    _compare("digest", said, body)


def check_content_digest(header: str, body: bytes) -> None:
    """Raises `BadSignature`, as `check_digest` does."""
    _compare("content-digest", fields.byte_sequences(header, "content-digest"), body)


def _compare(where: str, said: dict[str, bytes], body: bytes) -> None:
    """Every digest that we can compute must be right, and there must be one."""
    known = [(value, _HASHES[name]) for name, value in said.items() if name in _HASHES]
    if not known:
        raise BadSignature(f"{where}: neither sha-256 nor sha-512")
    if not all(hmac.compare_digest(value, make(body).digest()) for value, make in known):
        raise BadSignature(f"{where}: not the digest of this body")
