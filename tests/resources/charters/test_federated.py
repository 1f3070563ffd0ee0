"""Charters from one hub to another: what partners pledge on ours, and what ours pledge on theirs."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from federation.errors import Refused
from federation.models import Activity, Actor, Delivery, StoredGesture, StoredObject
from federation.publication import Author, Gesture, Publication
from federation.registry import for_kind
from federation.wire import read, write
from resources.acts import Invalid
from resources.charters import actions, asking, rows
from resources.charters.federated import FederatedCharter
from resources.charters.models import Pledge, Step
from resources.models import Resource
from resources.publication import to_publication
from resources.workflow import NotPossible
from rtes_hub.audit.models import Line
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


# On the hub of the charter ----------------------------------------------------------------------------------------


@pytest.fixture
def town() -> Author:
    """A town that another hub speaks for."""
    a_territory("com-21231")
    return an_author(name="Dijon", facts={"territory": "com-21231"})


def a_gesture(charter: Resource, author: Author, act: str, sequence: int, /, **changes: Any) -> Gesture:
    facts = {
        "act": act,
        "sequence": sequence,
        "pledge": words(charter_version=1),
        "commitments": [
            {"measure": "A1", "status": "not_started", "progress": 0, "next_update_due": "2099-01-01"},
            {"measure": "B1", "status": "not_started", "progress": 0, "next_update_due": "2099-01-01"},
        ],
        "evidence": [],
    }
    uri = f"{author.hub}/ap/activities/gesture-{act}-{sequence}"
    return Gesture(uri=uri, verb="offer", author=author.uri, target=charter.uri, facts=facts | changes)


def told(**said: Any) -> list[dict[str, Any]]:
    first = {"measure": "A1", "updated_on": TODAY.isoformat(), **RUNNING} | said
    return [first, {"measure": "B1", "status": "not_started", "progress": 0, "next_update_due": "2099-01-01"}]


def proof(**said: Any) -> list[dict[str, Any]]:
    url = "https://a.example/pv"
    return [{"measure": "A1", "kind": "link", "label": "PV", "url": url, "added_on": "2026-01-01"} | said]


def hear(gesture: Gesture, author: Author) -> Any:
    speaker = for_kind("charter")
    assert isinstance(speaker, FederatedCharter)
    return speaker.gesture(read.gesture(write.gesture(gesture, to="https://hub.example/a")), author)


def test_a_town_of_another_hub_pledges_tells_and_withdraws(town):
    charter = a_charter()
    editor = an_editor(charter.member)
    assert hear(a_gesture(charter, town, "pledge", 1), town) == {"sequence": 1}
    assert "has pledged" in Notice.objects.get(user=editor).title
    hear(a_gesture(charter, town, "update", 2, commitments=told(), evidence=proof()), town)
    pledge = Pledge.objects.get()
    assert (pledge.member.local, pledge.sequence, pledge.name) == (False, 2, "Dijon")
    first = pledge.commitments.get(measure="A1")
    assert (first.progress, first.evidence.get().label, first.updates.count()) == (40, "PV", 1)
    gone = words(charter_version=1, withdrawn_on=TODAY.isoformat(), reason="Vote contraire")
    hear(a_gesture(charter, town, "withdraw", 3, pledge=gone, commitments=told(next_update_due=None)), town)
    pledge.refresh_from_db()
    assert pledge.reason == "Vote contraire"
    lines = Line.objects.filter(by_uri=town.uri).order_by("pk")
    assert [line.act for line in lines] == ["charters.pledge", "charters.update", "charters.withdraw"]


def test_what_it_says_is_published_as_rows_that_survive_the_trip(town):
    charter = a_charter()
    hear(a_gesture(charter, town, "pledge", 1), town)
    charter.refresh_from_db()
    published = to_publication(charter)
    assert StoredObject.objects.get(uri=charter.uri).version == published.version
    assert read.publication(write.article(published, followers="https://hub.example/f")) == published
    assert [row["member"] for row in published.facts["pledges"]] == [town.uri]


def test_a_gesture_that_comes_late_is_a_yes_without_effect(town):
    charter = a_charter()
    hear(a_gesture(charter, town, "update", 2, commitments=told()), town)
    version = Resource.objects.get(pk=charter.pk).version
    assert hear(a_gesture(charter, town, "pledge", 1), town) == {"sequence": 2}
    assert Pledge.objects.get().commitments.get(measure="A1").progress == 40
    assert Resource.objects.get(pk=charter.pk).version == version


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"act": "admit"}, "understand"),
        ({"act": ["pledge"]}, "understand"),
        ({"sequence": 0}, "understand"),
        ({"sequence": True}, "understand"),
        ({"sequence": 2**31}, "understand"),
        ({"pledge": None}, "Pledge"),
        ({"pledge": words(signatory="")}, "Signed by"),
        ({"pledge": words(signed_on="2999-01-01")}, "to come"),
        ({"commitments": []}, "Measures"),
        ({"commitments": "A1"}, "Commitments"),
        ({"commitments": told(measure="Z9")}, "Measures"),
        ({"commitments": told() + told()}, "Measures"),
        ({"commitments": told(progress=101)}, "at most 100"),
        ({"commitments": told(status="flying")}, "flying"),
        ({"commitments": told(status="dropped")}, "say why"),
        ({"evidence": proof(measure="C1")}, "Evidence"),
        ({"evidence": proof(url="javascript:alert(1)")}, "https://"),
    ],
)
def test_what_is_not_right_is_refused_with_its_reason_and_leaves_nothing(town, changes, said):
    charter = a_charter()
    with pytest.raises(Refused, match=said):
        hear(a_gesture(charter, town, "pledge", 1, **changes), town)
    assert not Pledge.objects.exists()
    assert "pledges" not in Resource.objects.get(pk=charter.pk).facts


def test_what_a_later_hub_says_more_is_left_out(town):
    gesture = a_gesture(a_charter(), town, "pledge", 1, commitments=told(owner="Directrice"), mood="joyeuse")
    hear(gesture, town)
    assert Pledge.objects.get().commitments.count() == 2


@pytest.mark.parametrize("facts", [{"visibility": "members"}, {"federated": False}])
def test_a_charter_that_does_not_travel_takes_nobody_from_elsewhere(town, facts):
    with pytest.raises(Refused):
        hear(a_gesture(a_charter(**facts), town, "pledge", 1), town)


def test_an_archived_charter_takes_updates_and_no_new_pledge(town):
    charter = a_charter()
    hear(a_gesture(charter, town, "pledge", 1), town)
    Resource.objects.filter(pk=charter.pk).update(state="archived")
    hear(a_gesture(charter, town, "update", 2, commitments=told()), town)
    other = an_author(name="Yonne")
    with pytest.raises(Refused):
        hear(a_gesture(charter, other, "pledge", 1), other)


def test_nobody_changes_the_pledge_of_another(town):
    charter = a_charter()
    hear(a_gesture(charter, town, "pledge", 1), town)
    neighbour = an_author(name="Longvic")
    hear(a_gesture(charter, neighbour, "withdraw", 1, pledge=words(withdrawn_on="2026-01-01", reason="x")), neighbour)
    assert Pledge.objects.get(actor_uri=town.uri).withdrawn_on is None


def test_a_territory_pledges_once_whatever_its_account(town):
    charter = a_charter()
    a_pledge(charter, member=a_member("com-21231"))
    with pytest.raises(Refused, match="already"):
        hear(a_gesture(charter, town, "pledge", 1), town)


# On the hub of who signs ------------------------------------------------------------------------------------------


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
    assert "accepted" in Notice.objects.get(user=editor).title


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
