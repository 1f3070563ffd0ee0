"""What is done to a sheet with one button: each view finds, acts and answers."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from resources import actions, content, rules, workflow
from resources.acts import checked
from resources.kinds import KINDS, Step, completeness
from resources.models import Resource, State
from resources.sheet import Sheet
from resources.views.edit import editable
from resources.views.steps import REVIEW, first_step, steps_of
from rtes_hub.accounts.models import User

#: Last word of the address → the move.
WORDS = {
    "soumettre": "submit",
    "reprendre": "take_back",
    "renvoyer": "send_back",
    "publier": "publish",
    "archiver": "archive",
    "rouvrir": "restore",
    "retirer": "withdraw",
    "abandonner": "discard",
    "copier": "copy",
}


@login_required
@require_POST
def move(request: HttpRequest, pk: int, word: str) -> HttpResponse:
    resource = get_object_or_404(Resource.objects.visible_to(request.user), pk=pk, local=True)
    user = request.user
    assert isinstance(user, User)
    name = WORDS[word]
    if name == "publish" and content.would_unshare(resource) and "unshare" not in request.POST:
        messages.error(
            request, _("Nothing was published: confirm first that it is taken back from partner territories.")
        )
        return redirect("resource-edit", resource.pk, REVIEW)
    try:
        return _MOVES[name](request, resource, user)
    except actions.Invalid as invalid:
        for text in (text for texts in invalid.errors.values() for text in texts):
            messages.error(request, text)
    except workflow.NotPossible as problem:
        messages.error(request, str(problem))
        return redirect(resource)
    is_written = rules.may_edit(user, resource) and name in ("submit", "publish")
    return redirect("resource-edit", resource.pk, REVIEW) if is_written else redirect(resource)


@login_required
@require_safe
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """The last step: the sheet as it will be shown, what is missing, who will read it, and the button."""
    resource = editable(request, pk)
    clean, errors = checked(resource, complete=True)
    shown = Resource.objects.select_related("member__territory").get(pk=resource.pk)
    content.apply(shown, clean)
    context = {
        "resource": resource,
        "kind": KINDS[resource.kind],
        "steps": steps_of(resource, REVIEW),
        "missing": _missing(resource.kind, errors),
        "completeness": completeness(resource.kind, content.working_data(resource)),
        "sheet": Sheet(shown, as_member=True),
        "is_member": True,
        "allowed": rules.allowed(request.user, resource),
        "would_travel": shown.visibility == "public" and shown.federated,
        "reached": actions.reached(resource),
        "would_unshare": content.would_unshare(resource),
        "has_changes": resource.has_changes,
        "is_published": resource.state == State.PUBLISHED,
        "comments": resource.comments.select_related("by"),
    }
    return render(request, "resources/review.html", context)


def _missing(kind: str, errors: dict[str, list[str]]) -> list[tuple[Step, list[tuple[str, str]]]]:
    """By step, what to say or put right: (code of the fact, sentence)."""
    found = []
    for step in KINDS[kind].steps:
        texts = [(fact.code, text) for fact in step.facts for text in errors.get(fact.code, [])]
        if texts:
            found.append((step, texts))
    return found


# One function a move ----------------------------------------------------------------------------------------------


def _submit(request: HttpRequest, resource: Resource, user: User) -> HttpResponse:
    actions.submit(resource, by=user, comment=request.POST.get("comment", ""))
    messages.success(
        request, _("Submitted. An editor of your local authority will read it; you will find the answer here.")
    )
    return redirect("workspace")


def _take_back(request: HttpRequest, resource: Resource, user: User) -> HttpResponse:
    actions.take_back(resource, by=user)
    messages.success(request, _("It is yours again: go on writing."))
    return redirect("resource-edit", resource.pk, first_step(resource))


def _send_back(request: HttpRequest, resource: Resource, user: User) -> HttpResponse:
    actions.send_back(resource, by=user, comment=request.POST.get("comment", ""))
    messages.success(request, _("Sent back to its author with your comment."))
    return redirect("workspace")


def _publish(request: HttpRequest, resource: Resource, user: User) -> HttpResponse:
    actions.publish(resource, by=user, note=request.POST.get("note", ""))
    number = len(actions.reached(resource)) if resource.travels else 0
    if number:
        sent = ngettext(
            "Published here, and on its way to a partner network.",
            "Published here, and on its way to %(number)d partner networks.",
            number,
        )
        messages.success(request, sent % {"number": number})
    else:
        messages.success(request, _("Published."))
    return redirect(resource)


def _archive(request: HttpRequest, resource: Resource, user: User) -> HttpResponse:
    actions.archive(resource, by=user)
    messages.success(request, _("Archived: it can still be read, and is labelled so."))
    return redirect(resource)


def _restore(request: HttpRequest, resource: Resource, user: User) -> HttpResponse:
    actions.restore(resource, by=user)
    messages.success(request, _("It is current again."))
    return redirect(resource)


def _withdraw(request: HttpRequest, resource: Resource, user: User) -> HttpResponse:
    actions.withdraw(resource, by=user, reason=request.POST.get("reason", ""))
    messages.success(request, _("Withdrawn. Partner territories are asked to delete their copies."))
    return redirect("workspace")


def _discard(request: HttpRequest, resource: Resource, user: User) -> HttpResponse:
    actions.discard(resource, by=user)
    messages.success(request, _("Thrown away."))
    return redirect("workspace")


def _copy(request: HttpRequest, resource: Resource, user: User) -> HttpResponse:
    copied = actions.copy(resource, by=user)
    messages.success(request, _("This is a copy, with an address of its own. Documents were not copied."))
    return redirect("resource-edit", copied.pk, first_step(copied))


_MOVES: dict[str, Callable[[HttpRequest, Resource, User], HttpResponse]] = {
    "submit": _submit,
    "take_back": _take_back,
    "send_back": _send_back,
    "publish": _publish,
    "archive": _archive,
    "restore": _restore,
    "withdraw": _withdraw,
    "discard": _discard,
    "copy": _copy,
}
