"""What coordinators do: opening and closing forums; locking, pinning and moving discussions; keeping somebody out.

Told by `forums.actions`.

`by` is the person; None is the operator at the console.
Raises: PermissionDenied; problems.NotPossible as things stand; problems.Invalid with what is wrong, by field.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from federation import api as federation
from forums import rules, told, writing
from forums.acts import ask, held
from forums.models import Forum, Thread, Voice
from forums.problems import Invalid, NotPossible
from forums.publications import to_publication
from rtes_hub.accounts.models import User
from rtes_hub.audit.actions import record
from rtes_hub.text import clean, markdown
from rtes_hub.themes import THEMES

MAX_SLUG = 60
MAX_TITLE = 100  #: characters
MAX_DESCRIPTION = 1000
MAX_BARRED = 366  #: days
#: Words that stand where a forum's slug does in addresses (forums/urls.py).
RESERVED_SLUGS = frozenset({"ouvrir", "lu"})


# Forums -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def open_forum(
    *, title: str, by: User | None, description: str = "", theme: str = "", access: str = Forum.Access.OPEN
) -> Forum:
    """An open one becomes an actor that partners are told of; of a closed one nothing ever leaves."""
    if by is not None and not rules.may_open_forum(by):
        raise PermissionDenied
    said = _described(title=title, description=description, theme=theme)
    if access not in Forum.Access.values:
        raise Invalid({"access": [_("Say who reads and writes.")]})
    slug = _free_slug(said["title"])
    uri = federation.new_uri()
    if access == Forum.Access.OPEN:
        uri = federation.open_actor(type="Group", handle=f"forum.{slug}", **_shown(slug=slug, **said))
        federation.place_open(uri)
    forum = Forum.objects.create(uri=uri, slug=slug, access=access, opened_by=by, **said)
    record("forums.open", uri, by=by, access=access)
    return forum


def _described(**said: str) -> dict[str, str]:
    heading, text = clean.line(said["title"], MAX_TITLE + 1), said["description"].strip()
    errors = {}
    if not heading or len(heading) > MAX_TITLE:
        errors["title"] = [_("Give the forum a title of at most %(most)d characters.") % {"most": MAX_TITLE}]
    if len(text) > MAX_DESCRIPTION:
        errors["description"] = [_("At most %(most)d characters.") % {"most": MAX_DESCRIPTION}]
    if said["theme"] and said["theme"] not in THEMES:
        errors["theme"] = [_("Choose a theme of the list, or none.")]
    if errors:
        raise Invalid(errors)
    return {"title": heading, "description": text, "theme": said["theme"]}


def _shown(*, slug: str, title: str, description: str, theme: str) -> dict[str, Any]:
    """The forum as an actor tells of it."""
    return {
        "name": title,
        "summary": markdown.render(description),
        "url": f"{settings.RTES.base_url}/forums/{slug}/",
        "facts": {"theme": theme} if theme else {},
    }


def _free_slug(title: str) -> str:
    base = slugify(title)[:MAX_SLUG].strip("-") or "forum"
    taken = set(Forum.objects.filter(slug__startswith=base).values_list("slug", flat=True)) | RESERVED_SLUGS
    if base not in taken:
        return base
    return next(slug for n in range(2, len(taken) + 3) if (slug := f"{base}-{n}") not in taken)


@transaction.atomic
def describe_forum(forum: Forum, *, title: str, description: str, theme: str, by: User | None) -> Forum:
    if not forum.local or (by is not None and not rules.may_open_forum(by)):
        raise PermissionDenied
    for field, value in (said := _described(title=title, description=description, theme=theme)).items():
        setattr(forum, field, value)
    forum.save(update_fields=list(said))
    if forum.travels:
        federation.change_actor(forum.uri, **_shown(slug=forum.slug, **said))
    record("forums.describe", forum.uri, by=by)
    return forum


@transaction.atomic
def close_forum(forum: Forum, *, by: User | None) -> Forum:
    """What was said in it stays and can be read; nothing more is written."""
    ask(by, "close", forum)
    forum.closed_at = timezone.now()
    forum.save(update_fields=["closed_at"])
    if forum.travels:
        federation.place_closed(forum.uri)
    record("forums.close", forum.uri, by=by)
    return forum


@transaction.atomic
def reopen_forum(forum: Forum, *, by: User | None) -> Forum:
    ask(by, "reopen", forum)
    forum.closed_at = None
    forum.save(update_fields=["closed_at"])
    if forum.travels:
        federation.place_open(forum.uri)
    record("forums.reopen", forum.uri, by=by)
    return forum


# Discussions ----------------------------------------------------------------------------------------------------


@transaction.atomic
def lock(thread: Thread, *, by: User | None, locked: bool = True) -> Thread:
    thread = held(thread)
    ask(by, "lock" if locked else "unlock", thread)
    thread.locked = locked
    thread.save(update_fields=["locked"])
    if thread.forum.travels:
        federation.lock(thread.uri, locked, thread.forum.uri)
    record("forums.lock" if locked else "forums.unlock", thread.uri, by=by)
    return thread


@transaction.atomic
def pin(thread: Thread, *, by: User | None, pinned: bool = True) -> Thread:
    thread = held(thread)
    ask(by, "pin", thread)
    thread.pinned = pinned
    thread.save(update_fields=["pinned"])
    if thread.forum.travels:
        federation.feature(thread.uri, pinned, thread.forum.uri)
    record("forums.pin" if pinned else "forums.unpin", thread.uri, by=by)
    return thread


@transaction.atomic
def move(thread: Thread, forum: Forum, *, by: User | None) -> Thread:
    """To another forum of this hub, read by the same people: nothing said among members may become public."""
    thread = held(thread)
    ask(by, "move", thread)
    if not forum.local or forum.is_ended or forum.access != thread.forum.access or forum.pk == thread.forum_id:
        raise NotPossible(_("Choose another open forum of this hub that the same people read."))
    writing.move(thread, forum)
    if forum.travels:
        for post in thread.posts.standing().filter(local=True).select_related("thread__forum", "voice", "parent"):
            federation.publish(to_publication(post))
    record("forums.move", thread.uri, by=by, to=forum.uri)
    return thread


# People -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def bar(voice: Voice, *, days: int, reason: str, by: User | None) -> Voice:
    """For that many days they write nothing in the forums of this hub; what they wrote stays. They are told why."""
    if by is not None and not rules.may_bar(by, voice):
        raise PermissionDenied
    errors = {}
    if not 1 <= days <= MAX_BARRED:
        errors["days"] = [_("Between 1 and %(most)d days.") % {"most": MAX_BARRED}]
    if not reason.strip():
        errors["reason"] = [_("Say why: the person is told.")]
    if errors:
        raise Invalid(errors)
    voice.barred_until = timezone.now() + timedelta(days=days)
    voice.save(update_fields=["barred_until"])
    told.of_bar(voice, reason.strip()[: writing.MAX_WHY])
    record("forums.bar", f"forums.Voice:{voice.pk}", by=by, days=days, reason=reason.strip()[: writing.MAX_WHY])
    return voice


@transaction.atomic
def unbar(voice: Voice, *, by: User | None) -> Voice:
    if by is not None and not rules.may_bar(by, voice):
        raise PermissionDenied
    voice.barred_until = None
    voice.save(update_fields=["barred_until"])
    record("forums.unbar", f"forums.Voice:{voice.pk}", by=by)
    return voice
