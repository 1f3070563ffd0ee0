"""What the format of RFC 9421 must cover, and what is refused of it."""

import pytest

from federation.wire import fields, rfc9421, signatures
from federation.wire.requests import Request
from federation.wire.sealing import sign

from .material import rsa_key
from .signing import BODY, INBOX, KEY_ID, NOW, change, received, refusal, signed


def with_input(components='("@method" "@target-uri" "content-digest")', parameters=None, *, label="sig1", **changes):
    """Signed well, whatever was covered."""
    stamp = int(NOW.timestamp())
    parameters = f';created={stamp};keyid="{KEY_ID}"' if parameters is None else parameters.format(stamp)
    headers = signed("rfc9421", **changes)
    text = f"{label}={components}{parameters}"
    base = rfc9421._base(Request("POST", INBOX, tuple(headers.items()), BODY), fields.inner_lists(text, "x")[label])
    return headers | {
        "Signature-Input": text,
        "Signature": f"{label}={fields.serialise_bytes(sign(rsa_key(), base))}",
    }


@pytest.mark.parametrize(
    "components",
    [
        '("@method" "@target-uri" "content-digest")',
        '("content-digest" "@method" "@path" "@authority")',
        '("@method" "@target-uri" "@authority" "@scheme" "@query" "@request-target" "host" "content-digest")',
        '(  "@method"   "@target-uri" "content-digest" )',
    ],
)
def test_rfc_9421_may_cover_the_target_in_several_ways(components):
    assert signatures.verify(received(with_input(components)), rsa_key().public_key())


@pytest.mark.parametrize(
    ("components", "reason"),
    [
        ('("@target-uri" "content-digest")', "@method: not signed"),
        ('("@method" "content-digest")', "@authority: not signed"),
        ('("@method" "@authority" "content-digest")', "@path: not signed"),
        ('("@method" "@path" "content-digest")', "@authority: not signed"),
        ('("@method" "@target-uri")', "content-digest: not signed"),
    ],
)
def test_rfc_9421_must_cover_what_matters(components, reason):
    refused = refusal(with_input(components))
    assert (refused.reason, refused.status) == (reason, 401)


def test_rfc_9421_must_cover_the_query():
    headers = with_input('("@method" "@authority" "@path" "content-digest")')
    assert refusal(headers, url=INBOX + "?x=1").reason == "@query: not signed"


@pytest.mark.parametrize(
    ("parameters", "reason", "status"),
    [
        (f';keyid="{KEY_ID}"', "created: absent", 401),
        (";created={}", "keyid: absent", 400),
        (";created={};keyid=1", "keyid: absent", 400),
        (f';created="{{}}";keyid="{KEY_ID}"', "created: not a time in seconds", 400),
        (f';created=?1;keyid="{KEY_ID}"', "created: not a time in seconds", 400),
        (f';created={{}};keyid="{KEY_ID}";expires=1', "expires: passed", 401),
        (f';created={{}};keyid="{KEY_ID}";alg="hmac-sha256"', "alg: not accepted", 401),
        (f';created={{}};keyid="{KEY_ID}";alg="hs2019"', "alg: not accepted", 401),
        (f';created={{}};keyid="{KEY_ID}";alg="ed25519"', "algorithm: ed25519 with an RSA key", 401),
        (f';created={{}};created={{}};keyid="{KEY_ID}"', "signature-input: created is said twice", 401),
    ],
)
def test_rfc_9421_parameters(parameters, reason, status):
    headers = signed("rfc9421")
    stamp = int(NOW.timestamp())
    said = parameters.format(stamp, stamp)
    text = f'sig1=("@method" "@target-uri" "content-digest"){said}'
    refused = refusal(change(headers, "Signature-Input", text))
    assert (refused.reason, refused.status) == (reason, status)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sig1",
        "sig1=",
        "sig1=1",
        "sig1=(",
        'sig1=("@method"',
        'sig1=("@method""@target-uri")',
        'sig1=("@method" )x',
        "sig1=(date)",
        'sig1=("@method";req "@target-uri" "content-digest");created=1;keyid="k"',
        'sig1=("@method" "@target-uri" "content-digest" "date";bs);created=1;keyid="k"',
        'sig1=("@method" "@target-uri" "content-digest" "@status");created=1;keyid="k"',
        'sig1=("@method" "@target-uri" "content-digest" "Date");created=1;keyid="k"',
        'sig1=("@method" "@target-uri" "content-digest");created=1.5;keyid="k"',
        'sig1=("@method" "@target-uri" "content-digest");created=1;keyid="k',
        'sig1=("@method" "@target-uri" "content-digest");created=1;keyid="\\x"',
        'sig1=("é")',
        "Sig1=()",
        "sig1=(),",
        "sig1=(),sig2=()",
        'sig2=("@method" "@target-uri" "content-digest");created=1;keyid="k"',
        "a" * 9000,
    ],
)
def test_a_broken_signature_input_is_told_so(text):
    assert refusal(change(signed("rfc9421"), "Signature-Input", text)).status == 400


@pytest.mark.parametrize("text", ["sig1", "sig1=AAAA", "sig1=:AA", "sig1=:!:", "sig1=:AA==:,sig2=:AA==:", "sig1=?1"])
def test_a_broken_rfc_9421_signature_is_told_so(text):
    assert refusal(change(signed("rfc9421"), "Signature", text)).status == 400


@pytest.mark.parametrize(
    ("value", "status"), [("sha-256=AAAA", 400), ("md5=:AAAA:", 401), ("sha-256=:AAAA:", 401), ("", 400)]
)
def test_a_content_digest_must_be_one(value, status):
    assert refusal(change(signed("rfc9421"), "Content-Digest", value)).status == status
