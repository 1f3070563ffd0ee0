"""Charters and pledges by program: the same rules, the same refusals as on the site."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from resources.charters.models import Pledge
from tests.make import a_charter, a_contributor, a_member, a_pledge, an_editor
from tests.resources.programs import API, is_problem, send, signed

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
RUNNING = {"status": "running", "progress": 40, "next_update_due": (TODAY + timedelta(days=90)).isoformat()}


@pytest.fixture
def town():
    return a_member("com-21231")


@pytest.fixture
def program(town):
    return signed(an_editor(town))


def words(town, **said):
    start = (TODAY - timedelta(days=30)).isoformat()
    signature = {"signatory": "La maire", "signed_on": TODAY.isoformat(), "mandate_starts_on": start}
    return {"member": town.slug, "measures": ["A1", "B1"]} | signature | said


def test_from_pledging_to_withdrawing_by_program(client, town, program):
    charter = a_charter()
    path = f"charters/{charter.pk}/"
    answer = send(client, "post", f"{path}pledge/", words(town), **program)
    assert answer.status_code == 200, answer.content
    (mine,) = answer.json()["mine"]
    assert (mine["stands"], mine["pending"]) == (True, None)
    upload = {"member": town.slug, "file": SimpleUploadedFile("pv.pdf", b"%PDF-1.4")}
    kept = client.post(f"{API}{path}files/", upload, **program)
    assert kept.status_code == 201
    proof = {"kind": "deliberation", "label": "Délibération 12", "url": kept.json()["url"]}
    told = {"member": town.slug, "commitments": [{"measure": "A1", **RUNNING, "evidence": proof}]}
    answer = send(client, "post", f"{path}update_progress/", told, **program)
    assert answer.status_code == 200, answer.content
    assert answer.json()["by_theme"][0] == {"theme": "A", "progress": 40}
    pledge = send(client, "get", f"pledges/{mine['pledge']}/").json()
    assert pledge["commitments"][0]["evidence"][0]["label"] == "Délibération 12"
    assert [row["progress"] for row in pledge["timeline"]] == [40]
    out = {"member": town.slug, "measure": "A1", "url": proof["url"]}
    assert send(client, "post", f"{path}remove_evidence/", out, **program).status_code == 200
    gone = send(client, "post", f"{path}withdraw/", {"member": town.slug, "reason": "Vote contraire."}, **program)
    assert gone.json()["pledges_count"] == 0
    assert send(client, "get", "pledges/?standing=false").json()["results"][0]["reason"] == "Vote contraire."


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("pledge", {"signatory": ""}, "signatory"),
        ("pledge", {"measures": "A1"}, "measures"),
        ("pledge", {"measures": [["A1"]]}, "measures"),
        ("pledge", {"measures": ["Z9"]}, "measures"),
        ("pledge", {"mood": "joyeuse"}, "mood"),
        ("pledge", {"member": "nobody"}, "member"),
        ("pledge", {"signatory": ["x"]}, "signatory"),
    ],
)
def test_a_pledge_is_refused_field_by_field(client, town, program, path, body, field):
    problem = is_problem(
        send(client, "post", f"charters/{a_charter().pk}/{path}/", words(town, **body), **program), 400
    )
    assert list(problem["errors"]) == [field]
    assert not Pledge.objects.exists()


@pytest.mark.parametrize(
    ("rows", "field"),
    [
        (None, "commitments"),
        ([], "measures"),
        (["A1"], "commitments"),
        ([{"measure": 3}], "commitments"),
        ([{"measure": "A1", **RUNNING}, {"measure": "A1", **RUNNING}], "commitments"),
        ([{"measure": "A1", **RUNNING, "progress": 140}], "A1.progress"),
        ([{"measure": "A1", **RUNNING, "evidence": {"label": "x", "url": "ftp://x"}}], "A1.evidence.url"),
        ([{"measure": "A1", **RUNNING, "owner": "x"}], "A1.owner"),
        ([{"measure": "C3", **RUNNING}], "measures"),
    ],
)
def test_an_update_is_refused_field_by_field(client, town, program, rows, field):
    pledge = a_pledge(member=town)
    body = {"member": town.slug, "commitments": rows}
    answer = send(client, "post", f"charters/{pledge.charter_id}/update_progress/", body, **program)
    assert list(is_problem(answer, 400)["errors"]) == [field]


def test_it_is_refused_to_whom_the_site_refuses_it(client, town):
    charter = a_charter()
    path = f"charters/{charter.pk}/pledge/"
    is_problem(send(client, "post", path, words(town)), 401)
    is_problem(send(client, "post", path, words(town), **signed(a_contributor(town))), 403)
    is_problem(send(client, "post", path, words(town), **signed(an_editor(town), "read")), 403)
    is_problem(send(client, "post", path, words(town), **signed(an_editor(charter.member))), 403)
    archived = a_charter("archived")
    is_problem(send(client, "post", f"charters/{archived.pk}/pledge/", words(town), **signed(an_editor(town))), 409)
    assert not Pledge.objects.exists()


def test_pledges_on_what_may_not_be_read_are_not_there(client, town, program):
    charter = a_charter(visibility="owner")
    pledge = a_pledge(charter, member=charter.member)
    for path in (f"charters/{charter.pk}/", f"pledges/{pledge.pk}/"):
        is_problem(send(client, "get", path, **program), 404)
    assert send(client, "get", "pledges/", **program).json()["results"] == []
    is_problem(send(client, "get", "pledges/?mood=x"), 400)


def test_queries_do_not_grow_with_pledges(client, django_assert_max_num_queries):
    charter = a_charter()
    for _ in range(15):
        a_pledge(charter, progress={"A1": 10})
    with django_assert_max_num_queries(6):
        assert len(send(client, "get", f"pledges/?charter={charter.pk}").json()["results"]) == 15
    with django_assert_max_num_queries(6):
        assert send(client, "get", f"charters/{charter.pk}/").json()["pledges_count"] == 15
