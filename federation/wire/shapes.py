"""What is written to and read from the wire, besides publications."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Key:
    """A public key as its owner's document lists it."""

    id: str
    algorithm: str  #: "rsa" or "ed25519"
    public: str  #: PEM (SPKI) for rsa, multibase for ed25519


@dataclass(frozen=True, kw_only=True)
class ActorDoc:
    """An actor's document. Read: every URL shares the origin of `uri`, and so does the id of every key."""

    uri: str
    type: str  #: one of names.ACTOR_TYPES
    handle: str  #: preferredUsername, without the host
    inbox: str
    name: str = ""  #: plain text, one line
    summary: str = ""  #: HTML; raw when read
    url: str = ""  #: its page for people
    outbox: str = ""
    shared_inbox: str = ""
    followers: str = ""
    following: str = ""
    moderators: str = ""  #: of a Group: the collection of who moderates it
    featured: str = ""  #: the collection of what it shows first
    keys: tuple[Key, ...] = ()  #: at most 10
    approves_followers: bool = False  #: manuallyApprovesFollowers
    discoverable: bool = True
    published: datetime | None = None
    updated: datetime | None = None
    fields: tuple[
        tuple[str, str], ...
    ] = ()  #: profile fields shown by other servers: ("SIREN", "242100410"); written only
    also_known_as: tuple[str, ...] = ()  #: other addresses of the same actor, on any server; read only (FEP-7628)
    moved_to: str = ""  #: where it lives now, on any server; read only
    implements: tuple[str, ...] = ()  #: URIs of what its server can do (FEP-844e); names.HUB marks a hub; read only
    facts: Mapping[str, Any] = field(default_factory=dict)  #: {"territory": "epci-242100410", …}; travels as rtes:*


@dataclass(frozen=True, kw_only=True)
class Head:
    """Who does what to what. URIs are absolute; none has been compared with another: that is the rule's business."""

    id: str
    type: str
    actor: str
    object_id: str = ""  #: of the first object when there are several; "" when there is none
    object: Mapping[str, Any] | None = None  #: when embedded
    target: str = ""
    to: tuple[str, ...] = ()  #: Public always spelled in full
    cc: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Collection:
    """A collection, or one page of it."""

    uri: str
    total: int | None = None
    first: str = ""
    next: str = ""
    items: tuple[
        str | Mapping[str, Any], ...
    ] = ()  #: ids or whole documents, in the order received; those of an embedded first page too
