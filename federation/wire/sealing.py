"""The signing itself, the same in both formats."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from federation.wire.keys import PrivateKey


def sign(key: PrivateKey, base: bytes) -> bytes:
    """RSASSA-PKCS1-v1_5 with SHA-256, or Ed25519."""
    return key.sign(base) if isinstance(key, Ed25519PrivateKey) else key.sign(base, PKCS1v15(), SHA256())
