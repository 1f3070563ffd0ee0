"""What one of ours has said of its pledge on a charter of another hub: the last word, whether it was answered or not.

The hub of a collectivité is the only author of its pledge, and says it whole each time: whatever is lost, late or
doubled on the way, the last gesture says it all.
"""

from django.db.models import Max

from resources.charters import rows
from resources.charters.models import Pledge, Step
from resources.charters.states import State
from resources.models import Resource
from rtes_hub.territories.models import Member


def wanted(charter: Resource, member: Member) -> State | None:
    """The pledge as its collectivité last said it: in what was published, unless it said more since."""
    pledge = charter.pledges.filter(actor_uri=member.actor_uri).first()
    if (
        not charter.local
        and (step := last_word(charter, member))
        and step.sequence >= (pledge.sequence if pledge else 0)
    ):
        return step.data
    return rows.state_of(pledge)


def last_word(charter: Resource, member: Member) -> Step | None:
    """What was refused is as if it had not been said."""
    steps = Step.objects.filter(charter=charter, member=member).exclude(state=Step.State.REFUSED)
    return steps.order_by("-sequence").first()


def following(charter: Resource, member: Member) -> int:
    """The number of a new gesture.

    A hub restored from a backup reads in what was published which ones it has used, even though its rows show no
    pledge of ours then, since it does not remember that we signed (`arrivals.mirror`).
    """
    sent = Step.objects.filter(charter=charter, member=member).aggregate(last=Max("sequence"))["last"] or 0
    said = (row.get("sequence", 0) for row in charter.facts.get("pledges", ()) if row.get("member") == member.actor_uri)
    return max([sent, *said]) + 1


def taken(charter: Resource, pledge: Pledge) -> State | None:
    """What we said at the step that the charter's hub took into account, when we remember it."""
    said = Step.objects.filter(charter=charter, member=pledge.member, sequence=pledge.sequence)
    return said.exclude(state=Step.State.REFUSED).values_list("data", flat=True).first()


def ever_asked(charter: Resource, member: Member) -> bool:
    return Step.objects.filter(charter=charter, member=member).exists()
