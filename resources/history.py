"""What changed from one version to the next, told only to those who might have read both."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from resources.kinds import KINDS, public_facts
from resources.kinds.envelope import COLUMNS
from resources.models import Resource, Visibility


@dataclass(frozen=True, kw_only=True)
class Version:
    number: int
    at: datetime
    note: str
    changed: list[Any]  #: labels of the facts that say something else than in the version before
    documents_changed: bool
    is_first: bool


def changes(resource: Resource, *, as_member: bool, is_ours: bool) -> list[Version]:
    """Newest first. Versions that were for a narrower circle than the reader's are left out."""
    circles = {Visibility.PUBLIC}
    circles |= {Visibility.MEMBERS} if as_member else set()
    circles |= {Visibility.OWNER} if is_ours else set()
    readable = [one for one in resource.revisions.order_by("version") if one.content.get("visibility") in circles]
    found: list[Version] = []
    before: dict[str, Any] | None = None
    for revision in readable:
        now = _readable(resource.kind, revision.content, as_member=as_member)
        found.append(
            Version(
                number=revision.version,
                at=revision.at,
                note=revision.note,
                changed=[] if before is None else _changed(resource.kind, before, now),
                documents_changed=before is not None and before.get("attachments") != now.get("attachments"),
                is_first=before is None,
            )
        )
        before = now
    return found[::-1]


def _readable(kind: str, content: dict[str, Any], *, as_member: bool) -> dict[str, Any]:
    if as_member:
        return content
    envelope = {code: content[code] for code in (*COLUMNS, "attachments") if code in content}
    return envelope | public_facts(kind, content)


def _changed(kind: str, before: dict[str, Any], now: dict[str, Any]) -> list[Any]:
    return [fact.label for fact in KINDS[kind].facts if before.get(fact.code) != now.get(fact.code)]
