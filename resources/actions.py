"""The only writer of resources. Rule, move, save, history, audit, search and partners: one transaction an act.

`by` is the person; None is the operator at the console, whom rules do not stop.
Every act locks the row first, so that two editors cannot publish two versions at once. The object given is refreshed.
Raises: PermissionDenied; workflow.NotPossible when the state does not allow it; Invalid with what is wrong, by code.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from federation import api as federation
from resources import content, rules, told, workflow
from resources.acts import MAX_NOTE, Invalid, begin, moved, type_draft, validated
from resources.documents import attach, delete_files, detach
from resources.kinds import default_data, is_empty
from resources.models import Resource, Revision, Standing, State, Visibility
from resources.publication import to_publication
from rtes_hub.accounts.models import User
from rtes_hub.audit.actions import record
from rtes_hub.search import index
from rtes_hub.territories.models import Member

__all__ = [
    "Invalid",
    "archive",
    "attach",
    "bring_in",
    "copy",
    "detach",
    "discard",
    "fate",
    "publish",
    "reached",
    "restate",
    "restore",
    "save_draft",
    "send_back",
    "start",
    "submit",
    "take_back",
    "withdraw",
    "withdrawal",
]


@transaction.atomic
def start(
    kind: str,
    *,
    member: Member,
    by: User | None,
    data: Mapping[str, Any] | None = None,
    imported_from: str = "",
    full_text: UploadedFile | None = None,
) -> Resource:
    """A new draft of the collectivité. `data` may hold what is known already, right or not.

    `imported_from` is the source and its own id, by which it is found again; `full_text` is joined as a document when
    the source says more than a sheet holds.
    """
    if by is not None and not rules.may_create(by, member):
        raise PermissionDenied
    resource = Resource(uri=federation.new_uri(), kind=kind, member=member, created_by=by, imported_from=imported_from)
    type_draft(resource, default_data(kind) | {"territory": member.territory_id} | dict(data or {}), by)
    resource.save()
    record("resource.start", resource.uri, by=by, kind=kind)
    if full_text is not None:
        attach(resource, full_text, title=_("Full text"), nature="other", is_model=False, by=by)
    return resource


@transaction.atomic
def copy(resource: Resource, *, by: User | None) -> Resource:
    """A new draft that says the same, under an address of its own (decision 0008). Documents are not copied."""
    return start(resource.kind, member=resource.member, by=by, data=content.typed_data(resource))


@transaction.atomic
def save_draft(resource: Resource, data: Mapping[str, Any], *, by: User | None) -> Resource:
    """Keep what was typed, right or not. Codes that are not given keep what they had."""
    begin(resource, "edit", by)
    type_draft(resource, data, by)
    resource.save(update_fields=["draft", "draft_saved_at", "draft_saved_by", "title"])
    return resource


@transaction.atomic
def submit(resource: Resource, *, by: User | None, comment: str = "") -> Resource:
    """Ask an editor to publish it, or to publish the changes to it. It must be complete."""
    state = begin(resource, "submit", by)
    validated(resource, complete=True)
    if resource.state == State.PUBLISHED:
        if not resource.has_changes or resource.proposed_at:
            raise workflow.NotPossible(_("There are no changes to submit."))
        resource.proposed_at = timezone.now()
    return moved(resource, "submit", state, by, comment)


@transaction.atomic
def take_back(resource: Resource, *, by: User | None) -> Resource:
    """Go on writing what was submitted."""
    return _return(resource, "take_back", by, "")


@transaction.atomic
def send_back(resource: Resource, *, by: User | None, comment: str) -> Resource:
    """Return it to its author, saying why."""
    if not comment.strip():
        raise Invalid({"comment": [_("Comment: say what should be changed.")]})
    return _return(resource, "send_back", by, comment)


def _return(resource: Resource, move: str, by: User | None, comment: str) -> Resource:
    state = begin(resource, move, by)
    if resource.state == State.PUBLISHED and not resource.proposed_at:
        raise workflow.NotPossible(_("No changes were submitted."))
    resource.proposed_at = None
    return moved(resource, move, state, by, comment)


@transaction.atomic
def publish(resource: Resource, *, by: User | None, note: str = "") -> Resource:
    """Make the draft what readers see: a new version, told to every partner hub when it is shared with them."""
    state = begin(resource, "publish", by)
    if resource.state == State.PUBLISHED and not resource.has_changes:
        raise workflow.NotPossible(_("There are no changes to publish."))
    data, authors = validated(resource, complete=True), told.authors(resource)
    _put_out(resource, data, state=state, by=by, note=note, at=timezone.now())
    told.answered(resource, authors, by=by)
    return resource


@transaction.atomic
def bring_in(
    kind: str,
    *,
    member: Member,
    data: Mapping[str, Any],
    by: User | None,
    published_at: datetime | None = None,
    imported_from: str = "",
    full_text: UploadedFile | None = None,
) -> Resource:
    """What was published elsewhere comes in as it is: right in what it says, though it may not say all."""
    resource = start(kind, member=member, by=by, data=data, imported_from=imported_from, full_text=full_text)
    state = begin(resource, "publish", by)
    clean = validated(resource, complete=False)
    resource.published_at = published_at.replace(microsecond=0) if published_at else None
    return _put_out(resource, clean, state=state, by=by, note="", at=timezone.now())


@transaction.atomic
def archive(resource: Resource, *, by: User | None) -> Resource:
    """Kept as a memory: still read, labelled so, not to be relied on."""
    return _relabel(resource, "archive", by)


@transaction.atomic
def restore(resource: Resource, *, by: User | None) -> Resource:
    """From the archive back among what is current."""
    return _relabel(resource, "restore", by)


def _relabel(resource: Resource, move: str, by: User | None) -> Resource:
    resource.state = begin(resource, move, by)
    _new_version(resource, by=by, note="", at=timezone.now())
    record(f"resource.{move}", resource.uri, by=by, version=resource.version)
    return resource


@transaction.atomic
def withdraw(resource: Resource, *, by: User | None, reason: str = "") -> Resource:
    """Nobody reads it any more, here or at partners; its address says it is gone. The text is kept as an archive."""
    resource.state = begin(resource, "withdraw", by)
    resource.withdrawn_at, resource.withdrawn_reason = timezone.now(), reason.strip()[:MAX_NOTE]
    resource.draft = resource.proposed_at = None
    resource.save()
    _tell(resource)
    told.gone(resource)
    record("resource.withdraw", resource.uri, by=by)
    return resource


@transaction.atomic
def discard(resource: Resource, *, by: User | None) -> None:
    """Throw away what is being typed: the whole draft, or the changes to a published sheet."""
    begin(resource, "discard", by)
    record("resource.discard", resource.uri, by=by, version=resource.version)
    if not resource.version:
        delete_files(resource, Standing.NEW)
        told.gone(resource)
        resource.delete()
        return
    resource.draft = resource.proposed_at = resource.draft_saved_by = None
    resource.save(update_fields=["draft", "proposed_at", "draft_saved_by"])
    delete_files(resource, Standing.NEW)
    resource.attachments.filter(standing=Standing.LEAVING).update(standing=Standing.CURRENT)


@transaction.atomic
def restate(resource: Resource, facts: Mapping[str, Any]) -> Resource:
    """What the hub itself writes in it (facts marked `auto`) is now this: told to search and partners as any change is.

    For the rooms that keep more than a sheet; they asked their own rules. Revisions keep what people typed: there is
    none for this.
    """
    resource.facts = {code: value for code, value in (resource.facts | dict(facts)).items() if not is_empty(value)}
    resource.version += 1
    resource.updated_at = max(timezone.now().replace(microsecond=0), resource.published_at or timezone.now())
    resource.save(update_fields=["facts", "version", "updated_at"])
    _tell(resource)
    return resource


# What publishing is made of ---------------------------------------------------------------------------------------


def _put_out(
    resource: Resource, data: dict[str, Any], *, state: str, by: User | None, note: str, at: datetime
) -> Resource:
    content.apply(resource, data)
    resource.state = state
    resource.draft = resource.proposed_at = resource.draft_saved_by = None
    resource.review_due_on = resource.review_due_on or content.due(resource.kind, at.date())
    _vouch(resource, by, at)
    delete_files(resource, Standing.LEAVING)
    resource.attachments.filter(standing=Standing.NEW).update(standing=Standing.CURRENT)
    _new_version(resource, by=by, note=note, at=at)
    record("resource.publish", resource.uri, by=by, version=resource.version)
    told.published(resource, is_new=resource.version == 1, by=by, note=note)
    return resource


def _vouch(resource: Resource, by: User | None, at: datetime) -> None:
    """Who checked this version: the collectivité, or the network (domain.md §1.2 n°30); no person's name."""
    network = by is not None and by.is_coordinator
    row = {"level": "network" if network else "local", "by": resource.member.name, "date": at.date().isoformat()}
    if network:
        row["by"] = _("network coordination")
    others = [one for one in resource.facts.get("validation", []) if one.get("level") != row["level"]]
    resource.facts = resource.facts | {"validation": [*others, row]}


def _new_version(resource: Resource, *, by: User | None, note: str, at: datetime) -> None:
    at = at.replace(microsecond=0)
    resource.version += 1
    resource.published_at = resource.published_at or at
    resource.updated_at = max(at, resource.published_at)
    resource.save()
    content.mirror_themes(resource)
    Revision.objects.create(
        resource=resource, version=resource.version, content=content.snapshot(resource), by=by, note=note[:MAX_NOTE]
    )
    _tell(resource)


def _tell(resource: Resource) -> None:
    """Search and partner hubs follow what the sheet has become."""
    if resource.is_out:
        public = resource.visibility == Visibility.PUBLIC
        index.put(resource.uri, kind=resource.kind, title=resource.title, text=content.words(resource), public=public)
    else:
        index.drop(resource.uri)
    if resource.travels:
        federation.publish(to_publication(resource))
        if resource.shared_at is None:
            resource.shared_at = timezone.now()
            resource.save(update_fields=["shared_at"])
    elif resource.shared_at and not resource.unshared_at:
        federation.withdraw(resource.uri)
        resource.unshared_at, resource.federated = timezone.now(), False
        resource.save(update_fields=["unshared_at", "federated"])


# What the pages ask of partners -----------------------------------------------------------------------------------


def reached(resource: Resource) -> list[str]:
    """The names of the partner hubs that it would be sent to."""
    return federation.reached(resource.member.actor_uri)


def fate(resource: Resource) -> list[Any]:
    """Where it went, hub by hub."""
    return federation.fate(resource.uri) if resource.shared_at else []


def withdrawal(resource: Resource) -> dict[str, Any] | None:
    """What became of its withdrawal, hub by hub, signed; None while it is not withdrawn."""
    return federation.withdrawal(resource.uri) if resource.shared_at else None
