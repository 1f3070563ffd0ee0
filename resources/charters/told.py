"""Who is told of what in charters: those who keep it, of who pledges; those who pledged, of answers and due dates."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from resources.charters import rules
from resources.charters.acts import ACTS
from resources.charters.models import Commitment, Pledge, Step
from resources.models import Resource
from resources.visibility import OUT
from rtes_hub.accounts.models import User
from rtes_hub.notices import actions as notices
from rtes_hub.notices.models import Topic
from rtes_hub.notices.registry import may_see_among
from rtes_hub.territories import rules as territory_rules
from rtes_hub.territories.models import Member

PREFIX = "charter"
DUE = "pledge-due"
#: How long before the day: by default letters leave once a week.
AHEAD = timedelta(days=7)
GROUP = _("Charters")

_NEWS = {"pledge": _("{name} has pledged: {title}"), "withdraw": _("{name} withdraws its pledge: {title}")}
_ANSWERS = {True: _("“{title}”: accepted. {step}"), False: _("“{title}”: refused. {step}")}


def _said(day: date) -> str:
    return date_format(day, "DATE_FORMAT")


_day = lazy(_said, str)


@may_see_among(PREFIX)
def _charters(user: User, uris: Iterable[str]) -> Iterable[str]:
    return Resource.objects.visible_to(user).filter(uri__in=uris).values_list("uri", flat=True)


@may_see_among(DUE)
def _dues(user: User, keys: Iterable[str]) -> Iterable[str]:
    pledges = Pledge.objects.filter(pk__in=[key for key in keys if key.isdigit()], member__isnull=False)
    readable = pledges.filter(charter__in=Resource.objects.visible_to(user)).select_related("charter", "member")
    return [str(one.pk) for one in readable if one.member and rules.may(user, "update", one.charter, one.member)]


def of_pledge(pledge: Pledge, act: str, *, by: User | None) -> None:
    """Here, where the charter is: somebody signed, withdrew, or told of progress."""
    _settle(pledge, pledge.commitments.values_list("next_update_due", flat=True))
    if act not in _NEWS or (act == "pledge" and pledge.commitments.exclude(updated_on=None).exists()):
        return
    charter = pledge.charter
    watched = f"resource:{charter.uri}"
    notices.tell_all(
        (territory_rules.editors_of(charter.member) | notices.watchers(watched)).distinct(),
        Topic.FOLLOWED,
        key=f"{act}:{charter.uri}:{pledge.pk}:{pledge.signed_on}",
        about=f"{PREFIX}:{charter.uri}",
        group=GROUP,
        title=format_lazy(_NEWS[act], name=pledge.name, title=charter.title),
        text=pledge.reason if act == "withdraw" else pledge.text,
        path=pledge.get_absolute_url(),
        by=by,
        watched=[watched, f"{PREFIX}:{charter.uri}"],
    )


def of_step(step: Step) -> None:
    """One of ours said something of its pledge elsewhere: it need not be reminded of it."""
    if pledge := step.charter.pledges.filter(member=step.member).first():
        days = (row.get("next_update_due") for row in step.data["commitments"])
        _settle(pledge, [date.fromisoformat(day) for day in days if day])


def _settle(pledge: Pledge, due: Iterable[date | None]) -> None:
    """Nobody is asked any more, once nothing is due soon."""
    soon = timezone.localdate() + AHEAD
    if not any(day and day <= soon for day in due):
        notices.settle(Topic.COMMITMENT, f"{DUE}:{pledge.pk}")


def of_answer(step: Step) -> None:
    """The hub of the charter answered. A yes to an update is no news: the page shows it."""
    accepted = step.state == Step.State.ACCEPTED
    if accepted and step.act == "update":
        return
    _tell(
        step.member,
        Topic.ANSWER,
        key=step.uri,
        about=f"{PREFIX}:{step.charter.uri}",
        title=format_lazy(_ANSWERS[accepted], title=step.charter.title, step=ACTS[step.act]),
        text=step.reason,
        path=reverse("charter", args=[step.charter.pk]),
    )


def of_silence(step: Step, contact: str) -> None:
    """For a fortnight the hub of the charter did not answer: what can be done about it."""
    charter = step.charter
    write = _("Write to {contact}, who looks after {hub}, or send it again from the page of the charter.")
    ask = _("Send it again from the page of the charter, or call {hub}.")
    hub = charter.member.hub_name or charter.member.hub
    _tell(
        step.member,
        Topic.ANSWER,
        key=f"{step.uri} unanswered {step.at.isoformat()}",
        about=f"{PREFIX}:{charter.uri}",
        title=format_lazy(_("“{title}”: no answer. {step}"), title=charter.title, step=ACTS[step.act]),
        text=format_lazy(write if contact else ask, contact=contact, hub=hub),
        path=reverse("charter", args=[charter.pk]),
    )


def of_due_dates() -> None:
    """Each collectivité of ours, once for each day on which it said that it would tell of its progress."""
    due = Commitment.objects.filter(
        next_update_due__lte=timezone.localdate() + AHEAD,
        pledge__withdrawn_on=None,
        pledge__member__local=True,
        pledge__member__left_at=None,
        pledge__charter__state__in=OUT,
    ).select_related("pledge__charter", "pledge__member")
    for (pledge, day), found in groupby(due.order_by("pledge", "next_update_due", "measure"), _when):
        _remind(pledge, day, list(found))


def _when(commitment: Commitment) -> tuple[Pledge, date]:
    assert commitment.next_update_due is not None
    return commitment.pledge, commitment.next_update_due


def _remind(pledge: Pledge, day: date, commitments: list[Commitment]) -> None:
    assert pledge.member is not None
    _tell(
        pledge.member,
        Topic.COMMITMENT,
        key=f"{DUE}:{pledge.pk}:{day}",
        about=f"{DUE}:{pledge.pk}",
        title=format_lazy(_("To bring up to date by {day}: {title}"), day=_day(day), title=pledge.charter.title),
        text="\n".join(f"{one.measure}. {one.statement}" for one in commitments),
        path=reverse("pledge-update", args=[pledge.charter_id, pledge.member.slug]),
    )


def _tell(member: Member, topic: Topic, **said: Any) -> None:
    notices.tell_all(territory_rules.editors_of(member), topic, group=GROUP, **said)
