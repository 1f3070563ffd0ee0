"""An object of the network as a Publication."""

import html
from typing import Any

from federation.publication import Attachment, Publication
from federation.wire import names, urls
from federation.wire.errors import Malformed
from federation.wire.read.values import Document, address, known_type, lines, many, moment, must, reference, text
from federation.wire.vocabulary import Terms, from_iri, term_to_kind
from rtes_hub.text import clean

MAX_TITLE = 300  #: characters
MAX_SUMMARY = 500  #: characters
MAX_ALTERNATIVE = 500  #: characters, of a document
MAX_ITEMS = 100  #: attachments, tags or themes kept
MAX_VERSION = 2**31 - 1

_ENVELOPE = frozenset({"kind", "territory", "theme", "licence", "version", "about", "keyword"})


def publication(obj: Document) -> Publication:
    """Raises `Malformed` without an id, or when nobody of the same origin says it is theirs.

    `kind` is ours when the object says so, else its type as a slug ("article", "note"), "" without any. `body` is raw.
    """
    uri = must(obj.get("id"), "id")
    terms = Terms(obj.get("@context"))
    facts = terms.facts(obj)
    ours = "kind" in facts
    language = _language(obj)
    body, source = _text(obj, language)
    place = next((uri for uri in map(reference, many(obj.get("audience"))) if uri), "")
    published = moment(obj.get("published"))
    updated = moment(obj.get("updated"))
    return Publication(
        uri=uri,
        kind=_kind(obj, facts, terms),
        author=_author(obj, uri),
        title=clean.line(text(obj.get("name")) or _of_map(obj.get("nameMap"), language), MAX_TITLE),
        summary=_summary(obj, language, ours=ours),
        body=body,
        source=source,
        language=language,
        url=address(obj.get("url")),
        published=published,
        updated=updated if updated and updated >= (published or updated) else None,
        version=_version(facts.get("version")),
        licence=clean.line(text(facts.get("licence")), 100),
        territory=from_iri(names.TERRITORIES, text(facts.get("territory"))),
        themes=tuple(from_iri(names.THEMES, item) for item in _texts(facts.get("theme"))),
        tags=_texts(facts.get("keyword")) if ours else _hashtags(obj),
        attachments=_attachments(obj, terms),
        about=reference(facts.get("about")),
        place=place,
        mentions=tuple(uri for uri in _mentions(obj) if uri != place),
        in_reply_to=next((uri for uri in map(reference, many(obj.get("inReplyTo"))) if uri), ""),
        facts={code: value for code, value in facts.items() if code not in _ENVELOPE} if ours else {},
    )


def conversation(obj: Document) -> str:
    """URL of the conversation that it says it belongs to; "" when none (FEP-7888)."""
    return next((uri for uri in map(reference, many(obj.get("context"))) if uri), "")


def is_vote(obj: Document) -> bool:
    """A choice in a poll looks like an answer: a Note with a name, without a text (federation.md E19)."""
    said = (obj.get("name"), obj.get("content"), obj.get("contentMap"))
    return known_type(obj, names.OBJECT_TYPES) == "Note" and bool(said[0]) and not said[1] and not said[2]


def _kind(obj: Document, facts: dict[str, Any], terms: Terms) -> str:
    said = next(iter(_texts(facts.get("kind"))), "")
    if said:
        return term_to_kind(terms.name(said) or said)
    found = known_type(obj, names.OBJECT_TYPES)
    if name := terms.name(found):
        return term_to_kind(name)
    return found.lower() if found.isascii() and found.isalpha() else ""


def _author(obj: Document, uri: str) -> str:
    """The first of those it is attributed to that shares its origin; a person before the group they wrote it in."""
    claimed = many(obj.get("attributedTo"))
    theirs = [item for item in claimed if urls.same_origin(uri, reference(item))]
    if not theirs:
        raise Malformed("attributedTo: nobody of the origin of the object" if claimed else "attributedTo: absent")
    people = [item for item in theirs if isinstance(item, dict) and "Person" in many(item.get("type"))]
    return reference((people or theirs)[0])


def _language(obj: Document) -> str:
    """BCP 47; "und", undetermined, when nothing says it."""
    said = obj.get("language")
    code = text(said.get("identifier")) if isinstance(said, dict) else text(said)
    maps = (obj.get("contentMap"), obj.get("nameMap"))
    code = code or next((key for found in maps if isinstance(found, dict) for key in found), "")
    return code if 0 < len(code) <= 35 and code.replace("-", "").isalnum() and code.isascii() else "und"


def _text(obj: Document, language: str) -> tuple[str, str]:
    """(HTML, Markdown). Seen: PeerTube's content is Markdown, Friendica's source BBCode, Pleroma's source a string."""
    content = text(obj.get("content")) or _of_map(obj.get("contentMap"), language)
    said = obj.get("source")
    source = text(said.get("content")) if isinstance(said, dict) and said.get("mediaType") == "text/markdown" else ""
    if text(obj.get("mediaType")) in ("text/markdown", "text/plain"):
        source = source or (content if obj.get("mediaType") == "text/markdown" else "")
        content = f"<p>{html.escape(content)}</p>" if content else ""
    return content, source


def _of_map(value: Any, language: str) -> str:
    if not isinstance(value, dict):
        return ""
    return text(value.get(language)) or next((item for item in value.values() if isinstance(item, str)), "")


def _summary(obj: Document, language: str, *, ours: bool) -> str:
    """Ours is plain text, in which `<` is a `<`; in that of others it begins a tag."""
    summary = text(obj.get("summary")) or _of_map(obj.get("summaryMap"), language)
    return lines(summary, MAX_SUMMARY) if ours else clean.plain(summary, MAX_SUMMARY)


def _version(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MAX_VERSION else 1


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(item for item in many(value) if isinstance(item, str))[:MAX_ITEMS]


def _hashtags(obj: Document) -> tuple[str, ...]:
    """Seen: PeerTube names a tag without `#` and without a link."""
    tags = (item for item in many(obj.get("tag")) if isinstance(item, dict) and "Hashtag" in many(item.get("type")))
    found = (clean.line(text(tag.get("name")).lstrip("#"), 100) for tag in tags)
    return tuple(dict.fromkeys(name for name in found if name))[:MAX_ITEMS]


def _mentions(obj: Document) -> tuple[str, ...]:
    """Seen: Smithereen mentions without a name."""
    tags = (item for item in many(obj.get("tag")) if isinstance(item, dict) and "Mention" in many(item.get("type")))
    return tuple(dict.fromkeys(uri for uri in (reference(tag.get("href")) for tag in tags) if uri))[:MAX_ITEMS]


def _attachments(obj: Document, terms: Terms) -> tuple[Attachment, ...]:
    """Four forms are seen: url as text, url as a Link, url as several Links, and a bare URL. Others have no address."""
    found = []
    for item in many(obj.get("attachment"))[:MAX_ITEMS]:
        url = address(item)
        if not url:
            continue
        said = item if isinstance(item, dict) else {}
        facts = terms.facts(said)
        size = facts.get("size")
        found.append(
            Attachment(
                url=url,
                title=clean.line(text(said.get("name")), MAX_TITLE),
                media_type=clean.line(text(said.get("mediaType")) or _inner_media_type(said), 100),
                size=size if isinstance(size, int) and not isinstance(size, bool) and size > 0 else 0,
                digest=text(facts.get("digest")),
                nature=text(facts.get("nature")),
                is_model=facts.get("is_model") is True,
                accessible_alternative=lines(text(facts.get("accessible_alternative")), MAX_ALTERNATIVE),
                licence=clean.line(text(facts.get("licence")), 100),
            )
        )
    return tuple(found)


def _inner_media_type(item: Document) -> str:
    links = (link for link in many(item.get("url")) if isinstance(link, dict))
    return next((text(link.get("mediaType")) for link in links), "")
