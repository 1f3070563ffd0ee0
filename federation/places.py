"""The places of hubs, group actors in which things are said: ours as partners find them, and those of partners.

A hub lists its open places at an address that its instance actor gives (`rtes:forums`), and tells partners when one
opens or closes. We read that list when a partnership begins and each day, follow each place as the hub itself, and
read what was said in it before: a step is a row that moves, so that a killed worker begins again where it was.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from federation import actors, addresses, announced, fetch, outbox, patience, registry, tasks
from federation.errors import Refused, TryLater
from federation.models import Actor, Follow, Peer, Place
from federation.wire import Malformed, canonical, read, strict_json, urls, write
from federation.wire.shapes import ActorDoc, Collection

DAILY = timedelta(days=1)  #: between two readings of a partner's list
MOST_PLACES = 500  #: of one partner
MOST_PAGES = 25  #: of one place's outbox, newest first: a forum is not read back to its beginning
STEPS = 50  #: of one task; another goes on

logger = logging.getLogger(__name__)


# Ours -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def place_open(uri: str) -> None:
    """List a group actor of ours among our places, and tell every partner. Twice is once. Raises: Refused."""
    _list(uri, listed=True)


@transaction.atomic
def place_closed(uri: str) -> None:
    """Nothing can be said in it from elsewhere any more; what was said stays. Raises: Refused."""
    _list(uri, listed=False)


def _list(uri: str, *, listed: bool) -> None:
    if not Actor.objects.filter(uri=uri, local=True, type="Group").exists():
        raise Refused(f"{uri} is not a place of this hub")
    if not Actor.objects.filter(uri=uri).exclude(listed=listed).update(listed=listed):
        return
    hub = actors.instance()
    say = write.add if listed else write.remove
    document = say(
        outbox.activity_uri(), actor=hub.uri, object=uri, target=actors.url(actors.FORUMS), followers=hub.followers
    )
    outbox.send(hub, document, to_inboxes=outbox.inboxes(hub), object_uri=uri, public=True)


def ours() -> dict[str, Any]:
    """The collection of our places."""
    uris = list(
        Actor.objects.filter(local=True, listed=True, gone_at=None).order_by("pk").values_list("uri", flat=True)
    )
    return write.collection(actors.url(actors.FORUMS), total=len(uris), owner=actors.url(actors.INSTANCE), items=uris)


# A partner's: found, gone -----------------------------------------------------------------------------------------


def welcome(doc: ActorDoc, moderators: list[str], peer: Peer) -> None:
    """A partner has this place: tell the apps, and follow it. In a transaction; again, it is brought up to date."""
    place = actors.keep(doc, peer)
    Actor.objects.filter(pk=place.pk).update(moderators=moderators)
    for speaker in registry.everyone():
        speaker.place_found(actors.author(place))
    Place.objects.get_or_create(actor=place)
    _follow(place)


def _follow(place: Actor) -> None:
    """As the hub itself. What was asked and not answered is asked again, with the same words."""
    hub = actors.instance()
    known = Follow.objects.filter(follower=hub, followed=place).first()
    if known is not None and known.state == Follow.State.ACCEPTED:
        return
    if known is not None and known.state == Follow.State.ASKED:
        document = strict_json.loads(known.document.encode()) | {"id": outbox.activity_uri()}
    else:
        document = write.follow(outbox.activity_uri(), actor=hub.uri, object=place.uri)
    Follow.objects.update_or_create(
        follower=hub,
        followed=place,
        defaults={
            "uri": document["id"],
            "document": canonical.dumps(document).decode(),
            "state": Follow.State.ASKED,
        },
    )
    outbox.send(hub, document, to_inboxes=[place.inbox], object_uri=place.uri)


def part(place: Actor) -> None:
    """The place is there no more, or its hub no partner: tell the apps, and follow it no more."""
    hub = actors.instance()
    known = Follow.objects.filter(follower=hub, followed=place).first()
    if known is not None:
        asked = strict_json.loads(known.document.encode())
        document = write.undo(outbox.activity_uri(), actor=hub.uri, activity=asked)
        outbox.send(hub, document, to_inboxes=[place.inbox], object_uri=place.uri)
        known.delete()
    if Place.objects.filter(actor=place).delete()[0]:
        for speaker in registry.everyone():
            speaker.place_gone(place.uri)


def on_accept(place: Actor) -> None:
    """It lets us follow. What it said before is read now."""
    _answered(place, Follow.State.ACCEPTED)
    tasks.nudge_places()


def on_reject(place: Actor) -> None:
    _answered(place, Follow.State.REFUSED)


def _answered(place: Actor, state: str) -> None:
    if not Follow.objects.filter(follower=actors.instance(), followed=place).update(state=state):
        raise Refused("no Follow of ours awaits that answer")


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
            part(row.actor)
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
    listed = {uri for uri in _uris(_collection(url, peer)) if urls.same_origin(uri, peer.origin)}
    places = []
    for uri in sorted(listed)[:MOST_PLACES]:
        try:
            places.append(look_at(uri, peer))
        except (Refused, Malformed) as error:
            logger.info("%s: the place %s is passed over: %s", peer.origin, uri, error.reason)
    return _Found(listed, places)


def _collection(url: str, peer: Peer) -> Collection:
    if addresses.origin(url) != peer.origin:
        raise Refused("the list lives on another server")
    return read.collection(fetch.get_document(url, signer=actors.instance())[1])


def _uris(found: Collection) -> list[str]:
    return [item if isinstance(item, str) else str(item.get("id", "")) for item in found.items]


def look_at(uri: str, peer: Peer) -> tuple[ActorDoc, list[str]]:
    """A place and who moderates it, as its own server says. Raises: Refused, Malformed, TryLater."""
    if addresses.origin(uri) != peer.origin:
        raise Refused("the place lives on another server")
    final, document = fetch.get_document(uri, signer=actors.instance())
    doc = read.actor(document)
    if final != uri or doc.uri != uri or doc.type != "Group":
        raise Refused("it is no place")
    return doc, _uris(_collection(doc.moderators, peer)) if doc.moderators else []


def _take_list(peer: Peer, found: _Found) -> None:
    here = Peer.objects.filter(pk=peer.pk, level=Peer.Level.PARTNER, places_next_try=peer.places_next_try)
    if not here.update(places_next_try=timezone.now() + DAILY, places_tries=0):
        return
    for doc, moderators in found.places:
        welcome(doc, moderators, peer)
    for row in Place.objects.filter(actor__peer=peer).exclude(actor__uri__in=found.listed).select_related("actor"):
        part(row.actor)


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
        gathered = [announced.gather_item(place.actor, item) for item in reversed(page.items)]
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
