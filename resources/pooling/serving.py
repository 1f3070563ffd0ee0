"""Deliberations, served to those who may read the action at that moment."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from resources.models import Resource
from resources.pooling.models import Paper
from resources.views.attachments import as_download


@require_safe
def paper(request: HttpRequest, token: str, filename: str) -> HttpResponseBase:
    """A download. Whoever may not read the action now gets the same answer as for a file that never was."""
    readable = Resource.objects.visible_to(request.user)
    found = Paper.objects.filter(token=token, filename=filename, action__in=readable).first()
    if found is None:
        raise Http404
    return as_download(found.file, found.filename, found.media_type)
