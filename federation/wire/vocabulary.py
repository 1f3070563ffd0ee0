"""Our own terms, `rtes:*`: how they are spelled when we write, and found again however others spell them.

Emitted as prefixed keys (`rtes:cost`) with the prefix declared inline: plain JSON readers meet no collision, JSON-LD
processors find the full IRI, and nobody has to fetch a context of ours (federation.md §2.4).
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, unquote

from federation.wire import names
from federation.wire.errors import Malformed

PREFIX = "rtes:"

_SLUG = re.compile(r"[a-z][a-z0-9]*(?:-[a-z][a-z0-9]*)*")
_CODE = re.compile(r"[a-z][a-z0-9_]*")

_RTES: dict[str, Any] = {
    "rtes": names.NS,
    "rtes:kind": {"@id": "rtes:kind", "@type": "@vocab"},
    "rtes:territory": {"@id": "rtes:territory", "@type": "@id"},
    "rtes:theme": {"@id": "rtes:theme", "@type": "@id", "@container": "@set"},
    "rtes:about": {"@id": "rtes:about", "@type": "@id"},
}

#: What every context of ours declares of these terms: the types of their values.
INLINE = _RTES

#: Of objects and activities.
CONTEXT: list[Any] = [
    names.AS2,
    {
        "schema": "http://schema.org#",
        "language": "schema:inLanguage",
        "identifier": "schema:identifier",
        "sensitive": "as:sensitive",
        "Hashtag": "as:Hashtag",
        **_RTES,
    },
]

#: Of what moderators say.
MODERATION_CONTEXT: list[Any] = [names.AS2, {"lemmy": names.LEMMY, "Lock": "lemmy:Lock"}]

#: Of actors. Multikey spelled out: with the context of security alone, some readers find no key (federation.md B4).
ACTOR_CONTEXT: list[Any] = [
    names.AS2,
    "https://w3id.org/security/v1",
    {
        "sec": "https://w3id.org/security#",
        "Multikey": "sec:Multikey",
        "controller": {"@id": "sec:controller", "@type": "@id"},
        "publicKeyMultibase": "sec:publicKeyMultibase",
        "assertionMethod": {"@id": "sec:assertionMethod", "@type": "@id", "@container": "@set"},
        "schema": "http://schema.org#",
        "PropertyValue": "schema:PropertyValue",
        "value": "schema:value",
        "toot": "http://joinmastodon.org/ns#",
        "discoverable": "toot:discoverable",
        "indexable": "toot:indexable",
        "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
        "featured": {"@id": "toot:featured", "@type": "@id"},
        "language": "schema:inLanguage",
        "identifier": "schema:identifier",
        "sensitive": "as:sensitive",
        "lemmy": names.LEMMY,
        "postingRestrictedToMods": "lemmy:postingRestrictedToMods",
        "moderators": {"@id": "lemmy:moderators", "@type": "@id"},
        "rtes:forums": {"@id": "rtes:forums", "@type": "@id"},
        "rtes:changes": {"@id": "rtes:changes", "@type": "@id"},
        "rtes:digest": {"@id": "rtes:digest", "@type": "@id"},
        "webfinger": "https://purl.archive.org/socialweb/webfinger#webfinger",
        "implements": {"@id": "https://w3id.org/fep/844e/implements", "@type": "@id", "@container": "@list"},
        **_RTES,
    },
]


def kind_to_term(slug: str) -> str:
    """ "good-practice" -> "rtes:GoodPractice". ValueError for a slug that could not be found again."""
    if not _SLUG.fullmatch(slug):
        raise ValueError(f"not a slug of a kind: {slug!r}")
    return PREFIX + "".join(word.capitalize() for word in slug.split("-"))


def term_to_kind(term: str) -> str:
    """ "GoodPractice" -> "good-practice". The term without its prefix, from outside: it may be anything."""
    slug = re.sub(r"(?<!^)(?=[A-Z])", "-", term).lower()
    if not _SLUG.fullmatch(slug):
        raise Malformed("rtes:kind is not a term of ours")
    return slug


def to_iri(base: str, name: str) -> str:
    return base + quote(name, safe="")


def from_iri(base: str, value: str) -> str:
    """The name behind an IRI of ours; anything else is kept as it came, for the reader to know or not."""
    if not value.startswith(base):
        return value
    name = unquote(value[len(base) :])
    return "" if "\x00" in name else name  # The parser lets no NUL in, but does not see this one.


def write_facts(facts: Mapping[str, Any], *, reserved: Iterable[str] = ()) -> dict[str, Any]:
    """{"cost": 3, "steps": [{"when": …}]} -> {"rtes:cost": 3, "rtes:steps": [{"rtes:when": …}]}.

    None is left out, in lists too: on this network null means absent. ValueError for a code that is not snake_case or
    that the envelope says already.
    """
    for code in reserved:
        if code in facts:
            raise ValueError(f"the fact {code!r} is said by the publication itself")
    return {_key(code): _write(value) for code, value in facts.items() if value is not None}


def _key(code: str) -> str:
    if not _CODE.fullmatch(code):
        raise ValueError(f"not a code of a fact: {code!r}")
    return PREFIX + code


def _write(value: Any) -> Any:
    if isinstance(value, Mapping):
        return write_facts(value)
    if isinstance(value, list | tuple):
        return [_write(item) for item in value if item is not None]
    return value


class Terms:
    """Finds our terms in one document, whatever it calls them: `rtes:x`, its own prefix, or the full IRI."""

    def __init__(self, context: Any) -> None:
        prefixes, ours_is_taken = [names.NS], False
        for declared in context if isinstance(context, list) else [context]:
            for prefix, meaning in declared.items() if isinstance(declared, dict) else ():
                iri = meaning.get("@id") if isinstance(meaning, dict) else meaning
                if iri == names.NS:
                    prefixes.append(f"{prefix}:")
                elif prefix == "rtes":
                    ours_is_taken = True
        if not ours_is_taken:
            prefixes.append(PREFIX)
        self._prefixes = tuple(prefixes)

    def name(self, key: str) -> str:
        """ "rtes:cost" -> "cost"; "" when the term is not ours."""
        for prefix in self._prefixes:
            if key.startswith(prefix):
                return key[len(prefix) :]
        return ""

    def facts(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """What this object says in our terms, at every depth, null left out. The reverse of `write_facts`."""
        found = {self.name(key): self._read(item) for key, item in value.items() if item is not None}
        return {code: item for code, item in found.items() if _CODE.fullmatch(code)}

    def _read(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return self.facts(value)
        if isinstance(value, list):
            return [self._read(item) for item in value if item is not None]
        return value
