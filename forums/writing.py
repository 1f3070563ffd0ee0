"""The rows that every act on a thread is made of. Who may, and what leaves the hub, is said by `actions`."""

import re
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from forums import mentions
from forums.mentions import Called
from forums.models import Forum, Post, PostRevision, Thread, Voice
from forums.problems import Errors, Invalid
from rtes_hub.search import index
from rtes_hub.text import clean

MAX_TITLE = 200  #: characters typed; what comes from elsewhere may have 300
MAX_SOURCE = 20_000  #: characters of Markdown
MAX_WHY = 2000
MAX_SLUG = 80
#: Words that addresses of acts end in (forums/urls.py): a title may not take their place.
RESERVED_SLUGS = frozenset({"repondre", "verrouiller", "deverrouiller", "epingler", "depingler", "deplacer"})
#: The same words within this time are one message.
TWICE = timedelta(minutes=2)
#: What was written longer ago than this when it came is history that is caught up, not news.
OLD_NEWS = timedelta(days=7)

_NOT_STORABLE = re.compile(r"[\x00\ud800-\udfff]")


def checked(source: str, title: str | None = None) -> tuple[str, str]:
    """(source, title) as they are kept. Raises: Invalid."""
    errors: Errors = {}
    said = _NOT_STORABLE.sub("", source).replace("\r\n", "\n").strip()
    heading = clean.line(title or "", MAX_TITLE + 1)
    if title is not None and not heading:
        errors["title"] = [_("Give it a title: it is what others see first.")]
    if len(heading) > MAX_TITLE:
        errors["title"] = [_("The title has more than %(most)d characters.") % {"most": MAX_TITLE}]
    if not said:
        errors["source"] = [_("Write your message.")]
    elif len(said) > MAX_SOURCE:
        errors["source"] = [
            _("The message has %(many)d characters; the most is %(most)d.") % {"many": len(said), "most": MAX_SOURCE}
        ]
    if errors:
        raise Invalid(errors)
    return said, heading


def slug_of(title: str) -> str:
    slug = slugify(title)[:MAX_SLUG].strip("-")
    return f"{slug}-1" if slug in RESERVED_SLUGS else slug


# New --------------------------------------------------------------------------------------------------------------


def new_thread(forum: Forum, voice: Voice, *, uri: str, written_at: datetime, **said: Any) -> Thread:
    """A thread without any post yet: `new_post` follows."""
    said["slug"] = slug_of(said["title"])
    written_at = _as_it_travels(written_at)
    return Thread.objects.create(
        uri=uri,
        forum=forum,
        voice=voice,
        started_at=written_at,
        last_post_at=written_at,
        news_at=_came(written_at),
        **said,
    )


def new_post(thread: Thread, voice: Voice, *, uri: str, written_at: datetime, parent: Post | None, **said: Any) -> Post:
    """Under its parent, one level deep: a reply to a reply stands beside it."""
    is_under = parent is not None and not parent.is_first
    written_at = _as_it_travels(written_at)
    post = Post.objects.create(
        uri=uri,
        thread=thread,
        voice=voice,
        parent=parent,
        written_at=written_at,
        came_at=_came(written_at),
        branch=parent.branch if parent is not None and is_under else 0,
        branch_at=parent.branch_at if parent is not None and is_under else written_at,
        **said,
    )
    if not is_under:
        post.branch = post.pk
        post.save(update_fields=["branch"])
    if post.is_shown:
        count(post)
    return post


def count(post: Post) -> None:
    """It can be read from now on by all who may read its thread: lists and searches know of it."""
    thread, forum = post.thread, post.thread.forum
    thread.post_count = F("post_count") + 1  # type: ignore[assignment]
    thread.last_post_at = max(thread.last_post_at, post.written_at)
    thread.news_at = max(thread.news_at, post.came_at)
    thread.save(update_fields=["post_count", "last_post_at", "news_at"])
    thread.refresh_from_db(fields=["post_count"])
    Forum.objects.filter(pk=forum.pk).update(
        thread_count=F("thread_count") + (1 if post.is_first else 0),
        last_post_at=max(filter(None, (forum.last_post_at, thread.last_post_at))),
    )
    settle(thread)
    put_in_index(post)


def _as_it_travels(moment: datetime) -> datetime:
    """In whole seconds, so that every hub reads a discussion in the same order."""
    return moment.replace(microsecond=0)


def _came(written_at: datetime) -> datetime:
    now = timezone.now()
    return written_at if written_at < now - OLD_NEWS else now


def twin(
    voice: Voice, source: str, *, thread: Thread | None = None, forum: Forum | None = None, title: str = ""
) -> Post | None:
    """The same words just said by the same person in the same place: a button pressed twice."""
    found = Post.objects.standing().filter(voice=voice, source=source, written_at__gt=timezone.now() - TWICE)
    found = (
        found.filter(thread=thread) if thread else found.filter(is_first=True, thread__forum=forum, thread__title=title)
    )
    return found.select_related("thread__forum", "voice").first()


# Changed ----------------------------------------------------------------------------------------------------------


def revise(post: Post, *, title: str, version: int, edited_at: datetime | None, **said: Any) -> None:
    """The post says this from now on; what it said is kept."""
    _keep(post)
    for field, value in (said | {"version": version, "edited_at": edited_at}).items():
        setattr(post, field, value)
    post.save()
    if post.is_first and title:
        post.thread.title, post.thread.slug = title, slug_of(title)
        post.thread.save(update_fields=["title", "slug"])
    if post.is_shown:
        put_in_index(post)


def _keep(post: Post) -> None:
    title = post.thread.title if post.is_first else ""
    PostRevision.objects.create(post=post, version=post.version, title=title, source=post.source, html=post.html)


def settle(thread: Thread) -> None:
    """State of a question: validated when its answer says so, answered once somebody else wrote, else open."""
    if thread.state == Thread.State.TALK:
        return
    standing = thread.posts.standing().filter(is_first=False, passage__in=("", Post.Passage.SHOWN))
    if thread.answer_uri and not thread.posts.filter(uri=thread.answer_uri).exclude(removed_at=None).exists():
        state = Thread.State.VALIDATED
    elif standing.exclude(voice=thread.voice_id).exists():
        state = Thread.State.ANSWERED
    else:
        state = Thread.State.OPEN
    if state != thread.state:
        thread.state = state
        thread.save(update_fields=["state"])


# Removed ----------------------------------------------------------------------------------------------------------


def remove(post: Post, *, by: Post.Remover, why: str = "") -> None:
    """A line stays in its place, no text does. What a moderator removed is kept aside, in case they take it back.

    What a moderator removed first is removed once more when its author wishes it: then nothing of it is kept.
    """
    was_counted = post.is_shown and post.removed_at is None
    stood = post.thread.removed_at is None
    if by == Post.Remover.AUTHOR:
        post.revisions.all().delete()
    else:
        _keep(post)
    post.source = post.html = ""
    post.mentions = []
    post.removed_at, post.removed_by, post.removed_why = timezone.now(), by, why[:MAX_WHY]
    post.save()
    index.drop(post.uri)
    thread = post.thread
    if was_counted and not post.is_first:
        thread.post_count = max(thread.post_count - 1, 0)
    if post.is_first:
        thread.title = thread.slug = thread.about_title = ""
    if stood and not thread.posts.standing().exists():
        thread.removed_at = post.removed_at
        Forum.objects.filter(pk=thread.forum_id, thread_count__gt=0).update(thread_count=F("thread_count") - 1)
    thread.save()
    settle(thread)


def take_back(post: Post) -> None:
    """The moderators of its forum put it back: it says what it said."""
    kept = post.revisions.order_by("-version", "-pk").first()
    if kept is None or post.removed_by != Post.Remover.PLACE:
        return
    thread = post.thread
    post.source, post.html, post.cleaned_by = kept.source, kept.html, 0
    post.removed_at, post.removed_by, post.removed_why = None, "", ""
    post.save()
    if post.is_first:
        thread.title, thread.slug = kept.title, slug_of(kept.title)
    kept.delete()
    if thread.removed_at is not None:
        thread.removed_at = None
        Forum.objects.filter(pk=thread.forum_id).update(thread_count=F("thread_count") + 1)
    thread.post_count += 0 if post.is_first else 1
    thread.save()
    settle(thread)
    put_in_index(post)


# Found, read ------------------------------------------------------------------------------------------------------


def put_in_index(post: Post) -> None:
    """Each post is found by itself, under the title of its thread. A closed forum is found by members only."""
    kind = "thread" if post.is_first else "post"
    text = clean.plain(post.html, MAX_SOURCE)
    title = post.thread.title if post.is_first else ""
    index.put(post.uri, kind=kind, title=title, text=text, public=post.thread.forum.travels)


def texts(source: str, forum: Forum) -> tuple[dict[str, Any], dict[str, Called]]:
    """The columns of a post that say what it says, and whom it calls."""
    found = mentions.called(source)
    html = mentions.render(source, found, forum)
    said = {"source": source, "html": html, "cleaned_by": clean.VERSION, "mentions": mentions.uris(found.values())}
    return said, found


def move(thread: Thread, forum: Forum) -> None:
    """With all its posts, to a forum read by the same people."""
    left, thread.forum = thread.forum, forum
    thread.save(update_fields=["forum"])
    Forum.objects.filter(pk=left.pk, thread_count__gt=0).update(thread_count=F("thread_count") - 1)
    Forum.objects.filter(pk=forum.pk).update(
        thread_count=F("thread_count") + 1,
        last_post_at=max(filter(None, (forum.last_post_at, thread.last_post_at))),
    )
