"""What a person, or a program, is told when a page cannot be given."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseServerError, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.views.decorators.csrf import requires_csrf_token

MEDIA_TYPES = ["text/html", "application/json"]


def page(request: HttpRequest, status: int, template: str = "") -> HttpResponse:
    """The page of the status for those who read HTML; a problem (RFC 9457) for programs."""
    if request.get_preferred_type(MEDIA_TYPES) == "text/html":
        return render(request, template or f"{status}.html", status=status)
    title = HTTPStatus(status).phrase
    return JsonResponse({"title": title, "status": status}, status=status, content_type="application/problem+json")


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, 400)


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 403)


@requires_csrf_token
def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW: seen by honest people whose page stayed open for too long."""
    return page(request, 403, "403_csrf.html")


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, 404)


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """Nothing is asked of the database nor of the context: they may be what failed."""
    return HttpResponseServerError(loader.get_template("500.html").render())
