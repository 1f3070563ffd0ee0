"""A lead's hub that never answers: those who asked are told what to do, ask again by hand, and a late answer counts."""

import pytest
from django.urls import reverse

from federation.models import Delivery, Peer, StoredGesture
from resources.models import Resource
from resources.pooling import actions
from resources.pooling.federated import FederatedAction
from resources.pooling.models import Step
from rtes_hub.audit.models import Line
from rtes_hub.notices.models import Notice
from tests.make import a_contributor, a_member, a_reader, an_editor
from tests.resources.pooling.test_asked_elsewhere import a_gesture_of, lead, there, town  # noqa: F401 - fixtures
from tests.resources.programs import is_problem, send, signed

pytestmark = pytest.mark.django_db


@pytest.fixture
def step(there, town) -> Step:  # noqa: F811
    return actions.join(there, member=town, by=None, technical_lead="Achats")


def nobody_answers(step: Step, contact: str = "") -> None:
    """As federation does after a fortnight."""
    Delivery.objects.update(state=Delivery.State.SENT)
    StoredGesture.objects.filter(uri=step.uri).update(state="given_up", next_try=None)
    FederatedAction().given_up(a_gesture_of(step), contact)
    step.refresh_from_db()


def again(client, step: Step):
    return client.post(reverse("pooling-again", args=[step.action_id, step.pk]))


def owed() -> int:
    return Delivery.objects.filter(state=Delivery.State.WAITING).count()


def test_its_editors_are_told_whom_to_write_to_and_the_page_offers_to_ask_again(client, there, town, step):  # noqa: F811
    editor, reader = an_editor(town), a_reader(town)
    nobody_answers(step, "coordination@partenaire.example")
    assert step.state == "given_up"
    (notice,) = Notice.objects.filter(user=editor)
    assert "sans réponse" in notice.title
    assert "coordination@partenaire.example" in notice.text
    assert not Notice.objects.filter(user=reader).exists()
    client.force_login(editor)
    page = client.get(there.get_absolute_url()).content.decode()
    assert "unanswered" in page
    assert reverse("pooling-again", args=[there.pk, step.pk]) in page
    assert "has not answered yet" not in page


def test_without_a_contact_they_are_told_to_call_its_hub(town, step):  # noqa: F811
    editor = an_editor(town)
    nobody_answers(step)
    assert step.action.member.hub_name in Notice.objects.get(user=editor).text


def test_they_ask_again_and_the_same_step_leaves_once(client, there, town, step):  # noqa: F811
    nobody_answers(step)
    client.force_login(an_editor(town))
    for _ in range(2):
        assert again(client, step).url == f"{there.get_absolute_url()}#yours"
    step.refresh_from_db()
    assert (step.state, step.sequence, owed()) == ("pending", 1, 1)
    assert StoredGesture.objects.get().state == "pending"
    assert Line.objects.filter(act="pooling.ask_again").count() == 1
    assert "has not answered yet" in client.get(there.get_absolute_url()).content.decode()


def test_nobody_else_asks_again_and_nothing_leaves(client, there, town, step):  # noqa: F811
    nobody_answers(step)
    assert again(client, step).url.startswith("/compte/connexion/")
    for user in (a_reader(town), a_contributor(town), an_editor(a_member())):
        client.force_login(user)
        assert again(client, step).status_code == 403
    step.refresh_from_db()
    assert (step.state, owed()) == ("given_up", 0)


def test_a_hub_that_cannot_be_reached_is_said_and_the_step_stays_unanswered(client, town, step):  # noqa: F811
    nobody_answers(step)
    Peer.objects.update(level=Peer.Level.BLOCKED)
    client.force_login(an_editor(town))
    again(client, step)
    step.refresh_from_db()
    assert (step.state, owed()) == ("given_up", 0)


@pytest.mark.parametrize(("accepted", "state"), [(True, "accepted"), (False, "refused")])
def test_a_late_answer_replaces_the_silence(client, there, town, step, accepted, state):  # noqa: F811
    editor = an_editor(town)
    nobody_answers(step)
    for yes in (accepted, not accepted):
        FederatedAction().answered(a_gesture_of(step), yes, "" if yes else "La date est passée.", {})
    step.refresh_from_db()
    assert step.state == state
    assert Notice.objects.filter(user=editor, topic="answer").count() == 2
    client.force_login(editor)
    assert (
        reverse("pooling-again", args=[there.pk, step.pk]) not in client.get(there.get_absolute_url()).content.decode()
    )


def test_what_is_asked_next_does_not_wait_for_what_was_given_up(there: Resource, town, step):  # noqa: F811
    nobody_answers(step)
    nxt = actions.join(there, member=town, by=None, role="observer")
    assert nxt is not None
    assert StoredGesture.objects.get(uri=nxt.uri).facts["after"] == 0
    FederatedAction().given_up(a_gesture_of(step), "")
    assert Line.objects.filter(act="pooling.given_up").count() == 1, "given up once"


def test_a_program_asks_again_with_the_same_refusals(client, there, town, step):  # noqa: F811
    nobody_answers(step)
    path, editor = f"pooled-actions/{there.pk}/ask-again/", signed(an_editor(town))
    is_problem(send(client, "post", path, {"uri": step.uri}, **signed(a_reader(town))), 403)
    is_problem(send(client, "post", path, {"uri": "https://elsewhere.example/1"}, **editor), 404)
    assert owed() == 0
    assert send(client, "post", path, {"uri": step.uri}, **editor).status_code == 202
    is_problem(send(client, "post", path, {"uri": step.uri}, **editor), 409)
    assert owed() == 1
