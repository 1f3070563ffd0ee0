"""What crosses between the hub of a participant and the hub of the lead: what is asked, and what was answered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from federation.errors import Refused, TryLater
from federation.publication import Gesture
from resources.acts import Invalid
from resources.models import Resource
from resources.pooling import ordering, rules, states
from resources.pooling.acts import ACTS
from resources.pooling.models import Answer, Participation, Step
from resources.pooling.ordering import Turn
from resources.pooling.states import MEMBER, Seat
from resources.workflow import NotPossible
from rtes_hub.territories.models import Member

MAX_SEQUENCE = 2**31 - 1
#: A yes comes just before the shared state that it changed. After that long, what the lead published has the last word.
FRESH = timedelta(days=1)
#: Facts of the gesture itself; the others are those of the act.
_OWN = ("act", "sequence", "after")


# On the hub of the participant ------------------------------------------------------------------------------------


def coming(action: Resource, member: Member, steps: Iterable[Step]) -> list[Step]:
    """Of the steps of one of ours, those that the shared state does not show yet: unanswered, or accepted just now."""
    last, since = mirrored(action, member), timezone.now() - FRESH
    return [step for step in steps if step.state == Step.State.PENDING or _is_on_its_way(step, last, since)]


def _is_on_its_way(step: Step, last: int, since: datetime) -> bool:
    answered = step.answered_at
    return step.state == Step.State.ACCEPTED and step.sequence > last and answered is not None and answered > since


def expected(action: Resource, participation: Participation | None, coming: Iterable[Step]) -> Seat:
    """The seat once the lead has said yes to all that is coming, in that order."""
    asked = ((step.act, step.data.get("role", "")) for step in coming)
    return states.once(rules.seat_of(participation), asked, setting=rules.setting_of(action))


def mirrored(action: Resource, member: Member) -> int:
    """The last step of that collectivité that the lead published to have taken into account.

    Read in what was published: a hub that was restored from a backup knows of no step, and must not use a number twice.
    """
    said = (row for row in action.facts.get("participants", []) if row.get("member") == member.actor_uri)
    return max((row.get("sequence", 0) for row in said), default=0)


def ever_asked(action: Resource, member: Member) -> bool:
    return Step.objects.filter(action=action, member=member).exists()


# On the hub of the lead -------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Asked:
    act: str
    sequence: int
    after: int
    data: Mapping[str, Any]


def readable(gesture: Gesture) -> Asked | None:
    """None when it is not one of ours: nothing but what a participant may do travels, under its own verb."""
    facts = dict(gesture.facts)
    act, sequence, after = (facts.pop(code, None) for code in _OWN)
    if not isinstance(act, str) or act not in states.MOVES or MEMBER not in states.MOVES[act].who:
        return None
    if ACTS[act].verb != gesture.verb or not _is_count(sequence) or not _is_count(after) or not after < sequence:
        return None
    return Asked(act=act, sequence=sequence, after=after, data=facts)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_SEQUENCE


def read(gesture: Gesture) -> Asked:
    """Raises: Refused."""
    asked = readable(gesture)
    if asked is None:
        raise Refused(_("This hub does not understand what is asked."))
    return asked


def given(action: Resource, author: str, asked: Asked, uri: str) -> dict[str, Any] | None:
    """What was answered already to this very gesture; None when its turn has come.

    Raises: Refused, when no was answered, or something later was; TryLater, when something earlier has not come.
    """
    answers = Answer.objects.filter(action=action, author=author)
    last = answers.aggregate(last=Max("sequence"))["last"] or 0
    match ordering.turn(asked.sequence, asked.after, last=last):
        case Turn.NOW:
            return None
        case Turn.LATER:
            raise TryLater(f"step {asked.after} of {author} has not arrived")
    known = answers.filter(sequence=asked.sequence, gesture=uri).first()
    if known is None:
        raise Refused(_("A later step of yours was taken into account meanwhile."))
    if not known.accepted:
        raise Refused(known.reason)
    return dict(known.facts)


def note(
    action: Resource,
    author: str,
    sequence: int,
    gesture: str,
    *,
    accepted: bool,
    reason: str = "",
    facts: Mapping[str, Any] | None = None,
) -> None:
    Answer.objects.create(
        action=action,
        author=author,
        sequence=sequence,
        gesture=gesture,
        accepted=accepted,
        reason=reason[:500],
        facts=dict(facts or {}),
    )


def sentence(refusal: NotPossible | Invalid) -> str:
    """As the other side will read it."""
    if isinstance(refusal, Invalid):
        return " ".join(problem for problems in refusal.errors.values() for problem in problems)[:500]
    return str(refusal)[:500]
