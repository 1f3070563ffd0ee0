"""Coordinators are told of a report until it is decided; whoever reported is told what was decided, and why.

The authors of what is removed are told by the app that it belongs to. Of a report that is dismissed they are told
nothing: nothing changes for them. Nobody is told who reported, nor which coordinator decided.
"""

from collections.abc import Collection, Iterable

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from rtes_hub.accounts.models import User
from rtes_hub.moderation.models import Report
from rtes_hub.notices import actions as notices
from rtes_hub.notices.models import Topic
from rtes_hub.notices.registry import may_see_among

GROUP = _("Moderation")


@may_see_among("report")
def _readable(user: User, names: Collection[str]) -> Iterable[str]:
    pks = [int(name) for name in names if name.isdecimal()]
    return [str(pk) for pk in Report.objects.visible_to(user).filter(pk__in=pks).values_list("pk", flat=True)]


def of_report(report: Report) -> None:
    notices.tell_all(
        User.objects.filter(is_active=True, hub_role__in=(User.HubRole.COORDINATOR, User.HubRole.ADMINISTRATOR)),
        Topic.MODERATION,
        key=f"report:{report.pk}",
        about=_about(report),
        group=GROUP,
        title=format_lazy(_("Reported: {title}"), title=report.title),
        text=report.reason,
        path=report.get_absolute_url(),
        by=report.by,
    )


def of_decision(report: Report) -> None:
    """Nobody needs to look at it any more; the reporter learns how it ended."""
    notices.settle(Topic.MODERATION, _about(report))
    if report.by is None:
        return
    upheld = report.state == Report.State.UPHELD
    notices.tell(
        report.by,
        Topic.ANSWER,
        key=f"decided:{report.pk}",
        about=_about(report),
        group=GROUP,
        title=_("What you reported was removed") if upheld else _("What you reported stays"),
        text=report.decision,
        path=report.get_absolute_url(),
        by=report.decided_by,
    )


def of_answer(report: Report) -> None:
    """The hub that it comes from decided too."""
    if report.by is None:
        return
    upheld = report.answer == Report.State.UPHELD
    notices.tell(
        report.by,
        Topic.ANSWER,
        key=f"answered:{report.pk}",
        about=_about(report),
        group=GROUP,
        title=_("Its hub removed what you reported") if upheld else _("Its hub keeps what you reported"),
        text=report.answer_reason,
        path=report.get_absolute_url(),
    )


def _about(report: Report) -> str:
    return f"report:{report.pk}"
