"""A charter's hub that never answers: the pledge is shown as unanswered, sent again by hand; a late answer counts."""

import pytest
from django.urls import reverse

from federation.models import Delivery, StoredGesture
from federation.publication import Gesture
from resources.charters import actions
from resources.charters.federated import FederatedCharter
from resources.charters.models import Step
from rtes_hub.audit.models import Line
from rtes_hub.notices.models import Notice
from tests.make import a_contributor, a_member, a_reader, an_editor
from tests.resources.charters.test_asked_elsewhere import keeper, there, words  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return a_member("com-21231")


@pytest.fixture
def step(there, town) -> Step:  # noqa: F811
    return actions.pledge(there, member=town, by=None, measures=["A1"], **words())


def a_gesture_of(step: Step) -> Gesture:
    return Gesture(uri=step.uri, verb="offer", author=step.member.actor_uri, target=step.charter.uri)


def nobody_answers(step: Step, contact: str = "") -> None:
    Delivery.objects.update(state=Delivery.State.SENT)
    StoredGesture.objects.filter(uri=step.uri).update(state="given_up", next_try=None)
    FederatedCharter().given_up(a_gesture_of(step), contact)
    step.refresh_from_db()


def again(client, step: Step):
    return client.post(reverse("pledge-again", args=[step.charter_id, step.member.slug, step.pk]))


def owed() -> int:
    return Delivery.objects.filter(state=Delivery.State.WAITING).count()


def test_editors_are_told_whom_to_write_to_and_send_it_again_once(client, there, town, step):  # noqa: F811
    editor = an_editor(town)
    nobody_answers(step, "coordination@partenaire.example")
    (notice,) = Notice.objects.filter(user=editor)
    assert "sans réponse" in notice.title
    assert "coordination@partenaire.example" in notice.text
    client.force_login(editor)
    page = client.get(reverse("charter", args=[there.pk])).content.decode()
    assert "unanswered" in page
    assert reverse("pledge-again", args=[there.pk, town.slug, step.pk]) in page
    for _ in range(2):
        assert again(client, step).status_code == 302
    step.refresh_from_db()
    assert (step.state, step.sequence, owed()) == ("pending", 1, 1)
    assert Line.objects.filter(act="charters.ask_again").count() == 1


def test_nobody_else_sends_it_again(client, town, step):
    nobody_answers(step)
    assert again(client, step).url.startswith("/compte/connexion/")
    for user in (a_reader(town), a_contributor(town), an_editor(a_member())):
        client.force_login(user)
        assert again(client, step).status_code in (403, 404)
    step.refresh_from_db()
    assert (step.state, owed()) == ("given_up", 0)


@pytest.mark.parametrize(("accepted", "state"), [(True, "accepted"), (False, "refused")])
def test_a_late_answer_replaces_the_silence(client, there, town, step, accepted, state):  # noqa: F811
    nobody_answers(step)
    for yes in (accepted, not accepted):
        FederatedCharter().answered(a_gesture_of(step), yes, "" if yes else "Charte close.", {})
    step.refresh_from_db()
    assert step.state == state
    client.force_login(an_editor(town))
    page = client.get(reverse("charter", args=[there.pk])).content.decode()
    assert reverse("pledge-again", args=[there.pk, town.slug, step.pk]) not in page


def test_what_was_never_answered_still_is_the_word_of_its_author(there, town, step):  # noqa: F811
    """A pledge is said whole: the next gesture says it again with what is new."""
    nobody_answers(step)
    nxt = actions.pledge(there, member=town, by=None, measures=["A1", "A2"], **words())
    assert nxt is not None
    assert [row["measure"] for row in nxt.data["commitments"]] == ["A1", "A2"]
