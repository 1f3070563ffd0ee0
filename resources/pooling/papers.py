"""Deliberations that this hub keeps for its collectivités: they are read from whichever hub the action is seen."""

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from resources import files
from resources.acts import Invalid
from resources.documents import MAX_TITLE, name_of
from resources.models import Resource
from resources.pooling.models import Paper
from rtes_hub.territories.models import Member
from rtes_hub.text import clean

MAX_PAPERS = 10  #: of one collectivité in one action


def keep(action: Resource, member: Member, upload: UploadedFile, *, title: str) -> Paper:
    """The file is written before its row. Raises: Invalid by "file" or "title"."""
    title = clean.line(title, len(title))
    errors: dict[str, list[str]] = {}
    if not 0 < len(title) <= MAX_TITLE:
        errors["title"] = [_("Title: from 1 to %d characters.") % MAX_TITLE]
    if Paper.objects.filter(action=action, member=member).count() >= MAX_PAPERS:
        errors["file"] = [_("File: at most %d documents of one local authority in an action.") % MAX_PAPERS]
    try:
        found = files.check(upload)
    except files.NotAllowed as refused:
        raise Invalid(errors | {"file": [str(refused)]}) from refused
    if errors:
        raise Invalid(errors)
    paper = Paper(
        action=action,
        member=member,
        token=get_random_string(32),
        title=title,
        filename=name_of(upload.name or "", found.extension),
        media_type=found.media_type,
        size=found.size,
        digest=found.digest,
    )
    paper.file.save(f"{get_random_string(32)}.{found.extension}", upload, save=False)
    paper.save()
    return paper


def address_of(paper: Paper) -> str:
    """Where this hub serves it, for every other hub."""
    return settings.RTES.base_url + reverse("pooling-paper", args=[paper.token, paper.filename])
