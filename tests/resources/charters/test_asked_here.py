"""What collectivités of other hubs pledge on a charter of this one: in any order, with an answer each."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from federation.errors import Refused
from federation.models import StoredObject
from federation.publication import Author, Gesture
from federation.registry import for_kind
from federation.wire import read, write
from resources.charters.federated import FederatedCharter
from resources.charters.models import Pledge
from resources.models import Resource
from resources.publication import to_publication
from rtes_hub.audit.models import Line
from rtes_hub.notices.models import Notice
from tests.make import (
    a_charter,
    a_member,
    a_pledge,
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
    assert "s’est engagée" in Notice.objects.get(user=editor).title
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


def test_readers_without_our_words_are_shown_the_measures():
    body = to_publication(a_charter()).body
    for words in ("réponses aux besoins sociaux", "Rendre compte", "Former les agents de la mairie."):
        assert words in body
