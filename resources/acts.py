"""What every act on a resource is made of: ask the rule, check what was typed, remember what was done."""

import json
import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from resources import content, rules, told, workflow
from resources.kinds import KINDS, validate
from resources.kinds.validate import Errors
from resources.models import Comment, Resource, Visibility
from rtes_hub.accounts.models import User
from rtes_hub.audit.actions import record

#: A draft is kept as typed, errors and all, up to this many bytes of JSON.
MAX_DRAFT = 512 * 1024
MAX_COMMENT = 2000  #: characters
MAX_NOTE = 300
#: Acts that leave the state as it is.
NO_MOVE = ("edit", "discard")

_NOT_STORABLE = re.compile(r"[\x00\ud800-\udfff]")


class Invalid(Exception):
    """What is wrong, by the code of the fact, in sentences for people."""

    def __init__(self, errors: Errors) -> None:
        super().__init__(errors)
        self.errors = errors


def begin(resource: Resource, act: str, by: User | None) -> str:
    """Lock the row, ask the rule, answer the state that follows (the same, for an act that is no move)."""
    try:
        resource.refresh_from_db(from_queryset=Resource.objects.select_for_update())
    except Resource.DoesNotExist:
        raise workflow.NotPossible(_("This sheet was thrown away meanwhile.")) from None
    is_now = resource.state in rules.ACTS[act]
    may = rules.may if is_now else rules.ever_may
    if by is not None and not may(by, act, resource):
        raise PermissionDenied
    if not is_now:
        raise workflow.NotPossible(_("This cannot be done: the sheet is %s.") % resource.get_state_display())
    return resource.state if act in NO_MOVE else workflow.after(resource.state, act)


def checked(resource: Resource, *, complete: bool) -> tuple[dict[str, Any], Errors]:
    """The draft in its stored form, and what stands in the way of publishing it.

    A sheet that was published before it was complete (see `actions.bring_in`) may be corrected without being completed:
    only what it used to say may not be left out.
    """
    draft = content.working_data(resource)
    data, errors = validate(resource.kind, draft, complete=False, member=resource.member)
    if complete:
        before = content.published_data(resource) if resource.version else None
        for code, messages in validate(resource.kind, draft, complete=True, member=resource.member)[1].items():
            if before is None or code in before:
                errors.setdefault(code, messages)
    if resource.unshared_at and data.get("federated") and data.get("visibility") == Visibility.PUBLIC:
        errors["federated"] = [_("This sheet was taken back from partner territories. It cannot be shared again.")]
    return data, errors


def validated(resource: Resource, *, complete: bool) -> dict[str, Any]:
    """The draft in its stored form. Raises: Invalid."""
    data, errors = checked(resource, complete=complete)
    if errors:
        raise Invalid(errors)
    return data


def moved(resource: Resource, move: str, state: str, by: User | None, comment: str) -> Resource:
    resource.state = state
    resource.save(update_fields=["state", "proposed_at"])
    if text := comment.strip()[:MAX_COMMENT]:
        Comment.objects.create(resource=resource, by=by, move=move, text=text)
    record(f"resource.{move}", resource.uri, by=by)
    told.moved(resource, move, by=by, comment=text)
    return resource


def type_draft(resource: Resource, data: Mapping[str, Any], by: User | None) -> None:
    """Add to the draft; nothing is saved. Raises: Invalid for a code that the kind does not know."""
    known = {fact.code for fact in KINDS[resource.kind].typed}
    unknown = {code: [_("“%(code)s” is not known.") % {"code": code[:60]}] for code in data if code not in known}
    if unknown:
        raise Invalid(unknown)
    draft = _storable(content.working_data(resource) | dict(data))
    if len(json.dumps(draft)) > MAX_DRAFT:
        raise Invalid({"title": [_("This sheet is too long to be kept: at most %d KB in all.") % (MAX_DRAFT // 1024)]})
    resource.draft = draft
    resource.draft_saved_at, resource.draft_saved_by = timezone.now(), by
    if not resource.version:  # lists show the working title of what was never published
        resource.title = str(draft.get("title") or "")[:300]


def _storable(value: Any) -> Any:
    """As typed, but for what no database stores."""
    if isinstance(value, str):
        return _NOT_STORABLE.sub("", value)
    if isinstance(value, Mapping):
        return {str(key): _storable(item) for key, item in value.items()}
    return [_storable(item) for item in value] if isinstance(value, list | tuple) else value
