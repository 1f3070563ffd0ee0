"""Private keys at rest: sealed with a key derived from the hub's secret, so that a stolen database signs nothing."""

import base64
from functools import cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

#: Names what the derived key is for. Changing it makes every sealed key unreadable.
PURPOSE = b"rtes-hub private keys of actors, v1"


class CannotUnseal(Exception):
    """The secret of the hub is not the one these keys were sealed with."""


@cache
def _box(secret: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))


def seal(plain: bytes) -> bytes:
    return _box(settings.SECRET_KEY).encrypt(plain)


def unseal(sealed: bytes) -> bytes:
    """Raises: CannotUnseal."""
    try:
        return _box(settings.SECRET_KEY).decrypt(bytes(sealed))
    except InvalidToken as error:
        raise CannotUnseal from error
