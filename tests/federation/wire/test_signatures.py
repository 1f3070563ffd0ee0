"""Both formats of signatures: what verifies, what is refused in either."""

from datetime import UTC, datetime, timedelta

import pytest
from http_message_signatures import HTTPMessageVerifier, algorithms
from http_message_signatures.resolvers import MappingKeyResolver
from hypothesis import given
from hypothesis import strategies as st

from federation.wire import BadSignature, keys, signatures

from .material import ed25519_key, rsa_key, vectors
from .signing import BODY, INBOX, KEY_ID, NOW, OUTBOX, PUBLIC, SIGN, change, drop, received, refusal, signed

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
