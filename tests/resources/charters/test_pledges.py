"""Pledging, telling how far it has come and withdrawing, on a charter of this hub."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from federation.models import Delivery
from resources import actions as resource_actions
from resources.acts import Invalid
from resources.charters import actions, board
from resources.charters.models import Evidence, Pledge, Update
from resources.models import Resource
from resources.workflow import NotPossible
from rtes_hub.audit.models import Line
from tests.make import a_charter, a_member, a_pledge, a_territory, an_editor

pytestmark = pytest.mark.django_db

LATER = {"next_update_due": timezone.localdate() + timedelta(days=90)}
RUNNING = {"status": "running", "progress": 40} | LATER


def tell(pledge: Pledge, measure: str, **said):
    return actions.update_commitment(pledge.charter, measure, member=pledge.member, by=None, **(RUNNING | said))


def test_a_town_takes_all_eight_measures_and_its_editor_tells_what_came_of_them():
    charter, town = a_charter(), a_member(a_territory("com-21231"))
    editor = an_editor(town)
    measures = ["A1", "A2", "A3", "B1", "B2", "C1", "C2", "C3"]
    pledge = a_pledge(charter, member=town, measures=measures, mandate_starts_on="2026-03-28", signed_on="2026-04-02")
    actions.update(
        charter,
        {
            "A1": {"status": "done", "progress": 10, "evidence": {"label": "Convention", "url": "https://a.example/c"}},
            "A2": RUNNING | {"comment": "Un agent est nommé."},
            "A3": {"status": "not_applicable", "progress": 0},
            "B1": {"status": "dropped", "progress": 30, "comment": "Le marché est confié à la métropole."},
        },
        member=town,
        by=editor,
    )
    followed = board.Followed(pledge, board.read(charter.facts))
    assert followed.by_theme == [70, 0, 0]  # A: 100 and 40, A3 does not count
    assert followed.whole == 20  # 140 over seven
    assert followed.end == date(2028, 3, 28)
    assert [line.deadline for line in followed.lines][:2] == [date(2027, 3, 28), date(2027, 9, 28)]
    proof = Evidence.objects.get()
    assert (proof.kind, proof.label, proof.added_on) == ("link", "Convention", timezone.localdate())
    assert [one.progress for one in Update.objects.order_by("commitment__measure")] == [100, 40, 0, 0]
    assert Line.objects.get(act="charters.update").by == editor


def test_what_is_pledged_stands_in_the_facts_that_partners_receive_and_typed_facts_stay():
    charter = a_charter()
    typed, version = dict(charter.facts), charter.version
    pledge = a_pledge(charter, progress={"A1": 60})
    fresh = Resource.objects.get(pk=charter.pk)
    assert typed.items() <= fresh.facts.items()
    assert fresh.version > version
    assert [row["member"] for row in fresh.facts["pledges"]] == [pledge.actor_uri]
    assert [(row["measure"], row["progress"]) for row in fresh.facts["commitments"]] == [
        ("A1", 60),
        ("A2", 0),
        ("B1", 0),
    ]


def test_pledging_again_adds_measures_and_keeps_what_was_told():
    pledge = a_pledge(progress={"A1": 60})
    a_pledge(pledge.charter, member=pledge.member, measures=["A1", "C1"])
    assert {row.measure: row.progress for row in pledge.commitments.all()} == {"A1": 60, "C1": 0}
    assert Pledge.objects.count() == 1


def test_a_measure_of_which_progress_was_told_is_dropped_aloud_or_stays():
    pledge = a_pledge(progress={"A1": 60})
    with pytest.raises(Invalid) as refused:
        a_pledge(pledge.charter, member=pledge.member, measures=["A2"])
    assert "A1" in refused.value.errors["measures"][0]
    with pytest.raises(Invalid) as refused:
        tell(pledge, "A1", status="dropped")
    assert "why" in refused.value.errors["A1.comment"][0]
    tell(pledge, "A1", status="dropped", comment="Compétence transférée.")
    assert pledge.commitments.get(measure="A1").next_update_due is None


def test_the_start_of_the_mandate_fixes_the_window_once_progress_was_told():
    pledge = a_pledge(mandate_starts_on="2026-01-01", signed_on="2026-02-01")
    a_pledge(pledge.charter, member=pledge.member, mandate_starts_on="2026-01-15", signed_on="2026-02-01")
    tell(pledge, "A1")
    with pytest.raises(Invalid) as refused:
        a_pledge(pledge.charter, member=pledge.member, mandate_starts_on="2026-01-20", signed_on="2026-02-01")
    assert list(refused.value.errors) == ["mandate_starts_on"]
    pledge.refresh_from_db()
    assert pledge.mandate_starts_on == date(2026, 1, 15)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"signatory": " "}, "signatory"),
        ({"signatory": "x" * 201}, "signatory"),
        ({"signed_on": timezone.localdate() + timedelta(days=2)}, "signed_on"),
        ({"signed_on": "hier"}, "signed_on"),
        ({"mandate_starts_on": ""}, "mandate_starts_on"),
        ({"mandate_starts_on": "1999-01-01"}, "mandate_starts_on"),
        ({"measures": []}, "measures"),
        ({"measures": ["Z9"]}, "measures"),
        ({"text": "x" * 501}, "text"),
    ],
)
def test_a_pledge_that_is_not_right_is_refused_by_field_and_nothing_is_written(said, code):
    charter = a_charter()
    with pytest.raises(Invalid) as refused:
        a_pledge(charter, **said)
    assert list(refused.value.errors) == [code]
    assert not Pledge.objects.exists()
    assert "pledges" not in Resource.objects.get(pk=charter.pk).facts


def test_a_charter_may_ask_for_a_number_of_measures():
    charter = a_charter(least_measures=3)
    with pytest.raises(Invalid) as refused:
        a_pledge(charter, measures=["A1", "B1"])
    assert "3" in refused.value.errors["measures"][0]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"status": ""}, "A1.status"),
        ({"status": "almost"}, "A1.status"),
        ({"progress": 101}, "A1.progress"),
        ({"progress": "-1"}, "A1.progress"),
        ({"progress": "beaucoup"}, "A1.progress"),
        ({"comment": "x" * 501}, "A1.comment"),
        ({"next_update_due": None}, "A1.next_update_due"),
        ({"next_update_due": "2020-01-01"}, "A1.next_update_due"),
        ({"next_update_due": timezone.localdate() + timedelta(days=800)}, "A1.next_update_due"),
        ({"evidence": {"url": "https://a.example/"}}, "A1.evidence.label"),
        ({"evidence": {"label": "PV", "url": "javascript:alert(1)"}}, "A1.evidence.url"),
        ({"evidence": {"label": "PV", "url": "https://a.example/", "kind": "rumour"}}, "A1.evidence.kind"),
        ({"evidence": "https://a.example/"}, "A1.evidence"),
        ({"owner": "La maire"}, "A1.owner"),
    ],
)
def test_an_update_that_is_not_right_is_refused_by_field_and_nothing_is_written(said, code):
    pledge = a_pledge()
    version = Resource.objects.get(pk=pledge.charter_id).version
    with pytest.raises(Invalid) as refused:
        tell(pledge, "A1", **said)
    assert list(refused.value.errors) == [code]
    assert not Update.objects.exists()
    assert Resource.objects.get(pk=pledge.charter_id).version == version


def test_one_measure_wrong_stops_the_whole_page_and_each_wrong_field_is_named():
    pledge = a_pledge()
    with pytest.raises(Invalid) as refused:
        actions.update(
            pledge.charter,
            {"A1": RUNNING, "A2": RUNNING | {"progress": 120}, "C3": RUNNING},
            member=pledge.member,
            by=None,
        )
    assert set(refused.value.errors) == {"A2.progress", "measures"}
    assert not Update.objects.exists()


def test_the_same_proof_twice_is_one_and_it_can_be_taken_out():
    pledge = a_pledge()
    for label in ("Délib", "Délibération 2026-12"):
        tell(pledge, "A1", evidence={"kind": "deliberation", "label": label, "url": "https://a.example/d.pdf"})
    assert [one.label for one in Evidence.objects.all()] == ["Délibération 2026-12"]
    actions.remove_evidence(pledge.charter, "A1", "https://a.example/d.pdf", member=pledge.member, by=None)
    assert not Evidence.objects.exists()
    with pytest.raises(NotPossible):
        actions.remove_evidence(pledge.charter, "A1", "https://a.example/d.pdf", member=pledge.member, by=None)


def test_an_eleventh_proof_of_a_measure_is_refused():
    pledge = a_pledge()
    for number in range(10):
        tell(pledge, "A1", evidence={"label": "PV", "url": f"https://a.example/{number}"})
    with pytest.raises(Invalid) as refused:
        tell(pledge, "A1", evidence={"label": "PV", "url": "https://a.example/10"})
    assert "10" in refused.value.errors["A1.evidence"][0]
    assert Evidence.objects.count() == 10


def test_a_withdrawn_pledge_stays_to_be_read_with_its_reason_and_counts_no_more():
    pledge = a_pledge(progress={"A1": 60})
    charter = pledge.charter
    with pytest.raises(Invalid):
        actions.withdraw(charter, member=pledge.member, by=None, reason="  ")
    actions.withdraw(charter, member=pledge.member, by=None, reason="Le conseil a voté contre.")
    pledge.refresh_from_db()
    assert (pledge.withdrawn_on, pledge.reason) == (timezone.localdate(), "Le conseil a voté contre.")
    score = board.Board(charter)
    assert (len(score.rows), score.standing, score.whole) == (1, [], None)
    assert not pledge.commitments.exclude(next_update_due=None).exists()
    with pytest.raises(NotPossible):
        tell(pledge, "A1")
    a_pledge(charter, member=pledge.member, measures=["B1"])
    pledge.refresh_from_db()
    assert (pledge.withdrawn_on, pledge.reason) == (None, "")


def test_what_was_promised_stays_as_it_was_promised_when_the_charter_changes():
    pledge = a_pledge(progress={"A1": 60})
    charter = pledge.charter
    from_now_on = [{"code": "A1", "theme": "A", "statement": "Autre chose."}]
    resource_actions.save_draft(charter, {"measures": from_now_on}, by=None)
    resource_actions.publish(charter, by=None)
    followed = board.Followed(pledge, board.read(charter.facts))
    first, *gone = followed.lines
    assert first.statement.startswith("Soutenir les structures")
    assert first.has_changed
    assert [(line.measure, line.statement[:8]) for line in gone] == [(None, "Créer un"), (None, "Poursuiv")]
    assert followed.whole == 20
    tell(pledge, "A2", progress=90)
    assert pledge.commitments.get(measure="A2").progress == 90


def test_a_type_of_local_authority_that_the_charter_is_not_for_cannot_pledge():
    charter = a_charter(org_types=["commune"])
    with pytest.raises(NotPossible):
        a_pledge(charter, member=a_member("dep-21"))
    a_pledge(charter, member=a_member("com-21231"))


def test_a_charter_kept_for_its_own_collectivite_is_signed_by_nobody_else():
    charter = a_charter(visibility="owner")
    with pytest.raises(PermissionDenied):
        a_pledge(charter)
    a_pledge(charter, member=charter.member)
    assert not Delivery.objects.exists()
