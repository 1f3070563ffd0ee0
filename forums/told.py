"""Whom a post is told to, and who may see what they were told of."""

from collections.abc import Collection, Iterable

from django.db.models import TextField, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from forums.mentions import Called, of_ours
from forums.models import Forum, Post, Thread, Voice
from forums.visibility import Person
from rtes_hub.accounts.models import User
from rtes_hub.notices import actions as notices
from rtes_hub.notices.models import Topic
from rtes_hub.notices.registry import may_see_among
from rtes_hub.notices.telling import Words
from rtes_hub.territories import rules as territory_rules
from rtes_hub.text import clean

MAX_TEXT = 4000  #: characters of a post in a notice


@may_see_among("post")
def _posts(user: User, uris: Collection[str]) -> Iterable[str]:
    return Post.objects.visible_to(user).standing().filter(uri__in=uris).values_list("uri", flat=True)


@may_see_among("thread")
def _threads(user: User, uris: Collection[str]) -> Iterable[str]:
    return Thread.objects.visible_to(user).filter(uri__in=uris).values_list("uri", flat=True)


@may_see_among("forum")
def _forums(user: User, uris: Collection[str]) -> Iterable[str]:
    return Forum.objects.visible_to(user).filter(uri__in=uris).values_list("uri", flat=True)


@may_see_among("voice")
def _own_voice(user: User, names: Collection[str]) -> Iterable[str]:
    """What is said of a person to themselves."""
    pks = [int(name) for name in names if name.isdecimal()]
    return [str(pk) for pk in Voice.objects.filter(user=user, pk__in=pks).values_list("pk", flat=True)]


def of_post(post: Post, called: Iterable[Called], *, by: User | None = None, only_mentions: bool = False) -> None:
    """Whom it answers, whom it calls by name, and who follows: each is told once, for the first of these reasons."""
    words = _words(post)
    if post.parent is not None and post.parent.voice.user is not None and not only_mentions:
        _tell([post.parent.voice.user], Topic.ANSWER, post, words[Topic.ANSWER], by)
    _tell(of_ours(called), Topic.MENTION, post, words[Topic.MENTION], by)
    if only_mentions:
        return
    targets = _targets(post)
    _tell(notices.watchers(*targets), Topic.FOLLOWED, post, words[Topic.FOLLOWED], by, watched=targets)


def of_edit(post: Post, called: Iterable[Called], *, by: User | None = None) -> None:
    """Whom it calls by name now; and what was told of it says what it says now: no letter quotes what was taken out."""
    for topic, words in _words(post).items():
        notices.restate(_key(post), topic, title=words, text=_text(post))
    of_post(post, called, by=by, only_mentions=True)


def of_title(thread: Thread, before: str) -> None:
    """Its title is another: so it is in what was told of its messages."""
    abouts = thread.posts.annotate(about=Concat(Value("post:"), "uri", output_field=TextField())).values("about")
    notices.rename(abouts, before, thread.title)


def _words(post: Post) -> dict[Topic, Words]:
    said = {"name": post.voice.name, "title": str(post.thread)}
    return {
        Topic.ANSWER: format_lazy(_("{name} answered you: {title}"), **said),
        Topic.MENTION: format_lazy(_("{name} mentions you: {title}"), **said),
        Topic.FOLLOWED: format_lazy(_("{name} wrote in: {title}"), **said),
    }


def _key(post: Post) -> str:
    return f"post:{post.uri}"


def _text(post: Post) -> str:
    return clean.plain(post.html, MAX_TEXT)


def _targets(post: Post) -> list[str]:
    """By what one may follow it. Only the first post of a thread is news of a forum, a theme or a territory."""
    thread, forum = post.thread, post.thread.forum
    if not post.is_first:
        return [f"thread:{thread.uri}"]
    targets = [f"thread:{thread.uri}", f"forum:{forum.uri}"]
    targets += [f"theme:{forum.theme}"] if forum.theme else []
    targets += [f"territory:{thread.territory_id}"] if thread.territory_id else []
    targets += [f"member:{post.voice.member.actor_uri}"] if post.voice.member else []
    return targets + ([f"resource:{thread.about}"] if thread.about else [])


def _tell(
    people: Iterable[User],
    topic: Topic,
    post: Post,
    title: Words,
    by: User | None,
    watched: Iterable[str] | None = None,
) -> None:
    """Nobody is told of what they may not read."""
    notices.tell_all(
        _readers(people, post),
        topic,
        key=_key(post),
        about=f"post:{post.uri}",
        group=post.thread.forum.title,
        title=title,
        text=_text(post),
        path=post.get_absolute_url(),
        by=by,
        watched=watched,
    )


def _readers(people: Iterable[User], post: Post) -> list[User]:
    """Those who may read it: asked once for all who stand before it alike, however many they are."""
    asked = [person for person in people if person.is_active]
    members = territory_rules.members_among(asked)
    answers: dict[tuple[bool, bool, bool], bool] = {}
    found = []
    for user in asked:
        alike = (user.pk in members, user.is_coordinator, user.pk == post.voice.user_id)
        if alike not in answers:
            reader = Person.known(user, is_member=alike[0])
            answers[alike] = Post.objects.visible_to(reader).standing().filter(pk=post.pk).exists()
        if answers[alike]:
            found.append(user)
    return found


def of_refusal(post: Post) -> None:
    """Its author is told what the other hub said, and may write it again."""
    if post.voice.user is None:
        return
    hub = post.thread.forum.hub_name or post.thread.forum.hub
    notices.tell(
        post.voice.user,
        Topic.ANSWER,
        key=f"refused:{post.uri}:{post.version}",
        about=f"post:{post.uri}",
        group=post.thread.forum.title,
        title=format_lazy(_("{hub} did not take your message: {title}"), hub=hub, title=str(post.thread)),
        text=post.refusal,
        path=post.get_absolute_url(),
    )


def of_removal(post: Post) -> None:
    """Its author is told that a moderator removed it, and why (DSA art. 17)."""
    if post.voice.user is None:
        return
    notices.tell(
        post.voice.user,
        Topic.ANSWER,
        key=f"removed:{post.uri}",
        about=f"forum:{post.thread.forum.uri}",
        group=post.thread.forum.title,
        title=_("A moderator removed a message of yours"),
        text=post.removed_why,
        path=post.thread.forum.get_absolute_url(),
    )


def of_bar(voice: Voice, reason: str) -> None:
    if voice.user is None or voice.barred_until is None:
        return
    day = date_format(timezone.localdate(voice.barred_until), "DATE_FORMAT")
    notices.tell(
        voice.user,
        Topic.ANSWER,
        key=f"barred:{voice.pk}:{voice.barred_until.isoformat()}",
        about=f"voice:{voice.pk}",
        group=_("Forums"),
        title=format_lazy(_("You may not write in the forums until {day}"), day=day),
        text=reason,
        path=reverse("forums"),
    )


def forget(post: Post) -> None:
    """No word of it stays in anybody's notices."""
    notices.forget(f"post:{post.uri}")
