"""A discussion in each standing, and each sort of person before it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from forums import actions, arrivals, neighbours
from forums.models import Forum, Post, Thread, Voice
from forums.rules import Standing
from rtes_hub.accounts.models import User
from tests.make import a_coordinator, a_forum, a_post, a_question, a_remote_forum, a_speaker, a_user, a_visitor


@dataclass(frozen=True, kw_only=True)
class World:
    """A question of `people["author"]`, answered by somebody else."""

    forum: Forum
    other: Forum  #: where it might be moved
    thread: Thread
    first: Post
    answer: Post
    people: dict[str, User | AnonymousUser]


def a_world(standing: Standing) -> World:
    is_here = standing in (Standing.GOING, Standing.LOCKED, Standing.ENDED)
    forum = a_forum() if is_here else a_remote_forum()
    author, barred, coordinator = a_speaker(), a_speaker(), a_coordinator()
    actions.consent(coordinator)
    thread = a_question(forum, by=author)
    arrivals.shown(thread.uri)
    thread.refresh_from_db()
    answer = a_post(thread)
    arrivals.shown(answer.uri)
    match standing:
        case Standing.LOCKED:
            actions.lock(thread, by=None)
        case Standing.ENDED:
            actions.close_forum(forum, by=None)
        case Standing.ELSEWHERE_LOCKED:
            arrivals.locked(thread.uri, True)
        case Standing.ELSEWHERE_ENDED:
            neighbours.place_gone(forum.uri)
    Voice.objects.filter(user=barred).update(barred_until=timezone.now() + timedelta(days=7))
    thread = Thread.objects.select_related("forum", "voice").get(pk=thread.pk)
    posts = thread.posts.select_related("voice", "thread__forum")
    people: dict[str, Any] = {
        "visitor": a_visitor(),
        "outsider": a_user(),
        "member": a_speaker(),
        "barred": barred,
        "author": author,
        "coordinator": coordinator,
    }
    return World(
        forum=thread.forum,
        other=a_forum(),
        thread=thread,
        first=posts.get(is_first=True),
        answer=posts.get(pk=answer.pk),
        people=people,
    )


def everything() -> dict[str, list[dict[str, Any]]]:
    """All that is said in the forums, to see whether an act had an effect. What was read is not said."""
    return {
        model.__name__: list(model.objects.order_by("pk").values())
        for model in (Forum, Thread, Post)  # type: ignore[attr-defined]
    }
