"""Those who speak: the page of each, and their names as one types them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from forums import actions, naming, rules
from forums import mentions as calling
from forums.forms import BarForm
from forums.models import Post, Voice
from forums.views.common import writer
from forums.writing import MAX_SOURCE
from rtes_hub.territories import rules as territory_rules

LATEST = 20  #: messages
MAX_QUERY = 60  #: characters


@require_safe
def voice(request: HttpRequest, handle: str) -> HttpResponse:
    """Whoever did not agree to be known outside is known to members only: to others there is nobody here."""
    found = Voice.objects.select_related("member").filter(handle=handle).first()
    is_member = territory_rules.is_member(request.user)
    if found is None or not (is_member or found.is_shown):
        raise Http404
    return _page(request, found, BarForm())


def _page(request: HttpRequest, found: Voice, form: BarForm) -> HttpResponse:
    said = Post.objects.visible_to(request.user).standing().filter(voice=found).select_related("thread__forum")
    latest = said.defer("source").order_by("-written_at", "-pk")[:LATEST]
    may_bar = rules.may_bar(request.user, found)
    context = {"voice": found, "posts": latest, "may_bar": may_bar, "form": form if may_bar else None}
    return render(request, "forums/voice.html", context, status=400 if form.errors else 200)


@login_required
@require_POST
def bar(request: HttpRequest, handle: str) -> HttpResponse:
    """Keep somebody from writing for a while, or no longer."""
    found = get_object_or_404(Voice.objects.select_related("member"), handle=handle)
    if not rules.may_bar(request.user, found):
        raise PermissionDenied
    if request.POST.get("act") == "undo":
        actions.unbar(found, by=writer(request))
        messages.success(request, _("They may write again."))
        return redirect(found)
    form = BarForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    actions.bar(found, by=writer(request), **form.cleaned_data)
    messages.success(request, _("Done. The person is told why."))
    return redirect(found)


@login_required
@require_POST
def withdraw_consent(request: HttpRequest, handle: str) -> HttpResponse:
    """One's own, from one's own page."""
    found = get_object_or_404(Voice.objects.filter(user=request.user.pk), handle=handle)
    actions.withdraw_consent(writer(request))
    messages.success(
        request,
        _("Withdrawn. Nothing new leaves this hub before you agree again; what you wrote stays until you delete it."),
    )
    return redirect(found)


@login_required
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """A message as it will be shown, with the names that it calls: a fragment of safe HTML. Nothing is kept."""
    source = request.POST.get("source", "")
    if len(source) > MAX_SOURCE:
        return HttpResponse(status=413)
    return HttpResponse(calling.preview(source))


@never_cache
@login_required
@require_safe
def mentions(request: HttpRequest) -> JsonResponse:
    """`?q=`: people and collectivités whose name holds that, for completion. For members: it tells names."""
    if not territory_rules.is_member(request.user):
        raise PermissionDenied
    return JsonResponse(naming.suggested(request.GET.get("q", "")[:MAX_QUERY]), safe=False)
