"""What administrators do about the exchange: pause, resume, try now, send or take in again. Each leaves its line."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from federation import delivery, patience, tasks
from federation.models import Delivery, Incoming, Peer, Watched
from rtes_hub.accounts import rules
from rtes_hub.accounts.models import User
from rtes_hub.audit import actions as audit


def may_see(user: User) -> bool:
    return user.is_coordinator


def _check(by: User | None) -> None:
    if by is not None and not rules.may_administer(by):
        raise PermissionDenied


@transaction.atomic
def pause(peer: Peer, *, by: User | None) -> int:
    """Send it nothing until `resume`. What it says is still heard. How many wait."""
    _check(by)
    Watched.objects.update_or_create(peer=peer, defaults={"paused_at": timezone.now()})
    audit.record("partner.pause", peer.origin, by=by)
    return Delivery.objects.filter(peer=peer, state=Delivery.State.WAITING).count()


@transaction.atomic
def resume(peer: Peer, *, by: User | None) -> int:
    """What waited leaves, with at least half its fourteen days before it. How many wait."""
    _check(by)
    watched = Watched.objects.filter(peer=peer).exclude(paused_at=None).first()
    waiting = Delivery.objects.filter(peer=peer, state=Delivery.State.WAITING)
    if watched is not None:
        since, now = watched.paused_at, timezone.now()
        waiting.filter(created_at__lt=now - patience.LIFE / 2).update(created_at=now - patience.LIFE / 2)
        Watched.objects.filter(pk=watched.pk).update(paused_at=None)
        audit.record("partner.resume", peer.origin, by=by, since=since.isoformat() if since else "")
    delivery.wake(peer)
    return waiting.count()


@transaction.atomic
def try_now(peer: Peer, *, by: User | None) -> int:
    """What waits leaves now, or at the date that the server asked for. How many wait."""
    _check(by)
    audit.record("partner.retry", peer.origin, by=by)
    delivery.wake(peer)
    return Delivery.objects.filter(peer=peer, state=Delivery.State.WAITING).count()


@transaction.atomic
def send_all_again(peer: Peer, *, by: User | None) -> int:
    """Everything refused or given up, in its order, with fourteen days before it. How many."""
    _check(by)
    now = timezone.now()
    kept = Delivery.objects.filter(peer=peer, state__in=[Delivery.State.PARKED, Delivery.State.EXPIRED])
    number = kept.update(state=Delivery.State.WAITING, tries=0, next_try=now, created_at=now, done_at=None)
    if number:
        audit.record("partner.send_all_again", peer.origin, by=by, number=number)
        delivery.wake(peer)
    return number


@transaction.atomic
def take_in_again(peer: Peer, *, by: User | None) -> int:
    """What it sent and we could not take in, for another day. Only what still has its body. How many."""
    _check(by)
    now = timezone.now()
    stuck = Incoming.objects.filter(peer=peer, state=Incoming.State.PARKED).exclude(body=b"")
    number = stuck.update(state=Incoming.State.WAITING, tries=0, next_try=now, received_at=now, done_at=None)
    if number:
        audit.record("partner.take_in_again", peer.origin, by=by, number=number)
        tasks.nudge_inbox()
    return number
