"""Who is told of what in pooled actions: the lead's editors of what is asked, a participant's of what is answered."""

from collections.abc import Iterable
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from resources.kinds.pooled_words import SeatState
from resources.models import Resource
from resources.pooling.acts import ACTS
from resources.pooling.models import Participation, Step
from resources.pooling.states import LEAD
from rtes_hub.accounts.models import User
from rtes_hub.notices import actions as notices
from rtes_hub.notices.models import Topic
from rtes_hub.notices.registry import may_see_among
from rtes_hub.territories import rules as territory_rules
from rtes_hub.territories.models import Member

PREFIX = "pooled-action"
SEAT = "pooled-seat"

#: What a participant does that its lead is told of.
_ASKS = {
    "join": _("{name} asks to take part in “{title}”"),
    "deliberate": _("{name} has deliberated on “{title}”"),
    "decline": _("{name} says no to “{title}”"),
    "leave": _("{name} leaves “{title}”"),
}
#: What the lead does that a participant is told of.
_ANSWERS = {
    "admit": _("{name} is admitted in “{title}”"),
    "refuse": _("{name} is not admitted in “{title}”"),
    "exclude": _("{name} does not take part in “{title}” any more"),
    "sign": _("{name} is a signatory of “{title}”"),
}


@may_see_among(PREFIX)
def _actions(user: User, uris: Iterable[str]) -> Iterable[str]:
    return Resource.objects.visible_to(user).filter(uri__in=uris).values_list("uri", flat=True)


@may_see_among(SEAT)
def _seats(user: User, keys: Iterable[str]) -> Iterable[str]:
    seats = Participation.objects.filter(
        pk__in=[key for key in keys if key.isdigit()], action__in=Resource.objects.visible_to(user)
    )
    return [str(pk) for pk in seats.values_list("pk", flat=True)]


def of_seat(action: Resource, seat: Participation, act: str, *, who: str, by: User | None) -> None:
    """Something was done with a seat, here where the action is led."""
    if act in ("admit", "refuse", "leave", "decline"):
        notices.settle(Topic.GESTURE, f"{SEAT}:{seat.pk}")
    if who == LEAD:
        if act in _ANSWERS and seat.member is not None and seat.member.local:
            _tell(seat.member, action, _ANSWERS[act], name=seat.name, text=seat.reason, topic=Topic.ANSWER, by=by)
    elif act in _ASKS and seat.actor_uri != action.member.actor_uri:
        topic = Topic.GESTURE if act == "join" else Topic.FOLLOWED
        about = f"{SEAT}:{seat.pk}" if act == "join" else ""
        _tell(action.member, action, _ASKS[act], name=seat.name, text=seat.reason, topic=topic, by=by, about=about)


def of_invitation(action: Resource, member: Member, *, text: str, by: User | None) -> None:
    """Its lead would like them to join; once, however often it is said."""
    key = f"{action.uri} invitation {member.pk}"
    words = _("{name} invites you to take part in “{title}”")
    _tell(member, action, words, topic=Topic.GESTURE, name=action.member.name, text=text, key=key, by=by)


def of_answer(step: Step) -> None:
    """The lead's hub answered a step of ours."""
    accepted = step.state == Step.State.ACCEPTED
    said = _("“{title}”: accepted. {step}") if accepted else _("“{title}”: refused. {step}")
    title = format_lazy(said, title=step.action.title, step=ACTS[step.act].label)
    _tell(step.member, step.action, title, text=step.reason, topic=Topic.ANSWER, key=step.uri)


def of_silence(step: Step, contact: str) -> None:
    """For a fortnight the lead's hub did not answer a step of ours: what can be done about it."""
    title = format_lazy(_("“{title}”: no answer. {step}"), title=step.action.title, step=ACTS[step.act].label)
    write = _("Write to {contact}, who looks after {hub}, or ask again from the page of the action.")
    ask = _("Ask again from the page of the action, or call {hub}.")
    text = format_lazy(write if contact else ask, contact=contact, hub=hub_of(step.action))
    key = f"{step.uri} unanswered {step.at.isoformat()}"
    _tell(step.member, step.action, title, text=text, topic=Topic.ANSWER, key=key)


def hub_of(action: Resource) -> str:
    return action.member.hub_name or action.member.hub


def seats_of_ours(action: Resource) -> dict[str, tuple[str, bool]]:
    """State and admission of our own, by URI: to be compared after what the lead published."""
    ours = action.participations.filter(member__local=True)
    return {uri: (state, admitted) for uri, state, admitted in ours.values_list("actor_uri", "state", "admitted")}


def of_changes(action: Resource, before: dict[str, tuple[str, bool]]) -> None:
    """What the lead, elsewhere, did with a seat of ours; what we asked for ourselves is told by its answer."""
    for seat in action.participations.filter(member__local=True).select_related("member"):
        state, admitted = before.get(seat.actor_uri, ("", False))
        last = Step.objects.filter(action=action, member=seat.member).last()
        asked = last.act if last else ""
        if seat.state != state and seat.state == SeatState.REFUSED and asked != "decline":
            _from_lead(seat, action, "refuse")
        elif seat.state != state and seat.state == SeatState.LEFT and asked != "leave":
            _from_lead(seat, action, "exclude")
        elif seat.state != state and seat.state == SeatState.SIGNED and asked != "sign":
            _from_lead(seat, action, "sign")
        elif seat.admitted and not admitted:
            _from_lead(seat, action, "admit")


def _from_lead(seat: Participation, action: Resource, act: str) -> None:
    if seat.member is not None:
        _tell(seat.member, action, _ANSWERS[act], name=seat.name, text=seat.reason, topic=Topic.ANSWER)


def _tell(
    member: Member,
    action: Resource,
    sentence: Any,
    *,
    topic: Topic,
    name: str = "",
    text: Any = "",
    key: str = "",
    about: str = "",
    by: User | None = None,
) -> None:
    notices.tell_all(
        territory_rules.editors_of(member),
        topic,
        key=key or f"{action.uri}#{action.version} {member.pk}",
        about=about or f"{PREFIX}:{action.uri}",
        group=_("Pooled actions"),
        title=format_lazy(sentence, name=name, title=action.title) if name else sentence,
        text=text,
        path=action.get_absolute_url(),
        by=by,
    )
