"""The lead tells others of an action. Only words: whoever is invited asks to join as any other does."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from resources.acts import Invalid
from resources.models import Resource
from resources.pooling import actions, rules, said, told
from resources.workflow import NotPossible
from rtes_hub.accounts.models import User
from rtes_hub.audit.actions import record
from rtes_hub.territories.models import Member

MAX_TEXT = 500  #: characters


def to_invite(action: Resource) -> list[Member]:
    """Our own that do not take part yet, by name; then those that partner hubs speak for, hub by hub."""
    there = action.participations.filter(left_on=None).values("actor_uri")
    found = Member.objects.current().exclude(pk=action.member_id).exclude(actor_uri__in=there)
    theirs = Q(hub__in=actions.partner_hubs()) if action.travels else Q(pk=None)
    return list(found.filter(Q(local=True) | theirs).select_related("territory").order_by("hub", "name"))


@transaction.atomic
def invite(action: Resource, members: list[Member], *, by: User, text: str = "") -> int:
    """Tell the editors of each, once; how many local authorities that is.

    Raises: PermissionDenied; NotPossible when nobody may join any more; Invalid by "members" or "text".
    """
    if not rules.leads(by, action):
        raise PermissionDenied
    if not rules.is_standing(action) or not said.is_open(rules.setting_of(action)):
        raise NotPossible(_("Nobody can join this action any more."))
    possible = {member.pk for member in to_invite(action)}
    chosen = [member for member in members if member.pk in possible and rules.is_open_to(action, member)]
    errors: dict[str, list[str]] = {}
    if not chosen:
        errors["members"] = [_("Whom do you invite? Choose at least one local authority.")]
    if len(text) > MAX_TEXT:
        message = _("Message: at most %(limit)d characters; there are %(length)d.")
        errors["text"] = [message % {"limit": MAX_TEXT, "length": len(text)}]
    if errors:
        raise Invalid(errors)
    for member in chosen:
        if member.local:
            told.of_invitation(action, member, text=text, by=by)
        else:
            actions.invite_elsewhere(action, member, text=text)
        record("pooling.invite", action.uri, by=by, member=member.actor_uri)
    return len(chosen)
