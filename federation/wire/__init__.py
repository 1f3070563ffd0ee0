"""ActivityStreams, signatures and discovery as pure functions on plain values: no Django, no network, no clock.

`from federation import wire`, then `wire.read.publication(doc)`. Every function that looks at what came from outside
raises `Malformed(reason)` (HTTP 400) or `BadSignature(reason, status)` (400 or 401) and nothing else.

errors       Malformed(reason)                                 .reason
             BadSignature(reason, status=401)                  .reason .status (400 malformed, 401 absent or bad)
strict_json  loads(raw: bytes, *, max_depth=32) -> dict        the only parser for bytes from outside
canonical    dumps(doc: Mapping) -> bytes                      compact UTF-8, key order kept
names        AS2 PUBLIC NS HUB ACTIVITY_JSON LD_JSON JRD_JSON XRD_XML ACCEPT ACTOR_TYPES   constants
             is_activity_type(content_type: str) -> bool       of a body received
             prefers_activity(accept: str) -> bool             False = answer HTML
urls         origin(url: object) -> str                        "scheme://host[:port]"; raises Malformed.
                                                               http or a port: the caller's decision
             same_origin(*urls: object) -> bool                False when one is malformed
             absolute(value: object) -> str                    an id: absolute http(s) URL, <= 2048 characters
             authority(url: str) -> str                        "host[:port]", for handles
keys         generate_rsa() / generate_ed25519() -> PrivateKey
             private_pem(key) -> bytes                         PKCS#8, unencrypted: the caller seals it
             load_private(pem: bytes) -> PrivateKey            ours only (no validity check of the numbers): cache it
             load_public(text: str) -> PublicKey               PEM SPKI or PKCS#1, or multibase; cached; strong
             public_pem(key) -> str   public_multibase(key) -> str   (of a private or a public key)
             algorithm(key) -> "rsa" | "ed25519"
shapes       Key(id, algorithm, public)                        public: PEM SPKI for rsa, multibase for ed25519
             ActorDoc(uri, type, handle, inbox, …)             both written and read
             Head(id, type, actor, object_id, object, to, cc, target)
             Collection(uri, total, first, next, items)
signatures   sign_cavage(method, url, *, key, key_id, now, body=None, content_type=ACTIVITY_JSON) -> dict[str, str]
             sign_rfc9421(…the same…) -> dict[str, str]        every header to add (Host and Content-Type included)
             parse(method, url, headers, body, *, now, past, future) -> Claim    all that needs no key; headers: pairs
             verify(claim, public_key) -> Signed               raises BadSignature
             Claim(key_id, format, algorithm, created, expires, covered, …)
             Signed(key_id, format, algorithm, created, covered)  format: "cavage" | "rfc9421"
proofs       in_context(doc) -> dict     make(doc, *, key, key_id, created) -> dict     FEP-8b32: the `proof` to add
             of(doc) -> Proof | None                           Proof(key_id, …); nothing in it is believed before
             verify(doc, proof, public: str, *, now) -> None   raises BadSignature
write        article(publication, *, followers, context="", handles=None, tag_url="") -> dict   with @context
             create(id, obj) / update(id, obj) -> dict         obj: article(…) or actor(…), addressed as obj is
             tombstone(uri, *, former_type, deleted, published=None) -> dict     what a 410 says
             delete(id, *, actor, tombstone, followers="", place="") -> dict
             follow(id, *, actor, object) -> dict
             accept(id, *, actor, follow) / reject(…) -> dict  follow: the Follow received, as a dict
             undo(id, *, actor, activity) -> dict              activity: ours, as a dict
             actor(doc: ActorDoc, *, instance) -> dict         instance: URI of the Application actor
             collection(uri, *, total, first="", last="", owner="", items=None) -> dict
             page(uri, *, part_of, items, next="", prev="") -> dict
             announce(id, *, actor, object, followers="", published=None) -> dict    object: an activity, or an id
             add(…) / remove(id, *, actor, object, target, place="", followers="") -> dict
             lock(id, *, actor, object, place) -> dict
             removal(id, *, actor, object, place, summary) -> dict          a moderator takes another's thing away
             refusal(id, *, actor, activity, to, reason) -> dict            a place does not take what was said
             gesture(said: Gesture, *, to) -> dict
             invite(id, *, actor, object, guest, text="") -> dict
             answer(id, *, actor, gesture, to, accepted, reason="", facts) -> dict
             webfinger(*, handle, uri, url="", aliases=()) / webfinger_server(origin, *, instance) -> dict
             nodeinfo_discovery(origin, *, instance) / nodeinfo(version, *, …) -> dict
             nodeinfo_type(version) -> str                     the media type of that document
             host_meta(origin) -> dict    host_meta_xml(origin) -> str
read         publication(obj: Mapping) -> Publication          HTML of `body` is raw: the receiver cleans it
             activity(doc) -> Head                             reduced to ids; object: dict when embedded
             actor(doc) -> ActorDoc                            summary is raw HTML
             collection(doc) -> Collection                     of a collection or one of its pages
             gesture(doc) -> Gesture      facts(doc) -> dict      reason(doc) -> str    plain text
             conversation(obj) -> str                          its `context`: one URL
             is_vote(obj) -> bool                              a choice in a poll, which looks like an answer
             addressed(doc) -> tuple[str, ...]                 to, cc and audience
             is_public(doc) -> bool                            Public in to or cc, in any of its three spellings
             link(jrd, rel, *, type="") -> str                 href in a JRD or NodeInfo discovery, "" when none
"""

from federation.wire import canonical, keys, names, proofs, read, shapes, signatures, strict_json, urls, write
from federation.wire.errors import BadSignature, Malformed

__all__ = [
    "BadSignature",
    "Malformed",
    "canonical",
    "keys",
    "names",
    "proofs",
    "read",
    "shapes",
    "signatures",
    "strict_json",
    "urls",
    "write",
]
