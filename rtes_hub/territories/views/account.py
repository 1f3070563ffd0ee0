"""One's own account: who I am here, and for whom I act. In this app because posts live in it."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from rtes_hub.accounts import actions, language
from rtes_hub.accounts.forms import SelfForm
from rtes_hub.accounts.models import User
from rtes_hub.territories.models import Mandate, StaffRole


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    form = SelfForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        actions.describe_self(user, **form.cleaned_data)
        with override(user.language):
            messages.success(request, _("Your account is saved."))
        response = redirect("account")
        language.remember(response, user.language)
        return response
    context = {
        "form": form,
        "mandates": Mandate.objects.current().filter(user=user).select_related("member"),
        "staff": StaffRole.objects.current().filter(user=user).select_related("member"),
    }
    return render(request, "territories/account.html", context)
