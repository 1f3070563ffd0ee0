"""Pages of the administrators: our partners, what they ask, and how the exchange goes."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from federation import ledger
from federation.models import Convergence, Delivery, Peer
from federation.partners import agreement, charter, proofs, words
from federation.partners.forms import AskForm, ReasonForm
from rtes_hub.accounts.models import User

SHOWN = 50  #: parked deliveries on a page

View = Callable[..., HttpResponse]


def for_administrators(view: View) -> View:
    @never_cache
    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not agreement.may_manage(_user(request)):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def partners(request: HttpRequest) -> HttpResponse:
    """The list, the requests received, and the form that asks."""
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            peer = agreement.ask(form.cleaned_data["url"], by=_user(request))
        except agreement.Impossible as refusal:
            form.add_error("url", str(refusal))
        else:
            messages.success(request, str(words.state(peer)))
            return redirect("partner", pk=peer.pk)
    everyone = list(agreement.known())
    received = [peer for peer in everyone if peer.agreement == Peer.Agreement.RECEIVED]
    others = [(peer, words.state(peer)) for peer in everyone if peer not in received]
    page = {"form": form, "received": received, "peers": others, "ours": charter.ours()}
    return render(request, "federation/partners.html", page)


@for_administrators
@require_http_methods(["GET", "HEAD"])
def partner(request: HttpRequest, pk: int) -> HttpResponse:
    peer = get_object_or_404(agreement.known(), pk=pk)
    parked = Delivery.objects.filter(peer=peer, state__in=[Delivery.State.PARKED, Delivery.State.EXPIRED])
    page = {
        "peer": peer,
        "state": words.state(peer),
        "advice": words.advice_about(peer.last_error) if peer.last_error else "",
        "queue": ledger.queue(peer),
        "convergence": Convergence.objects.filter(peer=peer).first(),
        "proof": proofs.of(peer),
        "parked": [
            (one, words.what(one.activity), words.advice(one.last_status))
            for one in parked.select_related("activity").order_by("-pk")[:SHOWN]
        ],
        "acts": [act for act in ACTS.values() if act.is_possible(peer)],
    }
    return render(request, "federation/partner.html", page)


@dataclass(frozen=True, kw_only=True)
class Act:
    """Something an administrator may decide about a partner. With a question, it is asked on a page of its own."""

    slug: str
    label: Promise
    done: Promise
    run: Callable[..., Peer]
    is_possible: Callable[[Peer], bool]
    question: Promise | str = ""
    asks_reason: bool = False
    by_address: bool = False  #: takes the address of the server rather than its row


def _is(*agreements: str) -> Callable[[Peer], bool]:
    return lambda peer: peer.agreement in agreements and peer.level != Peer.Level.BLOCKED


_Agreement = Peer.Agreement

ACTS = {
    act.slug: act
    for act in (
        Act(
            slug="accepter",
            label=gettext_lazy("Accept"),
            done=gettext_lazy("You are partners. Their resources arrive by themselves."),
            run=agreement.accept,
            is_possible=_is(_Agreement.RECEIVED),
        ),
        Act(
            slug="refuser",
            label=gettext_lazy("Refuse"),
            question=gettext_lazy("They are told that you refuse, and may ask again."),
            done=gettext_lazy("The request is refused."),
            run=agreement.refuse,
            is_possible=_is(_Agreement.RECEIVED),
            asks_reason=True,
        ),
        Act(
            slug="actualiser",
            label=gettext_lazy("Read their resources again"),
            done=gettext_lazy("Their resources are being read again, and what waited for them leaves now."),
            run=agreement.sync,
            is_possible=_is(_Agreement.ACCEPTED),
        ),
        Act(
            slug="verifier",
            label=gettext_lazy("Compare both catalogues"),
            done=gettext_lazy("Both catalogues are being compared. The result appears on this page in a moment."),
            run=agreement.verify,
            is_possible=_is(_Agreement.ACCEPTED),
        ),
        Act(
            slug="terminer",
            label=gettext_lazy("End"),
            question=gettext_lazy(
                "Nothing new is exchanged. What they shared stays here as it is today, and so does yours on their side."
            ),
            done=gettext_lazy("It is ended."),
            run=agreement.end,
            is_possible=_is(_Agreement.ACCEPTED, _Agreement.ASKED),
        ),
        Act(
            slug="bloquer",
            label=gettext_lazy("Block"),
            question=gettext_lazy("Nothing is exchanged any more, and all that they shared disappears from your hub."),
            done=gettext_lazy("The hub is blocked."),
            run=agreement.block,
            is_possible=lambda peer: peer.level != Peer.Level.BLOCKED,
            by_address=True,
        ),
        Act(
            slug="debloquer",
            label=gettext_lazy("Lift the block"),
            done=gettext_lazy("The block is lifted. You may ask them again to be your partner."),
            run=agreement.unblock,
            is_possible=lambda peer: peer.level == Peer.Level.BLOCKED,
            by_address=True,
        ),
    )
}


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Do what was decided; what cannot be taken back lightly is asked once more, on a page of its own."""
    peer, act = get_object_or_404(Peer, pk=pk), ACTS.get(slug)
    if act is None:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None) if act.asks_reason else None
    if request.method != "POST" or (form is not None and not form.is_valid()):
        return render(request, "federation/partner_confirm.html", {"peer": peer, "act": act, "form": form})
    details = {"reason": form.cleaned_data["reason"]} if form is not None else {}
    try:
        act.run(peer.origin if act.by_address else peer, by=_user(request), **details)
    except agreement.Impossible as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, str(act.done))
    return redirect("partner", pk=pk) if agreement.known().filter(pk=pk).exists() else redirect("partners")


@for_administrators
@require_POST
def send_again(request: HttpRequest, pk: int, delivery_pk: int) -> HttpResponse:
    owed = get_object_or_404(Delivery.objects.select_related("peer"), pk=delivery_pk, peer=pk)
    agreement.send_again(owed, by=_user(request))
    messages.success(request, _("It is sent again."))
    return redirect("partner", pk=pk)
