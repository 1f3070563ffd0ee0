"""Object integrity proofs: the published vectors to the byte, and every way in which one may be false."""

from copy import deepcopy
from datetime import UTC, datetime

import pytest

from federation.wire import BadSignature, Malformed, canonical, keys, proofs, strict_json
from federation.wire.base58 import decode

from .material import ed25519_key, vectors
from .sayings import SAID

NOW = datetime(2026, 11, 25, 7, tzinfo=UTC)
VECTORS = vectors("eddsa-jcs-2022")
CASES = {case["name"]: case for case in VECTORS["cases"]}
PUBLIC = VECTORS["publicKeyMultibase"]
SECRET = keys.Ed25519PrivateKey.from_private_bytes(decode(VECTORS["secretKeyMultibase"][1:])[2:])
KEY_ID = "https://hub.example/ap/orgs/4b7d#ed25519-key"


def verified(document, public=PUBLIC, now=NOW):
    proof = proofs.of(document)
    assert proof is not None
    proofs.verify(document, proof, public, now=now)


@pytest.fixture
def signed():
    return deepcopy(CASES["FEP-8b32 signed activity"]["signed"])


@pytest.mark.parametrize("name", CASES)
def test_the_vectors_are_made_to_the_byte(name):
    case = CASES[name]
    document = {key: value for key, value in case["signed"].items() if key != "proof"}
    proof = case["signed"]["proof"]
    options = {key: value for key, value in proof.items() if key != "proofValue"}
    hashes = proofs._signed_bytes(document, options).hex()
    assert hashes == case["proofConfigHash"] + case["documentHash"]
    created = datetime.fromisoformat(proof["created"])
    assert proofs.make(document, key=SECRET, key_id=proof["verificationMethod"], created=created) == proof
    verified(case["signed"])


def test_the_order_of_keys_and_the_spaces_between_them_sign_nothing(signed):
    verified(dict(reversed(signed.items())))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda doc: doc["object"].update(content="Hello"), id="a word"),
        pytest.param(lambda doc: doc.update(extra=1), id="one more key"),
        pytest.param(lambda doc: doc.pop("actor"), id="one key less"),
        pytest.param(lambda doc: doc["@context"].reverse(), id="another context"),
        pytest.param(lambda doc: doc["proof"].update(created="2023-02-24T23:36:39Z"), id="another date"),
        pytest.param(lambda doc: doc["proof"].update(verificationMethod="https://a.example/b#c"), id="another key"),
        pytest.param(lambda doc: doc["proof"].update(proofPurpose="authentication"), id="another purpose"),
        pytest.param(lambda doc: doc["proof"].update(type="Proof"), id="another type"),
        pytest.param(lambda doc: doc["proof"].update(proofValue="z1"), id="a short signature"),
        pytest.param(lambda doc: doc["proof"].update(proofValue=7), id="a signature that is none"),
        pytest.param(lambda doc: doc["proof"].update(proofValue="zO0"), id="not base58"),
        pytest.param(lambda doc: doc["proof"].pop("verificationMethod"), id="no key"),
        pytest.param(lambda doc: doc["proof"].update(expires="soon"), id="no date"),
        pytest.param(lambda doc: doc.update(big=2**60), id="a number that JSON does not keep"),
    ],
)
def test_what_was_touched_is_refused(signed, change):
    change(signed)
    with pytest.raises(BadSignature):
        verified(signed)


def test_another_key_is_refused(signed):
    for public in (keys.public_multibase(ed25519_key()), vectors("multikey")["cases"][1]["publicKeyMultibase"], "zz"):
        with pytest.raises(BadSignature):
            verified(signed, public)


def test_a_proof_of_another_suite_is_as_none(signed):
    assert proofs.of(signed | {"proof": signed["proof"] | {"cryptosuite": "eddsa-rdfc-2022"}}) is None
    assert proofs.of(signed | {"proof": "https://a.example/proof"}) is None
    other = {"type": "DataIntegrityProof", "cryptosuite": "bbs-2023"}
    verified(signed | {"proof": [other, signed["proof"]]})


def test_the_older_signature_of_linked_data_is_not_part_of_what_is_signed(signed):
    verified(signed | {"signature": {"type": "RsaSignature2017"}})


def test_a_proof_may_end(signed):
    document = {key: value for key, value in signed.items() if key != "proof"}
    options = {key: value for key, value in signed["proof"].items() if key != "proofValue"}
    options["expires"] = "2026-11-26T00:00:00Z"
    value = "z" + proofs.base58.encode(SECRET.sign(proofs._signed_bytes(document, options)))
    dated = document | {"proof": options | {"proofValue": value}}
    verified(dated)
    with pytest.raises(BadSignature, match="expired"):
        verified(dated, now=datetime(2026, 11, 27, tzinfo=UTC))


def test_some_show_no_context_in_a_proof_that_they_sign_with_one(signed):
    del signed["proof"]["@context"]
    verified(signed)


@pytest.mark.parametrize("what", SAID)
def test_all_that_we_say_can_be_proven_and_read_back(what):
    document = proofs.in_context(SAID[what][0]())
    proof = proofs.make(document, key=SECRET, key_id=KEY_ID, created=NOW)
    sent = strict_json.loads(canonical.dumps({**document, "proof": proof}))
    assert sent["@context"][-1] == proofs.CONTEXT
    verified(sent)


def test_what_has_no_exact_number_is_not_proven():
    with pytest.raises(Malformed):
        proofs.make({"@context": [], "n": 2**60}, key=SECRET, key_id=KEY_ID, created=NOW)
