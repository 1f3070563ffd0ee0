"""The only writer of pooled actions. Rule, step, money, search and partners: one transaction an act.

An act of one of ours on an action led here is done at once (None is given back). On an action led elsewhere it is
asked of its lead: a `Step`, pending until the lead's hub answers; nothing of the shared state is written here.

`by` is the person; None is the operator at the console, whom rules do not stop.
Raises: PermissionDenied; workflow.NotPossible with a sentence; Invalid with what is wrong, by code.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from federation import api as federation
from federation.errors import Refused
from federation.publication import Gesture
from resources import actions as resource_actions
from resources.acts import Invalid
from resources.kinds.pooled_words import Status
from resources.models import Resource
from resources.pooling import acts, asking, ordering, papers, practice, rows, rules, seats, states, steering, told
from resources.pooling.models import Paper, Step
from resources.pooling.states import MEMBER
from resources.workflow import NotPossible
from rtes_hub.accounts.models import User
from rtes_hub.audit.actions import record
from rtes_hub.territories.models import Member

Said = Mapping[str, Any]


@transaction.atomic
def perform(
    act: str, action: Resource, *, by: User | None, member: Member | None = None, data: Said | None = None
) -> Step | None:
    """Any act but "practice" (`draft_practice`), by its code in `acts.ACTS`; `data` by the codes of its facts.

    `member` is whose seat it is about; None for what the lead does with the action as a whole.
    """
    who = _begin(act, action, member, by)
    said = acts.checked(act, data or {})
    if not action.local and member is not None:
        return _ask(action, act, member, said, by)
    seats.ensure_lead(action)
    if member is None:
        retell(action, steering.steer(action, act, said))
    else:
        seat = seats.take(action, act, member, who=who, data=said)
        retell(action)
        told.of_seat(action, seat, act, who=who, by=by)
    about = {"member": member.actor_uri} if member else {}
    record(f"pooling.{act}", action.uri, by=by, **about)
    return None


def _begin(act: str, action: Resource, member: Member | None, by: User | None) -> str:
    """Lock the action and ask the rule; as whom it is done."""
    locked = Resource.objects.select_for_update(of=("self",)).select_related("member__territory")
    action.refresh_from_db(from_queryset=locked)
    if (act in states.MOVES) is (member is None):
        raise Invalid({"member": [_("Member: say for which local authority, when it is about one.")]})
    who = rules.as_whom(by, act, action, member)
    if who is None:
        raise PermissionDenied
    if not rules.is_standing(action):
        raise NotPossible(_("This is possible once the action is published, and until it is archived."))
    return who


def retell(action: Resource, facts: Said | None = None) -> None:
    """What is shared has changed: search and partner hubs follow. Asks no rule: its callers did."""
    resource_actions.restate(action, rows.facts_of(action) | dict(facts or {}))


# What a participant does ------------------------------------------------------------------------------------------


def join(action: Resource, *, member: Member, by: User | None, **said: Any) -> Step | None:
    """Ask to take part. Said: role ("member", "observer", "funder"), political_lead, technical_lead."""
    return perform("join", action, member=member, by=by, data=said)


express_interest = join


def describe(action: Resource, *, member: Member, by: User | None, **said: Any) -> Step | None:
    """Who is in charge. Said: political_lead, technical_lead, functions rather than names."""
    return perform("describe", action, member=member, by=by, data=said)


def plan_deliberation(action: Resource, *, member: Member, by: User | None, on: Any) -> Step | None:
    return perform("plan", action, member=member, by=by, data={"on": on})


@transaction.atomic
def deliberated(
    action: Resource,
    *,
    member: Member,
    by: User | None,
    on: Any,
    title: str,
    url: str = "",
    upload: UploadedFile | None = None,
) -> Step | None:
    """The council said yes. The document is given by its address, or kept and served by this hub."""
    said = {"on": on, "title": title, "url": url}
    if upload is not None:
        _begin("deliberate", action, member, by)
        acts.checked("deliberate", said)
        paper = add_paper(action, upload, member=member, title=title, by=by)
        said |= {"url": papers.address_of(paper), "digest": paper.digest}
    return perform("deliberate", action, member=member, by=by, data=said)


@transaction.atomic
def add_paper(action: Resource, upload: UploadedFile, *, member: Member, title: str, by: User | None) -> Paper:
    """Keep a deliberation under an address of its own, to be said in `deliberated`. Invalid by "file" or "title"."""
    _begin("deliberate", action, member, by)
    paper = papers.keep(action, member, upload, title=title)
    record("pooling.paper", action.uri, by=by, member=member.actor_uri, digest=paper.digest)
    return paper


def decline(action: Resource, *, member: Member, by: User | None, reason: str = "") -> Step | None:
    """The council said no."""
    return perform("decline", action, member=member, by=by, data={"reason": reason})


def sign(action: Resource, *, member: Member, by: User | None, on: Any = None) -> Step | None:
    """By the collectivité itself, or by the lead who has the paper in hand. Today when no day is said."""
    return perform("sign", action, member=member, by=by, data={"on": on or timezone.localdate()})


def leave(action: Resource, *, member: Member, by: User | None, reason: str = "") -> Step | None:
    return perform("leave", action, member=member, by=by, data={"reason": reason})


def declare_needs(action: Resource, needs: Sequence[Said], *, member: Member, by: User | None) -> Step | None:
    """All of them: they replace those declared before. Rows: `pooled_shared.NEED`."""
    return perform("needs", action, member=member, by=by, data={"rows": list(needs)})


def contribute(action: Resource, contributions: Sequence[Said], *, member: Member, by: User | None) -> Step | None:
    """All of them, planned and delivered: they replace those said before. Rows: `pooled_shared.CONTRIBUTION`."""
    return perform("contribute", action, member=member, by=by, data={"rows": list(contributions)})


# What the lead does -----------------------------------------------------------------------------------------------


def admit(action: Resource, *, member: Member, by: User | None) -> None:
    perform("admit", action, member=member, by=by)


def refuse(action: Resource, *, member: Member, by: User | None, reason: str) -> None:
    perform("refuse", action, member=member, by=by, data={"reason": reason})


def exclude(action: Resource, *, member: Member, by: User | None, reason: str) -> None:
    """A signatory is put out."""
    perform("exclude", action, member=member, by=by, data={"reason": reason})


def weigh(action: Resource, *, member: Member, by: User | None, weight: Any = None, agreed_percent: Any = None) -> None:
    """What it counts for in a key by real need, instead of the sum of its needs; or by agreed percentages."""
    perform("weigh", action, member=member, by=by, data={"weight": weight, "agreed_percent": agreed_percent})


def advance(action: Resource, to: str, *, by: User | None) -> None:
    """Change the status: "call", "setting_up"…"""
    perform("advance", action, by=by, data={"to": to})


def finish(action: Resource, *, by: User | None) -> None:
    advance(action, Status.FINISHED, by=by)


def set_instrument(action: Resource, to: str, *, by: User | None) -> None:
    """Where the legal instrument stands. Nobody signs before "signing"."""
    perform("instrument", action, by=by, data={"to": to})


def launch(action: Resource, *, by: User | None, on: Any = None) -> None:
    """The procurement is launched: from now on nobody joins a purchasing group as a beneficiary."""
    perform("launch", action, by=by, data={"on": on or timezone.localdate()})


def set_budget(action: Resource, lines: Sequence[Said], *, by: User | None) -> None:
    perform("budget", action, by=by, data={"rows": list(lines)})


def compute_shares(action: Resource, key: Sequence[Said] | None = None, *, by: User | None) -> None:
    """By a key such as [{"by": "flat", "percent": "40"}, {"by": "need", "percent": "60"}]; the one it has when None."""
    perform("share", action, by=by, data={"rows": list(key or [])})


def set_share(action: Resource, amount: Any, *, member: Member, by: User | None, reason: str = "") -> None:
    """One share as it was agreed, in euros, and why; None to have it computed again. The others make up the total."""
    perform("agree", action, member=member, by=by, data={"amount": amount, "reason": reason})


def set_milestones(action: Resource, milestones: Sequence[Said], *, by: User | None) -> None:
    perform("milestones", action, by=by, data={"rows": list(milestones)})


def decide(action: Resource, *, by: User | None, **said: Any) -> None:
    """A line in the register. Said: on, body, text, vote, owner, due_on."""
    perform("decide", action, by=by, data=said)


@transaction.atomic
def draft_practice(action: Resource, *, by: User | None) -> Resource:
    """The good practice that tells of a finished action, as a draft; the same one when it is asked for again."""
    _begin("practice", action, None, by)
    states.check_steering("practice", rules.setting_of(action))
    if found := practice.drafted(action):
        return found
    source, data = practice.source_of(action), practice.data_of(action)
    drafted = resource_actions.start("good-practice", member=action.member, by=by, data=data, imported_from=source)
    record("pooling.practice", action.uri, by=by, practice=drafted.uri)
    return drafted


# From one hub to another ------------------------------------------------------------------------------------------


def _ask(action: Resource, act: str, member: Member, said: Said, by: User | None) -> Step:
    """Ask the lead's hub. What it would refuse for sure is refused here, and nothing is sent."""
    steps = list(Step.objects.filter(action=action, member=member))
    pending = [step for step in steps if step.state == Step.State.PENDING]
    data = {code: value for code, value in said.items() if value is not None}
    if pending and (pending[-1].act, pending[-1].data) == (act, data):
        return pending[-1]
    seat = asking.expected(action, seats.seat_in(action, member), asking.coming(action, member, steps))
    states.after(seat, act, who=MEMBER, setting=rules.setting_of(action), role=data.get("role", ""))
    sequence, after = ordering.following(steps, mirrored=asking.mirrored(action, member))
    uri = federation.new_gesture_uri()
    facts = {"act": act, "sequence": sequence, "after": after, **data}
    gesture = Gesture(uri=uri, verb=acts.ACTS[act].verb, author=member.actor_uri, target=action.uri, facts=facts)
    step = Step.objects.create(uri=uri, action=action, member=member, act=act, data=data, sequence=sequence, by=by)
    try:
        federation.gesture(gesture, to=action.member.actor_uri)
    except Refused as refused:
        raise NotPossible(_("The hub that leads this action cannot be asked for the moment.")) from refused
    record("pooling.ask", action.uri, by=by, member=member.actor_uri, step=act, sequence=sequence)
    return step


def invite_elsewhere(action: Resource, member: Member, *, text: str) -> None:
    """Tell one of another hub of an action led here. Asks no rule: `inviting` did. Raises: NotPossible."""
    try:
        federation.invite(action.member.actor_uri, action.uri, member.actor_uri, text)
    except Refused as refused:
        raise NotPossible(_("%s cannot be invited from here for the moment.") % member.name) from refused


def partner_hubs() -> set[str]:
    """Origins of the hubs whose collectivités may be invited."""
    return {partner.hub for partner in federation.partners()}


@transaction.atomic
def ask_again(step: Step, *, by: User | None) -> Step:
    """Say once more what the lead's hub never answered: the same step, with the same number."""
    action, member = step.action, step.member
    _begin(step.act, action, member, by)
    step.refresh_from_db()
    if step.state != Step.State.GIVEN_UP:
        raise NotPossible(_("This was answered meanwhile, or is still being sent."))
    step.state, step.at = Step.State.PENDING, timezone.now()
    step.save(update_fields=["state", "at"])
    try:
        federation.ask_again(step.uri)
    except Refused as refused:
        raise NotPossible(_("The hub that leads this action cannot be asked for the moment.")) from refused
    record("pooling.ask_again", action.uri, by=by, member=member.actor_uri, step=step.act, sequence=step.sequence)
    return step
