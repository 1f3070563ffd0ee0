"""RSA and Ed25519 keys, as PEM and as Multikey (FEP-521a).

Everyone verifies RSA; Ed25519 is the key of the years to come. Parsing is slower than verifying: what comes as text is
parsed once and remembered.
"""

from functools import lru_cache
from typing import Literal, cast

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key

from federation.wire import base58
from federation.wire.errors import Malformed

PrivateKey = RSAPrivateKey | Ed25519PrivateKey
PublicKey = RSAPublicKey | Ed25519PublicKey

RSA_BITS = 2048  #: what we make, and the least we accept
MAX_RSA_BITS = 8192  #: more only costs the verifier time
MAX_TEXT = 16 * 1024  #: characters of a key as text
_EXPONENT = 65537

_ED25519_PREFIX = bytes.fromhex("ed01")  #: multicodec, as a varint
_RSA_PREFIX = bytes.fromhex("8524")  #: 0x1205: PKCS#1 DER follows


def generate_rsa() -> RSAPrivateKey:
    return generate_private_key(public_exponent=_EXPONENT, key_size=RSA_BITS)


def generate_ed25519() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


def algorithm(key: PrivateKey | PublicKey) -> Literal["rsa", "ed25519"]:
    return "rsa" if isinstance(key, RSAPrivateKey | RSAPublicKey) else "ed25519"


def private_pem(key: PrivateKey) -> bytes:
    """PKCS#8 in clear: only ever handed to what seals it."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def load_private(pem: bytes) -> PrivateKey:
    """One of our own keys. Its numbers are not checked again, which takes longer than a hundred signatures."""
    key = serialization.load_pem_private_key(pem, password=None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, RSAPrivateKey | Ed25519PrivateKey):
        raise TypeError(f"not a key we sign with: {type(key).__name__}")
    return key


def public_pem(key: PrivateKey | PublicKey) -> str:
    """SPKI, the one form that every server parses."""
    public = _public(key).public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return public.decode("ascii")


def public_multibase(key: PrivateKey | PublicKey) -> str:
    public = _public(key)
    if isinstance(public, Ed25519PublicKey):
        return "z" + base58.encode(_ED25519_PREFIX + public.public_bytes_raw())
    der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.PKCS1)
    return "z" + base58.encode(_RSA_PREFIX + der)


@lru_cache(maxsize=1024)
def load_public(text: str) -> PublicKey:
    """PEM (SPKI or PKCS#1, any line ends) or multibase. Raises `Malformed`, also for a key too weak to trust."""
    if len(text) > MAX_TEXT:
        raise Malformed("a public key is too long")
    text = text.strip()
    try:
        key = _from_pem(text) if text.startswith("-----BEGIN ") else _from_multibase(text)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise Malformed("a public key cannot be read") from None
    if isinstance(key, RSAPublicKey):
        if not RSA_BITS <= key.key_size <= MAX_RSA_BITS:
            raise Malformed(f"an RSA key must have {RSA_BITS} to {MAX_RSA_BITS} bits")
        if key.public_numbers().e < _EXPONENT:
            raise Malformed(f"the exponent of an RSA key must be at least {_EXPONENT}")
    elif not isinstance(key, Ed25519PublicKey):
        raise Malformed("a public key is neither RSA nor Ed25519")
    return key


def _public(key: PrivateKey | PublicKey) -> PublicKey:
    return key.public_key() if isinstance(key, RSAPrivateKey | Ed25519PrivateKey) else key


def _from_pem(text: str) -> PublicKey:
    pem = text.replace("\r\n", "\n").replace("\r", "\n").encode()
    return cast("PublicKey", serialization.load_pem_public_key(pem))


def _from_multibase(text: str) -> PublicKey:
    if not text.startswith("z"):
        raise ValueError("not base58btc")
    data = base58.decode(text[1:])
    if data.startswith(_ED25519_PREFIX):
        return Ed25519PublicKey.from_public_bytes(data[len(_ED25519_PREFIX) :])
    if data.startswith(_RSA_PREFIX):
        return cast("PublicKey", serialization.load_der_public_key(data[len(_RSA_PREFIX) :]))
    raise ValueError("unknown multicodec")
