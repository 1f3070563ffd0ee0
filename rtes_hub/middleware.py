"""Headers that every answer carries, whatever made it; and what no page is asked."""

from collections.abc import Callable
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound

PERMISSIONS_POLICY = "camera=(), microphone=(), geolocation=()"


def headers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def add(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("X-Frame-Options", "DENY")
        return response

    return add


def no_nul(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Nothing lives at an address that holds NUL, which PostgreSQL takes in no text: no page needs to think of it."""

    def refuse(request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or "\0" in unquote(request.META.get("QUERY_STRING", "")):
            return HttpResponseNotFound("There is nothing at this address.", content_type="text/plain; charset=utf-8")
        return get_response(request)

    return refuse
