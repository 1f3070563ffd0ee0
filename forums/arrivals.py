"""What other hubs say: in our forums, in theirs, and about what ours said in theirs. Kept beside our own, by URI."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from federation import api as federation
from federation.errors import Refused
from federation.publication import Author, Publication
from forums import heard, mentions, orphans, told, topics, voices, writing
from forums.models import Forum, Post, Thread, Voice
from rtes_hub import subjects
from rtes_hub.audit.actions import record
from rtes_hub.subjects import Subject
from rtes_hub.territories import search
from rtes_hub.text import clean

NO_FORUM = "there is no such forum here"
OTHER_PART = "what begins a discussion stays its beginning, and an answer an answer"


@transaction.atomic
def receive_thread(publication: Publication, author: Author) -> Thread:
    """Insert or update by URI: newest wins. Raises: Refused, with a reason for its author to read."""
    known = _known(publication, author)
    forum = Forum.objects.select_for_update().filter(uri=publication.place).first()
    if known is not None and not known.is_first:
        raise Refused(OTHER_PART)
    if known is not None:
        # Only the hub of a forum moves what is said in it, to another of its own; of ours, our coordinators.
        if forum is not None and forum.pk != known.thread.forum_id and forum.hub == known.thread.forum.hub != "":
            writing.move(known.thread, forum)
        _update(known, publication)
        _heed(known.thread, publication)
        return known.thread
    if forum is None:
        raise Refused(NO_FORUM, 404)
    voice = voices.of_author(author)
    _check_open(forum, None, voice)
    thread = writing.new_thread(
        forum,
        voice,
        uri=publication.uri,
        written_at=heard.written(publication),
        local=False,
        title=heard.title(publication),
        about=publication.about,
        about_title=clean.line(str(publication.facts.get("about_title", "")), heard.MAX_TITLE),
        territory=search.by_id(publication.territory or None),
    )
    _add(thread, voice, publication, parent=None, is_first=True)
    _heed(thread, publication)
    return thread


@transaction.atomic
def receive_post(publication: Publication, author: Author) -> Post | None:
    """Insert or update by URI: newest wins. One that came before what it answers waits for it, and None is given.

    Raises: Refused, with a reason for its author to read.
    """
    if known := _known(publication, author):
        # What answers a sheet may have begun the talk about it.
        if known.is_first and publication.in_reply_to != known.thread.about:
            raise Refused(OTHER_PART)
        _update(known, publication)
        return known
    parent = _answered(publication)
    if parent is None and (subject := subjects.find(AnonymousUser(), publication.in_reply_to)):
        return _begin(subject, publication, author)
    if parent is None:
        if forum := Forum.objects.filter(uri=publication.place).first():
            _check_open(forum, None, voices.of_author(author))
        orphans.keep(publication, author)
        return None
    voice = voices.of_author(author)
    _check_place(parent.thread, publication.place)
    _check_open(parent.thread.forum, parent.thread, voice)
    return _add(parent.thread, voice, publication, parent=parent)


def _answered(publication: Publication) -> Post | None:
    """The post that it answers; when it answers a sheet itself, the first post of the talk about it."""
    posts = Post.objects.select_related("thread__forum", "thread__voice", "voice__user")
    if found := posts.filter(uri=publication.in_reply_to).first():
        return found
    talk = topics.talk(publication.in_reply_to, publication.place)
    return posts.filter(thread=talk, is_first=True).first() if talk else None


def _begin(subject: Subject, publication: Publication, author: Author) -> Post:
    """Nobody here spoke of that sheet yet: what answers it begins the talk, in the forum that suits it."""
    forum = Forum.objects.filter(uri=publication.place).first() if publication.place else topics.forum_for(subject)
    if forum is None:
        raise Refused(NO_FORUM, 404)
    voice = voices.of_author(author)
    _check_open(forum, None, voice)
    thread = writing.new_thread(
        forum,
        voice,
        uri=publication.uri,
        written_at=heard.written(publication),
        local=False,
        title=subject.title,
        about=subject.uri,
        about_title=subject.title,
    )
    return _add(thread, voice, publication, parent=None, is_first=True)


def _known(publication: Publication, author: Author) -> Post | None:
    rows = Post.objects.select_for_update(of=("self",)).select_related("thread__forum", "thread__voice", "voice__user")
    post = rows.filter(uri=publication.uri).first()
    if post is not None and (post.local or post.voice.actor_uri != author.uri):
        raise Refused("this address belongs to another author")
    return post


def _check_open(forum: Forum, thread: Thread | None, voice: Voice) -> None:
    """What is said elsewhere is for its own hub to allow; what is said here, for us."""
    if not forum.travels:
        raise Refused(NO_FORUM, 404)
    if thread is not None and thread.removed_at is not None:
        raise Refused("this discussion was removed", 410)
    if not forum.local:
        return
    if forum.is_ended:
        raise Refused("this forum is closed to new messages")
    if thread is not None and thread.locked:
        raise Refused("this discussion is closed to new messages")
    if voice.is_barred:
        raise Refused("its author may not write here for now, by a decision of the moderators")


def _check_place(thread: Thread, place: str) -> None:
    """What is said in one place is no answer in another, save between forums of ours: a thread may have moved."""
    if place in ("", thread.forum.uri):
        return
    if not (thread.forum.local and Forum.objects.filter(uri=place, local=True).exists()):
        raise Refused("it is said in another place than what it answers")


def _add(thread: Thread, voice: Voice, publication: Publication, **said: Any) -> Post:
    post = writing.new_post(
        thread,
        voice,
        uri=publication.uri,
        written_at=heard.written(publication),
        local=False,
        version=publication.version,
        edited_at=heard.edited(publication),
        **heard.said(publication),
        **said,
    )
    told.of_post(post, mentions.by_uri(publication.mentions))
    record("forums.receive", post.uri, by_uri=voice.actor_uri or "", version=post.version)
    for waiting, its_author in orphans.of(post.uri, thread.about if post.is_first else ""):
        _adopt(waiting, its_author)
    return post


def _adopt(waiting: Publication, author: Author) -> None:
    """It is received as if it came now; one that is refused now goes its way. Both are told."""
    try:
        with transaction.atomic():
            post = receive_post(waiting, author)
            if post is not None:
                federation.adopted(waiting.uri, post.thread.forum.uri if post.thread.forum.local else "")
    except Refused as refused:
        federation.turned_down(waiting.uri, refused.reason)
        record("forums.refuse", waiting.uri, by_uri=author.uri, reason=refused.reason)


def adopt(post: Post) -> None:
    """One of ours is there: what waited for it, or for somebody to speak of that sheet, comes in."""
    for waiting, author in orphans.of(
        post.uri, post.thread.about if post.is_first and post.thread.forum.travels else ""
    ):
        _adopt(waiting, author)


def _update(post: Post, publication: Publication) -> None:
    """Newest wins; what its author, or we, removed stays removed."""
    if post.removed_by in (Post.Remover.AUTHOR, Post.Remover.HERE) or publication.version < post.version:
        return
    if post.removed_by == Post.Remover.PLACE:
        writing.take_back(post)
    said = heard.said(publication)
    title = heard.title(publication) if post.is_first and publication.kind == "thread" else ""
    if post.html == said["html"] and title in ("", post.thread.title):
        Post.objects.filter(pk=post.pk).update(version=publication.version)
        return
    _check_open(post.thread.forum, post.thread, post.voice)
    edited_at = heard.edited(publication) or timezone.now()
    before = post.thread.title
    writing.revise(post, title=title, version=publication.version, edited_at=edited_at, **said)
    told.of_edit(post, mentions.by_uri(publication.mentions))
    if post.thread.title != before:
        told.of_title(post.thread, before)
    record("forums.receive", post.uri, by_uri=post.voice.actor_uri or "", version=post.version)


def _heed(thread: Thread, publication: Publication) -> None:
    """What whoever asked says of their question: that it is one, and which answer they take."""
    facts = publication.facts
    if facts.get("question") is not True:
        return
    answer = facts.get("answer") if facts.get("state") == Thread.State.VALIDATED else ""
    thread.answer_uri = answer[:2048] if isinstance(answer, str) else ""
    if thread.state == Thread.State.TALK:
        thread.state = Thread.State.OPEN
    thread.save(update_fields=["answer_uri", "state"])
    writing.settle(thread)


# What becomes of them ---------------------------------------------------------------------------------------------


def _post(uri: str, **where: Any) -> Post | None:
    rows = Post.objects.select_for_update(of=("self",)).select_related("thread__forum", "thread__voice", "voice__user")
    return rows.filter(uri=uri, **where).first()


@transaction.atomic
def remove(uri: str) -> None:
    """Its author withdrew it."""
    orphans.drop(uri)
    post = _post(uri, local=False)
    if post is not None and post.removed_by != Post.Remover.AUTHOR:
        writing.remove(post, by=Post.Remover.AUTHOR)
        told.forget(post)
        record("forums.remove", uri, by_uri=post.voice.actor_uri or "")


@transaction.atomic
def removed_by_moderator(uri: str, reason: str) -> None:
    """The hub of its forum removed it: ours or another's."""
    orphans.drop(uri)
    post = _post(uri, removed_at=None)
    if post is not None:
        writing.remove(post, by=Post.Remover.PLACE, why=clean.line(reason, writing.MAX_WHY))
        told.forget(post)
        told.of_removal(post)
        record("forums.remove", uri, by_uri=post.thread.forum.uri, reason=post.removed_why)


@transaction.atomic
def shown(uri: str) -> None:
    """The hub of the forum shows what one of ours said there. Told again, it changes nothing."""
    post = _post(uri, local=True)
    if post is None:
        return
    if post.removed_by == Post.Remover.PLACE:
        writing.take_back(post)
    if post.removed_at is not None or post.passage == Post.Passage.SHOWN:
        return
    was_hidden = not post.is_shown
    post.passage, post.refusal = Post.Passage.SHOWN, ""
    post.save(update_fields=["passage", "refusal"])
    if post.is_first:
        post.thread.shown = True
        post.thread.save(update_fields=["shown"])
    if was_hidden:
        writing.count(post)
        told.of_post(post, mentions.called(post.source).values(), by=post.voice.user)


@transaction.atomic
def refused(uri: str, reason: str) -> None:
    """It did not take it, or not its last change: its author may write it again."""
    post = _post(uri, local=True, removed_at=None)
    if post is None:
        return
    post.refusal = clean.line(reason, 500) or "–"
    if post.passage == Post.Passage.PENDING:
        post.passage = Post.Passage.REFUSED
    post.save(update_fields=["passage", "refusal"])
    told.of_refusal(post)
    record("forums.refused", uri, by_uri=post.thread.forum.uri, reason=post.refusal)


@transaction.atomic
def locked(uri: str, locked: bool) -> None:
    Thread.objects.filter(uri=uri, forum__local=False).update(locked=locked)


@transaction.atomic
def featured(uri: str, pinned: bool) -> None:
    Thread.objects.filter(uri=uri, forum__local=False).update(pinned=pinned)
