"""One address, two readers: a page asked for as ActivityPub leads to the id of what it shows."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from federation import actors
from federation.models import Actor, StoredObject
from federation.wire import names

#: Addresses that answer in one form only, or choose for themselves.
OWN_WAYS = ("/ap/", "/api/", "/.well-known/", "/nodeinfo/", "/static/")

WANTS = "wants_activity"


def middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """`request.wants_activity` tells the views what was asked for: one place decides, for pages and documents alike."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(OWN_WAYS):
            return get_response(request)
        wants = _wants_activity(request)
        setattr(request, WANTS, wants)
        uri = _id_of_page(request.path) if wants else None
        response = get_response(request) if uri is None else see_other(uri)
        patch_vary_headers(response, ["Accept"])
        return response

    return answer


def _wants_activity(request: HttpRequest) -> bool:
    accept = request.headers.get("Accept", "")
    return request.method in ("GET", "HEAD") and "json" in accept and names.prefers_activity(accept)


def _id_of_page(path: str) -> str | None:
    """The address of the hub is that of its instance actor: Lemmy looks for it there (federation.md A6)."""
    if path == "/":
        return actors.url(actors.INSTANCE)
    page = actors.url(path)
    shown = StoredObject.objects.filter(url=page, local=True).values_list("uri", flat=True).first()
    return shown or Actor.objects.filter(url=page, local=True).values_list("uri", flat=True).first()


def see_other(url: str) -> HttpResponse:
    """303: what you want is described there."""
    response = HttpResponse(status=303)
    response["Location"] = url
    return response
