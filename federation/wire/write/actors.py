"""Actor documents: what Mastodon, Lemmy, NodeBB and Fedify read, in one (federation.md §1.A)."""

from typing import Any

from federation.wire import names, urls, vocabulary
from federation.wire.shapes import ActorDoc, Key
from federation.wire.write.dates import rfc3339

_RFC9421 = {"href": "https://datatracker.ietf.org/doc/html/rfc9421", "name": "RFC-9421: HTTP Message Signatures"}
_GROUPS = {"href": "https://w3id.org/fep/1b12", "name": "FEP-1b12: Group federation"}
_HUB = {"href": names.HUB, "name": "RTES hub"}

RESERVED = ("territory", "theme")


def actor(doc: ActorDoc, *, instance: str) -> dict[str, Any]:
    """`instance` is the URI of the Application that stands for the server. `doc.keys` holds an RSA key at least."""
    document: dict[str, Any] = {
        "@context": vocabulary.ACTOR_CONTEXT,
        "id": doc.uri,
        "type": doc.type,
        "preferredUsername": doc.handle,
        "webfinger": f"{doc.handle}@{urls.authority(doc.uri)}",
        "name": doc.name or doc.handle,
        "inbox": doc.inbox,
        "outbox": doc.outbox,
        "manuallyApprovesFollowers": doc.approves_followers,
        "discoverable": doc.discoverable,
        "indexable": doc.discoverable,
        **_keys(doc),
        # Said, not guessed from the name of the software: FEP-844e.
        "generator": {"type": "Application", "id": instance, "implements": [_RFC9421, _GROUPS, _HUB]},
    }
    territory, theme = doc.facts.get("territory"), doc.facts.get("theme")
    optional = {
        "summary": doc.summary,
        "url": doc.url,
        "followers": doc.followers,
        "following": doc.following,
        "endpoints": {"sharedInbox": doc.shared_inbox} if doc.shared_inbox else None,
        "implements": [_RFC9421, _GROUPS, _HUB] if doc.type == "Application" else None,
        "attachment": [{"type": "PropertyValue", "name": name, "value": value} for name, value in doc.fields],
        "published": doc.published and rfc3339(doc.published),
        "updated": doc.updated and rfc3339(doc.updated),
        "featured": doc.featured,
        "rtes:territory": territory and vocabulary.to_iri(names.TERRITORIES, territory),
        "rtes:theme": theme and vocabulary.to_iri(names.THEMES, theme),
    }
    if doc.type == "Group":
        document |= _group(doc)
    document |= {key: value for key, value in optional.items() if value}
    return document | vocabulary.write_facts({code: fact for code, fact in doc.facts.items() if code not in RESERVED})


def _group(doc: ActorDoc) -> dict[str, Any]:
    """What Lemmy needs of a community (federation.md A5): `attributedTo` is the list of its moderators."""
    return {
        "attributedTo": doc.moderators,
        "moderators": doc.moderators,
        "postingRestrictedToMods": False,
        "sensitive": False,
        "language": [{"identifier": "fr", "name": "Français"}],
    }


def _keys(doc: ActorDoc) -> dict[str, Any]:
    """One RSA key, as a single object: several servers read neither an array nor another kind here."""
    rsa = next(key for key in doc.keys if key.algorithm == "rsa")
    multikeys = [_multikey(doc.uri, key) for key in doc.keys if key.algorithm == "ed25519"]
    return {
        "publicKey": {"id": rsa.id, "owner": doc.uri, "publicKeyPem": rsa.public},
        **({"assertionMethod": multikeys} if multikeys else {}),
    }


def _multikey(owner: str, key: Key) -> dict[str, str]:
    return {"id": key.id, "type": "Multikey", "controller": owner, "publicKeyMultibase": key.public}
