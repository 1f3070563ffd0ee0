"""Partnership in words for people: where we stand, what is wrong, what to do about it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from federation import patience
from federation.models import Activity, Actor, Peer
from federation.patience import Verdict

_Agreement = Peer.Agreement

STATES: dict[str, Promise] = {
    _Agreement.NONE: _("No agreement."),
    _Agreement.ASKED: _("You asked. Their answer is awaited."),
    _Agreement.RECEIVED: _("They ask to be your partner."),
    _Agreement.ACCEPTED: _("Partner."),
    _Agreement.REFUSED: _("The request was refused."),
    _Agreement.ENDED: _("The partnership has ended."),
}
BLOCKED = _("Blocked: nothing is exchanged.")

ADVICE: dict[int, Promise] = {
    401: _("They could not check that it was us. See that the clock of both machines is right."),
    403: _("They do not let us in. Ask their administrator to accept the partnership on their side."),
    404: _("Their address changed. Ask their administrator for the new one."),
    413: _("They take nothing that large. Share lighter documents, or ask them to raise their limit."),
}
#: By what the answer means, when the status itself has no line above.
GENERAL_ADVICE: dict[Verdict, Promise] = {
    Verdict.LATER: _("Something is broken on their side. We try again by ourselves."),
    Verdict.BUSY: _("They do not answer, or have too much to do. We try again by ourselves, for fourteen days."),
    Verdict.SLOW: _("Ask their administrator what is missing. We try again each hour."),
    Verdict.MOVED: _("Their address changed. Ask their administrator for the new one."),
    Verdict.GONE: _("They want nothing more at that address. Ask their administrator before you send again."),
    Verdict.PARKED: _("They refused it for good. Ask their administrator why, then send it again."),
}
#: What was being said, by type of activity.
WHAT: dict[str, Promise] = {
    "Create": _("New resource"),
    "Update": _("Change"),
    "Delete": _("Withdrawal"),
    "Follow": _("Request to be partners"),
    "Accept": _("Acceptance"),
    "Reject": _("Refusal"),
    "Undo": _("End of the partnership"),
    "Announce": _("New resource"),
    "Announce Undo": _("Change"),
    "Add": _("Change"),
    "Remove": _("Change"),
    "Lock": _("Change"),
    "Join": _("Request about a resource"),
    "Leave": _("Request about a resource"),
    "Offer": _("Request about a resource"),
}
FORUM = _("Reading of a forum")


def what(activity: Activity) -> Promise | str:
    """What a forum of ours hands on is called by what it hands on; what is said to one of theirs, by that."""
    said = activity.type
    if said in ("Follow", "Undo") and Actor.objects.filter(uri=activity.object_uri, type="Group").exists():
        return FORUM
    return WHAT[said] if said in WHAT else WHAT.get(said.removeprefix("Announce "), said)


def state(peer: Peer) -> Promise:
    return BLOCKED if peer.level == Peer.Level.BLOCKED else STATES[peer.agreement]


def advice(status: int | None) -> Promise:
    """What to do about an answer that was not a yes; None when nobody answered."""
    if status in ADVICE:
        return ADVICE[status]
    return GENERAL_ADVICE.get(patience.verdict(status), GENERAL_ADVICE[Verdict.LATER])


def advice_about(error: str) -> Promise:
    """The same, from `Peer.last_error`, which begins with the status when there was one."""
    status = error.partition(":")[0]
    return advice(int(status) if status.isascii() and status.isdigit() else None)
