"""Pages of one's account, of the first run, and of the hub's identity."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django.views.i18n import set_language

from rtes_hub.accounts import actions, first_run, rules, stash
from rtes_hub.accounts.forms import FirstRunForm, IdentityForm, TokenForm
from rtes_hub.accounts.models import ApiToken, User, identity


@never_cache
@require_http_methods(["GET", "HEAD"])
def welcome(request: HttpRequest) -> HttpResponse:
    """Where the one-time link is to be found. Nothing here can be acted upon."""
    if not first_run.is_waiting():
        return redirect("/")
    return render(request, "accounts/welcome.html")


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, token: str) -> HttpResponse:
    """The form behind the one-time link. A wrong or used link is not there."""
    if not first_run.is_good(token):
        raise Http404
    form = FirstRunForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "accounts/first_run.html", {"form": form})
    person = {name: form.cleaned_data[name] for name in ("email", "full_name", "password")}
    try:
        user = first_run.claim(token, language=get_language() or settings.LANGUAGE_CODE, **person)
    except PermissionDenied:  # another browser was faster
        raise Http404 from None
    hub = identity()
    hub.name, hub.contact = form.cleaned_data["hub_name"], user.email
    actions.identify(hub, by=user)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    messages.success(request, _("Your hub is ready, and you are its administrator."))
    answer = redirect("identity")
    stash.mark(answer)
    return answer


@login_required
@require_POST
def switch_language(request: HttpRequest) -> HttpResponse:
    """Django's own switch, and the person keeps the choice."""
    user, language = cast(User, request.user), request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        actions.describe_self(user, full_name=user.full_name, language=language)
    return set_language(request)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The tokens one has, and a new one: shown in the answer to its making, never again."""
    user = cast(User, request.user)
    form, made = TokenForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        wanted = {name: form.cleaned_data[name] for name in ("name", "scopes", "days")}
        try:
            made = actions.make_token(user, by=user, **wanted)
            form = TokenForm()
        except ValidationError as refusal:
            form.add_error(None, refusal)
    held = ApiToken.objects.living().filter(user=user).order_by("-created")
    return render(request, "accounts/tokens.html", {"form": form, "made": made, "tokens": held})


@login_required
@require_POST
def revoke_token(request: HttpRequest) -> HttpResponse:
    digest = request.POST.get("token", "")
    if not digest.isalnum():
        raise Http404
    token = get_object_or_404(ApiToken, user=request.user, digest=digest)
    actions.revoke_token(token, by=cast(User, request.user))
    messages.success(request, _("The token “%(name)s” is revoked.") % {"name": token.name})
    return redirect("tokens")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_identity(request: HttpRequest) -> HttpResponse:
    if not rules.may_administer(request.user):
        raise PermissionDenied
    form = IdentityForm(request.POST or None, instance=identity())
    if request.method == "POST" and form.is_valid():
        actions.identify(form.save(commit=False), by=cast(User, request.user))
        messages.success(request, _("The identity of the hub is saved."))
        return redirect("identity")
    return render(request, "accounts/identity.html", {"form": form})
