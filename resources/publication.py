"""A resource as the plain shape that travels. Only what a passer-by may read stands in it."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import iri_to_uri
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from federation.publication import Attachment as Document
from federation.publication import Publication
from resources.kinds import KINDS, Fact, public_facts
from resources.kinds.envelope import COLUMNS
from resources.models import Attachment, Resource, Standing, State
from resources.shown import Shown, show
from rtes_hub.text import clean, markdown

#: Columns that `Publication` has no word for: they travel among the facts.
TRAVEL_AS_FACTS = ("brief", "review_due_on")
#: Shown in the list that opens the body, when the kind says them.
KEY_FACTS = (
    *("stage", "started_on", "ended_on", "human_resources_fte", "decision_sought"),
    *("form", "status", "join_by"),
)
#: After the main text, in this order; the rest is for readers who have our words.
FURTHER = (
    "principles",
    "measures",
    "expected_benefits",
    "open_to",
    "results",
    "difficulties",
    "what_failed",
    "success_factors",
    "transfer_prerequisites",
    "options",
)


def to_publication(resource: Resource) -> Publication:
    """What partner hubs receive: equal, field by field, to what they read back from the wire."""
    facts = travelling_facts(resource)
    main = KINDS[resource.kind].main
    return Publication(
        uri=resource.uri,
        kind=resource.kind,
        author=resource.member.actor_uri,
        title=resource.title,
        summary=resource.summary,
        body=body(resource, facts),
        source=facts.get(main, ""),
        language=resource.language,
        url=page_of(resource),
        published=resource.published_at,
        updated=resource.updated_at,
        version=resource.version,
        licence=resource.licence,
        territory=resource.territory_id or "",
        themes=tuple(resource.themes),
        tags=tuple(resource.tags),
        attachments=tuple(_documents(resource)),
        facts=facts,
    )


def travelling_facts(resource: Resource) -> dict[str, Any]:
    due = resource.review_due_on
    said = resource.facts | {"brief": resource.brief, "review_due_on": due.isoformat() if due else None}
    said |= {"archived": True} if resource.state == State.ARCHIVED else {}
    shown = public_facts(resource.kind, said)
    return {code: value for code, value in shown.items() if code not in COLUMNS or code in TRAVEL_AS_FACTS}


def page_of(resource: Resource) -> str:
    return settings.RTES.base_url + resource.get_absolute_url()


def address_of(document: Attachment) -> str:
    """Where its owner serves it, in the characters of a URI: people paste addresses with accents."""
    return iri_to_uri(document.url) or settings.RTES.base_url + reverse(
        "attachment", args=[document.token, document.filename]
    )


def _documents(resource: Resource) -> Iterator[Document]:
    for document in resource.attachments.all():
        if document.standing != Standing.NEW:
            yield Document(
                url=address_of(document),
                title=document.title,
                media_type=document.media_type,
                size=document.size,
                digest=document.digest,
                nature=document.nature,
                is_model=document.is_model,
                accessible_alternative=document.accessible_alternative,
                licence=document.licence,
            )


def body(resource: Resource, facts: dict[str, Any]) -> str:
    """Safe HTML for readers who do not have our words: key facts, the brief, the text, then results and lessons."""
    with translation.override(resource.language if resource.language in dict(settings.LANGUAGES) else "fr"):
        kind = KINDS[resource.kind]
        parts = [
            _key_facts(resource, facts),
            format_html("<p>{}</p>", resource.brief) if resource.brief else "",
            markdown.render(facts.get(kind.main, "")),
            *(_section(kind.by_code[code], facts[code]) for code in FURTHER if code in facts and code in kind.by_code),
        ]
        return clean.html("\n".join(part for part in parts if part))


def _key_facts(resource: Resource, facts: dict[str, Any]) -> SafeString:
    kind = KINDS[resource.kind]
    rows: list[tuple[Any, Any]] = [(_("Local authority"), resource.member.name)]
    if resource.territory is not None and resource.territory.name != resource.member.name:
        rows.append((_("Area concerned"), resource.territory.name))
    said = [kind.by_code[code] for code in KEY_FACTS if code in facts and code in kind.by_code]
    rows += [(fact.label, show(fact, facts[fact.code]).plain) for fact in said]
    rows += [
        (_("Contact"), ", ".join(filter(None, (contact.get("function"), contact.get("service")))))
        for contact in facts.get("contacts", [])[:1]
    ]
    items = format_html_join("", "<li><strong>{}</strong> {}</li>", rows)
    link = format_html('<li><a href="{}">{}</a></li>', page_of(resource), _("Read the whole sheet"))
    return format_html("<ul>{}{}</ul>", items, link)


def _section(fact: Fact, value: Any) -> str:
    shown = show(fact, value)
    return f"<h2>{escape(fact.label)}</h2>{_as_html(shown)}"


def _as_html(shown: Shown) -> str:
    if shown.rows:
        head = "".join(f"<th>{escape(column.label)}</th>" for column in shown.columns)
        rows = "".join(
            "<tr>" + "".join(f"<td>{escape(cell.plain)}</td>" for cell in row) + "</tr>" for row in shown.rows
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    if shown.items:
        return "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in shown.items) + "</ul>"
    return "".join(f"<p>{escape(paragraph)}</p>" for paragraph in shown.plain.split("\n\n"))
