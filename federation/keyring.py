"""The private keys of our actors: made once, at first need; sealed; kept loaded; never silently made again.

A hub that signs with a new key is a stranger to its partners: keys lost or unreadable stop the hub
(federation/checks.py) instead of being replaced.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone

from federation import secrets
from federation.models import Actor, PrivateKey
from federation.wire import Malformed, canonical, keys, proofs, signatures, strict_json
from federation.wire.keys import PrivateKey as LoadedKey
from federation.wire.shapes import Key

#: Fragment of each key's id. Lemmy wants a fragment; `main-key` is what everyone expects of RSA.
FRAGMENTS = {"rsa": "main-key", "ed25519": "ed25519-key"}
LOADED = 1000  #: keys kept ready: loading one costs a hundred signatures

_SIGNERS = {"cavage": signatures.sign_cavage, "rfc9421": signatures.sign_rfc9421}


class KeysLost(Exception):
    """This actor once had keys, and has them no more."""


def sign(actor: Actor, method: str, url: str, body: bytes | None, format_: str) -> dict[str, str]:
    """Headers to add to a request so that `actor` says it, now. Raises: KeysLost, secrets.CannotUnseal."""
    row = _row(actor, "rsa")
    return _SIGNERS[format_](
        method, url, key=_loaded(bytes(row.sealed)), key_id=_key_id(actor, "rsa"), now=timezone.now(), body=body
    )


def prove(actor: Actor, document: Mapping[str, Any], *, created: datetime | None = None) -> dict[str, Any]:
    """The document with the proof that `actor` says it (FEP-8b32); the same bytes each time for the same `created`.

    As it is, in the rare case of numbers that cannot be signed. Raises: KeysLost, secrets.CannotUnseal.
    """
    plain = proofs.in_context(document)
    proof = _proof(actor, plain, created or timezone.now())
    return {**plain, "proof": proof} if proof else dict(document)


def prove_bytes(actor: Actor, body: bytes) -> bytes:
    """The same for a document written already, with its context: a proof is added at its end, nothing else changes."""
    proof = _proof(actor, strict_json.loads(body), timezone.now())
    return body.rstrip()[:-1] + b"," + canonical.dumps({"proof": proof})[1:] if proof else body


def _proof(actor: Actor, document: Mapping[str, Any], created: datetime) -> dict[str, Any] | None:
    key = _loaded(bytes(_row(actor, "ed25519").sealed))
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("not a key for proofs")
    try:
        return proofs.make(document, key=key, key_id=_key_id(actor, "ed25519"), created=created)
    except Malformed:
        return None


def public_keys(actor: Actor) -> tuple[Key, ...]:
    """What its document says of its keys, RSA first. Makes them when it never had any. Raises: KeysLost."""
    return tuple(
        Key(id=_key_id(actor, algorithm), algorithm=algorithm, public=_row(actor, algorithm).public)
        for algorithm in FRAGMENTS
    )


def _key_id(actor: Actor, algorithm: str) -> str:
    return f"{actor.uri}#{FRAGMENTS[algorithm]}"


def _row(actor: Actor, algorithm: str) -> PrivateKey:
    prefetch_related_objects([actor], "private_keys")
    rows = {row.algorithm: row for row in actor.private_keys.all()}
    if algorithm not in rows:
        _make(actor)
        rows = {row.algorithm: row for row in PrivateKey.objects.filter(actor=actor)}
    return rows[algorithm]


@lru_cache(maxsize=LOADED)
def _loaded(sealed: bytes) -> LoadedKey:
    return keys.load_private(secrets.unseal(sealed))


@transaction.atomic
def _make(actor: Actor) -> None:
    """Both keys at once, for an actor that never had any: `keyed_at` elects the one process that makes them."""
    if not Actor.objects.filter(pk=actor.pk, local=True, keyed_at=None).update(keyed_at=timezone.now()):
        if PrivateKey.objects.filter(actor=actor).count() < len(FRAGMENTS):
            raise KeysLost(f"{actor.uri} has lost its private keys")
        return
    rsa, ed25519 = keys.generate_rsa(), keys.generate_ed25519()
    PrivateKey.objects.bulk_create(
        [
            PrivateKey(actor=actor, algorithm="rsa", public=keys.public_pem(rsa), sealed=_sealed(rsa)),
            PrivateKey(
                actor=actor, algorithm="ed25519", public=keys.public_multibase(ed25519), sealed=_sealed(ed25519)
            ),
        ]
    )


def _sealed(key: LoadedKey) -> bytes:
    return secrets.seal(keys.private_pem(key))
