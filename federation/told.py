"""Administrators are told when a hub asks to be our partner, until it has its answer."""

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from federation.models import Peer
from rtes_hub.accounts import rules
from rtes_hub.accounts.models import User
from rtes_hub.notices import actions as notices
from rtes_hub.notices.models import Topic
from rtes_hub.notices.registry import may_see


@may_see("partner")
def _partner(user: User, _origin: str) -> bool:
    return rules.may_administer(user)


def asked(peer: Peer) -> None:
    notices.tell_all(
        rules.administrators(),
        Topic.GESTURE,
        key=f"partner:{peer.pk}:{peer.asked_at}",
        about=_about(peer),
        group=_("Partner territories"),
        title=format_lazy(_("{hub} asks to be your partner"), hub=str(peer)),
        text=_("Read who they are, then accept or refuse. Nothing is exchanged before you accept."),
        path=reverse("partner", args=[peer.pk]),
    )


def answered(peer: Peer) -> None:
    notices.settle(Topic.GESTURE, _about(peer))


def _about(peer: Peer) -> str:
    return f"partner:{peer.origin}"
