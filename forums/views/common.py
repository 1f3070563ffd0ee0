"""What the pages of the forums have in common: finding what may be read, and asking for consent."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404

from forums import actions, voices
from forums.models import Forum, Post, Thread
from forums.rules import Person
from rtes_hub.accounts import stash
from rtes_hub.accounts.models import User

View = Callable[..., HttpResponse]


def a_forum(request: HttpRequest, slug: str, person: Person | None = None) -> Forum:
    return get_object_or_404(Forum.objects.visible_to(person or request.user), slug=slug)


def a_thread(request: HttpRequest, pk: int, person: Person | None = None) -> Thread:
    readable = Thread.objects.visible_to(person or request.user).select_related("forum", "voice__member", "territory")
    return get_object_or_404(readable, pk=pk)


def a_post(request: HttpRequest, pk: int, person: Person | None = None) -> Post:
    """One that still says something."""
    readable = Post.objects.visible_to(person or request.user).standing()
    return get_object_or_404(readable.select_related("thread__forum", "thread__voice", "voice__member"), pk=pk)


def writer(request: HttpRequest) -> User:
    return cast(User, request.user)


def signed_in_to_write(view: View) -> View:
    """Whoever is signed out signs in and comes back to what they typed. 404 stays for what they may not read."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return stash.to_sign_in(request)
        return view(request, *args, **kwargs)

    return answer


def typed(request: HttpRequest) -> QueryDict | None:
    """What was sent now, or before the session ended."""
    return request.POST if request.method == "POST" else stash.kept(request)


def asks_consent(person: Person, forum: Forum) -> bool:
    return forum.travels and person.is_member and (person.voice is None or person.voice.consented_at is None)


def consent_shown(person: Person, forum: Forum) -> dict[str, Any]:
    """What is said before the first message that others will read: who they will see, and who "they" are."""
    if not isinstance(person.user, User) or not asks_consent(person, forum):
        return {}
    shown = voices.presented(person.user)
    return {"shown": shown, "reach": actions.reach(forum)}


def must_be_member(person: Person) -> None:
    """Signed in, and without any post today: told so. Raises: PermissionDenied."""
    if not person.is_member:
        raise PermissionDenied


def number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None
