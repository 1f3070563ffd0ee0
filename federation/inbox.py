"""The door: what may come in, asked in order, the cheapest first. Each question raises `Refused(reason, status)`.

Nothing is stored before the last one, and what is stored is the raw body, once: its effect is the business of
federation.verbs. The only thing fetched is the document of the actor who claims to speak, on a server let in already.
Sources: security.md §0, §1.A to §1.C; federation.md §1.D and §1.E.
"""

from collections.abc import Callable

from django.conf import settings
from django.utils import timezone

from federation import actors, addresses, budget, keyring, relevance, storing, welcome
from federation.errors import Refused, TryLater
from federation.knock import Knock
from federation.models import Peer
from federation.partners.answers import MAX_REQUESTS
from federation.wire import BadSignature, Malformed, names, read, signatures, strict_json

MAX_BYTES = 1024 * 1024  #: of a body
COME_BACK = 60  #: seconds, in the Retry-After of a 503
_FOLLOWING = frozenset({"Follow", "Undo"})


class NothingToDo(Exception):
    """It is answered 202 and forgotten."""


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
    knock.known = actors.find(knock.activity.actor)
    knock.peer = peer = _peer(knock)
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


def _peer(knock: Knock) -> Peer | None:
    """Read with the actor when it is known: one question to the database."""
    if knock.known is not None and knock.known.peer is not None and knock.known.peer.origin == knock.origin:
        return knock.known.peer
    return Peer.objects.filter(origin=knock.origin).first()


def is_signed(knock: Knock) -> None:
    """Well formed, covering what it must, within the time window, by a key that is named on the actor's server."""
    window = storing.WINDOW[settings.RTES.federation]
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
    if storing.waiting() > storing.MAX_WAITING:
        raise TryLater("this hub has too much to do", COME_BACK)


def is_genuine(knock: Knock) -> None:
    """Signed by a key that the actor's own document lists; that one is asked for again when ours is old or fails."""
    uri, claim = knock.activity.actor, knock.claimed
    known = knock.known
    proven = known is not None and actors.signed_by(actors.keys_of(known), claim)
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
    if not actors.signed_by(doc.keys, claim):
        raise Refused("signature: not made by a key of the actor", 401)
    knock.sender_doc = doc


def _is_partner(knock: Knock) -> bool:
    return knock.peer is not None and knock.peer.level == Peer.Level.PARTNER


def is_from_us(knock: Knock) -> None:
    """Signed by the hub itself, for its test of itself. Raises: Refused."""
    hub = actors.instance()
    knock.origin = addresses.origin(hub.uri)
    is_small(knock)
    is_signed(knock)
    if not actors.signed_by(keyring.public_keys(hub), knock.claimed):
        raise Refused("signature: not made by this hub", 401)


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
    storing.store(knock)
