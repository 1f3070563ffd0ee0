"""One page an act: what it entails, what is to be said, one button. What was typed is never lost."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from resources.acts import Invalid
from resources.files import MAX_BYTES
from resources.forms import StepForm
from resources.models import Resource
from resources.pooling import actions, forms, rules, states
from resources.pooling.board import mine_of
from resources.pooling.forms import Place
from resources.pooling.models import Step
from resources.pooling.rows import KIND
from resources.pooling.seats import seat_in
from resources.pooling.states import MEMBER
from resources.pooling.words import SEAT, WORDS
from resources.shown import show
from resources.views.steps import first_step
from resources.workflow import NotPossible
from rtes_hub.accounts import stash
from rtes_hub.accounts.models import User
from rtes_hub.territories.models import Member

ACT_OF = {words.path: act for act, words in WORDS.items()}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, pk: int, word: str, slug: str = "") -> HttpResponse:
    if not isinstance(request.user, User):
        return stash.to_sign_in(request)
    place = find(request.user, pk, ACT_OF[word], slug)
    if request.method == "POST":
        return _receive(request, place, request.user)
    restored = stash.kept(request)
    data = forms.current(place) if restored is None else forms.typed(place, restored)
    return _show(request, place, data, problem=_why_not(place), restored=restored is not None)


@require_safe
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """For which local authority one asks to join, when one acts for several."""
    action = readable(request.user, pk)
    member = get_object_or_404(Member, slug=request.GET.get("member", ""), local=True)
    return redirect("pooling-seat", action.pk, SEAT["join"].path, member.slug)


@require_POST
def practice(request: HttpRequest, pk: int) -> HttpResponse:
    """The good practice that the action became, drafted; the same one when it is asked for again."""
    if not isinstance(request.user, User):
        return stash.to_sign_in(request)
    action = readable(request.user, pk)
    try:
        drafted = actions.draft_practice(action, by=request.user)
    except NotPossible as problem:
        messages.error(request, str(problem))
        return redirect(action)
    messages.success(request, str(WORDS["practice"].done))
    return redirect("resource-edit", drafted.pk, first_step(drafted))


@require_POST
def ask_again(request: HttpRequest, pk: int, step: int) -> HttpResponse:
    """What the lead's hub never answered is said once more."""
    if not isinstance(request.user, User):
        return stash.to_sign_in(request)
    action = readable(request.user, pk)
    found = get_object_or_404(Step.objects.select_related("member", "action__member"), pk=step, action=action)
    try:
        actions.ask_again(found, by=request.user)
    except NotPossible as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("Sent again. The answer will be shown here."))
    return HttpResponseRedirect(f"{action.get_absolute_url()}#yours")


# Finding ----------------------------------------------------------------------------------------------------------


def readable(user: Any, pk: int) -> Resource:
    """Raises: Http404 for what they may not see, and for what is no pooled action."""
    found = Resource.objects.visible_to(user).select_related("member__territory")
    return get_object_or_404(found, pk=pk, kind=KIND)


def find(user: User, pk: int, act: str, slug: str) -> Place:
    """Raises: Http404; PermissionDenied for who may never do this."""
    action = readable(user, pk)
    if (act in SEAT) is not bool(slug):
        raise Http404
    member = get_object_or_404(Member.objects.select_related("territory"), slug=slug) if slug else None
    who = rules.as_whom(user, act, action, member)
    if who is None:
        raise PermissionDenied
    if member is None:
        return Place(act=act, action=action)
    row = seat_in(action, member)
    steps = list(Step.objects.filter(action=action, member=member).order_by("-sequence"))
    mine = mine_of(action, member, row, steps) if who == MEMBER else None
    return Place(act=act, action=action, member=member, row=row, mine=mine)


def _why_not(place: Place) -> str:
    """Why this cannot be done now, before anything is typed."""
    setting = rules.setting_of(place.action)
    try:
        if not rules.is_standing(place.action):
            return _("This is possible once the action is published, and until it is archived.")
        if place.member is None:
            states.check_steering(place.act, setting)
            return ""
        role = next(iter(place.mine.join_as), "") if place.mine and place.act == "join" else ""
        states.after(place.seat, place.act, who=place.who, setting=setting, role=role)
    except NotPossible as problem:
        return str(problem)
    return ""


# Acting -----------------------------------------------------------------------------------------------------------


def _receive(request: HttpRequest, place: Place, user: User) -> HttpResponse:
    typed = forms.typed(place, request.POST)
    if "add_row" in request.POST:
        return _show(request, place, typed, adding=True)
    seen = request.POST.get("seen")
    if place.is_table and seen is not None and seen != forms.mark(now := forms.current(place)) and now != typed:
        return _show(request, place, typed, theirs=now, status=409)
    try:
        step = _perform(request, place, typed, user)
    except Invalid as invalid:
        return _show(request, place, typed, errors=invalid.errors)
    except NotPossible as problem:
        if not place.step.facts:
            messages.error(request, str(problem))
            return to_action(place)
        return _show(request, place, typed, problem=str(problem), status=409)
    stash.drop(request)
    _say(request, place, step)
    return to_action(place)


def _perform(request: HttpRequest, place: Place, typed: dict[str, Any], user: User) -> Step | None:
    upload = request.FILES.get("file")
    if place.act == "deliberate" and place.member and isinstance(upload, UploadedFile):
        said = {code: typed[code] for code in ("on", "title")}
        return actions.deliberated(place.action, member=place.member, by=user, upload=upload, **said)
    return actions.perform(place.act, place.action, by=user, member=place.member, data=typed)


def _say(request: HttpRequest, place: Place, step: Step | None) -> None:
    if step is None:
        messages.success(request, str(WORDS[place.act].done))
        return
    lead = place.action.member.name
    messages.success(request, _("Asked of %s, which leads the action. The answer will be shown here.") % lead)


def to_action(place: Place) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{place.action.get_absolute_url()}#{'yours' if place.mine else 'lead'}")


# Showing ----------------------------------------------------------------------------------------------------------


def _show(
    request: HttpRequest,
    place: Place,
    data: dict[str, Any],
    *,
    errors: dict[str, list[str]] | None = None,
    problem: str = "",
    adding: bool = False,
    theirs: dict[str, Any] | None = None,
    restored: bool = False,
    status: int = 200,
) -> HttpResponse:
    is_first = request.method != "POST"
    if place.act == "needs" and is_first:
        data = data | {"rows": [*data.get("rows", []), *forms.suggested(place)]}
    form = StepForm(place.step, data, errors or {}, adding="rows" if adding else "")
    known = {one.fact.code for one in form}
    kept_mark = None if theirs is not None else request.POST.get("seen")
    context = {
        "action": place.action,
        "place": place,
        "words": WORDS[place.act],
        "form": form,
        "errors": errors or {},
        "elsewhere": [text for code, texts in (errors or {}).items() if code not in known for text in texts],
        "problem": problem,
        "theirs": show(place.step.facts[0], theirs["rows"]) if theirs is not None else None,
        "seen": kept_mark or (forms.mark(forms.current(place)) if place.is_table else ""),
        "restored": restored,
        "is_asked": not place.action.local,
        "max_megabytes": MAX_BYTES // 1024**2,
        "file_again": bool(request.FILES) and bool(errors),
        "exit_rules": place.action.facts.get("exit_rules", "") if place.act == "leave" else "",
    }
    return render(request, "resources/pooling/act.html", context, status=status)
