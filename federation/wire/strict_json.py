"""The only JSON parser for bytes from outside (security C2, C4, C5).

Two parsers that read the same bytes differently let a signed document say two things. So whatever JSON leaves open, or
JSON-LD could rearrange, is refused: duplicate keys, numbers beyond measure, `@`-keys, a context that gives a word of
ActivityStreams another meaning.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from federation.wire import names
from federation.wire.errors import Malformed

MAX_DEPTH = 32  #: objects and lists, one within another
MAX_DIGITS = 18  #: of an integer: what fits a signed 64-bit column

_AS = f"{names.AS2}#"
_SEC = "https://w3id.org/security#"
_LDP = "http://www.w3.org/ns/ldp#"

#: A string (closed or not, so that the scan never starts twice at the same place) or a bracket. Possessive: linear.
_BRACKETS = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)

#: Prefixes that a context may declare only as what everyone means by them.
_PREFIXES = {"as": _AS, "sec": _SEC, "security": _SEC, "ldp": _LDP, "xsd": "http://www.w3.org/2001/XMLSchema#"}

#: Words we read, by the vocabulary that gives them their only meaning.
_AS_WORDS = """
    Public actor attachment attributedTo audience bcc bto cc content context deleted endpoints first followers following
    formerType href inReplyTo items manuallyApprovesFollowers mediaType name next object orderedItems outbox partOf
    preferredUsername published sensitive sharedInbox source summary tag target to totalItems updated url
    Accept Announce Collection CollectionPage Create Delete Follow Hashtag Link OrderedCollection OrderedCollectionPage
    Reject Tombstone Undo Update
"""
_AS_TERMS = frozenset(_AS_WORDS.split()) | names.ACTOR_TYPES | names.OBJECT_TYPES
_SEC_TERMS = frozenset(
    {"assertionMethod", "controller", "owner", "publicKey", "publicKeyMultibase", "publicKeyPem", "Multikey"}
)
_TERMS = (
    {term: _AS + term for term in _AS_TERMS}
    | {f"{term}Map": _AS + term for term in ("content", "name", "summary")}
    | {term: _SEC + term for term in _SEC_TERMS}
    | {"inbox": _LDP + "inbox", "id": "@id", "type": "@type"}
)
#: `@`-keys that describe terms within a context. Not here, because they move things about: @reverse, @nest, @graph…
_CONTEXT_KEYS = frozenset(
    {"@id", "@type", "@container", "@vocab", "@language", "@base", "@version", "@direction", "@protected", "@prefix"}
)


def loads(raw: bytes, *, max_depth: int = MAX_DEPTH) -> dict[str, Any]:
    """One JSON object, strictly. Raises `Malformed`, and nothing else, whatever the bytes."""
    _check_depth(raw, max_depth)
    try:
        document = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_decimal,
            parse_constant=_constant,
        )
    except UnicodeDecodeError:
        raise Malformed("the document is not UTF-8") from None
    except (ValueError, RecursionError):
        raise Malformed("the document is not JSON") from None
    if not isinstance(document, dict):
        raise Malformed("the document is not a JSON object")
    if b"\\u" in raw:
        _check_characters(document)
    _check_keys(document)
    return document


def _check_depth(raw: bytes, max_depth: int) -> None:
    if raw.count(b"{") + raw.count(b"[") <= max_depth:
        return
    depth = 0
    for match in _BRACKETS.finditer(raw):
        mark = match.group()
        if mark in (b"{", b"["):
            depth += 1
            if depth > max_depth:
                raise Malformed(f"the document is nested more than {max_depth} deep")
        elif mark in (b"}", b"]"):
            depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise Malformed("an object says the same key twice")
    return result


def _integer(text: str) -> int:
    if len(text.lstrip("-")) > MAX_DIGITS:
        raise Malformed(f"an integer has more than {MAX_DIGITS} digits")
    return int(text)


def _decimal(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise Malformed("a number is too large")
    return number


def _constant(text: str) -> None:
    raise Malformed(f"{text} is no JSON number")


def _check_characters(value: Any) -> None:
    """NUL and lone surrogates can only come escaped; PostgreSQL and UTF-8 know neither."""
    for text in _strings(value):
        if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
            raise Malformed("a text holds a NUL or half a character")


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def _check_keys(value: Any) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            if key == "@context":
                _check_context(item)
            elif key.startswith("@"):
                raise Malformed(f"{key[:40]} is not accepted: this is read as plain JSON")
            else:
                _check_keys(item)
    elif isinstance(value, list):
        for item in value:
            _check_keys(item)


def _check_context(value: Any) -> None:
    """Spec: JSON-LD 1.1 §4.1. A context is never fetched nor applied; it must only not contradict how we read."""
    if isinstance(value, list):
        for item in value:
            _check_context(item)
    elif isinstance(value, dict):
        for term, definition in value.items():
            if term.startswith("@"):
                if term not in _CONTEXT_KEYS:
                    raise Malformed(f"{term[:40]} is not accepted in @context")
            else:
                _check_term(term, definition)


def _check_term(term: str, definition: Any) -> None:
    meaning = definition
    if isinstance(definition, dict):
        meaning = definition.get("@id", term)
        for key, item in definition.items():
            if key == "@context":
                _check_context(item)
            elif key.startswith("@") and key not in _CONTEXT_KEYS:
                raise Malformed(f"{key[:40]} is not accepted in @context")
    if not isinstance(meaning, str):
        if term in _TERMS or term in _PREFIXES:
            raise Malformed(f"@context gives {term} another meaning")
        return
    if meaning.startswith("@") and meaning not in ("@id", "@type"):
        raise Malformed(f"{meaning[:40]} is not accepted in @context")
    if term in _PREFIXES and meaning != _PREFIXES[term]:
        raise Malformed(f"@context gives {term} another meaning")
    if term in _TERMS and _expanded(meaning) not in (_TERMS[term], _AS + term) and meaning != term:
        raise Malformed(f"@context gives {term} another meaning")


def _expanded(meaning: str) -> str:
    prefix, colon, name = meaning.partition(":")
    return _PREFIXES[prefix] + name if colon and prefix in _PREFIXES else meaning
