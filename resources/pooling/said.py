"""Where an action and each participant stand, in sentences for people."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from resources.kinds import Fact, Type
from resources.kinds.pooled_words import KeyPart, Role, SeatState, Status
from resources.kinds.shape import Text
from resources.pooling import states
from resources.pooling.acts import ACTS
from resources.pooling.models import Participation, Step
from resources.pooling.states import Setting
from resources.shown import show

SOON = timedelta(days=30)  #: before the last day to join: a council meets every month or two
COUNTED = timedelta(days=366)  #: beyond, the number of days that are left tells nobody anything

STATUS: dict[str, Text] = {
    Status.IDEA: gettext_lazy("An idea: its lead looks for others to think it over with."),
    Status.CALL: gettext_lazy("A call for interest: local authorities say whether they want to take part."),
    Status.SETTING_UP: gettext_lazy("Being set up: needs are listed, the agreement is drafted."),
    Status.DELIBERATING: gettext_lazy("Before the councils: each participant has its deliberation voted."),
    Status.ACTIVE: gettext_lazy("Active: participants carry it out together."),
    Status.PAUSED: gettext_lazy("Paused: nothing changes until its lead takes it up again."),
    Status.FINISHED: gettext_lazy("Finished: what came of it can be read below."),
    Status.ABANDONED: gettext_lazy("Abandoned: it is kept as a memory."),
}
_KEY: dict[str, Text] = {
    KeyPart.POPULATION: gettext_lazy("by number of inhabitants"),
    KeyPart.NEED: gettext_lazy("by real need"),
    KeyPart.FLAT: gettext_lazy("in equal parts"),
    KeyPart.PERCENT: gettext_lazy("by agreed percentages"),
}


def day(value: date | None) -> str:
    return date_format(value, "DATE_FORMAT") if value else ""


def seat(one: Participation) -> str:
    """How far a participant is."""
    match one.state:
        case SeatState.PLANNED:
            return _("Deliberation planned on %s") % day(one.deliberation_on)
        case SeatState.DELIBERATED:
            return _("Deliberated on %s") % day(one.deliberation_on)
        case SeatState.SIGNED:
            return _("Signatory since %s") % day(one.signed_on)
        case SeatState.LEFT:
            return _("Left on %s") % day(one.left_on) if one.left_on else _("Left")
        case SeatState.REFUSED:
            return _("Not taking part, since %s") % day(one.left_on) if one.left_on else _("Not taking part")
    if one.role == Role.COORDINATOR:
        return _("Leads the action")
    return _("Interested, admitted by the lead") if one.admitted else _("Interested, awaiting the lead's answer")


def is_open(setting: Setting) -> bool:
    """Whether one may still join as a member, not only to observe."""
    return states.can(states.Seat(), "join", who=states.MEMBER, setting=setting, role=Role.MEMBER)


def deadline(setting: Setting) -> str:
    """Until when one may join, and how long that is."""
    if setting.status not in states.OPEN:
        return ""
    if not is_open(setting):
        since = setting.launched_on if setting.is_group and setting.launched_on else setting.join_by
        return _("Closed since %s. One may still follow as an observer.") % day(since)
    if setting.join_by is None:
        return _("No last day is set.")
    left = setting.join_by - setting.today
    return f"{day(setting.join_by)} ({time_left(left)})" if left <= COUNTED else day(setting.join_by)


def time_left(time: timedelta) -> str:
    if not time.days:
        return _("today is the last day")
    number = number_format(time.days, use_l10n=True, force_grouping=True)
    return ngettext("%(number)s day left", "%(number)s days left", time.days) % {"number": number}


def badge(setting: Setting) -> tuple[str, str]:
    """(words, tone) for the card of an action in a list."""
    if setting.status not in states.OPEN:
        return str(Status(setting.status).label), ""
    if not is_open(setting):
        return _("no longer open to members"), ""
    if setting.join_by is None:
        return _("open to join"), "ok"
    if setting.join_by - setting.today <= SOON:
        words = _("Join by %(day)s: %(left)s")
        return words % {"day": day(setting.join_by), "left": time_left(setting.join_by - setting.today)}, "warning"
    return _("Open until %s") % day(setting.join_by), "ok"


def step(asked: Step) -> str:
    """What one of ours asked of a lead elsewhere: "Plan the deliberation: 26 March 2026"."""
    act = ACTS[asked.act]
    values = [_value(fact, asked.data[fact.code]) for fact in act.facts if fact.code in asked.data]
    told = ", ".join(value for value in values if value)
    return _("%(act)s: %(said)s") % {"act": act.label, "said": told} if told else str(act.label)


def _value(fact: Fact, value: Any) -> str:
    if fact.type is Type.TABLE:
        return ngettext("%d line", "%d lines", len(value)) % len(value)
    return "" if fact.code in ("url", "digest") else show(fact, value).plain


def key(rows: Iterable[Mapping[str, Any]]) -> str:
    """ "40 % by number of inhabitants, 60 % by real need"; one alone without its percentage."""
    parts = [(percent(row["percent"]), str(_KEY.get(row["by"], row["by"]))) for row in rows]
    if len(parts) == 1:
        return parts[0][1]
    words = _("%(percent)s %% %(by)s")
    return ", ".join(words % {"percent": number, "by": by} for number, by in parts)


def percent(value: Any) -> str:
    """Without the zeros that say nothing: 33.3333, 40."""
    text = f"{value:f}" if not isinstance(value, str) else value
    return number_format(text.rstrip("0").rstrip(".") if "." in text else text, use_l10n=True)
