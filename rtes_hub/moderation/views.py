"""Pages of moderation: reporting something, the list of reports, and the decision on each."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from rtes_hub.accounts import stash
from rtes_hub.accounts.models import User, identity
from rtes_hub.moderation import actions, registry, rules
from rtes_hub.moderation.forms import DecisionForm, QueueForm, ReportForm
from rtes_hub.moderation.models import Report

PAGE = 20  #: reports


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """`?sur=<prefix>:<uri>`. What is not there and what one may not read look the same: 404."""
    if not isinstance(request.user, User):
        return stash.to_sign_in(request) if request.method == "POST" else redirect_to_login(request.get_full_path())
    sent = request.POST if request.method == "POST" else stash.kept(request)
    about = request.GET.get("sur", "") if sent is None else sent.get("about", "")
    seen = registry.shown(request.user, about)
    if seen is None:
        raise Http404
    form = ReportForm(sent, initial={"about": about})
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            actions.report(by=request.user, **form.cleaned_data)
        except actions.Invalid as invalid:
            form.say(invalid)
        except actions.NotPossible as refusal:
            problem = str(refusal)
        else:
            stash.drop(request)
            messages.success(request, _("Thank you. The coordinators are told, and you will be told what they decide."))
            return redirect(seen.path)
    context = {
        "form": form,
        "seen": seen,
        "problem": problem,
        "may": rules.may_report(request.user, about),
        "rules": identity().moderation_rules,
    }
    return render(request, "moderation/report.html", context, status=_status(request, problem))


def _status(request: HttpRequest, problem: str) -> int:
    """Of a form that is shown: again, since something in it is wrong, or since it is not possible now."""
    return 409 if problem else 400 if request.method == "POST" else 200


@never_cache
@login_required
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for a decision; and, by its filter, what was decided: the log."""
    if not rules.may_moderate(request.user):
        raise PermissionDenied
    form = QueueForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    found = Report.objects.visible_to(request.user).select_related("by", "decided_by")
    if (state := asked.get("state") or Report.State.OPEN) != "all":
        found = found.filter(state=state)
    if track := asked.get("track"):
        found = found.filter(track=track)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "moderation/queue.html", {"form": form, "page_obj": page, "state": state})


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One report: coordinators decide on it here; whoever made it reads what became of it, and nothing more."""
    user = cast(User, request.user)
    found = get_object_or_404(Report.objects.visible_to(user).select_related("by", "decided_by"), pk=pk)
    if not rules.may_moderate(user):
        if request.method == "POST":
            raise PermissionDenied
        return render(request, "moderation/mine.html", {"report": found})
    form = DecisionForm(request.POST or None)
    problem = ""
    if request.method == "POST" and form.is_valid():
        uphold = request.POST.get("act") == "remove"
        try:
            actions.decide(found, uphold=uphold, reason=form.cleaned_data["reason"], by=user)
        except actions.Invalid as invalid:
            form.say(invalid)
        except actions.NotPossible as refusal:
            problem = str(refusal)
        else:
            messages.success(request, _("Removed.") if uphold else _("It stays."))
            return redirect("moderation")
    others = Report.objects.filter(about=found.about).exclude(pk=found.pk)
    context = {
        "report": found,
        "form": form,
        "problem": problem,
        "may": rules.may_decide(user, found),
        "is_theirs": rules.wrote(user, found.about),
        "is_there": registry.shown(user, found.about) is not None,
        "others": others.select_related("by"),
    }
    return render(request, "moderation/one.html", context, status=_status(request, problem))
