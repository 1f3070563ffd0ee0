"""A discussion: beginning one, and reading it."""

from typing import Any, cast

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from forums import actions, pages, reading, rules, topics, voices
from forums.forms import MessageForm, ThreadForm
from forums.models import Forum, Post, Thread
from forums.rules import Person
from forums.views.common import (
    a_forum,
    a_post,
    asks_consent,
    consent_shown,
    must_be_member,
    number,
    signed_in_to_write,
    typed,
    writer,
)
from rtes_hub import subjects
from rtes_hub.accounts import stash
from rtes_hub.accounts.models import User
from rtes_hub.notices import actions as notices
from rtes_hub.territories import facts
from rtes_hub.territories.models import Territory


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_to_write
def new(request: HttpRequest, slug: str) -> HttpResponse:
    person = Person(request.user)
    found = a_forum(request, slug, person)
    must_be_member(person)
    sent = typed(request)
    begin = {name: request.GET.get(name, "") for name in ("about", "title")}
    begin["sort"] = "talk" if request.GET.get("sort") == "talk" else "question"
    form = ThreadForm(sent, initial=begin, asks_consent=asks_consent(person, found))
    if request.method == "POST" and form.is_valid():
        try:
            thread = _start(found, writer(request), form)
        except actions.Invalid as invalid:
            form.say(invalid)
        except actions.NotPossible as problem:
            return _new_page(request, person, found, form, problem=str(problem))
        else:
            stash.drop(request)
            messages.success(request, _where_it_went(found))
            return redirect(thread)
    return _new_page(request, person, found, form)


def _start(forum: Forum, user: User, form: ThreadForm) -> Thread:
    said = form.cleaned_data
    with transaction.atomic():  # no consent is kept for a message that was not
        if said.get("consent"):
            actions.consent(user)
        return actions.start_thread(
            forum,
            by=user,
            title=said["title"],
            source=said["source"],
            is_question=said["sort"] == "question",
            about=said["about"],
        )


def _where_it_went(forum: Forum) -> str:
    if not forum.local:
        return _("Sent. It will be shown to everyone once the hub of this forum shows it.")
    if reach := actions.reach(forum):
        return _("Published here, and on its way to %d partner territories.") % reach
    return _("Published.")


def _new_page(
    request: HttpRequest, person: Person, forum: Forum, form: ThreadForm, *, problem: str = ""
) -> HttpResponse:
    may = rules.may(person, "start", forum)
    context = {
        "forum": forum,
        "form": form,
        "problem": problem or actions.why_not(person, "start", forum),
        "may": may,
        "subject": subjects.find(request.user, form["about"].value() or ""),
        "restored": request.method != "POST" and form.is_bound,
        "facts": facts_line(territory_of(writer(request))),
        "reach": actions.reach(forum),
        "consent": consent_shown(person, forum),
    }
    status = 409 if problem else 400 if request.method == "POST" else 200
    return render(request, "forums/thread_new.html", context, status=status)


def territory_of(user: User) -> Territory | None:
    post = voices.post_of(user)
    return post.member.territory if post else None


def facts_line(territory: Territory | None) -> str:
    """ "Dijon Métropole (métropole, 261 178 inhabitants, Côte-d'Or)": what an answer depends on."""
    if territory is None:
        return ""
    place = facts.place(territory, facts.places([territory]))
    parts = [facts.type_label(territory), facts.inhabitants(territory.population), place]
    return f"{territory.name} ({', '.join(part for part in parts if part)})"


# Reading ----------------------------------------------------------------------------------------------------------


@never_cache
@require_safe
def thread(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    person = Person(request.user)
    readable = Thread.objects.visible_to(person).select_related("forum", "voice__member", "territory")
    found = readable.filter(pk=pk).first()
    if found is None:
        return _gone(request, pk)
    if request.path != found.get_absolute_url():
        query = request.GET.urlencode()
        return HttpResponsePermanentRedirect(found.get_absolute_url() + (f"?{query}" if query else ""))
    begin = number(request.GET.get("de", ""))
    page = pages.posts(person, found, begin=begin, end="fin" in request.GET)
    first = _first(person, found) if page.previous is None else None
    context = _context(person, found, page, first) | {"begin": begin}
    if person.is_member:
        context |= _read(person, found, page, first)
    return render(request, "forums/thread.html", context)


def _first(person: Person, thread: Thread) -> Post:
    return Post.objects.within(thread, person).select_related("voice__member").get(is_first=True)


def _context(person: Person, thread: Thread, page: pages.PostPage, first: Post | None) -> dict[str, Any]:
    shown = [*([first] if first else []), *page.posts]
    for post in shown:
        post.thread = thread
    allowed = rules.allowed(person, thread)
    answer = _answer(person, thread)
    consenting = asks_consent(person, thread.forum)
    return {
        "thread": thread,
        "forum": thread.forum,
        "watch_target": f"thread:{thread.uri}",
        "is_watching": False,
        "new": set(),
        "first": first,
        "page": page,
        "allowed": allowed,
        "acts": {post.pk: rules.allowed(person, thread, post, among=rules.WITH_A_POST) for post in shown},
        "answer": answer,
        "answer_is_here": answer in page.posts,
        "about": topics.shown(thread, person),
        "facts": facts_line(thread.territory),
        "is_member": person.is_member,
        "is_barred": person.is_barred,
        "is_going": rules.standing(thread) in rules.ACTS["reply"],
        "why_not": actions.why_not(person, "reply", thread),
        "form": MessageForm(asks_consent=consenting) if "reply" in allowed else None,
        "consent": consent_shown(person, thread.forum) if "reply" in allowed else {},
        "reach": actions.reach(thread.forum),
        "forums": _elsewhere(person, thread) if "move" in allowed else [],
    }


def _answer(person: Person, thread: Thread) -> Post | None:
    if not thread.answer_uri:
        return None
    found = Post.objects.within(thread, person).standing().filter(uri=thread.answer_uri)
    answer = found.select_related("voice__member").first()
    if answer is not None:
        answer.thread = thread
    return answer


def _elsewhere(person: Person, thread: Thread) -> list[Forum]:
    """The forums that it may be moved to."""
    same = Forum.objects.visible_to(person).filter(local=True, closed_at=None, access=thread.forum.access)
    return list(same.exclude(pk=thread.forum_id))


def _read(person: Person, thread: Thread, page: pages.PostPage, first: Post | None) -> dict[str, Any]:
    """What is new to them here; from now on, what this page shows is not."""
    user = cast(User, person.user)
    since = reading.seen_at(user, thread)
    unread = reading.first_unread(person, thread, since)
    shown = [*([first] if first else []), *page.posts]
    until = thread.news_at if page.is_last and page.previous is None else max((p.came_at for p in shown), default=since)
    if until > since:
        reading.mark(user, thread, until)
    new = {post.pk for post in shown if post.came_at > since and post.voice.user_id != user.pk}
    is_watching = notices.is_watching(user, f"thread:{thread.uri}")
    return {
        "is_watching": is_watching,
        "new": new,
        "first_unread": unread if unread and unread.pk not in new else None,
        "jump": unread,
    }


def _gone(request: HttpRequest, pk: int) -> HttpResponse:
    """One that could be read before it was removed is gone; of others nothing is told."""
    was = Thread.objects.filter(pk=pk, forum__in=Forum.objects.visible_to(request.user)).exclude(removed_at=None)
    if not was.exists():
        raise Http404
    return render(request, "forums/gone.html", status=410)


@require_safe
def post(request: HttpRequest, pk: int) -> HttpResponse:
    """A message by itself: where it stands in its discussion."""
    return redirect(a_post(request, pk))
