"""What each act on a seat writes, here, where the action is led. Called by `actions`, once the rule was asked."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from resources.acts import Invalid
from resources.kinds import pooled_shared as shared
from resources.kinds.pooled_words import Role, SeatState
from resources.models import Resource
from resources.pooling import money, rules, states
from resources.pooling.models import Contribution, Need, Participation, Share
from resources.pooling.money import Agreed
from resources.pooling.rows import cells
from resources.workflow import NotPossible
from rtes_hub.territories.models import Member

Data = Mapping[str, Any]

#: Columns that the act copies as they were said.
COPIED = {
    "join": ("political_lead", "technical_lead"),
    "describe": ("political_lead", "technical_lead"),
    "weigh": ("weight", "agreed_percent"),
    "leave": ("reason",),
    "decline": ("reason",),
    "refuse": ("reason",),
    "exclude": ("reason",),
}


def seat_in(action: Resource, member: Member) -> Participation | None:
    return action.participations.filter(actor_uri=member.actor_uri).first()


def take(action: Resource, act: str, member: Member, *, who: str, data: Data) -> Participation:
    """Do it: the seat, and what hangs on it. Raises: NotPossible, Invalid."""
    seat = seat_in(action, member)
    after = states.after(
        rules.seat_of(seat), act, who=who, setting=rules.setting_of(action), role=data.get("role") or ""
    )
    _check_dates(act, seat, data)
    if seat is None or (act == "join" and seat.state == SeatState.LEFT):
        seat = _newcomer(action, member, seat)
    was = seat.state
    seat.role, seat.state, seat.admitted = after.role, after.state, after.admitted
    for column in COPIED.get(act, ()):
        value = data.get(column)
        setattr(seat, column, "" if value is None and column not in ("weight", "agreed_percent") else value)
    _move(seat, act, data)
    if seat.state not in states.IN:
        seat.left_on = timezone.localdate()
    elif was == SeatState.REFUSED:
        seat.left_on, seat.reason = None, ""
    seat.save()
    if hang := HANGS.get(act):
        hang(action, seat, data)
    if seat.state not in states.IN:
        seat.needs.all().delete()
        Share.objects.filter(participation=seat).delete()
    if act != "agree":
        money.keep_exact(action)
    return seat


def _newcomer(action: Resource, member: Member, former: Participation | None) -> Participation:
    """Whoever comes back begins anew, in the same place. Raises: NotPossible."""
    same_place = action.participations.filter(member__territory=member.territory, state__in=states.IN)
    if member.territory is not None and same_place.exclude(actor_uri=member.actor_uri).exists():
        raise NotPossible(_("This territory takes part already, through another account."))
    if former is None and action.participations.count() >= shared.MAX_SEATS:
        raise NotPossible(_("An action has at most %d participants.") % shared.MAX_SEATS)
    fresh = Participation(action=action, actor_uri=member.actor_uri, name=member.name, member=member)
    if former is not None:
        fresh.pk, fresh.sequence = former.pk, former.sequence
        fresh._state.adding = False
    return fresh


def _move(seat: Participation, act: str, data: Data) -> None:
    if act == "plan":
        seat.deliberation_on = date.fromisoformat(data["on"])
    elif act == "deliberate":
        seat.deliberation_on = date.fromisoformat(data["on"])
        seat.deliberation_title = data["title"]
        seat.deliberation_url = data.get("url") or ""
        seat.deliberation_digest = data.get("digest") or ""
    elif act == "sign":
        seat.signed_on = date.fromisoformat(data["on"])


def _check_dates(act: str, seat: Participation | None, data: Data) -> None:
    """What has happened is not to come. Raises: Invalid."""
    if act not in ("deliberate", "sign"):
        return
    on = date.fromisoformat(data["on"])
    if on > timezone.localdate():
        raise Invalid({"on": [_("Date: it is to come. Record it once it has happened.")]})
    if act == "sign" and seat and seat.deliberation_on and on < seat.deliberation_on:
        raise Invalid({"on": [_("Date: one signs after the deliberation, not before.")]})


# What hangs on a seat ---------------------------------------------------------------------------------------------


def _needs(action: Resource, seat: Participation, data: Data) -> None:
    others = Need.objects.filter(participation__action=action).exclude(participation=seat).count()
    _check_room(others + len(data["rows"]), shared.MAX_NEEDS, _("Needs: at most %d lines in an action."))
    seat.needs.all().delete()
    Need.objects.bulk_create(Need(participation=seat, **cells(Need, row)) for row in data["rows"])


def _contributions(action: Resource, seat: Participation, data: Data) -> None:
    others = Contribution.objects.filter(participation__action=action).exclude(participation=seat).count()
    room = _("Contributions: at most %d lines in an action.")
    _check_room(others + len(data["rows"]), shared.MAX_CONTRIBUTIONS, room)
    seat.contributions.all().delete()
    Contribution.objects.bulk_create(
        Contribution(participation=seat, **cells(Contribution, row)) for row in data["rows"]
    )


def _check_room(count: int, limit: int, message: str) -> None:
    if count > limit:
        raise Invalid({"rows": [message % limit]})


def _agree(action: Resource, seat: Participation, data: Data) -> None:
    """Say one share by hand, or leave it to the key again; the key divides the rest."""
    if not money.key_of(action):
        raise NotPossible(_("First compute the shares: the key then divides what is not agreed."))
    agreed = money.agreed_of(action)
    agreed.pop(seat.actor_uri, None)
    if data.get("amount") is not None:
        if not data.get("reason"):
            raise Invalid({"reason": [_("Reason: say why this amount was agreed, all participants read it.")]})
        cents = round(cells(Share, {"amount": data["amount"]})["amount"] * 100)
        agreed[seat.actor_uri] = Agreed(cents=cents, reason=data["reason"])
    if seat.actor_uri not in {sharer.actor_uri for sharer in money.sharers(action)}:
        raise NotPossible(_("The lead has not admitted this local authority yet."))
    money.compute(action, money.key_of(action), agreed=agreed)


HANGS: dict[str, Callable[[Resource, Participation, Data], None]] = {
    "needs": _needs,
    "contribute": _contributions,
    "agree": _agree,
}


def ensure_lead(action: Resource) -> None:
    """The row of the lead, made once."""
    if not action.participations.filter(role=Role.COORDINATOR).exists():
        rules.lead_seat(action).save()
