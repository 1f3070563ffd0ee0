"""What ours pledge on a charter of another hub, and how what its hub publishes is mirrored."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from federation.models import Activity, Actor, Delivery, StoredGesture, StoredObject
from federation.publication import Author, Gesture, Publication
from resources.acts import Invalid
from resources.charters import actions, asking, rows
from resources.charters.federated import FederatedCharter
from resources.charters.models import Pledge, Step
from resources.models import Resource
from resources.publication import to_publication
from resources.workflow import NotPossible
from rtes_hub.notices.models import Notice
from tests.federation.peers import a_remote_actor
from tests.make import (
    a_charter,
    a_coordinator,
    a_member,
    a_pledge,
    a_remote_member,
    a_territory,
    an_author,
    an_editor,
)

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
RUNNING = {"status": "running", "progress": 40, "next_update_due": (TODAY + timedelta(days=90)).isoformat()}


def words(**said: Any) -> dict[str, Any]:
    start = (TODAY - timedelta(days=30)).isoformat()
    return {"signatory": "La maire", "signed_on": TODAY.isoformat(), "mandate_starts_on": start} | said


@pytest.fixture
def keeper() -> Author:
    """The region, on another hub, that keeps a charter."""
    a_territory("reg-27")
    actor = a_remote_actor()
    return an_author(uri=actor.uri, name="Bourgogne-Franche-Comté", facts={"territory": "reg-27"})


def as_kept_by(keeper: Author, charter: Resource, **more: Any) -> Publication:
    said = to_publication(charter)
    return replace(said, uri=f"{keeper.hub}/ap/objects/1", author=keeper.uri, **more)


@pytest.fixture
def there(keeper) -> Resource:
    """A charter of the region, signed by Yonne on its own hub, as this hub knows it."""
    charter = a_charter()
    a_pledge(charter, member=a_member("com-89001"), progress={"A1": 60})
    publication = as_kept_by(keeper, charter)
    yonne = publication.facts["pledges"][0] | {"member": f"{keeper.hub}/ap/actors/yonne", "name": "Yonne"}
    publication = replace(publication, facts={**publication.facts, "pledges": [yonne]})
    StoredObject.objects.create(
        uri=publication.uri,
        actor=Actor.objects.get(uri=keeper.uri),
        local=False,
        kind=publication.kind,
        version=publication.version,
        document="{}",
        published=publication.published,
        updated=publication.updated,
    )
    FederatedCharter().receive(publication, keeper)
    Delivery.objects.all().delete()
    return Resource.objects.get(uri=publication.uri)


def publish_again(there: Resource, keeper: Author, **facts: Any) -> None:
    there.refresh_from_db()
    said = replace(to_publication(there), uri=there.uri, author=keeper.uri, version=there.version + 1)
    FederatedCharter().receive(replace(said, facts={**said.facts, **facts}), keeper)
    there.refresh_from_db()


def taken_by_keeper(there: Resource, keeper: Author, step: Step, **more: Any) -> None:
    """The keeper's hub publishes that it has taken the step into account."""
    number = {"pledge": 77}
    who = {"member": step.member.actor_uri, "name": step.member.name, "sequence": step.sequence}
    facts = {
        "pledges": [*there.facts["pledges"], number | who | step.data["pledge"]],
        "commitments": [*there.facts["commitments"], *(number | row for row in step.data["commitments"])],
        "evidence": [*there.facts.get("evidence", []), *(number | row for row in step.data["evidence"])],
    }
    publish_again(there, keeper, **(facts | more))


def answer(step: Step, accepted: bool = True, reason: str = "") -> None:
    gesture = Gesture(uri=step.uri, verb="offer", author=step.member.actor_uri, target=step.charter.uri)
    FederatedCharter().answered(gesture, accepted, reason, {"sequence": step.sequence})


def pledge_there(there: Resource, by=None, **said: Any) -> Step:
    step = actions.pledge(there, member=a_member("com-21231"), by=by, **words(measures=["A1", "B1"], **said))
    assert step is not None
    return step


def test_what_the_keeper_publishes_is_mirrored_in_the_same_tables(there, client):
    pledge = Pledge.objects.get(charter=there)
    assert (pledge.name, pledge.member, pledge.commitments.get(measure="A1").progress) == ("Yonne", None, 60)
    assert rows.facts_of(there)["commitments"] == [row | {"pledge": pledge.pk} for row in there.facts["commitments"]]
    assert "Yonne" in client.get(reverse("charter-board", args=[there.pk])).content.decode()
    assert client.get(reverse("pledge", args=[pledge.pk])).status_code == 200


def test_a_pledge_is_owed_to_the_keeper_and_shown_as_pending_until_it_is_answered(there, keeper, client):
    editor = an_editor(a_member("com-21231"))
    step = pledge_there(there, by=editor)
    gesture = StoredGesture.objects.get(uri=step.uri)
    assert (gesture.to, gesture.facts["act"], gesture.facts["sequence"]) == (keeper.uri, "pledge", 1)
    assert Delivery.objects.get().activity == Activity.objects.get(uri=step.uri)
    assert not Pledge.objects.filter(charter=there, member=step.member).exists()
    client.force_login(editor)
    page = client.get(reverse("charter", args=[there.pk])).content.decode()
    assert "awaiting an answer" in page
    taken_by_keeper(there, keeper, step)
    answer(step)
    page = client.get(reverse("charter", args=[there.pk])).content.decode()
    assert "awaiting an answer" not in page
    assert ">pledged<" in page
    mirrored = Pledge.objects.get(charter=there, member=step.member)
    assert rows.state_of(mirrored) == step.data
    assert "accepté" in Notice.objects.get(user=editor).title


def test_progress_is_told_on_top_of_what_waits_and_the_last_word_says_all(there, keeper):
    first = pledge_there(there)
    second = actions.update_commitment(there, "A1", member=first.member, by=None, **RUNNING)
    assert (second.sequence, second.act) == (2, "update")
    assert {row["measure"]: row["progress"] for row in second.data["commitments"]} == {"A1": 40, "B1": 0}
    taken_by_keeper(there, keeper, second)  # the first was lost on the way
    assert rows.state_of(Pledge.objects.get(charter=there, member=first.member)) == second.data


def test_a_refusal_is_shown_and_told_with_its_reason_and_what_stood_before_stands(there, keeper, client):
    editor = an_editor(a_member("com-21231"))
    first = pledge_there(there, by=editor)
    answer(first)
    second = actions.update_commitment(there, "A1", member=first.member, by=editor, **RUNNING)
    answer(second, accepted=False, reason="La mesure A1 n’est plus suivie.")
    answer(second)  # the first answer counts
    assert Step.objects.get(pk=second.pk).state == "refused"
    assert asking.wanted(there, first.member) == first.data
    client.force_login(editor)
    assert "n’est plus suivie" in client.get(reverse("charter", args=[there.pk])).content.decode()
    assert Notice.objects.filter(user=editor, text="La mesure A1 n’est plus suivie.").exists()


def test_a_keeper_cannot_make_one_of_ours_sign_nor_put_words_in_its_mouth(there, keeper):
    member = a_member("com-21231")
    row = {"pledge": 9, "member": member.actor_uri, "name": "Dijon", "sequence": 1} | words()
    publish_again(there, keeper, pledges=[row])
    assert not Pledge.objects.filter(charter=there).exists()
    step = pledge_there(there)
    said = [{"pledge": 9, "measure": "A1", "status": "done", "progress": 100}]
    publish_again(there, keeper, pledges=[row | {"sequence": step.sequence}], commitments=said)
    assert rows.state_of(Pledge.objects.get(charter=there)) == step.data


def test_a_restored_hub_uses_no_number_twice(there, keeper):
    step = pledge_there(there)
    taken_by_keeper(there, keeper, step)
    publish_again(there, keeper, pledges=[row | {"sequence": 7} for row in there.facts["pledges"]])
    Step.objects.all().delete()
    assert asking.following(there, step.member) == 8


def test_what_would_be_refused_for_sure_is_refused_here_and_nothing_is_sent(there):
    with pytest.raises(Invalid):
        pledge_there(there, signatory=" ")
    with pytest.raises(NotPossible):
        actions.update_commitment(there, "A1", member=a_member("com-21231"), by=None, **RUNNING)
    with pytest.raises(NotPossible):
        actions.pledge(there, member=a_member("dep-21"), by=None, **words(measures=["A1"]))
    assert not Step.objects.exists()
    assert not Delivery.objects.exists()


def test_the_same_pledge_again_is_not_said_again(there):
    pledge_there(there)
    with pytest.raises(NotPossible):
        pledge_there(there)
    assert Step.objects.count() == 1


def test_a_keeper_that_cannot_be_reached_is_told_and_nothing_is_kept(there):
    Actor.objects.filter(uri=there.member.actor_uri).update(gone_at=timezone.now())
    with pytest.raises(NotPossible):
        pledge_there(there)
    assert not Step.objects.exists()


def test_nobody_here_speaks_for_those_of_another_hub(there):
    with pytest.raises(PermissionDenied):
        actions.pledge(there, member=a_remote_member(), by=a_coordinator(), **words(measures=["A1"]))


def test_a_late_copy_changes_nothing_and_a_withdrawn_charter_is_shown_no_more(there, keeper, client):
    old = replace(to_publication(there), uri=there.uri, author=keeper.uri)
    publish_again(there, keeper, pledges=[], commitments=[])
    FederatedCharter().receive(old, keeper)
    assert not Pledge.objects.filter(charter=there).exists()
    FederatedCharter().remove(there.uri)
    assert client.get(reverse("charter", args=[there.pk])).status_code == 404


def test_rows_that_are_not_right_are_left_out_and_the_others_kept(there, keeper):
    facts = there.facts
    wrong = [
        None,
        {},
        {"pledge": 5, "member": "javascript:1", "name": "x"},
        facts["pledges"][0] | {"signed_on": "hier"},
    ]
    publish_again(
        there,
        keeper,
        pledges=[*wrong, facts["pledges"][0]],
        commitments=[*facts["commitments"], {"pledge": 1, "measure": "A2", "status": "flying", "progress": 3}],
    )
    assert Pledge.objects.get(charter=there).commitments.count() == 3


def test_too_much_to_travel_leaves_the_oldest_comments_and_evidence_at_home(monkeypatch):
    charter = a_charter()
    told = {"comment": "x" * 500, "status": "running", "progress": 1}
    a_pledge(charter, progress=dict.fromkeys(("A1", "A2", "B1"), told))
    evidence = {"label": "PV", "url": "https://a.example/" + "y" * 400}
    pledge = charter.pledges.get()
    actions.update_commitment(charter, "A1", member=pledge.member, by=None, evidence=evidence, **RUNNING)
    whole = rows.facts_of(charter)
    monkeypatch.setattr(rows, "MAX_BYTES", 1500)
    light = rows.facts_of(charter)
    assert len(light["commitments"]) == len(whole["commitments"]) == 3
    assert sum("comment" in row for row in light["commitments"]) < 2
    assert pledge.commitments.get(measure="A2").comment
