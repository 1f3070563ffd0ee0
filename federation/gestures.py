"""What is asked of a thing and answered, once: joining, leaving, offering. Spec: federation.md §2.4; FEDERATION.md.

Ours is a row until its answer comes, and is said again meanwhile. Theirs has its effect once, whatever comes late,
twice or crossed: the same gesture again gets the same answer. What follows what is told by the facts, and is the
business of the app.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from federation import actors, outbox, registry
from federation.errors import Refused
from federation.models import Activity, Actor, Peer, StoredGesture, StoredObject
from federation.publication import Gesture
from federation.wire import read, write
from federation.wire.shapes import Head

#: Each hour for a day, then each day, for as long as a delivery lives.
SOON, LATER = timedelta(hours=1), timedelta(days=1)
LIFE = timedelta(days=14)
REASON = 500  #: characters

_State = StoredGesture.State


def new_gesture_uri() -> str:
    """An address for ever, for a gesture that will be made."""
    return actors.url(f"/ap/activities/gesture-{uuid4().hex}")


# Ours, of others' things ------------------------------------------------------------------------------------------


@transaction.atomic
def gesture(gesture: Gesture, *, to: str) -> None:
    """Ask something of a thing elsewhere, in the name of one of ours; `to` is the URI of who answers: its author.

    The answer comes to `Federated.answered`, once. Made twice, it is made once.
    Raises: Refused: not our author, not their thing, or a verb that does not travel.
    """
    if gesture.verb not in write.GESTURES:
        raise Refused(f"“{gesture.verb}” is no gesture: one of {', '.join(write.GESTURES)}")
    author = Actor.objects.filter(uri=gesture.author, local=True, gone_at=None).first()
    if author is None:
        raise Refused(f"{gesture.author} is not an author of this hub")
    answerer = outbox.reachable().filter(uri=to).first()
    target = StoredObject.objects.filter(uri=gesture.target, local=False, removed_at=None, actor__uri=to).first()
    if answerer is None or target is None:
        raise Refused(f"{gesture.target} is not a thing of {to} that this hub knows")
    _, made = StoredGesture.objects.get_or_create(
        uri=gesture.uri,
        defaults={
            "ours": True,
            "verb": gesture.verb,
            "author": author,
            "target": gesture.target,
            "to": to,
            "facts": dict(gesture.facts),
            "next_try": timezone.now() + SOON,
        },
    )
    if made:
        document = write.gesture(gesture, to=to)
        outbox.send(author, document, to_inboxes=[answerer.inbox], object_uri=gesture.target)


def say_again() -> None:
    """What was not answered yet, when its time has come. Said with the same id: it has one effect at most.

    After `LIFE` it is given up, and its app is told, once. An answer that comes later still counts.
    """
    now = timezone.now()
    for row in StoredGesture.objects.filter(ours=True, state=_State.PENDING, next_try__lte=now):
        with transaction.atomic():
            mine = StoredGesture.objects.filter(pk=row.pk, state=_State.PENDING, next_try=row.next_try)
            if (age := now - row.asked_at) >= LIFE:
                if mine.update(state=_State.GIVEN_UP, next_try=None):
                    _give_up(row)
            elif mine.update(next_try=now + (SOON if age < LATER else LATER)):
                _owe(row)


def _owe(row: StoredGesture) -> bool:
    activity = Activity.objects.filter(uri=row.uri).first()
    answerer = outbox.reachable().filter(uri=row.to).first()
    if activity is None or answerer is None:
        return False
    outbox.owe(activity, [answerer.inbox])
    return True


def _give_up(row: StoredGesture) -> None:
    peer = Peer.objects.filter(actors__uri=row.to).first()
    if speaker := _speaker(row.target):
        speaker.given_up(_shape(row), str(peer.charter.get("contact", "")) if peer else "")


@transaction.atomic
def ask_again(uri: str) -> None:
    """A person says once more what was given up: the same gesture, with all its time before it.

    Raises: Refused: it is not given up, or who answers cannot be reached.
    """
    row = StoredGesture.objects.select_for_update().filter(uri=uri, ours=True, state=_State.GIVEN_UP).first()
    if row is None:
        raise Refused(f"{uri} was not given up")
    row.state, row.asked_at = _State.PENDING, timezone.now()
    row.next_try = row.asked_at + SOON
    row.save(update_fields=["state", "asked_at", "next_try"])
    if not _owe(row):
        raise Refused(f"{row.to} cannot be reached")


def is_ours(uri: str) -> bool:
    return bool(uri) and StoredGesture.objects.filter(uri=uri, ours=True).exists()


def on_answer(actor: Actor, head: Head, document: Mapping[str, Any]) -> None:
    """Yes or no to a gesture of ours. The first answer counts. Raises: Refused when it is not that actor's to give."""
    row = StoredGesture.objects.select_for_update().get(uri=head.object_id, ours=True)
    if row.to != actor.uri:
        raise Refused("the gesture was not addressed to that actor")
    if row.state not in (_State.PENDING, _State.GIVEN_UP):
        return
    accepted = head.type == "Accept"
    row.state = _State.ACCEPTED if accepted else _State.REFUSED
    row.reason, row.answer = read.reason(document), read.facts(document)
    row.answered_at, row.next_try = timezone.now(), None
    row.save()
    if speaker := _speaker(row.target):
        speaker.answered(_shape(row), accepted, row.reason, row.answer)


# Theirs, of ours --------------------------------------------------------------------------------------------------


def receive(said: Gesture, author: Actor) -> None:
    """Give effect to what somebody elsewhere asks of a thing of ours, and answer; or answer again.

    Raises: TryLater, and nothing was done; Refused when the id is another's gesture.
    """
    known = StoredGesture.objects.select_for_update().filter(uri=said.uri).first()
    if known is not None:
        if known.ours or known.author_id != author.pk:
            raise Refused("that gesture was made by somebody else")
        _answer(known)
        return
    target = StoredObject.objects.select_related("actor").filter(uri=said.target, local=True).first()
    row = StoredGesture(
        uri=said.uri,
        ours=False,
        verb=said.verb,
        author=author,
        target=said.target,
        to=target.actor.uri if target else actors.url(actors.INSTANCE),
        facts=dict(said.facts),
        answered_at=timezone.now(),
    )
    try:
        with transaction.atomic():
            row.answer = dict(_effect(said, author, target))
        row.state = _State.ACCEPTED
    except Refused as refused:
        row.state, row.reason = _State.REFUSED, refused.reason[:REASON]
        if target is not None and (speaker := registry.for_kind(target.kind)):
            speaker.gesture_refused(said, actors.author(author), row.reason)
    row.save()
    _answer(row)


def _effect(said: Gesture, author: Actor, target: StoredObject | None) -> Mapping[str, Any]:
    if target is None or target.removed_at is not None:
        raise Refused("there is no such thing here, or no longer")
    speaker = registry.for_kind(target.kind)
    if speaker is None:
        raise Refused("nothing can be asked of it")
    return speaker.gesture(said, actors.author(author))


def _answer(row: StoredGesture) -> None:
    """Always with the same words: its id is made of the gesture's, and its bytes are kept."""
    uri = actors.url(f"/ap/activities/answer-{row.pk}")
    said = Activity.objects.filter(uri=uri).first()
    if said is not None:
        outbox.owe(said, [row.author.inbox])
        return
    document = write.answer(
        uri,
        actor=row.to,
        gesture=row.uri,
        to=row.author.uri,
        accepted=row.state == _State.ACCEPTED,
        reason=row.reason,
        facts=row.answer,
    )
    answerer = Actor.objects.get(uri=row.to, local=True)
    outbox.send(answerer, document, to_inboxes=[row.author.inbox], object_uri=row.uri)


def _speaker(target: str) -> registry.Federated | None:
    kind = StoredObject.objects.filter(uri=target).values_list("kind", flat=True).first()
    return registry.for_kind(kind) if kind else None


def _shape(row: StoredGesture) -> Gesture:
    return Gesture(uri=row.uri, verb=row.verb, author=row.author.uri, target=row.target, facts=row.facts)
