"""Reports between hubs: a Flag says to the server of a thing that it should not stand, and is answered by what was
decided, with the reasons.

It has no profile of its own (SWICG trust and safety). Seen: Mastodon's names an actor and its posts, the reason in
`content`, said by the server itself; Lemmy's and Mbin's names one thing, the reason in `summary`, said by a person, to
the place. Both are read, and each is spoken to as it understands; who reported never leaves this hub (security.md H9).
"""

from federation import actors, outbox, registry
from federation.errors import Refused
from federation.models import Activity, Actor, Incoming, Peer, StoredObject
from federation.said import Said
from federation.wire import read, write

MAX_THINGS = 20  #: of one report; further ones are left out
MAX_REASON = 5000  #: characters: what Mastodon takes


def receive(said: Said) -> None:
    """Hand each thing of ours, and what was said in a place of ours, to its app. Raises: Refused when there is none."""
    told = 0
    reason = read.reason(said.activity)
    for uri in read.references(said.activity.get("object"))[:MAX_THINGS]:
        stored = StoredObject.objects.filter(uri=uri, removed_at=None).first()
        if stored is None or not _is_ours_to_judge(stored):
            continue
        if speaker := registry.for_kind(stored.kind):
            speaker.reported(uri, flag=said.head.id, reason=reason, by=actors.author(said.actor))
            told += 1
    if not told:
        raise Refused("nothing of this hub is reported by it", 404)


def _is_ours_to_judge(stored: StoredObject) -> bool:
    return stored.local or Actor.objects.filter(uri=stored.place, local=True, type="Group").exists()


def answer(flag: str, *, upheld: bool, reason: str) -> None:
    """Tell the server of who reported what was decided. Partners only: others understand no answer."""
    came = Incoming.objects.select_related("peer").filter(uri=flag, type="Flag").first()
    reporter = actors.find(came.actor_uri) if came else None
    if came is None or reporter is None or came.peer.level != Peer.Level.PARTNER:
        return
    us = actors.moderation()
    said = write.answer_to_flag(
        outbox.activity_uri(), actor=us.uri, flag=flag, to=reporter.uri, accepted=upheld, reason=reason
    )
    outbox.send(us, said, to_inboxes=[reporter.inbox], object_uri=flag)


def report(uri: str, *, reason: str) -> str:
    """Report a thing of another server to that server, in its own dialect. Gives the id of the Flag; "" when nobody
    there is to be told."""
    stored = StoredObject.objects.select_related("actor").filter(uri=uri, local=False, removed_at=None).first()
    if stored is None:
        return ""
    place = Actor.objects.filter(uri=stored.place, local=False, gone_at=None).first() if stored.place else None
    id_ = outbox.activity_uri()
    if place is not None:  # Lemmy takes no report of an Application, and one thing at a time
        us, heard = actors.moderation(), place
        flag = write.flag(id_, actor=us.uri, things=[uri], to=place.uri, reason=reason[:MAX_REASON], place=place.uri)
    else:
        us, heard = actors.instance(), stored.actor
        things = [stored.actor.uri, uri]
        flag = write.flag(id_, actor=us.uri, things=things, to=heard.uri, reason=reason[:MAX_REASON])
    sent = outbox.send(us, flag, to_inboxes=[heard.shared_inbox or heard.inbox], object_uri=uri)
    return id_ if sent is not None else ""


def is_ours(uri: str) -> bool:
    return bool(uri) and Activity.objects.filter(uri=uri, type="Flag").exists()


def on_answer(said: Said) -> None:
    """What the other server decided on what we reported. Raises: Refused when it is not that server's to say."""
    flag = Activity.objects.get(uri=said.head.object_id, type="Flag")
    stored = StoredObject.objects.select_related("actor").filter(uri=flag.object_uri).first()
    if stored is None or not _may_answer(stored, said.actor):
        raise Refused("the report was not addressed to that server")
    if speaker := registry.for_kind(stored.kind):
        accepted = said.head.type == "Accept"
        speaker.report_answered(flag.uri, upheld=accepted, reason=read.reason(said.activity))


def _may_answer(stored: StoredObject, actor: Actor) -> bool:
    place = Actor.objects.filter(uri=stored.place).first() if stored.place else None
    return actor.peer_id is not None and actor.peer_id in (stored.actor.peer_id, place.peer_id if place else None)
