"""What comes from other hubs: what their collectivités pledge on our charters, and what others answer and publish."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from federation.errors import Refused
from federation.publication import Author, Gesture
from resources.acts import Invalid
from resources.charters import acts, asking, law, room, rows, rules, states, told
from resources.charters import text as charter_text
from resources.charters.actions import retell
from resources.charters.models import Pledge, Step
from resources.charters.states import State
from resources.models import Resource
from resources.workflow import NotPossible
from rtes_hub.audit.actions import record
from rtes_hub.territories import actions as territory_actions
from rtes_hub.territories.models import Member

MAX_SEQUENCE = 2**31 - 1
MAX_REASON = 500  #: characters


# Here, where the charter is ---------------------------------------------------------------------------------------


@transaction.atomic
def answer(gesture: Gesture, author: Author) -> dict[str, Any]:
    """Take into account what a collectivité of another hub says of its pledge; the facts of the yes.

    Each gesture says the pledge whole, so one that comes late, after a later one, is a yes without effect.
    Raises: Refused, a no.
    """
    charter = Resource.objects.select_for_update().filter(uri=gesture.target, local=True).first()
    sequence = _asked(gesture)
    if charter is None or not charter.travels:
        raise Refused(_("There is no such charter here, or it takes no more pledges."))
    member = territory_actions.remote_member(author)
    if member.local:
        raise Refused(_("This local authority is of this hub."))
    pledge = room.seat(charter, member)
    if pledge.pk is None:
        territory_actions.check_holds(member)
    if sequence <= pledge.sequence:
        return {"sequence": pledge.sequence}
    try:
        act = _take(charter, pledge, member, gesture.facts)
    except (NotPossible, Invalid) as refusal:
        raise Refused(_sentence(refusal)) from refusal
    Pledge.objects.filter(pk=pledge.pk).update(sequence=sequence)
    retell(charter)
    told.of_pledge(pledge, act, by=None)
    record(f"charters.{act}", charter.uri, by_uri=author.uri, member=author.uri, sequence=sequence)
    return {"sequence": sequence}


def _take(charter: Resource, pledge: Pledge, member: Member, facts: Mapping[str, Any]) -> str:
    """The act it comes to, whatever the other side calls it: a pledge must find the charter open, and have room."""
    text = charter_text.read(charter.facts)
    after = acts.read_state(facts)
    before = rows.state_of(pledge) if pledge.pk else None
    if errors := law.broken(after, before, text, today=timezone.localdate()):
        raise Invalid(errors)
    act = states.act_of(before, after)
    if charter.state not in rules.ACTS[act]:
        raise NotPossible(_("There is no such charter here, or it takes no more pledges."))
    room.check(act, charter, member, after)
    rows.write(pledge, after, text)
    return act


def _asked(gesture: Gesture) -> int:
    """Its sequence. Raises: Refused."""
    match gesture.facts.get("act"), gesture.facts.get("sequence"):
        case str(), bool():
            pass
        case str(act), int(sequence) if gesture.verb == "offer" and act in acts.ACTS and 0 < sequence <= MAX_SEQUENCE:
            return sequence
    raise Refused(_("This hub does not understand what is asked."))


def _sentence(refusal: NotPossible | Invalid) -> str:
    """As the other side will read it."""
    if isinstance(refusal, Invalid):
        return " ".join(problem for problems in refusal.errors.values() for problem in problems)[:MAX_REASON]
    return str(refusal)[:MAX_REASON]


# Here, where the pledge was made ----------------------------------------------------------------------------------


@transaction.atomic
def answered(gesture: Gesture, *, accepted: bool, reason: str) -> None:
    """The charter's hub answered what one of ours said. The first answer counts."""
    step = Step.objects.select_for_update().filter(uri=gesture.uri, state__in=Step.UNANSWERED).first()
    if step is None:
        return
    step.state = Step.State.ACCEPTED if accepted else Step.State.REFUSED
    step.reason, step.answered_at = reason[:MAX_REASON], timezone.now()
    step.save(update_fields=["state", "reason", "answered_at"])
    told.of_answer(step)
    record("charters.answered", step.charter.uri, by_uri=step.charter.member.actor_uri, step=step.act, state=step.state)


@transaction.atomic
def given_up(gesture: Gesture, *, contact: str) -> None:
    """For a fortnight nobody answered: whoever acts for ours is told what can be done now."""
    step = Step.objects.select_for_update().filter(uri=gesture.uri, state=Step.State.PENDING).first()
    if step is None:
        return
    step.state = Step.State.GIVEN_UP
    step.save(update_fields=["state"])
    told.of_silence(step, contact)
    record("charters.given_up", step.charter.uri, by_uri=step.member.actor_uri, step=step.act, sequence=step.sequence)


@transaction.atomic
def mirror(charter: Resource, facts: Mapping[str, Any]) -> None:
    """Make our tables say what the charter's hub published. It cannot make one of ours sign.

    What ours said themselves is believed as they said it, and not as it comes back.
    """
    text = charter_text.read(charter.facts)
    found = rows.published(facts)
    members = Member.objects.in_bulk([who["member"] for who, _now in found], field_name="actor_uri")
    kept = {
        who["member"]: (who, now)
        for who, now in found
        if not (member := members.get(who["member"])) or not member.local or asking.ever_asked(charter, member)
    }
    charter.pledges.exclude(actor_uri__in=kept).delete()
    standing = {pledge.actor_uri: pledge for pledge in charter.pledges.all()}
    known = rows.states_of(standing.values())
    for uri, (who, now) in kept.items():
        pledge = standing.get(uri) or Pledge(charter=charter, actor_uri=uri)
        is_other = _describe(pledge, who, members.get(uri))
        now = _own_word(charter, pledge) or now
        if pledge.pk is None or known[pledge.pk] != now:
            rows.write(pledge, now, text)
        elif is_other:
            pledge.save()


def _describe(pledge: Pledge, who: Mapping[str, Any], member: Member | None) -> bool:
    """Who it is, as far as we know; whether that has changed."""
    before = (pledge.member_id, pledge.name, pledge.territory, pledge.sequence)
    pledge.member = member
    pledge.name = member.name if member else who["name"]
    pledge.territory = (member.territory_id if member else who.get("territory")) or ""
    pledge.sequence = who.get("sequence", 0)
    return before != (pledge.member_id, pledge.name, pledge.territory, pledge.sequence)


def _own_word(charter: Resource, pledge: Pledge) -> State | None:
    ours = pledge.member is not None and pledge.member.local
    return asking.taken(charter, pledge) if ours else None


@transaction.atomic
def forget(uri: str) -> None:
    """The charter was withdrawn: nothing of it is shown here any more; what ours said stays, as a memory."""
    Pledge.objects.filter(charter__uri=uri).delete()
