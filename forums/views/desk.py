"""What coordinators do with forums and discussions."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from forums import actions, rules
from forums.forms import ForumForm, OpenForumForm
from forums.models import Forum, Thread
from forums.views.common import a_forum, a_thread, writer
from rtes_hub.accounts.models import User
from rtes_hub.themes import Text


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def open_forum(request: HttpRequest) -> HttpResponse:
    if not rules.may_open_forum(request.user):
        raise PermissionDenied
    form = OpenForumForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            forum = actions.open_forum(by=writer(request), **form.cleaned_data)
        except actions.Invalid as invalid:
            form.say(invalid)
        else:
            messages.success(request, _("The forum is open."))
            return redirect(forum)
    return render(request, "forums/forum_open.html", {"form": form})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def describe_forum(request: HttpRequest, slug: str) -> HttpResponse:
    forum = a_forum(request, slug)
    if not forum.local or not rules.may_open_forum(request.user):
        raise PermissionDenied
    begin = {"title": forum.title, "description": forum.description, "theme": forum.theme}
    form = ForumForm(request.POST or None, initial=begin)
    if request.method == "POST" and form.is_valid():
        try:
            actions.describe_forum(forum, by=writer(request), **form.cleaned_data)
        except actions.Invalid as invalid:
            form.say(invalid)
        else:
            messages.success(request, _("The forum is described anew."))
            return redirect(forum)
    return render(request, "forums/forum_describe.html", {"form": form, "forum": forum})


@login_required
@require_POST
def close_forum(request: HttpRequest, slug: str) -> HttpResponse:
    """Or open it again."""
    forum = a_forum(request, slug)
    try:
        if request.POST.get("act") == "reopen":
            actions.reopen_forum(forum, by=writer(request))
            messages.success(request, _("The forum is open again."))
        else:
            actions.close_forum(forum, by=writer(request))
            messages.success(request, _("The forum is closed: it can still be read."))
    except actions.NotPossible as problem:
        messages.error(request, str(problem))
    return redirect(forum)


@login_required
@require_POST
def act(request: HttpRequest, pk: int, word: str) -> HttpResponse:
    """Lock, pin, move: the last word of the address says which."""
    thread = a_thread(request, pk)
    do, said = _ACTS[word]
    try:
        do(request, thread, writer(request))
    except actions.NotPossible as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, str(said))
    return redirect(thread)


def _move(request: HttpRequest, thread: Thread, user: User) -> None:
    chosen = request.POST.get("forum", "")
    forum = get_object_or_404(Forum.objects.visible_to(user), pk=int(chosen) if chosen.isdecimal() else 0)
    actions.move(thread, forum, by=user)


_ACTS: dict[str, tuple[Callable[[HttpRequest, Thread, User], object], Text]] = {
    "verrouiller": (
        lambda _request, thread, user: actions.lock(thread, by=user),
        gettext_lazy("Closed to new messages."),
    ),
    "deverrouiller": (
        lambda _request, thread, user: actions.lock(thread, by=user, locked=False),
        gettext_lazy("Open to new messages again."),
    ),
    "epingler": (
        lambda _request, thread, user: actions.pin(thread, by=user),
        gettext_lazy("Shown first in its forum."),
    ),
    "depingler": (
        lambda _request, thread, user: actions.pin(thread, by=user, pinned=False),
        gettext_lazy("No longer shown first."),
    ),
    "deplacer": (_move, gettext_lazy("Moved.")),
}
WORDS = tuple(_ACTS)
