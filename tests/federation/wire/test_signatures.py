import base64
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA512
from http_message_signatures import HTTPMessageVerifier, algorithms
from http_message_signatures.resolvers import MappingKeyResolver
from hypothesis import given
from hypothesis import strategies as st

from federation.wire import BadSignature, fields, keys, rfc9421, signatures
from federation.wire.requests import Request
from federation.wire.sealing import sign

from .material import ed25519_key, rsa_key, vectors

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


# Vectors -----------------------------------------------------------------------------------------------------------


def cases(name, which):
    return [pytest.param(case, id=case["name"]) for case in vectors(name)[which]]


@pytest.mark.parametrize("case", cases("cavage", "positive") + cases("rfc9421", "positive"))
def test_every_good_vector_verifies(case):
    claim = received(case["headers"], method=case["method"], url=case["url"], body=(case["body"] or "").encode())
    proof = signatures.verify(claim, PUBLIC[claim.key_id])
    assert claim.bases[0].decode() == case.get("signingString", case.get("signatureBase"))
    assert (proof.key_id, proof.format, proof.covered) == (claim.key_id, claim.format, claim.covered)
    assert proof.created == datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize("case", cases("cavage", "negative") + cases("rfc9421", "negative"))
def test_every_bad_vector_is_refused(case):
    now = datetime.fromisoformat(case.get("now", NOW.isoformat()))
    values = {"method": case["method"], "url": case["url"], "body": case["body"].encode(), "now": now}
    if case["expect"].startswith("signature valid"):
        # Whose key it is, is asked where actors are known: this one only says that the key did sign.
        claim = received(case["headers"], **values)
        assert signatures.verify(claim, PUBLIC[claim.key_id]).key_id == KEY_ID
    else:
        assert refusal(case["headers"], **values).status == 401


@pytest.mark.parametrize("case", vectors("fedify-signed"))
def test_what_fedify_signs_verifies(case):
    claim = received(
        case["headers"],
        method=case["method"],
        url=case["url"],
        body=(case["body"] or "").encode(),
        now=datetime(2026, 11, 22, 6, 36, 10, tzinfo=UTC),
    )
    assert signatures.verify(claim, PUBLIC[claim.key_id]).key_id == KEY_ID


# What we sign ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", SIGN)
@pytest.mark.parametrize("key", [rsa_key, ed25519_key])
@pytest.mark.parametrize(
    "request_",
    [
        {"method": "POST", "url": INBOX, "body": BODY},
        {"method": "POST", "url": INBOX, "body": b""},
        {"method": "GET", "url": OUTBOX, "body": None},
        {"method": "GET", "url": "http://127.0.0.1:8001", "body": None},
    ],
    ids=lambda it: f"{it['method']} {it['url'][-5:]}",
)
def test_what_we_sign_verifies(format, key, request_):
    headers = signed(format, key(), **request_)
    claim = received(headers, method=request_["method"], url=request_["url"], body=request_["body"] or b"")
    proof = signatures.verify(claim, key().public_key())
    assert (proof.format, proof.key_id) == (format, KEY_ID)
    other = keys.generate_ed25519().public_key()
    with pytest.raises(BadSignature):
        signatures.verify(claim, other)


def test_we_sign_as_mastodon_does():
    """The same key, time and body give the first vector, byte for byte."""
    case = vectors("cavage")["positive"][0]
    headers = signed("cavage", now=datetime(2026, 11, 22, 6, tzinfo=UTC), body=case["body"].encode())
    assert headers == case["headers"]


@pytest.mark.parametrize(
    ("key", "algorithm"), [(rsa_key, algorithms.RSA_V1_5_SHA256), (ed25519_key, algorithms.ED25519)]
)
@pytest.mark.parametrize(("method", "url", "body"), [("POST", INBOX, BODY), ("GET", OUTBOX, None)])
def test_an_independent_reader_of_rfc_9421_agrees(key, algorithm, method, url, body):
    class Message:
        headers = signed("rfc9421", key(), method=method, url=url, body=body, now=datetime.now(UTC))

    Message.method, Message.url = method, url
    resolver = MappingKeyResolver(public_keys={KEY_ID: key().public_key()}, private_keys={})
    results = HTTPMessageVerifier(signature_algorithm=algorithm, key_resolver=resolver).verify(Message())
    covered = set(results[0].covered_components)
    assert {'"@method"', '"@target-uri"'} < covered | {'"content-digest"'}
    assert ('"content-digest"' in covered) is (body is not None)


# What we refuse: the same questions in both formats ---------------------------------------------------------------


def change(headers, name, value):
    return headers | {name: value}


def drop(headers, *names):
    return {name: value for name, value in headers.items() if name not in names}


@pytest.mark.parametrize("format", SIGN)
@pytest.mark.parametrize(
    ("now", "reason"),
    [
        (NOW + timedelta(seconds=299), None),
        (NOW + timedelta(seconds=301), "too old"),
        (NOW - timedelta(seconds=59), None),
        (NOW - timedelta(seconds=61), "in the future"),
    ],
)
def test_the_window_is_closed_on_both_sides(format, now, reason):
    if reason is None:
        assert received(signed(format), now=now)
    else:
        refused = refusal(signed(format), now=now)
        assert reason in refused.reason
        assert refused.status == 401


@pytest.mark.parametrize("format", SIGN)
def test_any_change_after_signing_is_seen(format):
    headers = signed(format)
    assert refusal(headers, body=BODY + b" ").status == 401
    assert refusal(headers, method="PUT").status == 401
    assert refusal(headers, url=INBOX + "/other").status == 401
    assert refusal(headers, url="https://other.example/ap/inbox").status == 401
    assert refusal(headers, public_key=keys.generate_rsa().public_key()).status == 401
    assert refusal(headers, public_key=keys.generate_ed25519().public_key()).status == 401


@pytest.mark.parametrize("format", SIGN)
def test_a_signature_is_needed(format):
    refused = refusal(drop(signed(format), "Signature"))
    assert (refused.status, refused.reason) == (401, "signature: absent")


@pytest.mark.parametrize(
    ("format", "name"),
    [
        ("cavage", "Signature"),
        ("cavage", "Host"),
        ("cavage", "Date"),
        ("cavage", "Digest"),
        ("rfc9421", "Signature"),
        ("rfc9421", "Signature-Input"),
        ("rfc9421", "Content-Digest"),
    ],
)
def test_a_header_said_twice_is_refused(format, name):
    headers = signed(format)
    refused = refusal([*headers.items(), (name.lower(), headers[name])])
    assert refused.status == 401
    assert "twice" in refused.reason
    joined = refusal(change(headers, name, f"{headers[name]}, {headers[name]}"))  # as a proxy passes it on
    assert joined.status in (400, 401)


def recovered(covered, *, parameters="", algorithm="rsa-sha256", drop_headers=(), **changes):
    """Signed well, on fewer or other things than it should be."""
    headers = signed("cavage", **changes)
    values = {
        "(request-target)": "post /ap/inbox",
        "(created)": str(int(NOW.timestamp())),
        "host": headers["Host"],
        "date": headers["Date"],
        "digest": headers["Digest"],
    }
    base = "\n".join(f"{name}: {values[name]}" for name in covered.split()).encode()

    signature = base64.b64encode(sign(rsa_key(), base)).decode()
    said = f'algorithm="{algorithm}",' if algorithm else ""
    headers["Signature"] = f'keyId="{KEY_ID}",{said}headers="{covered}",signature="{signature}"{parameters}'
    return drop(headers, *drop_headers)


@pytest.mark.parametrize(
    ("covered", "reason"),
    [
        ("host date digest", "(request-target): not signed"),
        ("(request-target) date digest", "host: not signed"),
        ("(request-target) host digest", "date: not signed"),
        ("(request-target) host date", "digest: not signed"),
        ("(request-target) host date digest date", "headers: a name is said twice"),
        ("", "headers: absent"),
    ],
)
def test_cavage_must_cover_what_matters(covered, reason):
    refused = refusal(recovered(covered))
    assert refused.reason == reason
    assert refused.status == (400 if reason.endswith("absent") else 401)


def test_cavage_get_needs_no_digest():
    headers = signed("cavage", method="GET", url=OUTBOX, body=None)
    assert received(headers, method="GET", url=OUTBOX, body=b"").covered == ("(request-target)", "host", "date")


@pytest.mark.parametrize("algorithm", ["rsa-sha256", "hs2019", ""])
def test_cavage_algorithms_by_any_of_their_names(algorithm):
    claim = received(recovered("(request-target) host date digest", algorithm=algorithm))
    assert signatures.verify(claim, rsa_key().public_key()).algorithm == (algorithm or "hs2019")


@pytest.mark.parametrize("algorithm", ["rsa-sha1", "hmac-sha256", "none", "ecdsa-sha256"])
def test_cavage_refuses_other_algorithms(algorithm):
    assert "algorithm" in refusal(recovered("(request-target) host date digest", algorithm=algorithm)).reason


def test_hs2019_may_be_sha_512():

    headers = recovered("(request-target) host date digest", algorithm="hs2019")
    base = received(headers).bases[0]
    signature = base64.b64encode(rsa_key().sign(base, PKCS1v15(), SHA512())).decode()
    before = headers["Signature"].partition("signature=")[0]
    claim = received(change(headers, "Signature", f'{before}signature="{signature}"'))
    assert signatures.verify(claim, rsa_key().public_key())


def test_cavage_created_and_expires_of_lemmy():
    stamp = int(NOW.timestamp())
    covered = "(request-target) (created) host digest"
    good = recovered(covered, algorithm="hs2019", parameters=f",created={stamp},expires={stamp + 3600}")
    claim = received(good)
    assert claim.created == NOW
    assert signatures.verify(claim, rsa_key().public_key())
    assert "passed" in refusal(good, now=NOW + timedelta(hours=2), past=1e6).reason
    assert refusal(recovered(covered, algorithm="hs2019")).reason == "(created): not a time in seconds"
    wrong = recovered(covered, parameters=f",created={stamp}")
    assert refusal(wrong).reason == "(created): not with this algorithm"


def test_cavage_is_taken_without_the_query():
    headers = recovered("(request-target) host date digest")
    claim = received(headers, url=INBOX + "?x=1")
    assert signatures.verify(claim, rsa_key().public_key())


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("", 400),
        ("keyId", 400),
        ('keyId="a', 400),
        ('keyId="a" signature="b"', 400),
        ("keyId=a", 400),
        ('signature="AA=="', 400),
        ('keyId="a"', 400),
        ('keyId="a",signature=1', 400),
        ('keyId="a",keyId="a",signature="AA=="', 401),
        ('keyId="a",signature="AA==",created=1,created=2', 401),
        ("created=" + "9" * 30, 400),
        ("a" * 9000, 400),
    ],
)
def test_a_broken_cavage_signature_is_told_so(header, status):
    assert refusal(change(signed("cavage"), "Signature", header)).status == status


@pytest.mark.parametrize("name", ["Host", "Date", "Digest"])
def test_a_signed_header_must_be_there(name):
    refused = refusal(drop(signed("cavage"), name))
    assert refused.reason == f"{name.lower()}: signed but absent"


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [
        ("Host", "evil.example", 401),
        ("Host", "partner.example/x", 401),
        ("Host", "partner.example@evil.example", 400),
        ("Date", "yesterday", 400),
        ("Date", "Sun, 22 Nov 2026 06:00:30 -0000", 400),
        ("Digest", "SHA-256", 400),
        ("Digest", "SHA-256=!", 400),
        ("Digest", "MD5=AAAA", 401),
        ("Digest", "SHA-256=AAAA", 401),
    ],
)
def test_a_signed_header_must_mean_something(name, value, status):
    assert refusal(change(signed("cavage"), name, value)).status == status


def test_every_digest_that_we_know_must_be_right():
    good = signed("cavage")["Digest"]
    assert refusal(change(signed("cavage"), "Digest", f"{good},SHA-512=AAAA")).reason.startswith(
        "digest: not the digest"
    )
    assert refusal(change(signed("cavage"), "Digest", f"{good},{good}")).reason.startswith(
        "digest: SHA-256 is said twice"
    )


# RFC 9421 ----------------------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize("url", ["/ap/inbox", "https://partner.example/ap\\inbox", "https://[/", "https://p\x00/"])
def test_a_target_that_is_no_url_is_told_so(url):
    assert refusal(signed("cavage"), url=url).status == 400


# Anything at all ---------------------------------------------------------------------------------------------------

latin = st.text(alphabet=st.characters(max_codepoint=255), max_size=80)
crafted = st.text(alphabet='keyIdsig1=:()";,\\ @methodate0AZ?-.', max_size=120)


@given(st.dictionaries(st.sampled_from(["Signature", "Signature-Input", "Date", "Host", "Digest"]), latin | crafted))
def test_any_headers_are_refused_and_nothing_else(headers):
    try:
        claim = received(headers)
        signatures.verify(claim, rsa_key().public_key())
    except BadSignature as refused:
        assert refused.status in (400, 401)
    else:
        raise AssertionError("a signature out of nothing")
