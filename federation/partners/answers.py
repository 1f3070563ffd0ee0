"""What the other hub does to an agreement: it asks, says yes, says no, or leaves. Called in the verb's transaction."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from federation import actors
from federation.errors import Refused, TryLater
from federation.models import Actor, Follow, Peer
from federation.partners import charter, ties
from federation.wire.shapes import Head
from rtes_hub.audit import actions as audit

#: Requests that may await an administrator at once: a flood must not fill the table.
MAX_REQUESTS = 200

_Agreement = Peer.Agreement


@transaction.atomic
def on_follow_of_hub(actor: Actor, follow: Mapping[str, Any], peer: Peer) -> None:
    """Another hub asks to be our partner. Spec: ActivityPub §7.5, and docs/decisions/0007-partnership.md.

    Kept for an administrator to answer, with its charter. A partner gets its yes again; a hub that we asked gets it at
    once, so that two requests that cross make one agreement. Whoever is no hub gets a no. Raises: Refused, TryLater.
    """
    peer = ties.lock(peer.origin)
    if peer.level == Peer.Level.BLOCKED:
        raise Refused("blocked")
    if actor.type != "Application" or _speaks_for_another(actor, peer):
        ties.answer_to(actor, follow, yes=False)
        return
    agreed = peer.level == Peer.Level.PARTNER or peer.agreement == _Agreement.ASKED
    if not agreed:
        _check_room(peer)
    ties.recognise(peer, actor)
    ties.remember(actor, actors.instance(), follow)
    theirs = charter.read(follow.get(charter.KEY))
    if agreed:
        _agree(peer, actor, theirs)
    elif peer.agreement != _Agreement.RECEIVED:
        audit.record("partner.asked", peer.origin, by_uri=actor.uri, charter=theirs)
        ties.set_agreement(peer, _Agreement.RECEIVED, charter=theirs)


def _speaks_for_another(actor: Actor, peer: Peer) -> bool:
    """While an agreement stands or is asked for, one actor stands for that hub: no second one replaces it."""
    bound = peer.agreement in (_Agreement.ACCEPTED, _Agreement.ASKED, _Agreement.RECEIVED)
    return bound and peer.actor_uri not in ("", actor.uri)


def _check_room(peer: Peer) -> None:
    waiting = Peer.objects.filter(agreement=_Agreement.RECEIVED).exclude(pk=peer.pk)
    if waiting.count() >= MAX_REQUESTS:
        raise TryLater("too many requests await an answer")


def _agree(peer: Peer, actor: Actor, theirs: dict[str, str]) -> None:
    if peer.agreement != _Agreement.ACCEPTED:
        audit.record("partner.accepted", peer.origin, by_uri=actor.uri)
    ties.set_agreement(peer, _Agreement.ACCEPTED, charter=theirs or peer.charter)
    ties.conclude(peer)
    ties.welcome(peer, actor)


@transaction.atomic
def on_accept(actor: Actor, head: Head) -> None:
    """That hub says yes to our Follow: we are partners, and its catalogue is read. Raises: Refused when not asked."""
    ours = _our_follow(actor, head)
    if ours is None or actor.peer is None:
        raise Refused("no Follow of ours awaits that answer")
    if ours.state == Follow.State.ACCEPTED:
        return
    Follow.objects.filter(pk=ours.pk).update(state=Follow.State.ACCEPTED)
    peer = ties.lock(actor.peer.origin)
    if peer.agreement == _Agreement.ASKED:
        audit.record("partner.accepted", peer.origin, by_uri=actor.uri)
        ties.conclude(peer)
    if peer.level == Peer.Level.PARTNER:
        ties.begin_backfill(peer)


@transaction.atomic
def on_reject(actor: Actor, head: Head) -> None:
    """That hub says no, or takes its yes back (ActivityPub §7.7). Of what we did not ask: nothing."""
    ours = _our_follow(actor, head)
    if ours is None or actor.peer is None:
        return
    peer = ties.lock(actor.peer.origin)
    if peer.agreement == _Agreement.ASKED:
        _leave(peer, actor, _Agreement.REFUSED)
    elif peer.agreement == _Agreement.ACCEPTED:
        _leave(peer, actor, _Agreement.ENDED)
    else:
        ours.delete()


def _our_follow(actor: Actor, head: Head) -> Follow | None:
    """Ours of that actor. An answer that names no Follow is about the only one there can be."""
    ours = Follow.objects.filter(follower=actors.instance(), followed=actor).first()
    return ours if ours is not None and head.object_id in ("", ours.uri) else None


@transaction.atomic
def on_undo(actor: Actor, head: Head) -> None:
    """An actor follows one of ours no more; when that is the hub itself, the agreement or the request ends with it."""
    undone = Follow.objects.filter(follower=actor, uri=head.object_id, followed__local=True).first()
    if undone is None or actor.peer is None:
        return
    was_hub = undone.followed.pk == actors.instance().pk
    undone.delete()
    if not was_hub:
        return
    peer = ties.lock(actor.peer.origin)
    if peer.agreement == _Agreement.ACCEPTED:
        _leave(peer, actor, _Agreement.ENDED)
    elif peer.agreement == _Agreement.RECEIVED:
        _leave(peer, actor, _Agreement.NONE)


def _leave(peer: Peer, actor: Actor, agreement: str) -> None:
    ties.untie(peer)
    ties.set_agreement(peer, agreement)
    audit.record(
        f"partner.{agreement}" if agreement != _Agreement.NONE else "partner.unasked", peer.origin, by_uri=actor.uri
    )
