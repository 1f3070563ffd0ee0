"""For coordinators: which collectivités are members, and who acts for them."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from rtes_hub.accounts.actions import invite
from rtes_hub.accounts.models import User
from rtes_hub.territories import actions, facts, rules, search
from rtes_hub.territories.forms import AppointForm
from rtes_hub.territories.models import Mandate, Member, StaffRole

PAGE_SIZE = 50

View = Callable[..., HttpResponse]


def for_coordinators(view: View) -> View:
    """Nobody else sees these pages, whatever they ask of them."""

    @never_cache
    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not rules.may_manage_members(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@for_coordinators
@require_http_methods(["GET", "HEAD", "POST"])
def manage(request: HttpRequest) -> HttpResponse:
    """The list, and a search in the official table: each result has its button, so that no script is needed."""
    if request.method == "POST":
        territory = search.by_id(request.POST.get("territory"))
        if territory is None:
            messages.error(request, _("Choose a territory from the list."))
            return redirect("members-manage")
        member = actions.join(territory, by=cast(User, request.user))
        messages.success(request, _("%(name)s is a member. Say who acts for it.") % {"name": member.name})
        return redirect("member-posts", slug=member.slug)
    words = request.GET.get("q", "")
    chosen = search.by_id(request.GET.get("territory"))  # by completion
    found = [chosen] if chosen else search.find(words)
    here = Member.objects.local().current()
    already = set(here.filter(territory__in=found).values_list("territory", flat=True))
    names = facts.places(found)
    context = {
        "words": words,
        "results": [(t, facts.type_label(t), facts.place(t, names), t.pk in already) for t in found],
        "page_obj": Paginator(here, PAGE_SIZE).get_page(request.GET.get("page")),
    }
    return render(request, "territories/manage.html", context)


@for_coordinators
@require_http_methods(["GET", "HEAD", "POST"])
def posts(request: HttpRequest, slug: str) -> HttpResponse:
    """Who acts for one collectivité, and a form to appoint somebody."""
    member = get_object_or_404(Member.objects.local(), slug=slug)
    form = AppointForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = _appoint(form, member, by=cast(User, request.user))
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            messages.success(request, _("%(name)s now acts for %(member)s.") % {"name": user, "member": member.name})
            return redirect("member-posts", slug=slug)
    held = {"member": member}
    context = {
        "member": member,
        "form": form,
        "mandates": Mandate.objects.filter(dismissed_at=None, **held).select_related("user").order_by("pk"),
        "staff": StaffRole.objects.filter(dismissed_at=None, **held).select_related("user").order_by("pk"),
    }
    return render(request, "territories/posts.html", context)


@transaction.atomic
def _appoint(form: AppointForm, member: Member, *, by: User) -> User:
    user = invite(
        form.cleaned_data["email"],
        full_name=form.cleaned_data["full_name"],
        language=get_language() or settings.LANGUAGE_CODE,
        by=by,
    )
    actions.appoint(user, member, by=by, **form.post())
    return user


@for_coordinators
@require_POST
def dismiss(request: HttpRequest, slug: str, what: str, pk: int) -> HttpResponse:
    """`what` is the kind of post: a mandate or a staff role."""
    kinds: dict[str, type[Mandate] | type[StaffRole]] = {"mandat": Mandate, "agent": StaffRole}
    if what not in kinds:
        raise Http404
    post = cast(Mandate | StaffRole, get_object_or_404(kinds[what], pk=pk, member__slug=slug))
    actions.dismiss(post, by=cast(User, request.user))
    messages.success(request, _("%(name)s no longer acts as: %(post)s.") % {"name": post.user, "post": post.label})
    return redirect("member-posts", slug=slug)


@for_coordinators
@require_POST
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    member = get_object_or_404(Member.objects.local().current(), slug=slug)
    actions.leave(member, by=cast(User, request.user))
    messages.success(request, _("%(name)s is no longer a member. What it published stays.") % {"name": member.name})
    return redirect("members-manage")
