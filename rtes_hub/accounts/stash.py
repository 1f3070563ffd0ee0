"""A session may end while somebody types. What they then send is kept until they have signed in again."""

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict

MAX_STASH = 128 * 1024  #: bytes of what was typed; the session is a row of the database
_KEY = "stash"


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Signing in leads back to this page, which then shows what was typed."""
    if request.headers.get("X-Autosave"):
        return JsonResponse({"error": "signed out"}, status=401)
    if request.method == "POST":
        typed = request.POST.copy()
        typed.pop("csrfmiddlewaretoken", None)
        if len(encoded := typed.urlencode()) <= MAX_STASH:
            request.session[_KEY] = {"path": request.path, "typed": encoded}
    return redirect_to_login(request.path)


def kept(request: HttpRequest) -> QueryDict | None:
    """What was typed on this page before the session ended, if anything. It stays kept until it is saved."""
    stash = request.session.get(_KEY)
    return QueryDict(stash["typed"]) if stash and stash["path"] == request.path else None


def drop(request: HttpRequest) -> None:
    if kept(request) is not None:
        del request.session[_KEY]
