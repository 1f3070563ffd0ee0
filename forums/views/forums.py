"""The forums, and the page of each: what is new, what waits for an answer, then the latest."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from forums import actions, pages, reading, rules
from forums.models import Forum, Thread
from forums.rules import Person
from forums.views.common import a_forum, writer
from rtes_hub.themes import THEMES, Text

MAX_NEWS = 10  #: discussions named under "since your last visit"


@dataclass(frozen=True, kw_only=True)
class Line:
    """A forum in the list."""

    forum: Forum
    unread: int = 0


@dataclass(frozen=True, kw_only=True)
class Section:
    label: Text
    lines: list[Line]


@never_cache
@require_safe
def forums(request: HttpRequest) -> HttpResponse:
    person = Person(request.user)
    found = list(Forum.objects.visible_to(person))
    context: dict[str, Any] = {"may_open": person.is_coordinator, "is_member": person.is_member}
    unread: dict[int, int] = {}
    if person.is_member:
        user = writer(request)
        here = reading.visit(user)
        context |= {"visit": here, "is_first_visit": reading.is_first(here)}
        counted = reading.unread(person)
        unread = counted.by_forum
        context |= {"unread": sum(unread.values()), "is_more": counted.is_more}
        context |= {"news": _news(person, here.before_at), "waiting": _waiting(person)}
    context["sections"] = _sections(found, unread)
    return render(request, "forums/forums.html", context)


def _sections(found: Iterable[Forum], unread: dict[int, int]) -> list[Section]:
    """By theme, in the order of the themes; then the groups that have none; those that are closed last."""
    lines = [Line(forum=forum, unread=unread.get(forum.pk, 0)) for forum in found]
    open_ones = [line for line in lines if not line.forum.is_ended]
    sections = [
        Section(label=theme.label, lines=[line for line in open_ones if line.forum.theme == slug])
        for slug, theme in THEMES.items()
    ]
    sections.append(Section(label=_("Groups"), lines=[line for line in open_ones if line.forum.theme not in THEMES]))
    sections.append(Section(label=_("Closed forums"), lines=[line for line in lines if line.forum.is_ended]))
    return [section for section in sections if section.lines]


def _news(person: Person, since: datetime) -> list[Thread]:
    """Where something came since their visit before this one, the newest first."""
    came = Thread.objects.visible_to(person).filter(news_at__gt=since).select_related("forum", "voice__member")
    return list(came.order_by("-news_at", "-pk")[:MAX_NEWS])


def _waiting(person: Person) -> list[Thread]:
    """Questions without an answer, in what they follow."""
    follows = pages.followed(person, "theme", "forum")
    if not any(follows.values()):
        return []
    theirs = Forum.objects.filter(Q(theme__in=follows["theme"]) | Q(uri__in=follows["forum"]), closed_at=None)
    found = Thread.objects.visible_to(person).filter(forum__in=theirs.values("pk"))
    return pages.waiting(found.select_related("forum", "voice__member"), person)


@never_cache
@require_safe
def forum(request: HttpRequest, slug: str) -> HttpResponse:
    person = Person(request.user)
    found = a_forum(request, slug, person)
    only = request.GET.get("filtre", "")
    only = only if only in pages.FILTERS and (person.is_member or only == "sans-reponse") else ""
    after = request.GET.get("apres", "")
    top = not only and not after
    follows = pages.followed(person, "theme", "forum") if person.is_member else {"theme": [], "forum": []}
    waiting = _waiting_in(person, found, follows) if top else []
    page = pages.threads(person, found, only=only, after=after, without=waiting)
    pinned = pages.pinned(person, found) if top else []
    listed = [*pinned, *waiting, *page.threads]
    unread = reading.unread_among(writer(request), listed) if person.is_member else set()
    context = {
        "forum": found,
        "theme": THEMES.get(found.theme),
        "pinned": pinned,
        "waiting": waiting,
        "page": page,
        "is_empty": not listed,
        "unread": unread,
        "only": only,
        "filters": _filters(person),
        "is_top": top,
        "is_member": person.is_member,
        "allowed": rules.allowed(person, found),
        "may_open": rules.may_open_forum(person),
        "watch_target": f"forum:{found.uri}",
        "is_watching": found.uri in follows["forum"],
        "reach": actions.reach(found),
    }
    return render(request, "forums/forum.html", context)


def _waiting_in(person: Person, forum: Forum, follows: dict[str, list[str]]) -> list[Thread]:
    """Shown first to those who follow the theme or the forum: they said that they might help."""
    if forum.is_ended or (forum.uri not in follows["forum"] and forum.theme not in follows["theme"]):
        return []
    return pages.waiting(pages.listed(person, forum).filter(pinned=False), person)


def _filters(person: Person) -> list[tuple[str, str]]:
    offered = [("", _("All")), ("sans-reponse", _("Questions without an answer"))]
    return offered + ([("mes-discussions", _("Mine")), ("suivies", _("Followed"))] if person.is_member else [])


@login_required
@require_POST
def mark_read(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Everything in one forum, or in all of them, is read."""
    chosen = [a_forum(request, slug)] if slug else list(Forum.objects.visible_to(request.user))
    reading.mark_all(writer(request), chosen)
    messages.success(request, _("Everything is marked as read."))
    return redirect(chosen[0]) if slug else redirect("forums")
