"""An actor's document, and the keys it may be believed about."""

from typing import Any

from federation.wire import keys, names, urls
from federation.wire.errors import Malformed
from federation.wire.read.values import Document, address, known_type, many, moment, must, reference, references, text
from federation.wire.shapes import ActorDoc, Key
from federation.wire.vocabulary import Terms, from_iri
from rtes_hub.text import clean

MAX_KEYS = 10
MAX_NAME = 500  #: characters
MAX_HANDLE = 100  #: characters
MAX_WORD = 100  #: characters of a slug or an id
MAX_SUMMARY = 20 * 1024  #: characters


def actor(doc: Document) -> ActorDoc:
    """Raises `Malformed` when it is no actor, has no inbox of its own origin, or lists a key that is another's.

    A key of a kind we do not read is left out. The other addresses are left out when they are of another origin.
    """
    uri = must(doc.get("id"), "id")
    kind = known_type(doc, names.ACTOR_TYPES)
    if kind not in names.ACTOR_TYPES:
        raise Malformed("type: not that of an actor")
    inbox = must(doc.get("inbox"), "inbox")
    if not urls.same_origin(uri, inbox):
        raise Malformed("inbox: of another origin than the actor")

    def own(value: Any) -> str:
        found = reference(value)
        return found if urls.same_origin(uri, found) else ""

    return ActorDoc(
        uri=uri,
        type=kind,
        handle=clean.line(text(doc.get("preferredUsername")), MAX_HANDLE),
        name=clean.line(text(doc.get("name")), MAX_NAME),
        summary=text(doc.get("summary"))[:MAX_SUMMARY],
        url=own(address(doc.get("url"))),
        inbox=inbox,
        outbox=own(doc.get("outbox")),
        shared_inbox=own(_shared_inbox(doc)),
        followers=own(doc.get("followers")),
        following=own(doc.get("following")),
        moderators=own(doc.get("moderators") or doc.get("attributedTo")) if kind == "Group" else "",
        featured=own(doc.get("featured")),
        keys=_keys(doc, uri),
        approves_followers=doc.get("manuallyApprovesFollowers") is True,
        discoverable=doc.get("discoverable") is True,  # FEP-5feb: silence is no consent.
        published=moment(doc.get("published")),
        updated=moment(doc.get("updated")),
        **_elsewhere(doc),
        implements=_implements(doc),
        facts=_facts(doc),
    )


def _shared_inbox(doc: Document) -> Any:
    endpoints = doc.get("endpoints")
    return endpoints.get("sharedInbox") if isinstance(endpoints, dict) else ""


def _elsewhere(doc: Document) -> dict[str, Any]:
    return {
        "also_known_as": references(doc.get("alsoKnownAs"))[:MAX_KEYS],
        "moved_to": reference(doc.get("movedTo")),
    }


def _facts(doc: Document) -> dict[str, Any]:
    facts = Terms(doc.get("@context")).facts(doc)
    for code, base in (("territory", names.TERRITORIES), ("theme", names.THEMES)):
        if code in facts:
            said = text(next(iter(many(facts[code])), ""))
            facts[code] = clean.line(from_iri(base, said), MAX_WORD)
    return facts


def _keys(doc: Document, uri: str) -> tuple[Key, ...]:
    """By their ids, RSA first. A key given by reference only is left out: the document itself must hold it."""
    found: dict[str, Key] = {}
    listed = [(item, "owner", "publicKeyPem") for item in many(doc.get("publicKey"))]
    listed += [(item, "controller", "publicKeyMultibase") for item in many(doc.get("assertionMethod"))]
    for item, owner, public in listed[: 2 * MAX_KEYS]:
        if not isinstance(item, dict):
            continue
        id_ = must(item.get("id"), "key")
        if reference(item.get(owner)) != uri or not urls.same_origin(uri, id_):
            raise Malformed("key: of another owner than the actor")
        if (key := _key(id_, text(item.get(public)))) and len(found) < MAX_KEYS:
            found.setdefault(id_, key)
    return tuple(found.values())


def _key(id_: str, public: str) -> Key | None:
    try:
        key = keys.load_public(public)
    except Malformed:
        return None
    kind = keys.algorithm(key)
    return Key(id=id_, algorithm=kind, public=keys.public_pem(key) if kind == "rsa" else keys.public_multibase(key))


def _implements(doc: Document) -> tuple[str, ...]:
    """What its server says it can do, on itself or on the Application behind it: FEP-844e."""
    generator = doc.get("generator")
    said = many(doc.get("implements")) + (many(generator.get("implements")) if isinstance(generator, dict) else [])
    return tuple(dict.fromkeys(uri for uri in map(address, said[:20]) if uri))
