"""Whether a charter has room for one more pledge, and its row. Asked here for ours, and for those of other hubs."""

from django.utils.translation import gettext as _

from resources.charters import rules
from resources.charters.models import Commitment, Pledge
from resources.charters.states import State
from resources.kinds.charter_shared import MAX_COMMITMENTS, MAX_PLEDGES
from resources.models import Resource
from resources.workflow import NotPossible
from rtes_hub.territories.models import Member


def check(act: str, charter: Resource, member: Member, after: State) -> None:
    """Raises: NotPossible."""
    if act != "pledge":
        return
    if not rules.fits(charter, member.territory):
        raise NotPossible(_("This charter is for other types of local authorities."))
    others = charter.pledges.exclude(actor_uri=member.actor_uri)
    if member.territory_id and others.filter(territory=member.territory_id, withdrawn_on=None).exists():
        raise NotPossible(_("This territory has pledged already, through another account."))
    promised = Commitment.objects.filter(pledge__in=others).count() + len(after["commitments"])
    if others.count() >= MAX_PLEDGES or promised > MAX_COMMITMENTS:
        raise NotPossible(_("This charter has as many pledges as it can hold."))


def seat(charter: Resource, member: Member) -> Pledge:
    """The row of that collectivité, or a new one, not saved."""
    pledge = charter.pledges.filter(actor_uri=member.actor_uri).first()
    if pledge is None:
        pledge = Pledge(charter=charter, actor_uri=member.actor_uri)
    pledge.member, pledge.name, pledge.territory = member, member.name, member.territory_id or ""
    return pledge
