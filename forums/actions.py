"""The only writer of forums, threads and posts. Rule, move, save, audit, search, notices, partners: one transaction.

`by` is the person; for what a coordinator does, None is the operator at the console, whom rules do not stop.
Raises: PermissionDenied; problems.NotPossible as things stand; problems.Invalid with what is wrong, by field.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from federation import api as federation
from federation.errors import Refused
from forums import arrivals, reading, told, topics, voices, writing
from forums.acts import ask, first, held, standing, why_not
from forums.arrivals import receive_post, receive_thread
from forums.desk.actions import bar, close_forum, describe_forum, lock, move, open_forum, pin, reopen_forum, unbar
from forums.models import Forum, Post, Thread, Voice
from forums.problems import ConsentNeeded, Invalid, NotPossible
from forums.publications import to_publication
from rtes_hub.accounts.models import User
from rtes_hub.audit.actions import record
from rtes_hub.notices import actions as notices

__all__ = [
    "ConsentNeeded",
    "Invalid",
    "NotPossible",
    "bar",
    "close_forum",
    "consent",
    "delete",
    "describe_forum",
    "edit",
    "follow",
    "lock",
    "move",
    "open_forum",
    "pin",
    "reach",
    "receive_post",
    "receive_thread",
    "reopen_forum",
    "reply",
    "start_thread",
    "unbar",
    "unvalidate",
    "validate",
    "why_not",
]

# Speaking ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def consent(user: User) -> Voice:
    """They agree that their name, function and collectivité are shown to everyone beside what they write in open
    forums, here and at partners'. Once; it makes the actor that speaks for them."""
    voice = voices.of(user)
    if voice.consented_at is None:
        voice.consented_at = timezone.now()
        if not voice.actor_uri:
            voice.actor_uri = federation.open_actor(type="Person", handle=voice.handle, **_introduced(voice))
        voice.save(update_fields=["consented_at", "actor_uri"])
        record("forums.consent", voice.actor_uri, by=user)
    return voice


@transaction.atomic
def withdraw_consent(user: User) -> Voice:
    """Nothing more that they write leaves before they agree again; what they wrote stays until they delete it."""
    voice = voices.of(user)
    if voice.consented_at is not None:
        voice.consented_at = None
        voice.save(update_fields=["consented_at"])
        record("forums.withdraw_consent", voice.actor_uri or f"forums.Voice:{voice.pk}", by=user)
    return voice


def _introduced(voice: Voice) -> dict[str, Any]:
    words = ", ".join(filter(None, (voice.detail, voice.member.name if voice.member else "")))
    territory = voice.member.territory_id if voice.member else None
    return {
        "name": voice.name,
        "summary": format_html("<p>{}</p>", words) if words else "",
        "url": settings.RTES.base_url + voice.get_absolute_url(),
        "facts": {"territory": territory} if territory else {},
    }


def _speaker(by: User, forum: Forum) -> Voice:
    """Who speaks, as they are today. Raises: ConsentNeeded."""
    voice = voices.of(by)
    if not forum.travels:
        return voice
    if voice.consented_at is None or voice.actor_uri is None:
        raise ConsentNeeded(_("First agree to what others will see of you."))
    federation.change_actor(voice.actor_uri, **_introduced(voice))
    return voice


@transaction.atomic
def start_thread(
    forum: Forum,
    *,
    by: User,
    title: str,
    source: str,
    is_question: bool = False,
    about: str = "",
    at: datetime | None = None,
) -> Thread:
    """`about`: the URI of the sheet it speaks of, one that all who read the forum may read.

    A question carries the territory of whoever asks. `at`: when it was said, if that was before, elsewhere.

    Raises also: ConsentNeeded.
    """
    ask(by, "start", forum)
    said, heading = writing.checked(source, title)
    subject = topics.checked(about, forum, by)
    voice = _speaker(by, forum)
    if twin := writing.twin(voice, said, forum=forum, title=heading):
        return twin.thread
    thread = writing.new_thread(
        forum,
        voice,
        uri=federation.new_uri(),
        written_at=at or timezone.now(),
        title=heading,
        shown=forum.local,
        state=Thread.State.OPEN if is_question else Thread.State.TALK,
        territory=voice.member.territory if is_question and voice.member else None,
        about=subject.uri if subject else "",
        about_title=subject.title if subject else "",
    )
    _say(thread, voice, by, said, parent=None, uri=thread.uri, is_first=True, written_at=thread.started_at)
    record("forums.start", thread.uri, by=by)
    return thread


@transaction.atomic
def reply(thread: Thread, *, by: User, source: str, parent: Post | None = None, at: datetime | None = None) -> Post:
    """`at`: when it was said, if that was before, elsewhere. Raises also: ConsentNeeded."""
    thread = held(thread)
    ask(by, "reply", thread)
    if parent is not None and (parent.thread_id != thread.pk or parent.removed_at or not parent.is_shown):
        raise NotPossible(_("The message you answer is no longer there."))
    said, _title = writing.checked(source)
    voice = _speaker(by, thread.forum)
    if twin := writing.twin(voice, said, thread=thread):
        return twin
    written_at, uri = at or timezone.now(), federation.new_uri()
    post = _say(thread, voice, by, said, parent=parent or first(thread), uri=uri, written_at=written_at)
    record("forums.reply", post.uri, by=by)
    return post


def _say(thread: Thread, voice: Voice, by: User, source: str, **said: Any) -> Post:
    texts, called = writing.texts(source, thread.forum)
    passage = Post.Passage.NONE if thread.forum.local else Post.Passage.PENDING
    post = writing.new_post(thread, voice, passage=passage, **said, **texts)
    notices.watch(by, f"thread:{thread.uri}", str(thread), path=thread.get_absolute_url())
    reading.mark(by, thread, post.came_at)
    _publish(post)
    if post.is_shown:
        told.of_post(post, called.values(), by=by)
    arrivals.adopt(post)
    return post


def _publish(post: Post) -> None:
    """Raises: NotPossible when the hub of its forum is our partner no more."""
    if not post.thread.forum.travels:
        return
    try:
        federation.publish(to_publication(post))
    except Refused as refused:
        raise NotPossible(_("It could not be sent to the hub of this forum: %s.") % refused.reason) from refused


@transaction.atomic
def edit(post: Post, *, by: User, source: str, title: str | None = None) -> Post:
    """What it said before is kept and shown as its history. One that another hub refused is sent again."""
    post = standing(post)
    ask(by, "edit", post.thread, post)
    said, heading = writing.checked(source, title if post.is_first else None)
    if said == post.source and heading in ("", post.thread.title) and post.passage != Post.Passage.REFUSED:
        return post
    texts, called = writing.texts(said, post.thread.forum)
    if post.passage == Post.Passage.REFUSED:
        texts |= {"passage": Post.Passage.PENDING, "refusal": ""}
    before = post.thread.title
    writing.revise(post, title=heading, version=post.version + 1, edited_at=timezone.now(), **texts)
    _speaker(by, post.thread.forum)
    _publish(post)
    if post.is_shown:
        told.of_edit(post, called.values(), by=by)
    if post.thread.title != before:
        told.of_title(post.thread, before)
    record("forums.edit", post.uri, by=by, version=post.version)
    return post


@transaction.atomic
def delete(post: Post, *, by: User | None, reason: str = "") -> None:
    """Its author's own wish, or a moderator's decision, which has a reason. Everyone who holds a copy is told."""
    post = standing(post)
    ask(by, "delete", post.thread, post)
    is_own = by is not None and post.voice.user_id == by.pk
    if not is_own and not reason.strip():
        raise Invalid({"reason": [_("Say why: its author and whoever reported it are told.")]})
    forum = post.thread.forum
    writing.remove(post, by=Post.Remover.AUTHOR if is_own else Post.Remover.HERE, why="" if is_own else reason)
    told.forget(post)
    if not is_own:
        told.of_removal(post)
    if forum.travels and (post.local or forum.local):
        federation.withdraw(post.uri, by_moderator=not is_own, reason="" if is_own else reason)
    record("forums.delete", post.uri, by=by, own=is_own, reason="" if is_own else reason)


# A question, and following ------------------------------------------------------------------------------------------


@transaction.atomic
def validate(thread: Thread, post: Post, *, by: User | None) -> Thread:
    """This post answers the question: said by whoever asked, or by a coordinator of their hub."""
    thread = held(thread)
    ask(by, "validate", thread)
    if post.thread_id != thread.pk or post.is_first or post.removed_at or not post.is_shown:
        raise NotPossible(_("Choose an answer of this discussion."))
    return _answered(thread, post.uri, by)


@transaction.atomic
def unvalidate(thread: Thread, *, by: User | None) -> Thread:
    thread = held(thread)
    ask(by, "validate", thread)
    return _answered(thread, "", by)


def _answered(thread: Thread, answer: str, by: User | None) -> Thread:
    if thread.answer_uri != answer:
        thread.answer_uri = answer
        thread.save(update_fields=["answer_uri"])
        writing.settle(thread)
        question = first(thread)
        question.version += 1
        question.save(update_fields=["version"])
        _publish(question)
        record("forums.validate" if answer else "forums.unvalidate", thread.uri, by=by, answer=answer)
    return thread


@transaction.atomic
def follow(thread: Thread, *, by: User, following: bool = True) -> None:
    ask(by, "follow", thread)
    if following:
        notices.watch(by, f"thread:{thread.uri}", str(thread), path=thread.get_absolute_url())
    else:
        notices.unwatch(by, f"thread:{thread.uri}")


def reach(forum: Forum) -> int:
    """How many other hubs what is said in it goes to; 0 for a closed one."""
    if not forum.travels:
        return 0
    return federation.reach(forum.uri) if forum.local else len(federation.partners())
