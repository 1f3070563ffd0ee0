"""Who may do what in the forums. Questions only."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from forums.models import Forum, Post, Thread, Voice
from forums.visibility import ForumQuerySet, Reader, ThreadPostQuerySet, ThreadQuerySet
from forums.visibility import Person as Reading
from rtes_hub.accounts.models import User


class Who(StrEnum):
    MEMBER = "member"  #: of this hub, whatever their role in it, unless a moderator barred them
    AUTHOR = "author"  #: the member who wrote the post; who asked, for the answer to a question
    COORDINATOR = "coordinator"


class Standing(StrEnum):
    """How a thread, or a forum, stands."""

    GOING = "going"
    LOCKED = "locked"
    ENDED = "ended"  #: its forum was closed: read only
    ELSEWHERE = "elsewhere"  #: its forum is another hub's
    ELSEWHERE_LOCKED = "elsewhere, locked"
    ELSEWHERE_ENDED = "elsewhere, ended"


_M, _A, _C = frozenset({Who.MEMBER}), frozenset({Who.AUTHOR}), frozenset({Who.COORDINATOR})
_ANYWHERE = tuple(Standing)
_NOT_ENDED = (Standing.GOING, Standing.LOCKED, Standing.ELSEWHERE, Standing.ELSEWHERE_LOCKED)

#: act → standing → who may. What is not written here may not be done.
ACTS: dict[str, dict[Standing, frozenset[Who]]] = {
    # in a forum
    "start": {Standing.GOING: _M, Standing.ELSEWHERE: _M},
    "close": {Standing.GOING: _C},
    "reopen": {Standing.ENDED: _C},
    # in a thread
    "reply": {Standing.GOING: _M, Standing.ELSEWHERE: _M},
    "follow": dict.fromkeys(_ANYWHERE, _M),
    "validate": dict.fromkeys(_NOT_ENDED, _A | _C),
    "lock": {Standing.GOING: _C},
    "unlock": {Standing.LOCKED: _C},
    "pin": {Standing.GOING: _C, Standing.LOCKED: _C},
    "move": {Standing.GOING: _C, Standing.LOCKED: _C},
    # with a post
    "edit": {Standing.GOING: _A, Standing.ELSEWHERE: _A},
    "delete": dict.fromkeys(_ANYWHERE, _A | _C),
    "report": dict.fromkeys(_ANYWHERE, _M),
}


#: What is done with one post.
WITH_A_POST = ("edit", "delete", "report")
#: What a moderator may keep somebody from.
WRITING = ("start", "reply", "edit")


@dataclass(frozen=True)
class Person(Reading):
    """Somebody who may write too: with the voice that speaks for them, if they ever spoke."""

    @classmethod
    def of(cls, reader: Reader) -> "Person":
        return reader if isinstance(reader, Person) else cls(Reading.of(reader).user)

    @cached_property
    def voice(self) -> Voice | None:
        return Voice.objects.filter(user=self.user.pk).first() if isinstance(self.user, User) else None

    @property
    def is_barred(self) -> bool:
        return self.voice is not None and self.voice.is_barred

    def wrote(self, thing: Thread | Post) -> bool:
        return self.voice is not None and thing.voice_id == self.voice.pk


def visible_to(reader: Reader) -> ThreadQuerySet:
    return Thread.objects.visible_to(reader)


def forums_visible_to(reader: Reader) -> ForumQuerySet:
    return Forum.objects.visible_to(reader)


def posts_visible_to(reader: Reader) -> ThreadPostQuerySet:
    return Post.objects.visible_to(reader)


def standing(of: Thread | Forum) -> Standing:
    forum = of.forum if isinstance(of, Thread) else of
    is_locked = isinstance(of, Thread) and of.locked
    if forum.is_ended:
        return Standing.ENDED if forum.local else Standing.ELSEWHERE_ENDED
    if not forum.local:
        return Standing.ELSEWHERE_LOCKED if is_locked else Standing.ELSEWHERE
    return Standing.LOCKED if is_locked else Standing.GOING


def may_open_forum(user: Reader) -> bool:
    return Person.of(user).is_coordinator


def may_bar(user: Reader, voice: Voice) -> bool:
    """Keep somebody from writing for a while: a coordinator may, of anybody but themselves."""
    person = Person.of(user)
    return person.is_coordinator and voice.user_id != person.user.pk


def may(user: Reader, act: str, of: Thread | Forum, post: Post | None = None) -> bool:
    """Whether this person may do this act as things stand. Posts are given for acts with a post."""
    return _may(Person.of(user), ACTS[act].get(standing(of), frozenset()), act, of, post)


def ever_may(user: Reader, act: str, of: Thread | Forum, post: Post | None = None) -> bool:
    """Whether they might, were it standing otherwise: "not now" is then a better answer than "not you"."""
    return any(_may(Person.of(user), who, act, of, post) for who in set(ACTS[act].values()))


def allowed(
    user: Reader, of: Thread | Forum, post: Post | None = None, *, among: Iterable[str] = ACTS
) -> frozenset[str]:
    """Every act this person may do now: what the page offers."""
    person = Person.of(user)
    return frozenset(act for act in among if may(person, act, of, post))


def _may(person: Person, who: frozenset[Who], act: str, of: Thread | Forum, post: Post | None) -> bool:
    if not who or not person.is_member or not _is_meant(act, of, post):
        return False
    if person.is_barred and act in WRITING:
        return False
    if act == "report":
        return post is not None and not person.wrote(post)
    theirs = of if act == "validate" else post
    is_author = isinstance(theirs, Thread | Post) and person.wrote(theirs)
    return Who.MEMBER in who or (Who.AUTHOR in who and is_author) or (Who.COORDINATOR in who and person.is_coordinator)


def _is_meant(act: str, of: Thread | Forum, post: Post | None) -> bool:
    """Whether the act can be done with such a thing at all."""
    match act:
        case "start" | "close" | "reopen":
            return isinstance(of, Forum)
        case "edit" | "delete" | "report":
            return post is not None and post.removed_at is None
        case "validate":  # elsewhere, only the asker's own hub can say so to everyone
            return isinstance(of, Thread) and of.local and of.is_question
        case "move":  # what its author's hub says of it cannot be changed here
            return isinstance(of, Thread) and of.local
        case "reply":
            return isinstance(of, Thread) and of.shown
    return isinstance(of, Thread)
