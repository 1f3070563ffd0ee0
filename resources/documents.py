"""Documents joined to a sheet. They join and leave with the changes they belong to, when these are published."""

from functools import partial

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from resources import files
from resources.acts import Invalid, begin
from resources.kinds.lists import DOCUMENT_NATURES, LICENCES
from resources.models import Attachment, Resource, Standing
from rtes_hub.accounts.models import User
from rtes_hub.audit.actions import record
from rtes_hub.text import clean

MAX_DOCUMENTS = 20  #: a sheet
MAX_TITLE = 200  #: characters
MAX_ALTERNATIVE = 500


@transaction.atomic
def attach(
    resource: Resource,
    upload: UploadedFile,
    *,
    title: str,
    nature: str,
    is_model: bool,
    by: User | None,
    accessible_alternative: str = "",
    licence: str = "",
) -> Attachment:
    """Join a document. The file is written before its row: a row never names a file that is not there.

    Raises: PermissionDenied; workflow.NotPossible; Invalid by "file", "title", "nature" or "licence".
    """
    begin(resource, "edit", by)
    title = clean.line(title, len(title))
    checked = _checked(upload, _wrong(resource, title, nature, accessible_alternative, licence))
    document = Attachment(
        resource=resource,
        token=get_random_string(32),
        title=title,
        filename=name_of(upload.name or "", checked.extension),
        nature=nature,
        is_model=is_model,
        accessible_alternative=accessible_alternative.strip(),
        licence=licence,
        standing=Standing.NEW,
        media_type=checked.media_type,
        size=checked.size,
        digest=checked.digest,
    )
    document.file.save(f"{get_random_string(32)}.{checked.extension}", upload, save=False)
    document.save()
    record("resource.attach", resource.uri, by=by, digest=checked.digest)
    return document


def _checked(upload: UploadedFile, errors: dict[str, list[str]]) -> files.Checked:
    """What the file is. Raises: Invalid, for the file and for all else at once."""
    try:
        checked = files.check(upload)
    except files.NotAllowed as refused:
        raise Invalid(errors | {"file": [str(refused)]}) from refused
    if errors:
        raise Invalid(errors)
    return checked


def _wrong(resource: Resource, title: str, nature: str, alternative: str, licence: str) -> dict[str, list[str]]:
    errors = {}
    if not title:
        errors["title"] = [_("Title: this is needed.")]
    elif len(title) > MAX_TITLE:
        errors["title"] = [_("Title: at most %(limit)d characters; there are %(length)d.")]
        errors["title"] = [errors["title"][0] % {"limit": MAX_TITLE, "length": len(title)}]
    if all(choice.code != nature for choice in DOCUMENT_NATURES):
        errors["nature"] = [_("Nature: choose what this document is.")]
    if len(alternative.strip()) > MAX_ALTERNATIVE:
        message = _("What it says: at most %(limit)d characters; there are %(length)d.")
        errors["accessible_alternative"] = [message % {"limit": MAX_ALTERNATIVE, "length": len(alternative.strip())}]
    if licence and all(choice.code != licence for choice in LICENCES):
        errors["licence"] = [_("Licence: this is not one of the choices.")]
    if resource.attachments.exclude(standing=Standing.LEAVING).count() >= MAX_DOCUMENTS:
        errors["file"] = [_("File: at most %d documents in a sheet.") % MAX_DOCUMENTS]
    return errors


def name_of(sent: str, extension: str) -> str:
    """For people only: what it is called when it is downloaded. The extension is that of what it is."""
    stem = clean.line(sent, 300).rpartition("/")[2].rpartition("\\")[2]
    stem = stem.rsplit(".", 1)[0].strip(". ")[:150]
    return f"{stem or 'document'}.{extension}"


@transaction.atomic
def detach(document: Attachment, *, by: User | None) -> None:
    """A published document leaves when the change is published; another one at once."""
    begin(document.resource, "edit", by)
    document.refresh_from_db(fields=["standing"])
    record("resource.detach", document.resource.uri, by=by, digest=document.digest)
    if document.standing == Standing.NEW:
        _delete(document)
    else:
        document.standing = Standing.LEAVING
        document.save(update_fields=["standing"])


def delete_files(resource: Resource, standing: Standing) -> None:
    for document in resource.attachments.filter(standing=standing):
        _delete(document)


def _delete(document: Attachment) -> None:
    """The row now, the file once the transaction stands."""
    document.delete()
    if document.file:
        transaction.on_commit(partial(document.file.delete, save=False))
