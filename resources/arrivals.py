"""What partner hubs share, kept beside our own: found together, told apart by `local`."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from federation.errors import Refused
from federation.publication import Attachment as Document
from federation.publication import Author, Publication
from resources import content, told
from resources.documents import MAX_ALTERNATIVE
from resources.kinds import KINDS, THEMES, tolerate
from resources.kinds.envelope import COLUMNS, REVIEW_DUE
from resources.kinds.lists import DOCUMENT_NATURES
from resources.models import Attachment, Resource, State, Visibility
from rtes_hub import rows
from rtes_hub.audit.actions import record
from rtes_hub.search import index
from rtes_hub.territories import actions as territory_actions
from rtes_hub.text import clean

MAX_DOCUMENTS = 20
MAX_TAGS = 20
MAX_TAG = 60  #: characters
MAX_BRIEF = 900
FORGOTTEN = 0  #: a version that every other is newer than


@transaction.atomic
def receive(publication: Publication, author: Author) -> Resource:
    """Insert or update by URI. Facts that we do not know, or that are not right, are left out; nothing else fails.

    An older version than the one we hold, and what was withdrawn, change nothing. Raises: Refused for one of ours.
    """
    resource = rows.by(Resource, "uri", publication.uri)
    if resource is not None:
        resource = Resource.objects.select_for_update().get(pk=resource.pk)
    is_new = resource is None
    if resource is None:
        resource = Resource(uri=publication.uri, local=False)
    elif resource.local:
        raise Refused("This address belongs to this hub.")
    elif (resource.state == State.WITHDRAWN and not _is_forgotten(resource)) or publication.version < resource.version:
        return resource
    resource.kind = publication.kind
    resource.member = territory_actions.remote_member(author)
    resource.visibility, resource.withdrawn_at = Visibility.PUBLIC, None
    _describe(resource, publication)
    _say(resource, publication)
    resource.save()
    content.mirror_themes(resource, is_new=is_new)
    _keep_documents(resource, publication.attachments, is_new=is_new)
    index.put(resource.uri, kind=resource.kind, title=resource.title, text=content.words(resource))
    record("resource.receive", resource.uri, by_uri=author.uri, version=resource.version)
    told.published(resource, is_new=is_new)
    return resource


def _describe(resource: Resource, publication: Publication) -> None:
    resource.title = clean.line(publication.title, 300)
    resource.slug = content.slug_of(resource.title)
    resource.summary = clean.line(publication.summary, 500)
    resource.language = publication.language[:12]
    resource.licence = publication.licence[:30]
    resource.territory_id = tolerate(publication.kind, {"territory": publication.territory}).get("territory")
    resource.themes = [slug for slug in dict.fromkeys(publication.themes) if slug in THEMES]
    tags = (clean.line(tag, MAX_TAG) for tag in publication.tags[:MAX_TAGS])
    resource.tags = [tag for tag in dict.fromkeys(tags) if tag]
    resource.page_url = publication.url if publication.url.startswith(("https://", "http://")) else ""
    resource.version = publication.version
    resource.published_at = publication.published
    resource.updated_at = publication.updated or publication.published


def _say(resource: Resource, publication: Publication) -> None:
    kind = KINDS[publication.kind]
    facts: dict[str, Any] = tolerate(publication.kind, {kind.main: publication.source} | dict(publication.facts))
    resource.brief = facts.pop("brief", "")[:MAX_BRIEF]
    due = facts.pop(REVIEW_DUE.code, None)
    resource.review_due_on = date.fromisoformat(due) if due else None
    resource.state = State.ARCHIVED if facts.pop("archived", False) else State.PUBLISHED
    resource.facts = {code: value for code, value in facts.items() if code not in COLUMNS}
    resource.body_html = clean.html(publication.body)


def _keep_documents(resource: Resource, documents: tuple[Document, ...], *, is_new: bool) -> None:
    """Their addresses only: their owner serves them."""
    if not is_new:
        resource.attachments.all().delete()
    natures = {choice.code for choice in DOCUMENT_NATURES}
    Attachment.objects.bulk_create(
        Attachment(
            resource=resource,
            token=get_random_string(32),
            url=document.url,
            title=clean.line(document.title, 200) or document.url[:200],
            nature=document.nature if document.nature in natures else "other",
            is_model=document.is_model,
            media_type=clean.line(document.media_type, 100),
            size=max(document.size, 0),
            digest=document.digest[:64],
            accessible_alternative=document.accessible_alternative[:MAX_ALTERNATIVE],
            licence=clean.line(document.licence, 30),
        )
        for document in documents[:MAX_DOCUMENTS]
        if document.url.startswith(("https://", "http://")) and len(document.url) <= 2048
    )


@transaction.atomic
def remove(uri: str) -> None:
    """Its author withdrew it: a line stays, so that a late copy cannot bring it back; no text does."""
    resource = Resource.objects.select_for_update().filter(uri=uri, local=False).first()
    if resource is None or resource.state == State.WITHDRAWN:
        return
    resource.state = State.WITHDRAWN
    resource.title = resource.slug = resource.summary = resource.brief = resource.body_html = resource.page_url = ""
    resource.themes, resource.tags, resource.facts, resource.territory = [], [], {}, None
    resource.withdrawn_at = timezone.now()
    resource.save()
    resource.theme_rows.all().delete()
    resource.attachments.all().delete()
    index.drop(uri)
    told.gone(resource)
    record("resource.remove", uri, by_uri=resource.member.actor_uri)


@transaction.atomic
def forget(uri: str) -> None:
    """Its server is blocked here. The line that stays, for what was said of it here, is filled when it comes again."""
    if Resource.objects.filter(uri=uri, local=False).exclude(state=State.WITHDRAWN).exists():
        remove(uri)
        Resource.objects.filter(uri=uri).update(version=FORGOTTEN)


def _is_forgotten(resource: Resource) -> bool:
    return resource.version == FORGOTTEN
