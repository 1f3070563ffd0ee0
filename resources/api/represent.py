"""A resource as programs read it."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from resources.content import working_data
from resources.kinds import is_empty, public_facts
from resources.kinds.envelope import COLUMNS
from resources.models import Attachment, Resource, Standing
from rtes_hub.territories.api import brief_member, brief_territory

#: The codes of the envelope that are columns of `Resource`: in the API they stand beside `facts`, not in it.
ENVELOPE = COLUMNS


def represent(resource: Resource, *, as_member: bool) -> dict[str, Any]:
    """`as_member`: facts for members are shown too. Needs `member__territory`, `territory` and `attachments` loaded."""
    facts = resource.facts if as_member else public_facts(resource.kind, resource.facts)
    return {
        "id": resource.pk,
        "uri": resource.uri,
        "url": page_of(resource),
        "kind": resource.kind,
        "state": resource.state,
        "version": resource.version,
        "origin": origin(resource),
        "member": brief_member(resource.member),
        "title": resource.title,
        "summary": resource.summary,
        "brief": resource.brief,
        "language": resource.language,
        "licence": resource.licence,
        "visibility": resource.visibility,
        "federated": resource.federated,
        "territory": brief_territory(resource.territory),
        "themes": resource.themes,
        "tags": resource.tags,
        "created_at": resource.created_at,
        "published_at": resource.published_at,
        "updated_at": resource.updated_at,
        "review_due_on": resource.review_due_on,
        "attachments": [attached(file) for file in resource.attachments.all() if file.standing != Standing.NEW],
        "facts": {code: value for code, value in facts.items() if not is_empty(value)},
    }


def represent_draft(resource: Resource) -> dict[str, Any]:
    """What is being written, for those who may write it: envelope and facts, as in a request."""
    data = working_data(resource)
    return {
        **{code: value for code, value in data.items() if code in ENVELOPE},
        "facts": {code: value for code, value in data.items() if code not in ENVELOPE},
    }


def page_of(resource: Resource) -> str:
    """Its page at its origin."""
    return settings.RTES.base_url + resource.get_absolute_url() if resource.local else resource.page_url


def origin(resource: Resource) -> dict[str, str]:
    if resource.local:
        return {"hub": settings.RTES.base_url, "name": ""}
    return {"hub": resource.member.hub, "name": resource.member.hub_name}


def attached(file: Attachment) -> dict[str, Any]:
    here = settings.RTES.base_url + reverse("attachment", args=[file.token, file.filename]) if file.file else ""
    return {
        "id": file.token,
        "url": here or file.url,
        "title": file.title,
        "nature": file.nature,
        "is_model": file.is_model,
        "accessible_alternative": file.accessible_alternative,
        "licence": file.licence,
        "media_type": file.media_type,
        "size": file.size,
        "digest": file.digest,
    }
