"""The only writer of pledges. Rule, law, rows, search and partners: one transaction an act.

On a charter of this hub an act is done at once (None is given back). On a charter of another hub it is asked of it: a
`Step`, pending until that hub answers; nothing of what is shared is written here.

`by` is the person; None is the operator at the console, whom rules do not stop.
Raises: PermissionDenied; workflow.NotPossible with a sentence; Invalid with what is wrong, by code.
"""

from collections.abc import Callable, Mapping, Sequence
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
from resources.charters import acts, asking, law, proofs, room, rows, rules, states, told
from resources.charters import text as charter_text
from resources.charters.models import Step
from resources.charters.states import State
from resources.charters.text import Text
from resources.models import Resource
from resources.workflow import NotPossible
from rtes_hub.accounts.models import User
from rtes_hub.audit.actions import record
from rtes_hub.territories.models import Member

Change = Callable[[State | None, Text], State]


@transaction.atomic
def pledge(
    charter: Resource,
    *,
    member: Member,
    by: User | None,
    signatory: str,
    signed_on: Any,
    mandate_starts_on: Any,
    measures: Sequence[str],
    text: str = "",
) -> Step | None:
    """Take all or some of the measures; or change the pledge that stands. `signatory` is a function, not a name."""
    said = {"signatory": signatory, "signed_on": signed_on, "mandate_starts_on": mandate_starts_on}
    said |= {"measures": list(measures), "text": text}

    def sign(before: State | None, words: Text) -> State:
        clean = acts.checked_pledge(said, words, before)
        return states.pledged(before, clean, words, version=charter.version, today=timezone.localdate())

    return _do("pledge", charter, member, by, sign)


@transaction.atomic
def update(
    charter: Resource, changes: Mapping[str, Mapping[str, Any]], *, member: Member, by: User | None
) -> Step | None:
    """Tell how far measures have come, all of them at once or some.

    changes: {"A1": {"status", "progress", "comment", "next_update_due", "evidence": {"kind", "label", "url"}}}. The
    address of a document is given by `keep_file`.
    """
    today = timezone.localdate()

    def tell(before: State | None, _words: Text) -> State:
        standing = _standing(before)
        clean = acts.checked_updates(changes, states.measures_of(standing), today=today)
        return states.updated(standing, clean, today=today)

    return _do("update", charter, member, by, tell)


def update_commitment(charter: Resource, measure: str, *, member: Member, by: User | None, **said: Any) -> Step | None:
    """Tell how far one measure has come: status, progress, comment, next_update_due, evidence (see `update`)."""
    return update(charter, {measure: said}, member=member, by=by)


@transaction.atomic
def remove_evidence(charter: Resource, measure: str, url: str, *, member: Member, by: User | None) -> Step | None:
    """Take out what was given as a proof by mistake."""
    return _do("update", charter, member, by, lambda now, _words: states.without_evidence(_standing(now), measure, url))


@transaction.atomic
def withdraw(charter: Resource, *, member: Member, by: User | None, reason: str) -> Step | None:
    """The pledge stands no more. That it was made, what was told of it and why it ended stay public."""
    why = acts.checked_reason(reason)
    today = timezone.localdate()
    return _do("withdraw", charter, member, by, lambda now, _words: states.withdrawn(_standing(now), why, today=today))


@transaction.atomic
def keep_file(charter: Resource, upload: UploadedFile, *, member: Member, by: User | None) -> str:
    """A document to be given as evidence, and the address where this hub serves it. Invalid by "file"."""
    _begin("update", charter, member, by)
    proof = proofs.keep(charter, member, upload)
    record("charters.file", charter.uri, by=by, member=member.actor_uri, digest=proof.digest)
    return proofs.address_of(proof)


def retell(charter: Resource) -> None:
    """What is shared has changed: search and partner hubs follow. Asks no rule: its callers did."""
    resource_actions.restate(charter, rows.facts_of(charter))


# What every act is made of ----------------------------------------------------------------------------------------


def _begin(act: str, charter: Resource, member: Member, by: User | None) -> None:
    """Lock the charter, so that two steps never take one number, and ask the rule."""
    charter.refresh_from_db(from_queryset=Resource.objects.select_for_update())
    if rules.may(by, act, charter, member):
        return
    if rules.ever_may(by, act, charter, member):
        raise NotPossible(_("This is possible once the charter is published, and pledging until it is archived."))
    raise PermissionDenied


def _do(act: str, charter: Resource, member: Member, by: User | None, change: Change) -> Step | None:
    _begin(act, charter, member, by)
    before = asking.wanted(charter, member)
    words = charter_text.read(charter.facts)
    after = change(before, words)
    if after == before:
        raise NotPossible(_("Nothing has changed."))
    if errors := law.broken(after, before, words, today=timezone.localdate()):
        raise Invalid(errors)
    room.check(act, charter, member, after)
    if not charter.local:
        return _ask(act, charter, member, by, after)
    row = rows.write(room.seat(charter, member), after, words, by=by)
    retell(charter)
    told.of_pledge(row, act, by=by)
    record(f"charters.{act}", charter.uri, by=by, member=member.actor_uri)
    return None


def _standing(now: State | None) -> State:
    if now is None or not states.stands(now):
        raise NotPossible(_("This local authority has no pledge on this charter. Pledge first."))
    return now


def _ask(act: str, charter: Resource, member: Member, by: User | None, after: State) -> Step:
    """Say it to the hub of the charter. What that hub would refuse for sure was refused before, and is not sent."""
    sequence = asking.following(charter, member)
    uri = federation.new_gesture_uri()
    facts = {"act": act, "sequence": sequence, **after}
    gesture = Gesture(uri=uri, verb="offer", author=member.actor_uri, target=charter.uri, facts=facts)
    step = Step.objects.create(uri=uri, charter=charter, member=member, act=act, data=after, sequence=sequence, by=by)
    try:
        federation.gesture(gesture, to=charter.member.actor_uri)
    except Refused as refused:
        raise NotPossible(_("The hub of this charter cannot be reached for the moment.")) from refused
    told.of_step(step)
    record("charters.ask", charter.uri, by=by, member=member.actor_uri, step=act, sequence=sequence)
    return step


@transaction.atomic
def ask_again(step: Step, *, by: User | None) -> Step:
    """Say once more what the charter's hub never answered: the same step, with the same number."""
    charter, member = step.charter, step.member
    _begin(step.act, charter, member, by)
    step.refresh_from_db()
    if step.state != Step.State.GIVEN_UP:
        raise NotPossible(_("This was answered meanwhile, or is still being sent."))
    step.state, step.at = Step.State.PENDING, timezone.now()
    step.save(update_fields=["state", "at"])
    try:
        federation.ask_again(step.uri)
    except Refused as refused:
        raise NotPossible(_("The hub of this charter cannot be reached for the moment.")) from refused
    record("charters.ask_again", charter.uri, by=by, member=member.actor_uri, step=step.act, sequence=step.sequence)
    return step
