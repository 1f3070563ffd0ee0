"""The only writer of reports and decisions. Rule, save, removal, audit, notices: one transaction.

`by` is the person; for a decision None is the operator at the console, whom rules do not stop.
Raises: PermissionDenied; NotPossible as things stand; Invalid with what is wrong, by field.
"""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from federation import api as federation
from federation.publication import Author
from rtes_hub.accounts.models import User
from rtes_hub.audit.actions import record
from rtes_hub.moderation import registry, rules, told
from rtes_hub.moderation.models import MAX_EXCERPT, MAX_REASON, Report
from rtes_hub.text import clean

MAX_OPEN = 30  #: reports of one person that wait for a decision
SAY_WHICH = gettext_lazy("Say whether it breaks the law or the rules of this hub.")
GIVE_REASONS = gettext_lazy("Give your reasons.")

Errors = dict[str, list[str]]


class Invalid(Exception):
    """What is wrong in what was typed, by field."""

    def __init__(self, errors: Errors) -> None:
        super().__init__(errors)
        self.errors = errors


class NotPossible(Exception):
    """It cannot be done as things stand. The message is for the person who tried."""


class NotThere(Exception):
    """Nothing there, or nothing that this person may read: they are told the same."""


@transaction.atomic
def report(about: str, *, track: str, reason: str, by: User, pass_on: bool = False) -> Report:
    """Say that a thing should not stand. Twice the same is once, while it waits for a decision.

    `about`: "<prefix>:<uri>", of an app that answers for it (moderation.registry). `pass_on`: the hub that it comes
    from is told too, without a name. Raises also: NotThere.
    """
    seen = registry.shown(by, about)
    if seen is None:
        raise NotThere
    if not rules.may_report(by, about):
        raise PermissionDenied
    said = _checked(track=track, reason=reason)
    if known := Report.objects.open().filter(about=about, by=by).first():
        return known
    if Report.objects.open().filter(by=by).count() >= MAX_OPEN:
        raise NotPossible(
            _("%(most)d reports of yours wait for a decision. Come back when they are decided.") % {"most": MAX_OPEN}
        )
    made = Report.objects.create(
        about=about,
        title=clean.line(seen.title, 300),
        excerpt=seen.excerpt[:MAX_EXCERPT],
        path=seen.path[:500],
        by=by,
        sent_as=federation.report(about.partition(":")[2], reason=said["reason"]) if pass_on and seen.hub else "",
        **said,
    )
    told.of_report(made)
    record("moderation.report", about[:2048], by=by, report=made.pk, track=track, passed_on=bool(made.sent_as))
    return made


def report_from(about: str, *, flag: str, reason: str, by: Author) -> None:
    """Another hub says so, once. What is not read by everyone is not there for it."""
    seen = registry.shown(AnonymousUser(), about)
    if seen is None or Report.objects.filter(flag=flag, about=about).exists():
        return
    made = Report.objects.create(
        about=about,
        title=clean.line(seen.title, 300),
        excerpt=seen.excerpt[:MAX_EXCERPT],
        path=seen.path[:500],
        track=Report.Track.CHARTER,
        reason=clean.plain(reason, MAX_REASON),
        flag=flag,
        hub=clean.line(by.hub_name or by.hub, 200),
    )
    told.of_report(made)
    record("moderation.report", about[:2048], by_uri=by.uri, report=made.pk, track=made.track)


def answered(sent_as: str, *, upheld: bool, reason: str) -> None:
    """What the hub of the thing decided: whoever reported it here is told, with its reasons."""
    for made in Report.objects.select_for_update().filter(sent_as=sent_as, answer=""):
        made.answer = Report.State.UPHELD if upheld else Report.State.DISMISSED
        made.answer_reason = clean.plain(reason, MAX_REASON)
        made.save(update_fields=["answer", "answer_reason"])
        told.of_answer(made)


def _checked(*, track: str, reason: str) -> dict[str, str]:
    errors: Errors = {}
    if track not in Report.Track.values:
        errors["track"] = [str(SAY_WHICH)]
    text, problems = _reasons(reason)
    if problems:
        errors["reason"] = problems
    if errors:
        raise Invalid(errors)
    return {"track": track, "reason": text}


def _reasons(given: str) -> tuple[str, list[str]]:
    """The text as it is kept, and what is wrong with it."""
    text = "\n".join(clean.line(line, MAX_REASON + 1) for line in given.strip().splitlines())
    if not text:
        return "", [str(GIVE_REASONS)]
    if len(text) > MAX_REASON:
        return text, [_("At most %(most)d characters.") % {"most": MAX_REASON}]
    return text, []


@transaction.atomic
def decide(report: Report, *, uphold: bool, reason: str, by: User | None) -> Report:
    """Upheld, the thing is removed and all that was reported of it is decided; dismissed, it stays.

    Whoever reported is told the reasons; so are the authors of what is removed.
    """
    held = Report.objects.select_for_update().get(pk=report.pk)
    if by is not None and (not rules.may_moderate(by) or rules.wrote(by, held.about)):
        raise PermissionDenied
    if not held.is_open:
        raise NotPossible(_("This report was decided meanwhile."))
    text, problems = _reasons(reason)
    if problems:
        raise Invalid({"reason": problems})
    decided = [held]
    if uphold:
        decided += Report.objects.select_for_update().open().filter(about=held.about).exclude(pk=held.pk)
        _remove(held.about, reason=text, by=by)
    state = Report.State.UPHELD if uphold else Report.State.DISMISSED
    for one in decided:
        one.state, one.decision, one.decided_by, one.decided_at = state, text, by, timezone.now()
        one.save(update_fields=["state", "decision", "decided_by", "decided_at"])
        told.of_decision(one)
        if one.flag:
            federation.answer_report(one.flag, upheld=uphold, reason=text)
        record("moderation.decide", one.about[:2048], by=by, report=one.pk, state=state)
    return held


def _remove(about: str, *, reason: str, by: User | None) -> None:
    if found := registry.find(about):
        found[0].remove(found[1], reason=reason, by=by)
