"""A publication as an Article, or as a Note when it answers something.

Read back by `wire.read.publication`, whole: read(write(p)) == p for every publication that keeps the promises of its
shape (title on one line, whole seconds, `updated` not before `published`); None in facts is left out.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from federation.publication import Attachment, Publication
from federation.wire import names, urls, vocabulary
from federation.wire.write.dates import rfc3339

MAX_TITLE = 300  #: characters
MAX_SUMMARY = 500  #: characters
MAX_ALTERNATIVE = 500  #: characters, of a document

#: Facts may not be called as what the envelope says in the same object.
RESERVED = ("kind", "territory", "theme", "licence", "version", "about", "keyword")

#: What Lemmy calls a language; the code stands for those not here.
_LANGUAGES = {"fr": "Français", "en": "English", "br": "Brezhoneg", "de": "Deutsch", "es": "Español", "it": "Italiano"}

_NOT_A_WORD = re.compile(r"[\W_]+")


def article(
    publication: Publication,
    *,
    followers: str,
    context: str = "",
    handles: Mapping[str, str] | None = None,
    tag_url: str = "",
) -> dict[str, Any]:
    """The document served at the URI of the publication.

    `followers` is the collection of its author, `context` that of the conversation (FEP-7888), `handles` the names
    ("name@host") of the actors it mentions and of its place, by URI. A tag is linked at `tag_url` + its text; by
    default at /tags/ of the hub.
    """
    it = publication
    tags = [*_hashtags(it, tag_url or f"{urls.origin(it.uri)}/tags/"), *_mentions(it, handles or {})]
    document: dict[str, Any] = {
        "@context": vocabulary.CONTEXT,
        "id": it.uri,
        "type": "Note" if it.in_reply_to else "Article",
        "attributedTo": it.author,
        "actor": it.author,  # Seen: Mobilizon takes an Article only when it has both.
        "to": [names.PUBLIC, it.place] if it.place else [names.PUBLIC],
        "cc": [*([followers] if followers else []), *it.mentions],
        "content": it.body,
        "contentMap": {it.language: it.body},
        "mediaType": "text/html",
        "language": {"identifier": it.language, "name": _LANGUAGES.get(it.language, it.language)},
        "sensitive": False,  # A summary alone would be taken for a warning.
        "attachment": [_attachment(attachment) for attachment in it.attachments],
        "tag": tags,
        "replies": _no_replies_yet(it.uri),
        "rtes:kind": vocabulary.kind_to_term(it.kind),
        "rtes:version": it.version,
    }
    document |= {key: value for key, value in _optional(it, context).items() if value}
    return document | vocabulary.write_facts(it.facts, reserved=RESERVED)


def _optional(it: Publication, context: str) -> dict[str, Any]:
    """What is left out when it is empty."""
    return {
        "audience": it.place,
        "context": context,
        "name": it.title[:MAX_TITLE],
        "summary": it.summary[:MAX_SUMMARY],
        "source": {"content": it.source, "mediaType": "text/markdown"} if it.source else None,
        "url": it.url,
        "inReplyTo": it.in_reply_to,
        "published": it.published and rfc3339(it.published),
        # Seen: GoToSocial drops an object changed before it was published.
        "updated": it.updated and rfc3339(max(it.updated, it.published or it.updated)),
        "rtes:licence": it.licence,
        "rtes:territory": it.territory and vocabulary.to_iri(names.TERRITORIES, it.territory),
        "rtes:theme": [vocabulary.to_iri(names.THEMES, theme) for theme in it.themes],
        "rtes:keyword": list(it.tags),
        "rtes:about": it.about,
    }


def _attachment(attachment: Attachment) -> dict[str, Any]:
    """Document or Image: Lemmy drops a whole post for any other kind."""
    optional = {
        "mediaType": attachment.media_type,
        "name": attachment.title,
        "rtes:size": attachment.size,
        "rtes:digest": attachment.digest,
        "rtes:nature": attachment.nature,
        "rtes:is_model": attachment.is_model,
        "rtes:accessible_alternative": attachment.accessible_alternative[:MAX_ALTERNATIVE],
        "rtes:licence": attachment.licence,
    }
    kind = "Image" if attachment.media_type.startswith("image/") else "Document"
    return {"type": kind, "url": attachment.url} | {key: value for key, value in optional.items() if value}


def _hashtags(publication: Publication, tag_url: str) -> list[dict[str, str]]:
    """Themes and tags, for those who know neither `rtes:theme` nor `rtes:keyword`. CamelCase, so that they are read
    aloud as words."""
    found: dict[str, tuple[str, str]] = {}
    for text in (*publication.themes, *publication.tags):
        name = "".join(word[:1].upper() + word[1:] for word in _NOT_A_WORD.split(text))
        if name and not name.isdigit():
            found.setdefault(name.casefold(), (name, text))
    return [
        {"type": "Hashtag", "href": tag_url + quote(text, safe=""), "name": f"#{name}"} for name, text in found.values()
    ]


def _mentions(publication: Publication, handles: Mapping[str, str]) -> list[dict[str, str]]:
    """What begins a thread calls its forum too: some servers look nowhere else for it (federation.md J8, §2.4)."""
    called = [publication.place] if publication.place and not publication.in_reply_to else []
    return [
        {"type": "Mention", "href": uri} | ({"name": f"@{handles[uri]}"} if handles.get(uri) else {})
        for uri in (*called, *publication.mentions)
    ]


def _no_replies_yet(uri: str) -> dict[str, Any]:
    """An empty first page: without it Mastodon comes to fetch replies at each delivery (federation.md F5)."""
    replies = f"{uri}/replies"
    return {
        "id": replies,
        "type": "Collection",
        "first": {"id": f"{replies}?page=1", "type": "CollectionPage", "partOf": replies, "items": []},
    }
