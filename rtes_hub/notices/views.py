"""Pages of one's notices, of what one follows and how often one wants letters; and the link that stops them."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.db.models import Case, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rtes_hub.accounts.models import User
from rtes_hub.notices import actions, registry, stopping
from rtes_hub.notices.forms import FrequencyForm, WatchForm
from rtes_hub.notices.models import Frequency, Notice, Topic, Watch

PAGE = 20  #: notices
_READ_LAST = Case(When(read_at=None, then=Value(0)), default=Value(1))


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)


@never_cache
@login_required
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """Unread first, then the newest. What one may not see any more is left out, and counts as unread no more."""
    user = _user(request)
    page = Paginator(Notice.objects.filter(user=user).order_by(_READ_LAST, "-at", "-pk"), PAGE).get_page(
        request.GET.get("page")
    )
    seen = registry.visible(user, {notice.about for notice in page})
    if hidden := [notice.pk for notice in page if notice.about not in seen and not notice.read_at]:
        actions.mark_read(user, hidden)
    shown = [notice for notice in page if notice.about in seen]
    return render(request, "notices/notices.html", {"page_obj": page, "notices": shown})


@never_cache
@login_required
@require_safe
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the notice leads. It is read by being opened, never by being shown in a list."""
    user = _user(request)
    notice = get_object_or_404(Notice, pk=pk, user=user)
    actions.mark_read(user, [notice.pk])
    if notice.about not in registry.visible(user, [notice.about]):
        raise Http404
    return redirect(notice.path)


@login_required
@require_POST
def mark_read(request: HttpRequest) -> HttpResponse:
    """One notice (`notice`), or all of them without it."""
    given = request.POST.get("notice", "")
    if given.isascii() and given.isdigit():
        actions.mark_read(_user(request), [int(given[:18])])
    elif not given:
        actions.mark_all_read(_user(request))
        messages.success(request, _("All your notices are marked as read."))
    return redirect("notices")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    user = _user(request)
    form = FrequencyForm(request.POST if request.method == "POST" else None, user=user, now=actions.frequencies(user))
    if request.method == "POST" and form.is_valid():
        actions.prefer(user, form.cleaned_data)
        messages.success(request, _("Your choices are saved."))
        return redirect("notice-settings")
    watches = list(Watch.objects.filter(user=user))
    seen = registry.visible(user, {watch.target for watch in watches})
    for watch in watches:
        if watch.target not in seen:
            watch.label, watch.path = _("Something that you may not read any more"), ""
    return render(request, "notices/settings.html", {"form": form, "watches": watches})


@require_POST
def follow(request: HttpRequest) -> HttpResponse:
    """The button of `notices/_watch.html`, on any page, and those of the settings. Goes back where it was pressed."""
    back = _back(request.POST.get("next", ""))
    if not request.user.is_authenticated:
        return redirect_to_login(back)
    user, form = _user(request), WatchForm(request.POST)
    if not form.is_valid():
        raise Http404
    target, label, act = (form.cleaned_data[name] for name in ("target", "label", "act"))
    if act == "stop":
        actions.unwatch(user, target)
        messages.success(request, _("You no longer follow it."))
    elif act != "follow":
        actions.silence(user, target, silent=act == "silence")
        messages.success(request, _("Your choices are saved."))
    elif target not in registry.visible(user, [target]):
        raise Http404
    elif actions.watch(user, target, label, path=back):
        messages.success(request, _("You follow it: you will be told what is new."))
    else:
        refusal = _("You already follow %(most)d things. Stop following some of them first.")
        messages.error(request, refusal % {"most": actions.MAX_WATCHES})
    return redirect(back)


def _back(given: str) -> str:
    """A path of this hub, the settings when it is none."""
    is_here = given.startswith("/") and url_has_allowed_host_and_scheme(given, allowed_hosts=None)
    return given if is_here else reverse("notice-settings")


@never_cache
@csrf_exempt  # the signed address is the whole authority: mail programs post to it without session (RFC 8058 §3.2)
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Asks on GET, since mail programs look at links by themselves; stops on POST, as often as it is sent."""
    try:
        user, stops = stopping.read(token)
    except stopping.Stale:
        return render(request, "notices/stop_refused.html", {"is_stale": True}, status=410)
    except stopping.Unknown:
        return render(request, "notices/stop_refused.html", status=404)
    if request.method == "POST":
        actions.stop(user, stops)
    page = {"what": _in_words(stops), "is_done": request.method == "POST"}
    return render(request, "notices/stop.html", page)


def _in_words(stops: str) -> str:
    what, _colon, which = stops.partition(":")
    if what == "topic":
        return _("letters about this: %(topic)s") % {"topic": Topic(which).label}
    return {
        Frequency.NOW: _("letters sent at once"),
        Frequency.DAILY: _("the daily letter"),
        Frequency.WEEKLY: _("the weekly letter"),
    }[Frequency(which)]
