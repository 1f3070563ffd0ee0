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
BARRED = _("By a decision of the moderators, you may not write in the forums for now.")


def ask(by: User | None, act: str, of: Thread | Forum, post: Post | None = None) -> None:
    """None is the operator, who may do what coordinators may.

    Raises: PermissionDenied for whoever never may; NotPossible for whoever may not as things stand.
    """
    if by is None and rules.standing(of) in rules.ACTS[act]:
        return
    person = rules.Person.of(by) if by is not None else None
    if person is not None:
        if rules.may(person, act, of, post):
            return
        if not rules.ever_may(person, act, of, post):
            raise NotPossible(str(BARRED)) if person.is_barred and person.is_member else PermissionDenied
    raise NotPossible(str(SAID[rules.standing(of)]))


def why_not(person: rules.Person, act: str, of: Thread | Forum) -> str:
    """Why somebody who looks may not do this now, in a sentence; empty when they may."""
    if rules.may(person, act, of):
        return ""
    return str(BARRED if person.is_barred and person.is_member else SAID[rules.standing(of)])


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
