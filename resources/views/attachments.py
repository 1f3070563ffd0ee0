"""Documents: joining them to a sheet, and serving them to those who may read the sheet at that moment."""

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from resources import actions, workflow
from resources.documents import MAX_DOCUMENTS
from resources.files import MAX_BYTES
from resources.kinds import KINDS
from resources.kinds.lists import DOCUMENT_NATURES
from resources.models import Attachment, Resource, Standing
from resources.views.edit import editable
from resources.views.page import asks_activity
from resources.views.steps import DOCUMENTS, REVIEW, steps_of
from rtes_hub.accounts import stash
from rtes_hub.accounts.models import User
from rtes_hub.territories import rules as territory_rules

#: A document is only ever downloaded; were it shown all the same, it could do nothing (security.md G4).
LOCKED = "sandbox; default-src 'none'"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def documents(request: HttpRequest, pk: int) -> HttpResponse:
    """The step where documents are joined. What was typed comes back when the file is refused."""
    if not request.user.is_authenticated:
        return stash.to_sign_in(request)
    resource = editable(request, pk)
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        errors = _attach(request, resource, request.user)
        if not errors:
            messages.success(request, _("The document is joined."))
            return redirect("resource-edit", resource.pk, DOCUMENTS)
    typed = request.POST if request.method == "POST" else stash.kept(request) or QueryDict()
    context = {
        "resource": resource,
        "kind": KINDS[resource.kind],
        "steps": steps_of(resource, DOCUMENTS),
        "attachments": resource.attachments.all(),
        "natures": DOCUMENT_NATURES,
        "errors": errors,
        "typed": typed,
        "max_megabytes": MAX_BYTES // 1024**2,
        "max_documents": MAX_DOCUMENTS,
        "review": REVIEW,
    }
    return render(request, "resources/documents.html", context)


def _attach(request: HttpRequest, resource: Resource, user: User) -> dict[str, list[str]]:
    """What is wrong; nothing when it is joined."""
    upload = request.FILES.get("file")
    if not isinstance(upload, UploadedFile):
        return {"file": [_("File: choose one.")]}
    try:
        actions.attach(
            resource,
            upload,
            title=request.POST.get("title", ""),
            nature=request.POST.get("nature", ""),
            is_model="is_model" in request.POST,
            accessible_alternative=request.POST.get("accessible_alternative", ""),
            by=user,
        )
    except actions.Invalid as invalid:
        return invalid.errors
    except workflow.NotPossible as problem:
        return {"file": [str(problem)]}
    stash.drop(request)
    return {}


@require_POST
def detach(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    if not request.user.is_authenticated:
        return stash.to_sign_in(request)
    resource = editable(request, pk)
    document = get_object_or_404(resource.attachments, token=token)
    try:
        actions.detach(document, by=request.user)
    except workflow.NotPossible as problem:
        messages.error(request, str(problem))
        return redirect(resource)
    if document.standing == Standing.LEAVING:
        messages.success(request, _("The document will be removed when the change is published."))
    else:
        messages.success(request, _("The document is removed."))
    return redirect("resource-edit", resource.pk, DOCUMENTS)


@require_safe
def serve(request: HttpRequest, token: str, filename: str) -> HttpResponseBase:
    """A download. Whoever may not read the sheet now gets the same answer as for a file that never was."""
    readable = Resource.objects.visible_to(request.user).filter(local=True)
    document = (
        Attachment.objects.select_related("resource")
        .filter(token=token, filename=filename, resource__in=readable)
        .exclude(file="")
        .first()
    )
    if document is None or (document.standing == Standing.NEW and not _is_ours(request, document)):
        raise Http404
    if asks_activity(request):
        return HttpResponse(status=406)
    return as_download(document.file, document.filename, document.media_type)


def as_download(file: FieldFile, filename: str, media_type: str) -> FileResponse:
    """Raises: Http404 when the file is not there."""
    try:
        stream = file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(stream, as_attachment=True, filename=filename, content_type=media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = LOCKED
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Accept, Cookie"
    return response


def _is_ours(request: HttpRequest, document: Attachment) -> bool:
    """A document that is not published yet is for the people of its collectivité, as the draft is."""
    return territory_rules.members_of(request.user).filter(pk=document.resource.member_id).exists()
