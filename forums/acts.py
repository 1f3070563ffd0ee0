"""What every act in the forums begins with: hold the row, ask the rule, say why not."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from forums import rules
from forums.models import Forum, Post, Thread
from forums.problems import NotPossible
from rtes_hub.accounts.models import User

#: Why what one might otherwise do cannot be done as things stand.
SAID = {
    rules.Standing.GOING: _("This cannot be done now."),
    rules.Standing.LOCKED: _("This discussion is closed to new messages."),
    rules.Standing.ENDED: _("This forum is closed: it can be read, and nothing more is written in it."),
    rules.Standing.ELSEWHERE: _("Only the hub that the forum belongs to can do this."),
    rules.Standing.ELSEWHERE_LOCKED: _("The hub of this forum closed this discussion to new messages."),
    rules.Standing.ELSEWHERE_ENDED: _("This forum of a partner can no longer be written in."),
}
NOT_SHOWN = _("Answers can be written once the hub of this forum shows this discussion.")
NO_MEMBER = _("To write here, one acts for a local authority of this hub: its coordinators can say so of you.")
BARRED = _("By a decision of the moderators, you may not write in the forums for now.")


def ask(by: User | None, act: str, of: Thread | Forum, post: Post | None = None) -> None:
    """None is the operator, who may do what coordinators may.

    Raises: PermissionDenied for whoever never may; NotPossible for whoever may not as things stand.
    """
    if by is None and rules.standing(of) in rules.ACTS[act]:
        return
    if by is None:
        raise NotPossible(str(SAID[rules.standing(of)]))
    person = rules.Person.of(by)
    if rules.may(person, act, of, post):
        return
    is_kept_out = person.is_barred and person.is_member and act in rules.WRITING
    if not is_kept_out and not rules.ever_may(person, act, of, post):
        raise PermissionDenied
    raise NotPossible(why_not(person, act, of))


def why_not(person: rules.Person, act: str, of: Thread | Forum) -> str:
    """Why somebody who looks may not do this now, in a sentence; empty when they may."""
    if rules.may(person, act, of):
        return ""
    if not person.is_member:
        return str(NO_MEMBER)
    if person.is_barred and act in rules.WRITING:
        return str(BARRED)
    return str(NOT_SHOWN if isinstance(of, Thread) and not of.shown else SAID[rules.standing(of)])


def held(thread: Thread) -> Thread:
    """Its row is ours until the end of the act. Raises: NotPossible when it was removed meanwhile."""
    rows = Thread.objects.select_for_update(of=("self",)).select_related("forum", "voice")
    found = rows.filter(pk=thread.pk).first()
    if found is None or found.removed_at is not None:
        raise NotPossible(str(_("This discussion was removed.")))
    return found


def standing(post: Post) -> Post:
    """It and its thread, as they are now. Raises: NotPossible when it was removed meanwhile."""
    thread = held(post.thread)
    found = Post.objects.select_related("voice").get(pk=post.pk)
    found.thread = thread
    if found.removed_at is not None:
        raise NotPossible(str(_("This message was removed.")))
    return found


def first(thread: Thread) -> Post:
    found = thread.posts.get(is_first=True)
    found.thread = thread
    return found
