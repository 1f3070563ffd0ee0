"""A session may end while somebody types. What they then send is kept until they have signed in again.

It is a row of the database: kept for browsers in which somebody signed in here, as a signed cookie tells, and for
nobody else. So a passer-by, or a program, fills nothing.
"""

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict

MAX_STASH = 128 * 1024  #: bytes of what was typed
MARK_AGE = settings.SESSION_COOKIE_AGE + 30 * 24 * 3600  #: seconds: a page may stay open long after its session
_KEY = "stash"
_SALT = "rtes_hub.accounts.stash"


def mark(response: HttpResponseBase) -> None:
    """Somebody signed in with this browser. The cookie says no more: not who, nor when."""
    response.set_signed_cookie(
        settings.RETURNING_COOKIE_NAME,
        "1",
        salt=_SALT,
        max_age=MARK_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Signing in leads back to this page, which then shows what was typed."""
    if request.headers.get("X-Autosave"):
        return JsonResponse({"error": "signed out"}, status=401)
    if request.method == "POST" and _is_marked(request):
        typed = request.POST.copy()
        typed.pop("csrfmiddlewaretoken", None)
        if len(encoded := typed.urlencode()) <= MAX_STASH:
            request.session[_KEY] = {"path": request.path, "typed": encoded}
    return redirect_to_login(request.path)


def _is_marked(request: HttpRequest) -> bool:
    found = request.get_signed_cookie(settings.RETURNING_COOKIE_NAME, default=None, salt=_SALT, max_age=MARK_AGE)
    return found is not None


def kept(request: HttpRequest) -> QueryDict | None:
    """What was typed on this page before the session ended, if anything. It stays kept until it is saved."""
    stash = request.session.get(_KEY)
    return QueryDict(stash["typed"]) if stash and stash["path"] == request.path else None


def drop(request: HttpRequest) -> None:
    if kept(request) is not None:
        del request.session[_KEY]
