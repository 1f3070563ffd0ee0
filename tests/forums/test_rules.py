"""Every act, by everybody, as a discussion may stand: the rule, the action and the page say the same."""

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client
from django.urls import reverse

from forums import actions, rules
from forums.problems import NotPossible
from forums.rules import Standing
from rtes_hub.accounts.models import User
from tests.forums.worlds import World, a_world, everything
from tests.make import a_coordinator, a_forum, a_speaker, a_visitor

pytestmark = pytest.mark.django_db

WRITERS = {"member", "author", "coordinator"}
G, L, E = Standing.GOING, Standing.LOCKED, Standing.ENDED
AWAY, AWAY_L, AWAY_E = Standing.ELSEWHERE, Standing.ELSEWHERE_LOCKED, Standing.ELSEWHERE_ENDED
TEXT = {"source": "Une phrase de plus.", "parent": ""}

#: act → standing → who may. "barred" is a member whom a moderator keeps from writing.
EXPECTED: dict[str, dict[Standing, set[str]]] = {
    "start": {G: WRITERS, L: WRITERS, AWAY: WRITERS, AWAY_L: WRITERS},  # a locked discussion locks no forum
    "reply": {G: WRITERS, AWAY: WRITERS},
    "edit": {G: {"author"}, AWAY: {"author"}},
    "delete": {standing: {"author", "coordinator"} for standing in Standing},
    "validate": {standing: {"author", "coordinator"} for standing in (G, L, AWAY, AWAY_L)},
    "lock": {G: {"coordinator"}},
    "unlock": {L: {"coordinator"}},
    "pin": {G: {"coordinator"}, L: {"coordinator"}},
    "move": {G: {"coordinator"}, L: {"coordinator"}},
    "close": {G: {"coordinator"}, L: {"coordinator"}},
    "reopen": {E: {"coordinator"}},
}

Act = Callable[[World, User], Any]
DO: dict[str, Act] = {
    "start": lambda w, by: actions.start_thread(w.forum, by=by, title="Autre chose", source="Bonjour."),
    "reply": lambda w, by: actions.reply(w.thread, by=by, source="Une phrase de plus."),
    "edit": lambda w, by: actions.edit(w.first, by=by, source="Autrement dit.", title="Autre titre"),
    "delete": lambda w, by: actions.delete(w.first, by=by, reason="Hors sujet."),
    "validate": lambda w, by: actions.validate(w.thread, w.answer, by=by),
    "lock": lambda w, by: actions.lock(w.thread, by=by),
    "unlock": lambda w, by: actions.lock(w.thread, by=by, locked=False),
    "pin": lambda w, by: actions.pin(w.thread, by=by),
    "move": lambda w, by: actions.move(w.thread, w.other, by=by),
    "close": lambda w, by: actions.close_forum(w.forum, by=by),
    "reopen": lambda w, by: actions.reopen_forum(w.forum, by=by),
}
SEND: dict[str, Callable[[World], tuple[str, dict[str, Any]]]] = {
    "start": lambda w: (reverse("thread-new", args=[w.forum.slug]), TEXT | {"title": "Autre chose", "sort": "talk"}),
    "reply": lambda w: (reverse("thread-reply", args=[w.thread.pk]), TEXT),
    "edit": lambda w: (reverse("post-edit", args=[w.first.pk]), TEXT | {"title": "Autre titre"}),
    "delete": lambda w: (reverse("post-delete", args=[w.first.pk]), {"reason": "Hors sujet."}),
    "validate": lambda w: (reverse("post-validate", args=[w.answer.pk]), {"act": "take"}),
    "lock": lambda w: (reverse("thread-act", args=[w.thread.pk, "verrouiller"]), {}),
    "unlock": lambda w: (reverse("thread-act", args=[w.thread.pk, "deverrouiller"]), {}),
    "pin": lambda w: (reverse("thread-act", args=[w.thread.pk, "epingler"]), {}),
    "move": lambda w: (reverse("thread-act", args=[w.thread.pk, "deplacer"]), {"forum": w.other.pk}),
    "close": lambda w: (reverse("forum-close", args=[w.forum.slug]), {"act": "close"}),
    "reopen": lambda w: (reverse("forum-close", args=[w.forum.slug]), {"act": "reopen"}),
}


def subject(world: World, act: str) -> tuple[Any, Any]:
    of = world.forum if act in ("start", "close", "reopen") else world.thread
    return of, world.first if act in rules.WITH_A_POST else None


@pytest.mark.parametrize("standing", Standing, ids=lambda standing: standing.value)
def test_who_may_do_what_as_things_stand(standing):
    """One world a standing: whatever is done in it is undone."""
    world = a_world(standing)
    before = everything()
    for act, (name, person) in product(EXPECTED, world.people.items()):
        may, cell = name in EXPECTED[act].get(standing, set()), f"{act}, {name}"
        assert rules.may(person, act, *subject(world, act)) is may, cell
        if isinstance(person, User):
            assert by_action(world, act, person, before) is may, cell
        assert by_page(world, act, person, before) is may, cell


def by_action(world: World, act: str, person: User, before: Any) -> bool:
    """Whether the act had an effect; it is then undone."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                DO[act](world, person)
        except (PermissionDenied, NotPossible):
            assert everything() == before
            return False
        assert everything() != before
        transaction.set_rollback(True)
    for thing in (world.forum, world.thread, world.first, world.answer):
        thing.refresh_from_db()
    return True


def by_page(world: World, act: str, person: Any, before: Any) -> bool:
    client = Client()
    with transaction.atomic():
        if isinstance(person, User):
            client.force_login(person)
        answer = client.post(*SEND[act](world))
        changed = everything() != before
        assert answer.status_code in ((302,) if changed else (302, 403, 409)), answer.status_code
        transaction.set_rollback(True)
    return changed


def test_nobody_but_a_coordinator_opens_a_forum(client):
    for person, may in ((a_visitor(), False), (a_speaker(), False), (a_coordinator(), True)):
        assert rules.may_open_forum(person) is may
    client.force_login(a_speaker())
    sent = {"title": "Achats", "access": "open"}
    assert client.post(reverse("forum-open"), sent).status_code == 403
    client.force_login(a_coordinator())
    assert client.post(reverse("forum-open"), sent).url == "/forums/achats/"


def test_a_post_that_ended_gives_nothing_from_the_next_request(client):
    speaker = a_speaker()
    forum = a_forum()
    client.force_login(speaker)
    path = reverse("thread-new", args=[forum.slug])
    assert client.get(path).status_code == 200
    speaker.staffroles.update(ends_on="2020-01-01")
    assert client.get(path).status_code == 403


def test_a_discussion_moves_only_where_the_same_people_read():
    world = a_world(Standing.GOING)
    with pytest.raises(NotPossible):
        actions.move(world.thread, a_forum(access="closed"), by=None)
    actions.move(world.thread, world.other, by=None)
    world.thread.refresh_from_db()
    for forum in (world.forum, world.other):
        forum.refresh_from_db()
    assert (world.thread.forum, world.forum.thread_count, world.other.thread_count) == (world.other, 0, 1)


def test_a_moderator_says_why_and_an_author_need_not():
    world = a_world(Standing.GOING)
    with pytest.raises(actions.Invalid):
        actions.delete(world.answer, by=world.people["coordinator"], reason=" ")
    actions.delete(world.answer, by=world.answer.voice.user)
