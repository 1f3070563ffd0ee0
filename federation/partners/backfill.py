"""Reading all that a new partner published before we knew it: its instance's outbox, page by page, newest first.

A page and the address of the next are one transaction, so that a killed worker begins again at the page it was on.
What a page holds is taken in as if it had been sent, by the same function. Spec: federation.md §1.L.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from federation import actors, addresses, fetch, patience, received, tasks
from federation.errors import Refused, TryLater
from federation.models import Actor, Peer
from federation.partners import catchup, converging, meeting, ties
from federation.wire import Malformed, read
from federation.wire.shapes import ActorDoc

PAGES = 20  #: of one task; another goes on
MOST = 200_000  #: things read of one partner: a list without end is not a catalogue
MOST_PAGES = 10_000  #: pages read of one partner, be they empty: they may lead to each other for ever
STUBBORN = 5  #: attempts, after which what cannot be fetched is passed over

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class _Thing:
    """A published object and its author, as its own server describes it."""

    document: Mapping[str, Any]
    author: Actor | ActorDoc


@dataclass(frozen=True, kw_only=True)
class _Page:
    total: int | None
    next: str  #: URL, empty after the last page
    things: list[_Thing]


def due() -> QuerySet[Peer]:
    return Peer.objects.filter(
        backfill=Peer.Backfill.RUNNING, level=Peer.Level.PARTNER, backfill_next_try__lte=timezone.now()
    )


@tasks.does("backfill")
def run(peer_pk: int) -> None:
    """Go on reading that partner, page after page. Safe to run twice at once: one of the two keeps the page."""
    for _ in range(PAGES):
        if not step(peer_pk):
            return
    tasks.nudge_backfill(peer_pk)


def step(peer_pk: int) -> bool:
    """Read one page and take in what it holds. True when another may be read now."""
    peer = due().filter(pk=peer_pk).first()
    if peer is None:
        return False
    page: _Page | catchup.Page
    try:
        theirs = ties.instance_of(peer) or _meet(peer)
        page = catchup.fetch(peer, theirs) if catchup.offers(theirs) else _fetch(peer, theirs)
    except (Refused, Malformed) as error:
        # It may only be that they have not accepted us yet: ask again, with patience.
        _postpone(peer, error.reason, None)
    except TryLater as error:
        _postpone(peer, error.reason, error.after)
    except meeting.Impossible as error:
        _postpone(peer, str(error), None)
    else:
        return _take_in(peer, page) if isinstance(page, _Page) else _catch_up(peer, page)
    return False


def _catch_up(peer: Peer, page: catchup.Page) -> bool:
    """A hub like ours says what changed, with what was withdrawn; at the end both are compared."""
    going_on = catchup.take_first(peer, page)
    if not page.left:
        converging.soon(peer)
    return going_on


def _postpone(peer: Peer, reason: str, after: float | None) -> None:
    tries = peer.backfill_tries + 1
    pause = patience.wait(tries) if after is None else min(timedelta(seconds=after), patience.LONGEST_WAIT)
    Peer.objects.filter(pk=peer.pk).update(
        backfill_tries=tries, backfill_next_try=timezone.now() + pause, last_error=reason[:500]
    )


# Reading: no transaction is open ----------------------------------------------------------------------------------


def _fetch(peer: Peer, theirs: Actor) -> _Page:
    url = peer.backfill_cursor or theirs.outbox
    _check_theirs(url, peer)
    _, document = fetch.get_document(url, signer=actors.instance())
    found = read.collection(document)
    following = found.next
    if not peer.backfill_cursor and not found.items:
        following = following or found.first
    if following:
        _check_theirs(following, peer)
    if following == url or peer.backfill_count > MOST or peer.backfill_pages + 1 >= MOST_PAGES:
        following = ""
    authors: dict[str, Actor | ActorDoc] = {}
    gathered = [_gather(item, document.get("@context"), peer, authors) for item in found.items]
    return _Page(total=found.total, next=following, things=[thing for thing in gathered if thing is not None])


def _check_theirs(url: str, peer: Peer) -> None:
    if addresses.origin(url) != peer.origin:
        raise Refused("the list of what it publishes lives on another server")


def _meet(peer: Peer) -> Actor:
    """A partner by trust that did not answer then: it is met now."""
    doc = meeting.find_instance(peer.origin)
    with transaction.atomic():
        locked = ties.lock(peer.origin)
        theirs = ties.meet(locked, doc)
        ties.welcome(locked, theirs)
    return theirs


def _gather(
    item: str | Mapping[str, Any], context: Any, peer: Peer, authors: dict[str, Actor | ActorDoc]
) -> _Thing | None:
    """The object of a Create and its author, or nothing: other activities tell no thing."""
    try:
        return _read_item(item, context, peer, authors)
    except (Refused, Malformed) as error:
        logger.info("%s: passed over: %s", peer.origin, error.reason)
    except TryLater as error:
        if peer.backfill_tries < STUBBORN:
            raise
        logger.warning("%s: passed over after %s attempts: %s", peer.origin, peer.backfill_tries, error.reason)
    return None


def _read_item(
    item: str | Mapping[str, Any], context: Any, peer: Peer, authors: dict[str, Actor | ActorDoc]
) -> _Thing | None:
    activity = _at_home(item, peer) if isinstance(item, str) else {"@context": context, **item}
    head = read.activity(activity)
    if head.type != "Create":
        return None
    _check_theirs(head.actor, peer)
    thing = _at_home(head.object_id, peer) if head.object is None else {"@context": activity["@context"], **head.object}
    if head.actor not in authors:
        authors[head.actor] = _author(head.actor)
    return _Thing(document=thing, author=authors[head.actor])


def _at_home(uri: str, peer: Peer) -> dict[str, Any]:
    _check_theirs(uri, peer)
    return fetch.get_document(uri, signer=actors.instance())[1]


def _author(uri: str) -> Actor | ActorDoc:
    known = actors.find(uri)
    if known is not None:
        return known
    final, document = fetch.get_document(uri, signer=actors.instance())
    if final != uri:
        raise Refused("the author lives at another address than its id")
    return read.actor(document)


# Taking in: one transaction a page --------------------------------------------------------------------------------


@transaction.atomic
def _take_in(peer: Peer, page: _Page) -> bool:
    """False when that was the last page, or when somebody else took it meanwhile."""
    here = Peer.objects.filter(
        pk=peer.pk,
        level=Peer.Level.PARTNER,
        backfill=Peer.Backfill.RUNNING,
        backfill_cursor=peer.backfill_cursor,
        backfill_pages=peer.backfill_pages,
    )
    moved = here.update(
        backfill=Peer.Backfill.RUNNING if page.next else Peer.Backfill.DONE,
        backfill_cursor=page.next,
        backfill_count=F("backfill_count") + len(page.things),
        backfill_pages=F("backfill_pages") + 1,
        backfill_total=peer.backfill_total if page.total is None else page.total,
        backfill_tries=0,
        backfill_next_try=timezone.now(),
        last_error="",
    )
    if not moved:
        return False
    kept: dict[str, Actor] = {}
    for thing in page.things:
        _take(thing, peer, kept)
    return bool(page.next)


def _take(thing: _Thing, peer: Peer, kept: dict[str, Actor]) -> None:
    """What cannot be taken is logged and passed over. One already known, in that version or a later, stays as it is."""
    try:
        author = _kept(thing.author, peer, kept)
        with transaction.atomic():
            received.take(thing.document, actor=author)
    except Refused as error:
        logger.info("%s: %s passed over: %s", peer.origin, thing.document.get("id"), error.reason)
    except Exception:
        logger.exception("%s: %s could not be taken in", peer.origin, thing.document.get("id"))


def _kept(author: Actor | ActorDoc, peer: Peer, kept: dict[str, Actor]) -> Actor:
    """The author's row, written once a page and apart from what they wrote, which may yet be passed over."""
    if isinstance(author, Actor):
        return author
    if author.uri not in kept:
        with transaction.atomic():
            kept[author.uri] = actors.keep(author, peer)
    return kept[author.uri]
