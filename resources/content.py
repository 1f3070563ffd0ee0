"""What a resource says, as one dict by code: the shape that the form types, `validate` checks and revisions keep."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.text import slugify

from resources.kinds import KINDS, THEMES, is_empty, public_facts
from resources.kinds.envelope import COLUMNS
from resources.models import Resource, Standing, ThemeOf, Visibility

#: Last part of the page's address, in characters.
MAX_SLUG = 80
#: Words that the addresses of moves end in (resources/urls.py): a title may not take their place.
RESERVED_SLUGS = frozenset(
    {"soumettre", "reprendre", "renvoyer", "publier", "archiver", "rouvrir", "retirer", "abandonner"}
    | {"copier", "historique", "modifier"}
)


def published_data(resource: Resource) -> dict[str, Any]:
    """What the sheet says now to its readers, envelope and facts together, empties left out."""
    columns = {code: getattr(resource, code) for code in COLUMNS if code not in ("territory", "review_due_on")}
    columns["territory"] = resource.territory_id
    columns["review_due_on"] = resource.review_due_on.isoformat() if resource.review_due_on else None
    return {code: value for code, value in (columns | resource.facts).items() if not is_empty(value)}


def working_data(resource: Resource) -> dict[str, Any]:
    """What is being typed, valid or not; what is published when nothing is."""
    return dict(resource.draft) if resource.draft is not None else typed_data(resource)


def typed_data(resource: Resource) -> dict[str, Any]:
    """What is published, without what the hub wrote itself."""
    auto = {fact.code for fact in KINDS[resource.kind].auto}
    return {code: value for code, value in published_data(resource).items() if code not in auto}


def apply(resource: Resource, data: Mapping[str, Any]) -> None:
    """Make the sheet say this: validated data, in its stored form. What is absent is emptied. Nothing is saved."""
    for code in ("title", "summary", "brief"):
        setattr(resource, code, data.get(code) or "")
    for code in ("language", "licence", "visibility"):
        setattr(resource, code, data.get(code) or KINDS[resource.kind].fact(code).default)
    resource.themes = list(data.get("themes") or [])
    resource.tags = list(data.get("tags") or [])
    resource.federated = bool(data.get("federated"))
    resource.territory_id = data.get("territory") or None
    due = data.get("review_due_on")
    resource.review_due_on = date.fromisoformat(due) if due else None
    auto = {fact.code: resource.facts[fact.code] for fact in KINDS[resource.kind].auto if fact.code in resource.facts}
    typed = {code: value for code, value in data.items() if code not in COLUMNS and not is_empty(value)}
    resource.facts = typed | auto
    resource.slug = slug_of(resource.title)


def slug_of(title: str) -> str:
    slug = slugify(title)[:MAX_SLUG].strip("-")
    return f"{slug}-1" if slug in RESERVED_SLUGS else slug


def mirror_themes(resource: Resource, *, is_new: bool = False) -> None:
    """Rows that the filters read, kept as `resource.themes` says."""
    if not is_new:
        resource.theme_rows.exclude(theme__in=resource.themes).delete()
    ThemeOf.objects.bulk_create(
        [ThemeOf(resource=resource, theme=slug) for slug in resource.themes], ignore_conflicts=True
    )


def snapshot(resource: Resource) -> dict[str, Any]:
    """What a revision keeps: all that was published, and the documents that were joined."""
    documents = [
        {"title": file.title, "filename": file.filename, "digest": file.digest, "size": file.size}
        for file in resource.attachments.filter(standing=Standing.CURRENT)
    ]
    return published_data(resource) | {"attachments": documents}


def words(resource: Resource) -> str:
    """The text to be found by. Of a public sheet, only what everyone may read."""
    facts: Mapping[str, Any] = resource.facts
    if resource.visibility == "public":
        facts = public_facts(resource.kind, resource.facts)
    themes = [THEMES[slug].fr for slug in resource.themes if slug in THEMES]
    parts = [resource.summary, resource.brief, resource.member.name, *themes, *resource.tags, *_strings(facts)]
    return "\n".join(part for part in parts if part)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def due(kind: str, day: date) -> date:
    """When what is published that day should be looked at again."""
    years, month = divmod(day.month - 1 + KINDS[kind].review_months, 12)
    return date(day.year + years, month + 1, min(day.day, 28))


def would_unshare(resource: Resource) -> bool:
    """Whether publishing the draft takes the sheet back from partners, for good (decision 0008)."""
    draft = working_data(resource)
    stays = draft.get("federated") is True and draft.get("visibility") == Visibility.PUBLIC
    return bool(resource.shared_at and not resource.unshared_at) and not stays
