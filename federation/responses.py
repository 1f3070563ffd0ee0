"""Answers in the network's own media types, and the one shape of its errors (RFC 9457)."""

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers

from federation.wire import canonical, names

PROBLEM_JSON = "application/problem+json"
VARY = ("Accept", "Signature")

View = Callable[..., HttpResponse]


def as_written(request: HttpRequest) -> str:
    """Path and query with their escapes, as the sender signed them: gunicorn keeps them, others are written anew."""
    raw = str(request.META.get("RAW_URI", ""))
    return raw if raw.startswith("/") else request.get_full_path()


def activity(
    request: HttpRequest, document: Mapping[str, Any] | str, *, status: int = 200, max_age: int | None = None
) -> HttpResponse:
    """A document, or the very text of one. `max_age` in seconds: shared caches may keep it so long."""
    body = document.encode() if isinstance(document, str) else canonical.dumps(document)
    response = public(HttpResponse(body, content_type=names.ACTIVITY_JSON, status=status))
    patch_vary_headers(response, VARY)
    if max_age is not None:
        response["Cache-Control"] = f"public, max-age={max_age}"
    if status != 200:
        return response
    response["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    return get_conditional_response(request, etag=response["ETag"], response=response) or response


def public(response: HttpResponse) -> HttpResponse:
    """Readable by the scripts of any site: it is the same for everybody."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def problem(status: int, detail: str, **headers: str) -> HttpResponse:
    """What went wrong, for the operator of the other side. Header names with `_` for `-`."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    response = HttpResponse(json.dumps(body, ensure_ascii=False), content_type=PROBLEM_JSON, status=status)
    for name, value in headers.items():
        response[name.replace("_", "-")] = value
    patch_vary_headers(response, VARY)
    return response


def only(*methods: str) -> Callable[[View], View]:
    """405 for any other method, with the ones that may be used. HEAD goes with GET."""
    allowed = (*methods, "HEAD") if "GET" in methods else methods

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in allowed:
                return problem(405, f"only {', '.join(allowed)} may be used here", Allow=", ".join(allowed))
            return view(request, *args, **kwargs)

        return checked

    return decorate
