"""What a discussion is about: a sheet, here or a partner's, known by its URI alone (rtes_hub.subjects).

A sheet that not all readers of a forum may read is not named in it: its title would tell them that it is there.
"""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from forums.models import Forum, Thread
from forums.problems import Invalid
from forums.visibility import OPEN, Person
from rtes_hub import subjects
from rtes_hub.accounts.models import User
from rtes_hub.subjects import Readers, Subject


@dataclass(frozen=True, kw_only=True)
class Link:
    """To what a discussion is about, as this reader may know it."""

    title: str
    url: str
    is_here: bool


def checked(uri: str, forum: Forum, by: User) -> Subject | None:
    """What this person says they speak of; None when nothing. Raises: Invalid."""
    if not uri:
        return None
    subject = subjects.find(by, uri)
    if subject is None:
        raise Invalid({"about": [_("What you speak of is not there any more, or you may not read it.")]})
    if not suits(forum, subject):
        raise Invalid({"about": [_("Not everybody who reads this forum may read that sheet: choose another forum.")]})
    return subject


def suits(forum: Forum, subject: Subject) -> bool:
    """Whether all who read the forum may read the sheet too."""
    return subject.readers in ({Readers.EVERYONE} if forum.travels else {Readers.EVERYONE, Readers.MEMBERS})


def forum_for(subject: Subject, *, reader: Person | None = None) -> Forum | None:
    """Where one speaks of it: the forum of its first theme that has one, else the one that is for all themes, else the
    first that was opened here.

    For a `reader` who asks, forums that they alone may read too, and those of partners when none here suits.
    """
    going = Forum.objects.filter(closed_at=None).order_by("-local", "opened_at", "pk")
    readable = going.visible_to(reader) if reader else going.filter(access=OPEN, local=True)
    found = [forum for forum in readable if suits(forum, subject)]
    wanted = [*subject.themes, ""]
    ranked = sorted(found, key=lambda forum: (not forum.travels, not forum.local, _rank(forum, wanted)))
    themed = [forum for forum in ranked if forum.theme in subject.themes]
    return next(iter(themed or ranked), None)


def _rank(forum: Forum, wanted: list[str]) -> int:
    return wanted.index(forum.theme) if forum.theme in wanted else len(wanted)


def talk(uri: str, place: str = "") -> Thread | None:
    """The talk about a sheet that what answers it elsewhere joins: the oldest that takes answers, in that place."""
    going = Thread.objects.filter(about=uri, removed_at=None, shown=True, locked=False)
    where = Q(forum__uri=place) if place else Q(forum__local=True)
    open_ones = going.filter(where, forum__access=OPEN, forum__closed_at=None)
    return open_ones.select_related("forum").order_by("pk").first() if uri else None


def threads(reader: Person, uri: str) -> QuerySet[Thread]:
    """The discussions about it that this reader may read, the latest first."""
    found = Thread.objects.visible_to(reader).filter(about=uri).select_related("forum", "voice__member")
    return found.order_by("-last_post_at", "-pk")


def shown(thread: Thread, reader: Person) -> Link | None:
    """What the thread is about: of a sheet of this hub, for who may read it now; else what its own hub said of it."""
    if not thread.about:
        return None
    if subject := subjects.find(reader.user, thread.about):
        return Link(title=subject.title, url=subject.path, is_here=True)
    is_ours = thread.about.startswith(f"{settings.RTES.base_url}/")
    if is_ours or thread.forum.local or not thread.about.startswith(("https://", "http://")):
        return None
    return Link(title=thread.about_title or thread.about, url=thread.about, is_here=False)
