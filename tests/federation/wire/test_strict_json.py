import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.wire import Malformed, canonical, names, strict_json

from .material import sample, sample_names


def nested(depth: int) -> bytes:
    return b'{"a":' * depth + b"1" + b"}" * depth


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b'{"a":1} x', "not JSON"),
        (b"[]", "not a JSON object"),
        (b'"a"', "not a JSON object"),
        (b'{"a":1,"a":1}', "same key twice"),
        (b'{"b":{"a":1,"\\u0061":2}}', "same key twice"),
        (b'{"a":NaN}', "no JSON number"),
        (b'{"a":-Infinity}', "no JSON number"),
        (b'{"a":1e999}', "too large"),
        (b'{"a":-1e999}', "too large"),
        (b'{"a":1234567890123456789}', "more than 18 digits"),
        (b'{"a":' + b"9" * 5000 + b"}", "more than 18 digits"),
        (nested(33), "more than 32 deep"),
        (b'{"a":' + b"[" * 200_000, "more than 32 deep"),
        (b'{"a":"\xff"}', "not UTF-8"),
        ('{"a":1}'.encode("utf-16"), "not UTF-8"),
        (b'\xef\xbb\xbf{"a":1}', "not JSON"),
        (b'{"a":"\\u0000"}', "NUL"),
        (b'{"a":["\\ud800"]}', "half a character"),
        (b'{"\\udfff":1}', "half a character"),
        (b'{"a":"\n"}', "not JSON"),
    ],
)
def test_what_json_leaves_open_is_refused(raw, reason):
    with pytest.raises(Malformed) as refusal:
        strict_json.loads(raw)
    assert reason in refusal.value.reason


@pytest.mark.parametrize(
    "raw",
    [
        nested(32),
        b'{"a":123456789012345678,"b":-123456789012345678}',
        b'{"a":"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["}',
        b'{"a":"\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["}',
        b'{"a":"\\ud83d\\ude00 \\\\u0000"}',
        b'{"a":[' + b"[]," * 100 + b"{}]}",
    ],
)
def test_what_is_merely_unusual_is_read(raw):
    assert strict_json.loads(raw) == json.loads(raw)


@pytest.mark.parametrize("key", ["@graph", "@included", "@reverse", "@id", "@type", "@value", "@nest", "@"])
def test_no_key_can_rearrange_the_document(key):
    for document in ({key: []}, {"object": {key: []}}, {"object": [{"object": {key: []}}]}):
        with pytest.raises(Malformed, match=key):
            strict_json.loads(json.dumps(document).encode())


@pytest.mark.parametrize(
    "context",
    [
        {"object": "as:actor"},
        {"actor": "https://evil.example/actor"},
        {"actor": {"@id": "as:object", "@type": "@id"}},
        {"actor": None},
        {"actor": {"@id": None}},
        {"as": "https://evil.example/"},
        {"id": "https://evil.example/id"},
        {"publicKey": "https://evil.example/publicKey"},
        {"inbox": "as:outbox"},
        {"Create": "as:Delete"},
        {"Article": {"@id": "as:Article", "@context": {"name": "as:content"}}},
        {"x": {"@reverse": "as:object"}},
        {"x": "@graph"},
        {"x": {"@id": "@included"}},
        {"@import": "https://evil.example/"},
    ],
)
def test_a_context_cannot_give_our_words_another_meaning(context):
    for said in (context, [names.AS2, context]):
        for document in ({"@context": said}, {"object": {"@context": said}}):
            with pytest.raises(Malformed, match="@context"):
                strict_json.loads(json.dumps(document).encode())


@pytest.mark.parametrize(
    "context",
    [
        None,
        names.AS2,
        {"@vocab": "_:", "@language": "fr"},
        {"sensitive": "as:sensitive", "Hashtag": "as:Hashtag"},
        {"actor": {"@id": f"{names.AS2}#actor", "@type": "@id"}, "id": "@id", "type": "@type"},
        {"sec": "https://w3id.org/security#", "publicKey": {"@id": "sec:publicKey", "@type": "@id"}},
        {"inbox": {"@id": "ldp:inbox", "@type": "@id"}},
        {"to": {"@type": "@id"}},
    ],
)
def test_a_context_that_says_what_we_mean_is_let_through(context):
    assert strict_json.loads(json.dumps({"@context": context}).encode()) == {"@context": context}


#: Refused as the samples themselves ask; the first one for its `@id`: docs/decisions/0005-json-not-json-ld.md.
REFUSED = {"edge/context-expanded-keys", "edge/deep-nesting", "edge/ld-keywords"}


@pytest.mark.parametrize("name", sample_names("inbound") + sample_names("edge"))
def test_what_real_servers_send_passes(name):
    raw = json.dumps(sample(name)).encode()
    if name in REFUSED:
        with pytest.raises(Malformed):
            strict_json.loads(raw)
    else:
        assert strict_json.loads(raw) == sample(name)


@given(st.binary(max_size=60) | st.text(alphabet='{}[]",:\\u0d8a1e-@. ', max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused_and_nothing_else(raw):
    try:
        document = strict_json.loads(raw)
    except Malformed:
        return
    assert strict_json.loads(canonical.dumps(document)) == document


def test_the_bytes_of_a_document_are_compact_and_keep_its_order():
    assert canonical.dumps({"b": "é", "a": [1, 2.5]}) == '{"b":"é","a":[1,2.5]}'.encode()
    with pytest.raises(ValueError, match="JSON compliant"):
        canonical.dumps({"a": float("nan")})
