"""An item made a sheet of this hub: begun, published, or brought up to date when it came before."""

from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from hashlib import sha256

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from resources import actions, workflow
from resources.content import working_data
from resources.importing.mapping import Sheet, sheet
from resources.importing.source import Item, Source
from resources.kinds import is_empty
from resources.models import Resource, State
from rtes_hub.accounts.models import User
from rtes_hub.territories.models import Member

DOCUMENT = "texte-complet.txt"  #: name of the file that holds a text longer than a sheet does


class Fate(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    item: Item
    fate: Fate
    resource: Resource | None = None
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is asked of every item of a file."""

    source: Source
    kind: str
    member: Member
    themes: list[str]
    licence: str = ""  #: the code the collectivité answers for, in place of the source's
    publish: bool = False
    rehearsal: bool = False  #: all is undone afterwards: no file is written
    by: User | None = None


def bring(item: Item, order: Order) -> Outcome:
    """Never raises for the item's sake: what is wrong with one does not stop the others."""
    made = sheet(
        order.kind,
        item,
        order.source,
        themes=order.themes,
        territory=order.member.territory_id or "",
        licence=order.licence,
    )
    if item.said_by and order.member.territory and item.said_by != order.member.territory.siren:
        made.notes.append(_("The source names another collectivité, of SIREN %(siren)s.") % {"siren": item.said_by})
    key = f"{order.source.name}#{item.id}"[:300]
    before = Resource.objects.filter(imported_from=key, member=order.member, kind=order.kind, local=True).first()
    try:
        if before is None:
            return Outcome(item=item, fate=Fate.NEW, resource=_begin(item, made, key, order), notes=made.notes)
        return _again(item, made, before, order)
    except actions.Invalid as refused:
        problems = [problem for sentences in refused.errors.values() for problem in sentences]
        return Outcome(item=item, fate=Fate.REFUSED, notes=[*made.notes, *problems])
    except workflow.NotPossible as refused:
        return Outcome(item=item, fate=Fate.REFUSED, resource=before, notes=[*made.notes, str(refused)])
    except PermissionDenied:
        problem = _("%(person)s may not do this for %(member)s.") % {"person": order.by, "member": order.member}
        return Outcome(item=item, fate=Fate.REFUSED, notes=[problem])


def _begin(item: Item, made: Sheet, key: str, order: Order) -> Resource:
    document = None if order.rehearsal else _document(made)
    if not order.publish:
        return actions.start(
            order.kind, member=order.member, by=order.by, data=made.data, imported_from=key, full_text=document
        )
    if not made.data["licence"]:
        raise actions.Invalid({"licence": [_("Say with --licence under which licence the collectivité gives it.")]})
    return actions.bring_in(
        order.kind,
        member=order.member,
        by=order.by,
        data=made.data,
        imported_from=key,
        full_text=document,
        published_at=_when(item),
    )


def _again(item: Item, made: Sheet, before: Resource, order: Order) -> Outcome:
    """The source's newest words replace what the sheet says, as a new version; facts it knows nothing of stay."""
    said = working_data(before)
    if order.publish and not before.version:
        made.notes.append(_("It is a draft here: complete it and publish it from its page."))
    if all(is_empty(value) or said.get(code) == value for code, value in made.data.items()) and _has(before, made):
        return Outcome(item=item, fate=Fate.SAME, resource=before, notes=made.notes)
    if before.version and before.draft is not None:
        raise workflow.NotPossible(_("Somebody is changing this sheet: publish or discard the changes first."))
    actions.save_draft(before, made.data, by=order.by)
    if not order.rehearsal:
        _renew_document(before, made, order)
    if before.state == State.PUBLISHED:
        actions.publish(before, by=order.by, note=_("Imported again from %(name)s") % {"name": order.source.name})
    return Outcome(item=item, fate=Fate.CHANGED, resource=before, notes=made.notes)


def _document(made: Sheet) -> SimpleUploadedFile | None:
    return SimpleUploadedFile(DOCUMENT, made.full_text.encode()) if made.full_text else None


def _has(resource: Resource, made: Sheet) -> bool:
    """Whether its full text, if any, is this one."""
    digests = {sha256(made.full_text.encode()).hexdigest()} if made.full_text else set()
    return set(resource.attachments.filter(filename=DOCUMENT).values_list("digest", flat=True)) == digests


def _renew_document(resource: Resource, made: Sheet, order: Order) -> None:
    if _has(resource, made):
        return
    for old in resource.attachments.filter(filename=DOCUMENT):
        actions.detach(old, by=order.by)
    if document := _document(made):
        actions.attach(resource, document, title=_("Full text"), nature="other", is_model=False, by=order.by)


def _when(item: Item) -> datetime | None:
    """When its source published it, at noon here."""
    try:
        day = parse_date(item.date[:10])
    except ValueError:
        return None
    return timezone.make_aware(datetime.combine(day, time(12))) if day else None
