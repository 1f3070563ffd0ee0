"""What other hubs say: in our forums, in theirs, and about what ours said in theirs. Kept beside our own, by URI."""

import hashlib
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from federation.errors import Refused
from federation.publication import Author, Publication
from forums import mentions, orphans, told, voices, writing
from forums.models import Forum, Post, Thread, Voice
from rtes_hub.audit.actions import record
from rtes_hub.territories import search
from rtes_hub.text import clean
from rtes_hub.themes import THEMES

MAX_TITLE = 300
#: Of a text without a title, this many characters of its beginning are its title.
TITLE_OF_TEXT = 80
NO_FORUM = "there is no such forum here"


@transaction.atomic
def receive_thread(publication: Publication, author: Author) -> Thread:
    """Insert or update by URI: newest wins. Raises: Refused, with a reason for its author to read."""
    known = _known(publication, author)
    forum = Forum.objects.select_for_update().filter(uri=publication.place).first()
    if known is not None:
        if forum is not None and forum.pk != known.thread.forum_id:
            _check_open(forum, None, known.voice)
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
        written_at=_written(publication),
        local=False,
        title=_title(publication),
        about=publication.about,
        about_title=clean.line(str(publication.facts.get("about_title", "")), MAX_TITLE),
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
        _update(known, publication)
        return known
    parent = _answered(publication.in_reply_to)
    if parent is None:
        orphans.keep(publication, author)
        return None
    thread = parent.thread
    voice = voices.of_author(author)
    _check_open(thread.forum, thread, voice)
    return _add(thread, voice, publication, parent=parent)


def _answered(uri: str) -> Post | None:
    """The post of that address; of a thing that is talked about, the first post of the talk."""
    posts = Post.objects.select_related("thread__forum", "thread__voice", "voice__user")
    found = posts.filter(uri=uri).first()
    return found or posts.filter(is_first=True, thread__about=uri, thread__removed_at=None).order_by("pk").first()


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


def _add(thread: Thread, voice: Voice, publication: Publication, **said: Any) -> Post:
    post = writing.new_post(
        thread,
        voice,
        uri=publication.uri,
        written_at=_written(publication),
        local=False,
        version=publication.version,
        edited_at=_edited(publication),
        **_said(publication),
        **said,
    )
    told.of_post(post, mentions.by_uri(publication.mentions))
    record("forums.receive", post.uri, by_uri=voice.actor_uri or "", version=post.version)
    for waiting, its_author in orphans.of(post.uri, thread.about if post.is_first else ""):
        _adopt(waiting, its_author)
    return post


def _adopt(waiting: Publication, author: Author) -> None:
    """It is received as if it came now; one that is refused now goes its way."""
    try:
        with transaction.atomic():
            receive_post(waiting, author)
    except Refused as refused:
        record("forums.refuse", waiting.uri, by_uri=author.uri, reason=refused.reason)


def adopt(post: Post) -> None:
    """One of ours is there: what waited for it comes in."""
    for waiting, author in orphans.of(post.uri):
        _adopt(waiting, author)


def _update(post: Post, publication: Publication) -> None:
    """Newest wins; what its author, or we, removed stays removed."""
    if post.removed_by in (Post.Remover.AUTHOR, Post.Remover.HERE) or publication.version < post.version:
        return
    if post.removed_by == Post.Remover.PLACE:
        writing.take_back(post)
    said = _said(publication)
    title = _title(publication) if post.is_first else ""
    if post.html == said["html"] and title in ("", post.thread.title):
        Post.objects.filter(pk=post.pk).update(version=publication.version)
        return
    _check_open(post.thread.forum, post.thread, post.voice)
    edited_at = _edited(publication) or timezone.now()
    writing.revise(post, title=title, version=publication.version, edited_at=edited_at, **said)
    told.of_post(post, mentions.by_uri(publication.mentions), only_mentions=True)
    record("forums.receive", post.uri, by_uri=post.voice.actor_uri or "", version=post.version)


def _said(publication: Publication) -> dict[str, Any]:
    return {
        "source": publication.source[: writing.MAX_SOURCE],
        "html": clean.html(publication.body),
        "cleaned_by": clean.VERSION,
        "mentions": list(publication.mentions)[: mentions.MAX_MENTIONS],
    }


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


def _title(publication: Publication) -> str:
    return clean.line(publication.title, MAX_TITLE) or clean.plain(publication.body, TITLE_OF_TEXT) or "…"


def _written(publication: Publication) -> datetime:
    """Never in the future: it would stay on top of every list."""
    return min(publication.published or timezone.now(), timezone.now())


def _edited(publication: Publication) -> datetime | None:
    changed = publication.updated and publication.published and publication.updated > publication.published
    return publication.updated if changed else None


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


# Forums of other hubs ---------------------------------------------------------------------------------------------


@transaction.atomic
def place_found(place: Author) -> Forum | None:
    """A partner's forum, as that hub now describes it. None for one of ours."""
    forum = Forum.objects.filter(uri=place.uri).first() or Forum(uri=place.uri, local=False, slug=_slug(place))
    if forum.local:
        return None
    theme = place.facts.get("theme")
    forum.title = clean.line(place.name, 100) or place.uri[:100]
    forum.description = clean.plain(place.summary, 1000)
    forum.theme = theme if theme in THEMES else ""
    forum.hub, forum.hub_name = place.hub, clean.line(place.hub_name, 200)
    forum.page_url = place.url if place.url.startswith(("https://", "http://")) else ""
    forum.closed_at = None
    forum.save()
    return forum


def _slug(place: Author) -> str:
    """Never one that a forum of ours could want."""
    mark = hashlib.sha256(place.uri.encode()).hexdigest()[:8]
    return f"{slugify(place.name)[:60]}-{mark}".lstrip("-")


def place_gone(uri: str) -> None:
    """What was said in it can still be read here; nothing more can be said."""
    Forum.objects.filter(uri=uri, local=False, closed_at=None).update(closed_at=timezone.now())


def author_changed(author: Author) -> None:
    if Voice.objects.filter(actor_uri=author.uri, user=None).exists():
        voices.of_author(author)
    if Forum.objects.filter(uri=author.uri, local=False).exists():
        place_found(author)
