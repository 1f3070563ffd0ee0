"""Writing a sheet, step by step. Every button saves what was typed, right or not; nothing is asked twice."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from resources import actions, content, rules, workflow
from resources.forms import StepForm, parse
from resources.kinds import KINDS, Kind, Step, is_empty, validate
from resources.models import Resource
from resources.shown import show
from resources.views.steps import first_step, steps_of
from rtes_hub.accounts import stash
from rtes_hub.territories import rules as territory_rules
from rtes_hub.territories.models import Role
from rtes_hub.text import markdown

MAX_PREVIEW = 64 * 1024  #: bytes of Markdown
MAX_SEEN = 40  #: steps whose last saving the session remembers


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Choose what to write and for whom: only what this person may write for is offered."""
    members = list(territory_rules.members_of(request.user, Role.CONTRIBUTOR).select_related("territory"))
    errors: dict[str, str] = {}
    if request.method == "POST":
        kind = request.POST.get("kind", "")
        member = next((one for one in members if str(one.pk) == request.POST.get("member", "")), None)
        if kind not in KINDS:
            errors["kind"] = _("What do you want to share? Choose one.")
        if member is None:
            errors["member"] = _("For which local authority? Choose one.")
        if not errors and member is not None and request.user.is_authenticated:
            resource = actions.start(kind, member=member, by=request.user)
            return redirect("resource-edit", resource.pk, first_step(resource))
    chosen = {"kind": request.POST.get("kind", request.GET.get("kind", "")), "member": request.POST.get("member", "")}
    context = {"kinds": KINDS.values(), "members": members, "errors": errors, "chosen": chosen}
    return render(request, "resources/new.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    if not request.user.is_authenticated:
        return stash.to_sign_in(request)
    resource = editable(request, pk)
    found = KINDS[resource.kind].step(step)
    if found is None:
        raise Http404
    if request.method == "POST":
        return _save(request, resource, found)
    data = content.working_data(resource)
    restored = stash.kept(request)
    if restored is not None:
        data |= parse(found, restored)
    return _show(request, resource, found, data, restored=restored is not None)


@login_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    resource = editable(request, pk)
    return redirect("resource-edit", resource.pk, first_step(resource))


def editable(request: HttpRequest, pk: int) -> Resource:
    """404 for what they may not see, 403 for what they may not write."""
    readable = Resource.objects.visible_to(request.user).select_related("member__territory", "draft_saved_by")
    resource = get_object_or_404(readable, pk=pk, local=True)
    if not rules.may_edit(request.user, resource):
        raise PermissionDenied
    return resource


def _save(request: HttpRequest, resource: Resource, step: Step) -> HttpResponse:
    typed = parse(step, request.POST)
    is_autosave = bool(request.headers.get("X-Autosave"))
    stored = of_step(step, content.working_data(resource))
    if _changed_meanwhile(request, resource, step, stored) and _said(stored) != _said(typed):
        if is_autosave:
            return JsonResponse({"error": "changed meanwhile"}, status=409)
        return _show(request, resource, step, typed, theirs=stored, status=409)
    try:
        actions.save_draft(resource, typed, by=request.user if request.user.is_authenticated else None)
    except actions.Invalid as invalid:
        return _refused(request, resource, step, typed, [text for texts in invalid.errors.values() for text in texts])
    except workflow.NotPossible as problem:
        return _refused(request, resource, step, typed, [str(problem)])
    _remember(request, resource, step)
    stash.drop(request)
    errors = validate(resource.kind, typed, complete=False, member=resource.member)[1]
    if is_autosave:
        return JsonResponse({"saved_at": timezone.now().isoformat(timespec="seconds"), "errors": errors})
    return _onward(request, resource, step, typed, errors)


def _refused(
    request: HttpRequest, resource: Resource, step: Step, typed: dict[str, Any], problems: list[str]
) -> HttpResponse:
    """It could not be saved: what was typed stays on the page."""
    if request.headers.get("X-Autosave"):
        return JsonResponse({"error": " ".join(problems)}, status=409)
    return _show(request, resource, step, typed, problems=problems, status=409)


def _onward(
    request: HttpRequest, resource: Resource, step: Step, typed: dict[str, Any], errors: Mapping[str, list[str]]
) -> HttpResponse:
    """Where the button leads. What is wrong keeps us here, unless the person wants to go elsewhere first."""
    adding = request.POST.get("add_row", "")
    go = request.POST.get("go", "save")
    places = [place.code for place in steps_of(resource, step.code)]
    at = places.index(step.code)
    if adding or (errors and go in ("next", "save")):
        return _show(request, resource, step, typed, adding=adding, saved=True)
    if go == "next":
        return redirect("resource-edit", resource.pk, places[at + 1])
    if go == "previous" and at > 0:
        return redirect("resource-edit", resource.pk, places[at - 1])
    if go in places:
        return redirect("resource-edit", resource.pk, go)
    messages.success(request, _("Saved. You may come back to it whenever you like."))
    return redirect("resource-edit", resource.pk, step.code)


def _show(
    request: HttpRequest,
    resource: Resource,
    step: Step,
    data: Mapping[str, Any],
    *,
    adding: str = "",
    theirs: Mapping[str, Any] | None = None,
    status: int = 200,
    **said: Any,
) -> HttpResponse:
    shown = of_step(step, data)
    errors = validate(resource.kind, shown, complete=False, member=resource.member)[1]
    stored = of_step(step, content.working_data(resource))
    context = {
        "resource": resource,
        "kind": KINDS[resource.kind],
        "step": step,
        "steps": steps_of(resource, step.code),
        "form": StepForm(step, shown, errors, adding=adding),
        "seen": fingerprint(stored),
        "theirs": _differences(KINDS[resource.kind], theirs, shown) if theirs is not None else [],
        **said,
    }
    return render(request, "resources/step.html", context, status=status)


# Two people at once -----------------------------------------------------------------------------------------------


def fingerprint(values: Mapping[str, Any]) -> str:
    """Of what a step says: the page carries it, so that we know what its reader had before their eyes."""
    text = json.dumps(_said(values), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def of_step(step: Step, data: Mapping[str, Any]) -> dict[str, Any]:
    return {fact.code: data[fact.code] for fact in step.facts if fact.code in data}


def _said(values: Mapping[str, Any]) -> dict[str, Any]:
    return {code: value for code, value in values.items() if not is_empty(value) and value is not False}


def _changed_meanwhile(request: HttpRequest, resource: Resource, step: Step, stored: Mapping[str, Any]) -> bool:
    """Somebody else saved this step since the page was opened. Our own savings (by themselves too) do not count."""
    mine = request.session.get("seen", {}).get(f"{resource.pk}/{step.code}")
    return fingerprint(stored) not in (request.POST.get("seen"), mine)


def _remember(request: HttpRequest, resource: Resource, step: Step) -> None:
    seen = dict(list(request.session.get("seen", {}).items())[-MAX_SEEN:])
    seen[f"{resource.pk}/{step.code}"] = fingerprint(of_step(step, content.working_data(resource)))
    request.session["seen"] = seen


def _differences(kind: Kind, theirs: Mapping[str, Any], mine: Mapping[str, Any]) -> list[Any]:
    """What the other person wrote, where it is not what is typed here."""
    return [
        show(kind.fact(code), theirs.get(code))
        for code in dict.fromkeys([*theirs, *mine])
        if _said({code: theirs.get(code)}) != _said({code: mine.get(code)})
    ]


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """Markdown as it will be shown: a fragment of safe HTML."""
    if not request.user.is_authenticated:
        return HttpResponse(status=403)
    source = request.POST.get("source", "")
    if len(source.encode("utf-8", "replace")) > MAX_PREVIEW:
        return HttpResponse(status=413)
    return HttpResponse(markdown.render(source))
