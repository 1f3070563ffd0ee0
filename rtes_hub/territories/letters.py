"""Mails about posts."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from rtes_hub.accounts.models import identity
from rtes_hub.territories.models import Mandate, StaffRole


def appointed(post: Mandate | StaffRole) -> None:
    """Tell a person for whom they now act, and how to sign in: the first thing many will see of the hub."""
    context = {
        "post": post,
        "hub_name": identity().name,
        "sign_in_url": settings.RTES.base_url + reverse("account_request_login_code"),
    }
    with translation.override(post.user.language):
        send_mail(
            _("You now act for %(member)s") % {"member": post.member.name},
            render_to_string("territories/mail/appointed.txt", context),
            None,
            [post.user.email],
        )
