"""The life of an agreement between two hubs: asked, received, accepted, refused, ended; or trusted on one side.

Each hub follows the other's instance actor: that is the whole agreement, in words that any server knows
(docs/decisions/0007-partnership.md). What administrators do is here; what the other hub does is in `answers.py`.
Every act is one transaction with its audit line and what must be sent. Finding a hub speaks to the network, before.
"""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from federation import delivery
from federation.models import Actor, Delivery, Peer
from federation.partners import charter, converging, meeting, ties
from federation.partners.answers import on_accept, on_follow_of_hub, on_reject, on_undo
from federation.partners.meeting import Impossible
from rtes_hub.accounts.models import User
from rtes_hub.audit import actions as audit

__all__ = [
    "Impossible",
    "accept",
    "ask",
    "block",
    "end",
    "known",
    "may_manage",
    "on_accept",
    "on_follow_of_hub",
    "on_reject",
    "on_undo",
    "refuse",
    "send_again",
    "sync",
    "trust",
    "unblock",
    "verify",
]

_Level, _Agreement = Peer.Level, Peer.Agreement


def may_manage(user: User) -> bool:
    return user.is_administrator


def known() -> QuerySet[Peer]:
    """Servers with which there is, or was, something to decide, by name."""
    return Peer.objects.exclude(agreement=_Agreement.NONE, level=_Level.UNKNOWN).order_by("name", "origin")


def ask(url: str, *, by: User | None) -> Peer:
    """Ask the hub at this address to be our partner; accept when it asked us already.

    `by` is None for the operator at the console. Raises: Impossible, PermissionDenied.
    """
    _check(by)
    origin = meeting.origin(url)
    known = Peer.objects.filter(origin=origin).first()
    if known is not None:
        _check_may_ask(known)
        if known.agreement == _Agreement.RECEIVED:
            return accept(known, by=by)
    doc = meeting.find_instance(origin)
    with transaction.atomic():
        peer = ties.lock(origin)
        _check_may_ask(peer)
        theirs = ties.meet(peer, doc)
        ties.set_agreement(peer, _Agreement.ASKED, charter={})
        ties.follow(theirs)
        audit.record("partner.ask", peer.origin, by=by, charter=charter.ours())
    return peer


def _check_may_ask(peer: Peer) -> None:
    if peer.level == _Level.BLOCKED:
        raise Impossible(_("%(hub)s is blocked: lift the block first.") % {"hub": peer})
    if peer.agreement == _Agreement.ACCEPTED:
        raise Impossible(_("%(hub)s is already your partner.") % {"hub": peer})
    if peer.agreement == _Agreement.ASKED:
        raise Impossible(_("%(hub)s has been asked already and has not answered yet.") % {"hub": peer})


@transaction.atomic
def accept(peer: Peer, *, by: User | None) -> Peer:
    """Say yes to a hub that asked, and follow it in return. Raises: Impossible, PermissionDenied."""
    _check(by)
    peer = ties.lock(peer.origin)
    theirs = _asker(peer)
    ties.answer(theirs, yes=True)
    ties.conclude(peer)
    ties.follow(theirs)
    audit.record("partner.accept", peer.origin, by=by)
    return peer


@transaction.atomic
def refuse(peer: Peer, *, by: User | None, reason: str = "") -> Peer:
    """Say no to a hub that asked. The reason stays here. Raises: Impossible, PermissionDenied."""
    _check(by)
    peer = ties.lock(peer.origin)
    ties.answer(_asker(peer), yes=False)
    ties.untie(peer)
    ties.set_agreement(peer, _Agreement.REFUSED)
    audit.record("partner.refuse", peer.origin, by=by, reason=reason)
    return peer


def _asker(peer: Peer) -> Actor:
    theirs = ties.instance_of(peer)
    if peer.agreement != _Agreement.RECEIVED or theirs is None:
        raise Impossible(_("%(hub)s has no request awaiting your answer.") % {"hub": peer})
    return theirs


@transaction.atomic
def end(peer: Peer, *, by: User | None) -> Peer:
    """Part with a partner, or take a request back. What it shared stays, and says until when it was kept up to date.

    Raises: Impossible, PermissionDenied.
    """
    _check(by)
    peer = ties.lock(peer.origin)
    if peer.agreement not in (_Agreement.ACCEPTED, _Agreement.ASKED):
        raise Impossible(_("%(hub)s is not your partner.") % {"hub": peer})
    ties.part(peer)
    ties.set_agreement(peer, _Agreement.ENDED)
    audit.record("partner.end", peer.origin, by=by)
    return peer


def trust(url: str, *, by: User | None) -> Peer:
    """Record the agreement on this side at once, for a hub that cannot answer, or not yet.

    One that does not answer now is met by the back-fill, as soon as it does. Raises: Impossible, PermissionDenied.
    """
    _check(by)
    origin = meeting.origin(url)
    try:
        doc = meeting.find_instance(origin)
    except meeting.Silent:
        doc = None
    with transaction.atomic():
        peer = ties.lock(origin)
        if peer.level == _Level.BLOCKED:
            raise Impossible(_("%(hub)s is blocked: lift the block first.") % {"hub": peer})
        new = peer.agreement != _Agreement.ACCEPTED
        ties.conclude(peer)
        if doc is not None:
            ties.welcome(peer, ties.meet(peer, doc))
        if new:
            audit.record("partner.trust", peer.origin, by=by)
        if peer.backfill != Peer.Backfill.DONE:
            ties.begin_backfill(peer)
    return peer


@transaction.atomic
def block(url: str, *, by: User | None) -> Peer:
    """Nothing is taken from that server nor sent to it any more, and what it shared is shown no more.

    Raises: Impossible, PermissionDenied.
    """
    _check(by)
    peer = ties.lock(meeting.origin(url))
    ties.cut(peer)
    peer.level = _Level.BLOCKED
    ties.set_agreement(peer, _Agreement.NONE if peer.agreement == _Agreement.NONE else _Agreement.ENDED)
    audit.record("partner.block", peer.origin, by=by)
    return peer


@transaction.atomic
def unblock(url: str, *, by: User | None) -> Peer:
    """It is a stranger again, told at once of what was withdrawn meanwhile. Raises: Impossible, PermissionDenied."""
    _check(by)
    peer = ties.lock(meeting.origin(url))
    if peer.level != _Level.BLOCKED:
        raise Impossible(_("%(hub)s is not blocked.") % {"hub": peer})
    peer.level = _Level.UNKNOWN
    ties.set_agreement(peer, _Agreement.NONE)
    ties.wake(peer)
    audit.record("partner.unblock", peer.origin, by=by)
    return peer


@transaction.atomic
def sync(peer: Peer, *, by: User | None) -> Peer:
    """Read again all that a partner publishes, and send at once what waits for it. Raises: as `end`."""
    _check(by)
    peer = ties.lock(peer.origin)
    if peer.level != _Level.PARTNER:
        raise Impossible(_("%(hub)s is not your partner.") % {"hub": peer})
    ties.begin_backfill(peer, afresh=True)
    ties.wake(peer)
    audit.record("partner.sync", peer.origin, by=by)
    return peer


@transaction.atomic
def verify(peer: Peer, *, by: User | None) -> Peer:
    """Compare both catalogues as soon as the worker can, and mend what differs. Raises: as `end`."""
    _check(by)
    peer = ties.lock(peer.origin)
    if peer.level != _Level.PARTNER:
        raise Impossible(_("%(hub)s is not your partner.") % {"hub": peer})
    converging.soon(peer)
    audit.record("partner.verify", peer.origin, by=by)
    return peer


@transaction.atomic
def send_again(owed: Delivery, *, by: User | None) -> None:
    """What a partner refused, or what was given up: it leaves once more. Raises: PermissionDenied."""
    _check(by)
    delivery.send_again(owed)
    audit.record("partner.send_again", owed.peer.origin, by=by, activity=owed.activity.uri)


def _check(by: User | None) -> None:
    if by is not None and not may_manage(by):
        raise PermissionDenied
