"""What the format of the draft (draft-cavage-http-signatures-12) must cover, and what is refused of it."""

import base64
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA512

from federation.wire import signatures
from federation.wire.sealing import sign

from .material import rsa_key
from .signing import INBOX, KEY_ID, NOW, OUTBOX, change, drop, received, refusal, signed


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
