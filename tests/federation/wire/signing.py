"""Requests signed for the tests, as they are and as they should not be."""

from datetime import UTC, datetime

import pytest

from federation.wire import BadSignature, keys, signatures

from .material import rsa_key, vectors

NOW = datetime(2026, 11, 22, 6, 0, 30, tzinfo=UTC)
INBOX = "https://partner.example/ap/inbox"
OUTBOX = "https://partner.example/ap/orgs/metropole/outbox?page=1&min=20"
KEY_ID = "https://hub.example/ap/orgs/terre-et-mer#main-key"
BODY = '{"type":"Follow","name":"é"}'.encode()
SIGN = {"cavage": signatures.sign_cavage, "rfc9421": signatures.sign_rfc9421}
PUBLIC = {
    vectors("keys")[kind]["keyId"]: keys.load_public(vectors("keys")[kind]["publicKeyMultibase"])
    for kind in ("rsa", "ed25519")
}


def received(headers, *, method="POST", url=INBOX, body=BODY, now=NOW, past=300.0, future=60.0):
    pairs = headers.items() if isinstance(headers, dict) else headers
    return signatures.parse(method, url, pairs, body, now=now, past=past, future=future)


def signed(format, key=None, **changes):
    values = {"key": key or rsa_key(), "key_id": KEY_ID, "now": NOW, "body": BODY} | changes
    method = values.pop("method", "POST")
    return SIGN[format](method, values.pop("url", INBOX), **values)


def refusal(*arguments, public_key=None, **keywords) -> BadSignature:
    with pytest.raises(BadSignature) as refused:
        signatures.verify(received(*arguments, **keywords), public_key or rsa_key().public_key())
    return refused.value


def change(headers, name, value):
    return headers | {name: value}


def drop(headers, *names):
    return {name: value for name, value in headers.items() if name not in names}
