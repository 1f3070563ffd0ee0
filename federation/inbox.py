"""The door: what may come in, asked in order, the cheapest first. Each question raises `Refused(reason, status)`.

Nothing is stored before the last one, and what is stored is the raw body, once: its effect is the business of
federation.verbs. The only thing fetched is the document of the actor who claims to speak, on a server let in already.
Sources: security.md §0, §1.A to §1.C; federation.md §1.D and §1.E.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from federation import actors, addresses, budget, delivery, relevance, tasks, welcome
from federation.errors import Refused, TryLater
from federation.models import Actor, Incoming, Peer, SeenSignature
from federation.partners.answers import MAX_REQUESTS
from federation.wire import BadSignature, Malformed, names, read, signatures, strict_json
from federation.wire import keys as wire_keys
from federation.wire.shapes import ActorDoc, Head, Key
from federation.wire.signatures import Claim

MAX_BYTES = 1024 * 1024  #: of a body
MAX_WAITING = 10_000  #: activities stored and not processed yet; beyond, senders are told to come back
COME_BACK = 60  #: seconds, in the Retry-After of a 503
#: Seconds that a signature may be from our clock, either way (docs/decisions/0006-time-window-and-replay.md).
WINDOW = {"allowlist": 5 * 60, "open": 60 * 60, "off": 5 * 60}

#: Spoken of one relation, which is the sender's own: done in the order of their coming.
_OF_A_FOLLOW = frozenset({"Accept", "Reject", "Undo", "Follow"})
_FOLLOWING = frozenset({"Follow", "Undo"})
_ASKING = frozenset({"Join", "Leave", "Offer"})


class NothingToDo(Exception):
    """It is answered 202 and forgotten."""


@dataclass
class Knock:
    """One POST to an inbox, and what the questions learn of it on the way."""

    url: str  #: the inbox, as the sender wrote it: our public address, path and query not decoded
    content_type: str
    headers: Iterable[tuple[str, str]]
    body: bytes
    document: dict[str, Any] | None = None
    head: Head | None = None
    origin: str = ""  #: of the sender, authenticated once is_genuine has answered
    peer: Peer | None = None
    claim: Claim | None = None
    sender: Actor | None = None  #: when known and proven
    sender_doc: ActorDoc | None = None  #: when fetched and proven: to be kept

    @property
    def activity(self) -> Head:
        if self.head is None:
            raise AssertionError("asked before is_an_activity")
        return self.head

    @property
    def claimed(self) -> Claim:
        if self.claim is None:
            raise AssertionError("asked before is_signed")
        return self.claim


def is_small(knock: Knock) -> None:
    """Of the bytes read, whatever Content-Length said."""
    if len(knock.body) > MAX_BYTES:
        raise Refused(f"the body is larger than {MAX_BYTES} bytes", 413)


def is_json(knock: Knock) -> None:
    if not names.is_activity_type(knock.content_type):
        raise Refused(f"the body must be {names.ACTIVITY_JSON}", 415)
    try:
        knock.document = strict_json.loads(knock.body)
    except Malformed as error:
        raise Refused(error.reason, 400) from error


def is_an_activity(knock: Knock) -> None:
    try:
        knock.head = read.activity(knock.document or {})
    except Malformed as error:
        raise Refused(error.reason, 400) from error


def is_theirs_to_name(knock: Knock) -> None:
    """Actor and activity live on one and the same server, which is not ours. Spec: FEP-fe34."""
    knock.origin = addresses.origin(knock.activity.actor)
    if addresses.origin(knock.activity.id) != knock.origin:
        raise Refused("the activity is named on another server than its actor", 403)
    if addresses.is_ours(knock.activity.actor):
        raise Refused("the actor is one of ours, and does not speak through this door", 403)


def is_news(knock: Knock) -> None:
    """The deletion of an actor of whom we never heard: servers say it to everyone, and its key is gone with it."""
    head = knock.activity
    if head.type == "Delete" and head.object_id == head.actor and actors.find(head.actor) is None:
        raise NothingToDo


def is_welcome(knock: Knock) -> None:
    mode = settings.RTES.federation
    if mode == "off":
        raise Refused("this hub does not federate", 403)
    knock.peer = peer = Peer.objects.filter(origin=knock.origin).first()
    level = peer.level if peer else Peer.Level.UNKNOWN
    if level == Peer.Level.BLOCKED:
        raise Refused("your server is blocked here", 403)
    if level == Peer.Level.PARTNER or (peer and welcome.may_say(peer, knock.activity)):
        return
    if welcome.asks_partnership(knock.activity):
        if peer is None and Peer.objects.filter(agreement=Peer.Agreement.RECEIVED).count() >= MAX_REQUESTS:
            raise TryLater("too many requests for partnership await an answer", COME_BACK)
        return
    if mode == "open" and (
        knock.activity.type in _FOLLOWING
        or welcome.is_followed(knock.activity.actor)
        or relevance.concerns_us(knock.activity)
    ):
        return
    raise Refused("your server is not a partner of this hub; its instance actor may ask, by following ours", 403)


def is_signed(knock: Knock) -> None:
    """Well formed, covering what it must, within the time window, by a key that is named on the actor's server."""
    window = WINDOW[settings.RTES.federation]
    try:
        knock.claim = signatures.parse(
            "POST", knock.url, knock.headers, knock.body, now=timezone.now(), past=window, future=window
        )
    except BadSignature as error:
        raise Refused(error.reason, error.status) from error
    if addresses.origin(knock.claim.key_id) != knock.origin:
        raise Refused("the key belongs to another server than the actor", 403)


def is_bearable(_knock: Knock) -> None:
    """Nothing is promised that cannot be kept."""
    if Incoming.objects.filter(state=Incoming.State.WAITING)[: MAX_WAITING + 1].count() > MAX_WAITING:
        raise TryLater("this hub has too much to do", COME_BACK)


def is_genuine(knock: Knock) -> None:
    """Signed by a key that the actor's own document lists; that one is asked for again when ours is old or fails."""
    uri, claim = knock.activity.actor, knock.claimed
    known = actors.find(uri)
    proven = known is not None and _signed_by(actors.keys_of(known), claim)
    is_goodbye = knock.activity.type == "Delete" and knock.activity.object_id == uri
    if known is not None and proven and (is_goodbye or not actors.is_stale(known)):
        knock.sender = known
        return
    try:
        if not (_is_partner(knock) or actors.is_remembered(uri)):
            budget.spend(knock.origin)
        doc = actors.fetch_document(uri)
    except TryLater:
        if known is None or not proven:
            raise
        knock.sender = known  # it cannot be asked: what we know of it still proves who signed
        return
    except Refused as error:
        raise Refused(f"the actor cannot be identified: {error.reason}", 401) from error
    if not _signed_by(doc.keys, claim):
        raise Refused("signature: not made by a key of the actor", 401)
    knock.sender_doc = doc


def _is_partner(knock: Knock) -> bool:
    return knock.peer is not None and knock.peer.level == Peer.Level.PARTNER


def _signed_by(keys: Iterable[Key], claim: Claim) -> bool:
    for key in keys:
        if key.id == claim.key_id:
            try:
                signatures.verify(claim, wire_keys.load_public(key.public))
            except (BadSignature, Malformed):
                continue
            return True
    return False


QUESTIONS: tuple[Callable[[Knock], None], ...] = (
    is_small,
    is_json,
    is_an_activity,
    is_theirs_to_name,
    is_news,
    is_welcome,
    is_signed,
    is_bearable,
    is_genuine,
)


def receive(knock: Knock) -> None:
    """Ask everything, then store the activity once. When it returns, it may be answered 202.

    Raises: Refused, nothing was stored; TryLater, to be answered with its status, 503 or 429.
    """
    try:
        for question in QUESTIONS:
            question(knock)
    except NothingToDo:
        return
    with transaction.atomic():
        _store(knock)


def _store(knock: Knock) -> None:
    """The very same signature twice is a replay; the same activity newly signed is a sender who missed our answer."""
    now, head = timezone.now(), knock.activity
    digest = hashlib.sha256(knock.claimed.signature).hexdigest()
    until = now + timedelta(seconds=2 * WINDOW[settings.RTES.federation])
    _, is_first = SeenSignature.objects.get_or_create(digest=digest, defaults={"until": until})
    if not is_first:
        raise Refused("signature: replayed", 401)
    peer = knock.peer or Peer.objects.get_or_create(origin=knock.origin)[0]
    if knock.sender_doc is not None:
        actors.keep(knock.sender_doc, peer)
    elif knock.sender is not None and knock.sender.gone_at is not None:
        Actor.objects.filter(pk=knock.sender.pk).update(gone_at=None)  # it speaks: it is back
    incoming, is_new = Incoming.objects.get_or_create(
        peer=peer,
        uri=head.id,
        defaults={
            "actor_uri": head.actor,
            "type": head.type[:60],
            "lane": _lane(head),
            "body": knock.body,
        },
    )
    if not is_new and head.type in _ASKING and incoming.state != Incoming.State.WAITING:
        # Said again because no answer came: it has no second effect, and gets its answer again.
        Incoming.objects.filter(pk=incoming.pk).update(
            state=Incoming.State.WAITING, body=knock.body, tries=0, next_try=now, received_at=now
        )
    Peer.objects.filter(pk=peer.pk).update(last_in_at=now)
    if peer.open_until is not None:
        delivery.hear(peer)
    tasks.nudge_inbox()


def _lane(head: Head) -> str:
    """What is spoken of; of what a place hands on, the thing within. What is asked waits for nothing: apps order it."""
    if head.type in _OF_A_FOLLOW:
        return head.actor
    if head.type in _ASKING:
        return head.id
    if head.type != "Announce" or head.object is None:
        return head.object_id
    try:
        return read.activity(head.object).object_id or head.object_id
    except Malformed:
        return head.object_id


def forget_signatures() -> None:
    """Those whose window is over: the clock refuses them from now on."""
    SeenSignature.objects.filter(until__lt=timezone.now()).delete()
