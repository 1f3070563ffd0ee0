"""Our vocabulary, complete: what every `rtes:` term is, for readers of JSON-LD and for people.

Nobody has to fetch it, since all documents declare the prefix inline. Terms are added, never altered.
"""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from federation import registry
from federation.wire import names, vocabulary

#: What any thing, actor or gesture may say, whatever its kind. The terms of the kinds come from the apps.
COMMON: dict[str, Promise] = {
    "kind": _("Kind of thing: it says which terms to expect"),
    "version": _("Version, greater at each change"),
    "territory": _("Territory, in the official table"),
    "theme": _("Themes"),
    "licence": _("Reuse licence"),
    "keyword": _("Keywords"),
    "about": _("Address of the thing that it speaks of"),
    "about_title": _("Title of the thing that it speaks of"),
    "size": _("Size of a file, in bytes"),
    "digest": _("SHA-256 digest of a file; of a hub, where partners compare their catalogues"),
    "nature": _("What a file is"),
    "is_model": _("Is the file meant to be copied?"),
    "accessible_alternative": _("What a file says, for those who cannot read it"),
    "forums": _("List of the forums of a hub"),
    "changes": _("What changed at a hub, in order, for its partners to catch up"),
    "cursor": _("Where the reading of the changes goes on"),
    "remaining": _("How many changes follow"),
    "leaves": _("Key and leaf of each item, as the digest has them"),
    "unknown": _("Keys of which the hub knows nothing"),
    "own": _("Digest of what a hub publishes for the one that asks"),
    "held": _("Digest of what a hub knows of the things of the one that asks"),
    "count": _("How many things a digest covers"),
    "root": _("SHA-256 of all keys and leaves of a digest"),
    "refused": _("How many things are known and not kept"),
    "nodes": _("Parts of a digest"),
    "confirmations": _("What each hub answered to a withdrawal"),
    "at": _("When"),
    "charter": _("Who runs a hub, whom to write to, and its rules"),
    "hub": _("Name of a hub"),
    "entity": _("Body that runs a hub"),
    "contact": _("Whom to write to"),
    "rules": _("Rules of a hub"),
    "question": _("Is the thread a question?"),
    "state": _("State of a question or of an action"),
    "answer": _("Address of the answer that was taken"),
    "act": _("What a gesture does"),
    "sequence": _("Order of the gestures of one local authority about one thing"),
    "after": _("Gesture that must come before"),
}


def terms() -> dict[str, Promise | str]:
    """What each code means, in the order of the alphabet. A kind says better than all what its own terms are."""
    found: dict[str, Promise | str] = dict(COMMON)
    for speaker in registry.everyone():
        found |= {code: meaning for code, meaning in speaker.terms.items() if code not in COMMON}
    return dict(sorted(found.items()))


def kinds() -> list[str]:
    """As terms: rtes:GoodPractice."""
    return sorted(vocabulary.kind_to_term(kind) for speaker in registry.everyone() for kind in speaker.kinds)


def context() -> dict[str, Any]:
    """A JSON-LD context of all terms, by their short name and with the prefix, as they travel."""
    prefixed = {vocabulary.PREFIX + code: {"@id": names.NS + code} for code in terms()}
    classes = {kind: {"@id": names.NS + kind.removeprefix(vocabulary.PREFIX)} for kind in kinds()}
    return {"@context": {**prefixed, **classes, **vocabulary.INLINE}}
