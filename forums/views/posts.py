"""What is done with a message: answering, quoting, changing, deleting, taking as the answer; and its history."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from forums import actions, rules
from forums.forms import EditForm, MessageForm, ReasonForm
from forums.models import Post, Thread
from forums.rules import Person
from forums.views.common import (
    a_post,
    a_thread,
    asks_consent,
    consent_shown,
    must_be_member,
    number,
    signed_in_to_write,
    typed,
    writer,
)
from rtes_hub.accounts import stash
from rtes_hub.accounts.models import User
from rtes_hub.text import clean

MAX_QUOTE = 1500  #: characters of a message that an answer begins with


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_to_write
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """The form at the foot of a discussion sends here; links to answer or to quote one message lead here."""
    person = Person(request.user)
    thread = a_thread(request, pk, person)
    must_be_member(person)
    sent = typed(request)
    parent = _parent(person, thread, (sent or request.GET).get("parent", ""))
    begin = {"parent": parent.pk if parent else None, "source": _quoted(parent) if "citer" in request.GET else ""}
    form = MessageForm(sent, initial=begin, asks_consent=asks_consent(person, thread.forum))
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            said = _reply(thread, writer(request), form, parent)
        except actions.Invalid as invalid:
            form.say(invalid)
        except actions.NotPossible as refusal:
            problem = str(refusal)
        else:
            stash.drop(request)
            if not said.is_shown:
                messages.success(request, _("Sent. It will be shown to everyone once the hub of this forum shows it."))
            return redirect(said)
    return _reply_page(request, person, thread, form, parent, problem)


def _reply(thread: Thread, user: User, form: MessageForm, parent: Post | None) -> Post:
    with transaction.atomic():  # no consent is kept for a message that was not
        if form.cleaned_data.get("consent"):
            actions.consent(user)
        return actions.reply(thread, by=user, source=form.cleaned_data["source"], parent=parent)


def _parent(person: Person, thread: Thread, pk: str) -> Post | None:
    known = number(pk)
    found = Post.objects.within(thread, person).standing().filter(pk=known) if known else None
    return found.select_related("voice__member").first() if found is not None else None


def _quoted(post: Post | None) -> str:
    """The message as the beginning of an answer: Markdown, each line marked as somebody else's."""
    if post is None:
        return ""
    text = post.source or clean.plain(post.html, MAX_QUOTE)
    text = text if len(text) <= MAX_QUOTE else text[:MAX_QUOTE].rstrip() + " …"
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines()) + "\n\n"


def _reply_page(
    request: HttpRequest, person: Person, thread: Thread, form: MessageForm, parent: Post | None, problem: str
) -> HttpResponse:
    may = rules.may(person, "reply", thread)
    context = {
        "thread": thread,
        "forum": thread.forum,
        "parent": parent,
        "form": form,
        "problem": problem or actions.why_not(person, "reply", thread),
        "may": may,
        "restored": request.method != "POST" and form.is_bound,
        "consent": consent_shown(person, thread.forum),
        "reach": actions.reach(thread.forum),
    }
    status = 409 if problem else 400 if request.method == "POST" else 200
    return render(request, "forums/reply.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_to_write
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    person = Person(request.user)
    post = a_post(request, pk, person)
    if not rules.ever_may(person, "edit", post.thread, post):
        raise PermissionDenied
    sent = typed(request)
    begin = {"source": post.source, "title": post.thread.title}
    form = EditForm(sent, initial=begin, with_title=post.is_first)
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            said = form.cleaned_data
            post = actions.edit(post, by=writer(request), source=said["source"], title=said.get("title"))
        except actions.Invalid as invalid:
            form.say(invalid)
        except actions.NotPossible as refusal:
            problem = str(refusal)
        else:
            stash.drop(request)
            messages.success(request, _("Your message is changed."))
            return redirect(post)
    context = {
        "post": post,
        "thread": post.thread,
        "forum": post.thread.forum,
        "form": form,
        "problem": problem,
        "restored": request.method != "POST" and form.is_bound,
    }
    status = 409 if problem else 400 if request.method == "POST" else 200
    return render(request, "forums/edit.html", context, status=status)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own, at once after being asked; another's, as a coordinator, with a reason."""
    person = Person(request.user)
    post = a_post(request, pk, person)
    if not rules.may(person, "delete", post.thread, post):
        raise PermissionDenied
    is_own = person.wrote(post)
    form = ReasonForm(request.POST if request.method == "POST" else None, is_needed=not is_own)
    if request.method == "POST" and form.is_valid():
        try:
            actions.delete(post, by=writer(request), reason=form.cleaned_data.get("reason", ""))
        except actions.Invalid as invalid:
            form.say(invalid)
        else:
            messages.success(request, _("The message is deleted. Every hub that has a copy is told to delete it too."))
            thread = Thread.objects.select_related("forum").get(pk=post.thread_id)
            return redirect(thread.forum if thread.removed_at else thread)
    context = {"post": post, "thread": post.thread, "forum": post.thread.forum, "form": form, "is_own": is_own}
    return render(request, "forums/delete.html", context, status=400 if request.method == "POST" else 200)


@login_required
@require_POST
def validate(request: HttpRequest, pk: int) -> HttpResponse:
    """This message answers the question, or no longer."""
    post = a_post(request, pk)
    taken = request.POST.get("act") != "undo"
    try:
        if taken:
            actions.validate(post.thread, post, by=writer(request))
        else:
            actions.unvalidate(post.thread, by=writer(request))
    except actions.NotPossible as problem:
        messages.error(request, str(problem))
    else:
        done = _("This answer is shown under the question.")
        messages.success(request, done if taken else _("The question has no validated answer any more."))
    return redirect(post)


@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """What a message said, and when it was changed. Of a removed one nothing is told."""
    post = a_post(request, pk)
    versions = list(post.revisions.all())
    context = {"post": post, "thread": post.thread, "forum": post.thread.forum, "versions": versions}
    return render(request, "forums/history.html", context)
