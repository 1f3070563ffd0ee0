"""The waist of the hub: the plain shapes that cross between the apps and the network.

Python values only, no model and no ActivityPub word. Times are aware and in UTC, whole seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Author:
    """Who signs a publication: a collectivité, a forum, a person, here or elsewhere."""

    uri: str
    name: str
    handle: str = ""  #: "dijon-metropole@hub.example"
    type: str = "Organization"
    url: str = ""  #: its page for people
    summary: str = ""  #: safe HTML
    hub: str = ""  #: origin of its hub: scheme://host[:port]
    hub_name: str = ""
    local: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)  #: {"territory": "epci-242100410", …}


@dataclass(frozen=True, kw_only=True)
class Attachment:
    url: str
    title: str
    media_type: str
    size: int = 0  #: bytes, 0 when unknown
    digest: str = ""  #: SHA-256, hex
    nature: str = ""  #: "convention", "deliberation"…: one of the app's own list
    is_model: bool = False  #: meant to be copied
    accessible_alternative: str = ""  #: plain text, ≤ 500 characters: what it says, for who cannot read the file
    licence: str = ""  #: empty: that of the publication


@dataclass(frozen=True, kw_only=True)
class Publication:
    """One public thing with an author, whoever hosts it."""

    uri: str  #: where it lives; its identity for ever
    kind: str  #: slug known to one registered app, e.g. "good-practice"
    author: str  #: URI of the actor who signs it
    title: str = ""  #: plain text, one line, ≤ 300 characters
    summary: str = ""  #: plain text, ≤ 500 characters
    body: str = ""  #: safe HTML: what a reader without our vocabulary is shown
    source: str = ""  #: Markdown, when the body was written in it
    language: str = "fr"  #: BCP 47
    url: str = ""  #: the page for people
    published: datetime | None = None
    updated: datetime | None = None  #: never before `published`
    version: int = 1  #: grows by one at each change, so that late copies are known as late
    licence: str = ""  #: "etalab-2.0"…
    territory: str = ""  #: id in the official table, "epci-242100410"
    themes: tuple[str, ...] = ()  #: slugs of the hub's themes
    tags: tuple[str, ...] = ()  #: free keywords
    attachments: tuple[Attachment, ...] = ()
    about: str = ""  #: URI of what this speaks of
    in_reply_to: str = ""
    place: str = ""  #: URI of the group actor it is said in, ours or another hub's: a forum
    mentions: tuple[str, ...] = ()  #: URIs of the actors it calls by name, each once, never the place
    facts: Mapping[str, Any] = field(default_factory=dict)  #: the kind's own, JSON values, snake_case keys


@dataclass(frozen=True, kw_only=True)
class Gesture:
    """What is said about a thing without being a thing: joining, pledging, answering."""

    uri: str  #: its identity for ever: the same one said again has the same answer and no second effect
    verb: str  #: "join", "leave" or "offer"
    author: str  #: URI of the actor who signs it
    target: str  #: URI of the thing
    facts: Mapping[str, Any] = field(default_factory=dict)  #: JSON values, snake_case keys


@dataclass(frozen=True, kw_only=True)
class Fate:
    """What became, on one other hub, of the last that was said of a publication."""

    hub_name: str
    origin: str
    state: str  #: "waiting", "silent" (waiting, and they do not answer), "sent", "parked" (refused) or "expired"
    at: datetime  #: when it arrived or ended; for what waits, since when
