"""Visits to partners' places: their list, each day; and what was said in a place before we followed it.

A step is a row that moves, so that a killed worker begins again where it was.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from federation import actors, addresses, announced, fetch, patience, places, tasks
from federation.errors import Refused, TryLater
from federation.models import Follow, Peer, Place
from federation.wire import Malformed, read, urls
from federation.wire.shapes import ActorDoc, Collection

DAILY = timedelta(days=1)  #: between two readings of a partner's list
MOST_PLACES = 500  #: of one partner
MOST_PAGES = 25  #: of one place's outbox, newest first: a forum is not read back to its beginning
STUBBORN = 5  #: attempts, after which what cannot be fetched is passed over
STEPS = 50  #: of one task; another goes on

logger = logging.getLogger(__name__)


# The list of a partner, each day ----------------------------------------------------------------------------------


def due_lists() -> QuerySet[Peer]:
    now = timezone.now()
    return Peer.objects.filter(Q(places_next_try=None) | Q(places_next_try__lte=now), level=Peer.Level.PARTNER).exclude(
        actor_uri=""
    )


def forgotten() -> QuerySet[Place]:
    """Places of hubs that are our partners no more."""
    return Place.objects.exclude(actor__peer__level=Peer.Level.PARTNER)


@tasks.does("places")
def turn() -> None:
    """Everything about places that is due. Safe to run twice at once."""
    for row in forgotten().select_related("actor"):
        with transaction.atomic():
            places.part(row.actor)
            Peer.objects.filter(actors=row.actor).update(places_next_try=None)
    for peer in due_lists():
        read_list(peer)
    for _ in range(STEPS):
        place = due_places().first()
        if place is None:
            return
        step(place)
    tasks.nudge_places()


def read_list(peer: Peer) -> None:
    """What places a partner has now. Speaks to the network, then writes."""
    try:
        found = _read_list(peer)
    except (Refused, Malformed) as error:
        _postpone_list(peer, error.reason, None)
    except TryLater as error:
        _postpone_list(peer, error.reason, error.after)
    else:
        with transaction.atomic():
            _take_list(peer, found)


@dataclass(frozen=True)
class _Found:
    listed: set[str]
    places: list[tuple[ActorDoc, list[str]]]  #: what could be read of each, and who moderates it


def _read_list(peer: Peer) -> _Found:
    doc = read.actor(fetch.get_document(peer.actor_uri, signer=actors.instance())[1])
    url = doc.facts.get("forums")
    if not isinstance(url, str) or not url:
        return _Found(set(), [])
    listed = {uri for uri in places.uris(places.collection(url, peer)) if urls.same_origin(uri, peer.origin)}
    looked_at = []
    for uri in sorted(listed)[:MOST_PLACES]:
        try:
            looked_at.append(places.look_at(uri, peer))
        except (Refused, Malformed) as error:
            logger.info("%s: the place %s is passed over: %s", peer.origin, uri, error.reason)
    return _Found(listed, looked_at)


def _take_list(peer: Peer, found: _Found) -> None:
    here = Peer.objects.filter(pk=peer.pk, level=Peer.Level.PARTNER, places_next_try=peer.places_next_try)
    if not here.update(places_next_try=timezone.now() + DAILY, places_tries=0):
        return
    for doc, moderators in found.places:
        places.welcome(doc, moderators, peer)
    for row in Place.objects.filter(actor__peer=peer).exclude(actor__uri__in=found.listed).select_related("actor"):
        places.part(row.actor)


def _postpone_list(peer: Peer, reason: str, after: float | None) -> None:
    tries = peer.places_tries + 1
    pause = patience.wait(tries) if after is None else min(timedelta(seconds=after), patience.LONGEST_WAIT)
    Peer.objects.filter(pk=peer.pk).update(
        places_tries=tries, places_next_try=timezone.now() + pause, last_error=reason[:500]
    )


# What was said in it before ---------------------------------------------------------------------------------------


def due_places() -> QuerySet[Place]:
    """To be read on, once the place lets us follow."""
    accepted = Follow.objects.filter(follower__local=True, state=Follow.State.ACCEPTED).values("followed")
    return Place.objects.filter(
        backfill=Peer.Backfill.RUNNING,
        next_try__lte=timezone.now(),
        actor__in=accepted,
        actor__peer__level=Peer.Level.PARTNER,
    ).select_related("actor__peer")


def step(place: Place) -> None:
    """Read one page of its outbox and take in what it holds."""
    try:
        page = _page(place)
        gathered = [_gather(place, item) for item in reversed(page.items)]
    except (Refused, Malformed) as error:
        _postpone(place, error.reason, None)
    except TryLater as error:
        _postpone(place, error.reason, error.after)
    else:
        with transaction.atomic():
            _take_page(place, page, [one for one in gathered if one is not None])


def _page(place: Place) -> Collection:
    url = place.cursor or place.actor.outbox
    if addresses.origin(url) != addresses.origin(place.actor.uri):
        raise Refused("its outbox lives on another server")
    document = fetch.get_document(url, signer=actors.instance())[1]
    found = read.collection(document)
    following = found.first if not place.cursor and found.first else found.next
    items = () if following and following == found.first else found.items
    if following in ("", url) or place.pages + 1 >= MOST_PAGES or not urls.same_origin(following, url):
        following = ""
    shown = tuple(item if isinstance(item, str) else {"@context": document.get("@context"), **item} for item in items)
    return Collection(uri=found.uri, next=following, items=shown)


def _gather(place: Place, item: str | Mapping[str, Any]) -> announced.Shown | None:
    """One server that is down does not keep the rest from being read."""
    try:
        return announced.gather_item(place.actor, item)
    except TryLater:
        if place.tries < STUBBORN:
            raise
        return None


def _take_page(place: Place, page: Collection, gathered: list[announced.Shown]) -> None:
    here = Place.objects.filter(pk=place.pk, cursor=place.cursor, pages=place.pages, backfill=Peer.Backfill.RUNNING)
    moved = here.update(
        cursor=page.next,
        pages=F("pages") + 1,
        tries=0,
        backfill=Peer.Backfill.RUNNING if page.next else Peer.Backfill.DONE,
    )
    if not moved:
        return
    for shown in gathered:
        try:
            with transaction.atomic():
                announced.take(shown, place=place.actor)
        except Refused as error:
            logger.info("%s: passed over: %s", place.actor.uri, error.reason)


def _postpone(place: Place, reason: str, after: float | None) -> None:
    tries = place.tries + 1
    pause = patience.wait(tries) if after is None else min(timedelta(seconds=after), patience.LONGEST_WAIT)
    logger.info("%s: its outbox is read later: %s", place.actor.uri, reason)
    Place.objects.filter(pk=place.pk).update(tries=tries, next_try=timezone.now() + pause)
