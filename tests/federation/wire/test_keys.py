import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from federation.wire import Malformed, base58, keys

from .material import vectors

RSA = vectors("keys")["rsa"]
ED25519 = vectors("keys")["ed25519"]


def spki(key) -> str:
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return public.decode()


@pytest.mark.parametrize(
    "text",
    [
        RSA["publicSpkiPem"],
        RSA["publicPkcs1Pem"],
        RSA["publicKeyMultibase"],
        RSA["publicSpkiPem"].replace("\n", "\r\n"),
        RSA["publicPkcs1Pem"].replace("\n", "\r"),
        f"\n {RSA['publicSpkiPem']} \n",
    ],
)
def test_one_key_in_every_spelling_comes_out_in_one(text):
    key = keys.load_public(text)
    assert keys.algorithm(key) == "rsa"
    assert keys.public_pem(key) == RSA["publicSpkiPem"]
    assert keys.public_multibase(key) == RSA["publicKeyMultibase"]


@pytest.mark.parametrize("case", vectors("multikey")["cases"])
def test_multikeys_of_the_specification(case):
    key = keys.load_public(case["publicKeyMultibase"])
    assert keys.public_multibase(key) == case["publicKeyMultibase"]
    if "rawEd25519Hex" in case:
        assert key.public_bytes_raw().hex() == case["rawEd25519Hex"]
    else:
        der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.PKCS1)
        assert der.hex() == case["rsaPkcs1DerHex"]


def test_the_ed25519_test_key():
    key = keys.load_public(ED25519["publicKeyMultibase"])
    assert keys.algorithm(key) == "ed25519"
    assert key.public_bytes_raw().hex() == ED25519["publicRawHex"]
    assert keys.load_public(keys.public_pem(key)).public_bytes_raw() == key.public_bytes_raw()


@pytest.mark.parametrize("make", [keys.generate_rsa, keys.generate_ed25519])
def test_our_own_keys_survive_being_kept(make):
    key = make()
    kept = keys.load_private(keys.private_pem(key))
    assert keys.public_multibase(kept) == keys.public_multibase(key)
    assert keys.algorithm(kept) == keys.algorithm(key)
    assert keys.load_public(keys.public_multibase(key)) == keys.load_public(keys.public_pem(key))


def test_a_key_is_parsed_once():
    assert keys.load_public(RSA["publicSpkiPem"]) is keys.load_public(RSA["publicSpkiPem"])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "cannot be read"),
        ("z", "cannot be read"),
        ("z0OIl", "cannot be read"),
        ("zé", "cannot be read"),
        ("z" + base58.encode(b"\xed\x01" + b"x" * 31), "cannot be read"),
        ("z" + base58.encode(b"\x12\x00" + b"x" * 33), "cannot be read"),
        ("u" + RSA["publicKeyMultibase"][1:], "cannot be read"),
        ("z" + "2" * 4000, "cannot be read"),
        ("x" * 20_000, "too long"),
        ("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "cannot be read"),
        (RSA["privatePkcs8Pem"], "cannot be read"),
        (spki(rsa.generate_private_key(public_exponent=65537, key_size=1024)), "2048"),
        (spki(rsa.generate_private_key(public_exponent=3, key_size=2048)), "65537"),
        (spki(ec.generate_private_key(ec.SECP256R1())), "neither"),
    ],
)
def test_a_key_that_is_weak_or_none_is_refused(text, reason):
    with pytest.raises(Malformed, match=reason):
        keys.load_public(text)


@pytest.mark.parametrize(
    ("data", "text"),
    [(b"", ""), (b"\0", "1"), (b"\0\0\1", "112"), (b"Hello World!", "2NEpo7TZRRrLZSi2U"), (b"\xff" * 4, "7YXq9G")],
)
def test_base58(data, text):
    assert base58.encode(data) == text
    assert base58.decode(text) == data
