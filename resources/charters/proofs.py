"""Documents that show what was done: kept by the hub of the collectivité that gives them, read from any other."""

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from resources import files
from resources.acts import Invalid
from resources.charters.models import ProofFile
from resources.documents import name_of
from resources.models import Resource
from rtes_hub.territories.models import Member

MAX_FILES = 200  #: of one collectivité in one charter


def keep(charter: Resource, member: Member, upload: UploadedFile) -> ProofFile:
    """The file is written before its row. Raises: Invalid by "file"."""
    if ProofFile.objects.filter(charter=charter, member=member).count() >= MAX_FILES:
        raise Invalid({"file": [_("File: at most %d documents of one local authority on a charter.") % MAX_FILES]})
    try:
        found = files.check(upload)
    except files.NotAllowed as refused:
        raise Invalid({"file": [str(refused)]}) from refused
    proof = ProofFile(
        charter=charter,
        member=member,
        token=get_random_string(32),
        filename=name_of(upload.name or "", found.extension),
        media_type=found.media_type,
        size=found.size,
        digest=found.digest,
    )
    proof.file.save(f"{get_random_string(32)}.{found.extension}", upload, save=False)
    proof.save()
    return proof


def address_of(proof: ProofFile) -> str:
    """Where this hub serves it, for every other hub."""
    return settings.RTES.base_url + reverse("charter-file", args=[proof.token, proof.filename])
