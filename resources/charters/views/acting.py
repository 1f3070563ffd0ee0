"""Pledging, telling how far it has come, withdrawing. Each view finds, acts and answers; nothing typed is lost."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from resources.acts import Invalid
from resources.charters import actions, acts, asking, board, forms
from resources.charters.models import Step
from resources.charters.states import State, measures_of, stands
from resources.charters.text import read
from resources.charters.views.common import crumbs, ours, readable
from resources.files import MAX_BYTES
from resources.kinds.charter_words import Proof
from resources.models import Resource
from resources.workflow import NotPossible
from rtes_hub.accounts import stash
from rtes_hub.accounts.models import User
from rtes_hub.territories.models import Mandate, Member

Typed = dict[str, dict[str, Any]]


@login_required
@require_http_methods(["GET", "HEAD"])
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """For which local authority? Not asked when there is only one."""
    charter = readable(request, pk)
    may_pledge = board.mine(request.user, charter)[1]
    if not may_pledge:
        raise PermissionDenied
    if len(may_pledge) == 1:
        return redirect("pledge-edit", charter.pk, may_pledge[0].slug)
    if wanted := next((one for one in may_pledge if one.slug == request.GET.get("member")), None):
        return redirect("pledge-edit", charter.pk, wanted.slug)
    return render(request, "charters/choose.html", crumbs(charter) | {"members": may_pledge})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Pledge, or change the pledge."""
    if not request.user.is_authenticated:
        return stash.to_sign_in(request)
    charter, member = ours(request, pk, slug)
    text, before = read(charter.facts), asking.wanted(charter, member)
    errors: dict[str, list[str]] = {}
    kept = stash.kept(request)
    if request.method == "POST":
        typed = forms.typed_pledge(request.POST)
        try:
            step = actions.pledge(charter, member=member, by=request.user, **typed)
        except Invalid as invalid:
            errors = invalid.errors
        except NotPossible as problem:
            errors = {"": [str(problem)]}
        else:
            stash.drop(request)
            return _done(request, charter, step, _("Pledged. It is public on the page of the charter."))
    elif kept is not None:
        typed = forms.typed_pledge(kept)
    else:
        now = before if stands(before) else None
        typed = forms.first_words(now, text, today=timezone.localdate(), **_known_of(request.user, member))
    form = forms.PledgeForm(text, before, typed, errors)
    context = {"member": member, "text": text, "form": form, "is_new": not stands(before), "restored": kept is not None}
    return render(request, "charters/sign.html", crumbs(charter) | context, status=400 if errors else 200)


def _known_of(user: User, member: Member) -> dict[str, Any]:
    """Who signs and since when, when an elected member fills it in."""
    mandate = Mandate.objects.current().filter(user=user, member=member).order_by("pk").first()
    return {"signatory": mandate.label, "mandate_starts_on": mandate.starts_on} if mandate else {}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tell(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Every measure on one page, as it was told last: five minutes, twice a year."""
    if not request.user.is_authenticated:
        return stash.to_sign_in(request)
    charter, member = ours(request, pk, slug)
    text, before = read(charter.facts), asking.wanted(charter, member)
    if before is None or not stands(before):
        messages.error(request, _("This local authority has no pledge on this charter. Pledge first."))
        return redirect("charter", charter.pk)
    errors: dict[str, list[str]] = {}
    codes, kept = list(measures_of(before)), stash.kept(request)
    if request.method == "POST":
        typed, errors = _with_files(request, charter, member, forms.typed_updates(request.POST, codes))
        try:
            if errors:
                raise Invalid(errors)
            step = actions.update(charter, typed, member=member, by=request.user)
        except Invalid as invalid:
            errors = invalid.errors
        except NotPossible as problem:
            errors = {"": [str(problem)]}
        else:
            stash.drop(request)
            return _done(request, charter, step, _("Thank you: the progress of your measures is up to date."), member)
    elif kept is not None:
        typed = forms.typed_updates(kept, codes)
    else:
        typed = forms.prefilled(before, text, today=timezone.localdate())
    return _show_update(request, charter, member, before, typed, errors, restored=kept is not None)


def _with_files(
    request: HttpRequest, charter: Resource, member: Member, typed: Typed
) -> tuple[Typed, dict[str, list[str]]]:
    """Documents are kept at once, so that they need not be chosen again when something else is wrong."""
    errors: dict[str, list[str]] = {}
    for code, said in typed.items():
        upload = request.FILES.get(f"{code}-{forms.FILE}")
        if not isinstance(upload, UploadedFile):
            continue
        try:
            user = request.user if isinstance(request.user, User) else None
            said["evidence"]["url"] = actions.keep_file(charter, upload, member=member, by=user)
        except Invalid as invalid:
            errors[f"{code}.evidence.file"] = invalid.errors["file"]
            continue
        if said["evidence"]["kind"] == Proof.LINK:
            said["evidence"]["kind"] = Proof.FILE.value
    if errors:
        try:
            acts.checked_updates(typed, typed, today=timezone.localdate())
        except Invalid as invalid:
            errors = invalid.errors | errors
    return typed, errors


def _show_update(
    request: HttpRequest,
    charter: Resource,
    member: Member,
    now: State,
    typed: Typed,
    errors: dict[str, list[str]],
    *,
    restored: bool,
) -> HttpResponse:
    text = read(charter.facts)
    context = {
        "member": member,
        "text": text,
        "count": len(measures_of(now)),
        "themes": forms.update_forms(now, text, typed, errors),
        "errors": forms.anchors(errors),
        "max_megabytes": MAX_BYTES // 1024**2,
        "restored": restored,
    }
    return render(request, "charters/update.html", crumbs(charter) | context, status=400 if errors else 200)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    charter, member = ours(request, pk, slug)
    errors: list[str] = []
    if request.method == "POST":
        assert isinstance(request.user, User)
        try:
            step = actions.withdraw(charter, member=member, by=request.user, reason=request.POST.get("reason", ""))
        except Invalid as invalid:
            errors = [sentence for sentences in invalid.errors.values() for sentence in sentences]
        except NotPossible as problem:
            errors = [str(problem)]
        else:
            return _done(
                request, charter, step, _("Withdrawn. That the pledge was made, and why it ended, stay public.")
            )
    context = {"member": member, "errors": errors, "typed": request.POST.get("reason", "")}
    return render(request, "charters/withdraw.html", crumbs(charter) | context, status=400 if errors else 200)


@login_required
@require_POST
def take_out(request: HttpRequest, pk: int, slug: str, measure: str) -> HttpResponse:
    """A proof given by mistake."""
    charter, member = ours(request, pk, slug)
    assert isinstance(request.user, User)
    url = request.POST.get("url", "")
    try:
        step = actions.remove_evidence(charter, measure, url, member=member, by=request.user)
    except NotPossible as problem:
        messages.error(request, str(problem))
        return redirect("charter", charter.pk)
    return _done(request, charter, step, _("Taken out."), member)


@login_required
@require_POST
def say_again(request: HttpRequest, pk: int, slug: str, step: int) -> HttpResponse:
    """What the charter's hub never answered is said once more."""
    charter, member = ours(request, pk, slug)
    assert isinstance(request.user, User)
    found = get_object_or_404(Step.objects.select_related("member", "charter"), pk=step, charter=charter, member=member)
    try:
        actions.ask_again(found, by=request.user)
    except NotPossible as problem:
        messages.error(request, str(problem))
        return redirect("charter", charter.pk)
    return _done(request, charter, found, "")


def _done(
    request: HttpRequest, charter: Resource, step: Step | None, said: str, member: Member | None = None
) -> HttpResponse:
    """Onward: to the pledge when it is there to be read, with what happens now."""
    if step is not None:
        hub = charter.member.hub_name or charter.member.hub
        said = _("Sent to %(hub)s. It is public as soon as that hub has answered; you are told of the answer.") % {
            "hub": hub
        }
    messages.success(request, said)
    pledge = charter.pledges.filter(actor_uri=member.actor_uri).first() if member else None
    return redirect(pledge) if pledge else redirect("charter", charter.pk)
