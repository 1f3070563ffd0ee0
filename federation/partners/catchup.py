"""Reading what changed at a partner since we last read: `rtes:changes`, page by page, from the cursor that we keep.

A page has its effect and moves the cursor in one transaction: a killed worker begins again at the page it was on.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from federation.errors import Refused
from federation.models import Actor, Convergence, Peer
from federation.partners import remote, taking
from federation.partners.taking import Authors, Item


@dataclass(frozen=True, kw_only=True)
class Page:
    before: str  #: the cursor that it was read at
    cursor: str  #: after it
    left: int  #: changes still to read
    items: list[Item]
    authors: Authors


def offers(theirs: Actor) -> bool:
    return bool(remote.address(theirs, "changes"))


def fetch(peer: Peer, theirs: Actor) -> Page:
    """Speaks to the network. Raises: Refused, Malformed, TryLater."""
    before = Convergence.objects.get_or_create(peer=peer)[0].cursor
    page = remote.page(before or f"{remote.address(theirs, 'changes')}?after=0", theirs)
    cursor, left = page.get("rtes:cursor"), page.get("rtes:remaining")
    if not isinstance(cursor, str) or not isinstance(left, int) or left < 0:
        raise Refused("a page of its changes has no cursor")
    items = taking.items(page, peer)
    if left and not items:
        raise Refused("a page of its changes leads nowhere")
    return Page(before=before, cursor=cursor, left=left, items=items, authors=remote.authors(items, peer))


@transaction.atomic
def take_in(peer: Peer, page: Page) -> bool:
    """False when somebody else took it meanwhile, or when it is a partner no more."""
    here = Convergence.objects.filter(peer=peer, peer__level=Peer.Level.PARTNER, cursor=page.before)
    if not here.update(cursor=page.cursor):
        return False
    taking.take(page.items, page.authors, peer)
    return True


@transaction.atomic
def take_first(peer: Peer, page: Page) -> bool:
    """The same while all that it ever published is read for the first time: progress is told. True: go on."""
    running = Peer.objects.filter(pk=peer.pk, backfill=Peer.Backfill.RUNNING)
    if not take_in(peer, page):
        return False
    running.update(
        backfill=Peer.Backfill.RUNNING if page.left else Peer.Backfill.DONE,
        backfill_count=F("backfill_count") + len(page.items),
        backfill_total=F("backfill_count") + len(page.items) + page.left,
        backfill_pages=F("backfill_pages") + 1,
        backfill_tries=0,
        backfill_next_try=timezone.now(),
        last_error="",
    )
    return bool(page.left)


def read_all(peer: Peer, theirs: Actor) -> int:
    """What changed since the last time, to its end. How many things it was."""
    count = 0
    while True:
        page = fetch(peer, theirs)
        count += len(page.items)
        if not take_in(peer, page) or not page.left:
            return count
