"""What comes from other hubs: what is asked of our actions; what leads elsewhere answer, and publish of theirs."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from federation.errors import Refused
from federation.publication import Author, Gesture
from resources.acts import Invalid
from resources.models import Resource
from resources.pooling import acts, asking, rows, rules, seats, told
from resources.pooling.actions import retell
from resources.pooling.models import Answer, Participation, Step
from resources.pooling.states import IN, MEMBER
from resources.workflow import NotPossible
from rtes_hub.audit.actions import record
from rtes_hub.territories import actions as territory_actions
from rtes_hub.territories.models import Member


@transaction.atomic
def answer(gesture: Gesture, author: Author) -> dict[str, Any]:
    """Give effect, once, to what a collectivité of another hub asks; the facts of the yes.

    Raises: Refused, a no; TryLater, when a step that comes before has not arrived.
    """
    action = Resource.objects.select_for_update().filter(uri=gesture.target, local=True).first()
    if action is None or not action.travels or not rules.is_standing(action):
        raise Refused(_("There is no such action here, or no longer."))
    if author.type != "Organization":
        raise Refused(_("Only local authorities take part, each in its own name."))
    asked = asking.read(gesture)
    if (given := asking.given(action, author.uri, asked, gesture.uri)) is not None:
        return given
    member = territory_actions.remote_member(author)
    if member.local:
        raise Refused(_("This local authority is of this hub."))
    if asked.act == "join":
        territory_actions.check_holds(member)
    seats.ensure_lead(action)
    try:
        said = acts.checked(asked.act, asked.data)
        seat = seats.take(action, asked.act, member, who=MEMBER, data=said)
    except (NotPossible, Invalid) as refusal:
        raise Refused(asking.sentence(refusal)) from refusal
    Participation.objects.filter(pk=seat.pk).update(sequence=asked.sequence)
    facts = {"sequence": asked.sequence, "state": seat.state, "role": seat.role}
    asking.note(action, author.uri, asked.sequence, gesture.uri, accepted=True, facts=facts)
    retell(action)
    told.of_seat(action, seat, asked.act, who=MEMBER, by=None)
    record(f"pooling.{asked.act}", action.uri, by_uri=author.uri, member=author.uri, sequence=asked.sequence)
    return facts


@transaction.atomic
def refused(gesture: Gesture, author: Author, reason: str) -> None:
    """A gesture was answered no: that it was answered is kept, so that what follows it does not wait for it."""
    action = Resource.objects.filter(uri=gesture.target, local=True).first()
    asked = asking.readable(gesture)
    if action is None or asked is None:
        return
    if not Answer.objects.filter(action=action, author=author.uri, sequence=asked.sequence).exists():
        asking.note(action, author.uri, asked.sequence, gesture.uri, accepted=False, reason=reason)
        record("pooling.refused", action.uri, by_uri=author.uri, step=asked.act, sequence=asked.sequence)


@transaction.atomic
def answered(gesture: Gesture, *, accepted: bool, reason: str) -> None:
    """The lead's hub answered a step of one of ours. The first answer counts."""
    step = Step.objects.select_for_update().filter(uri=gesture.uri, state__in=Step.UNANSWERED).first()
    if step is None:
        return
    step.state = Step.State.ACCEPTED if accepted else Step.State.REFUSED
    step.reason, step.answered_at = reason[:500], timezone.now()
    step.save(update_fields=["state", "reason", "answered_at"])
    told.of_answer(step)
    record("pooling.answered", step.action.uri, by_uri=step.action.member.actor_uri, step=step.act, state=step.state)


@transaction.atomic
def invited(uri: str, guest: str, text: str) -> None:
    """The lead would like one of ours to take part: its editors are told, once, unless it takes part or may not."""
    action = Resource.objects.select_related("member").filter(uri=uri, local=False).first()
    member = Member.objects.local().current().filter(actor_uri=guest).first()
    if action is None or member is None or not rules.is_standing(action) or not rules.is_open_to(action, member):
        return
    if action.participations.filter(actor_uri=guest, state__in=IN).exists():
        return
    told.of_invitation(action, member, text=text, by=None)
    record("pooling.invited", uri, by_uri=action.member.actor_uri, member=guest)


@transaction.atomic
def given_up(gesture: Gesture, *, contact: str) -> None:
    """For a fortnight nobody answered: whoever acts for ours is told what can be done now."""
    step = Step.objects.select_for_update().filter(uri=gesture.uri, state=Step.State.PENDING).first()
    if step is None:
        return
    step.state = Step.State.GIVEN_UP
    step.save(update_fields=["state"])
    told.of_silence(step, contact)
    record("pooling.given_up", step.action.uri, by_uri=step.member.actor_uri, step=step.act, sequence=step.sequence)


@transaction.atomic
def mirror(action: Resource, facts: Mapping[str, Any]) -> None:
    """What the lead's hub published of the shared state, in the tables of this one."""
    before = told.seats_of_ours(action)
    rows.mirror(action, facts, is_ours=lambda member: asking.ever_asked(action, member))
    told.of_changes(action, before)


@transaction.atomic
def forget(uri: str) -> None:
    """Its lead withdrew the action: nothing of it is shown here any more; what ours asked stays, as a memory."""
    rows.empty(Resource.objects.get(uri=uri))
