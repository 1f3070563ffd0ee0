"""Pooled actions for programs: the same acts, the same refusals, and no query more for a longer list."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from resources.pooling import actions
from resources.pooling.acts import ACTS
from resources.pooling.models import Paper, Participation
from rtes_hub.accounts.actions import make_token
from tests.make import a_member, a_participation, a_pooled_action, a_territory, an_editor

pytestmark = pytest.mark.django_db

API = "/api/v1/pooled-actions/"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def signed(user, *scopes: str) -> dict[str, Any]:
    token = make_token(user, name="essai", scopes=scopes or ("read", "write"), by=None)
    return {"headers": {"Authorization": f"Token {token}"}}


def send(client: Client, path: str, body: Any = None, **extra: Any):
    return client.post(
        API + path, data=json.dumps({} if body is None else body), content_type="application/json", **extra
    )


def problem(answer, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    return answer.json()


@pytest.fixture
def town():
    return a_member("com-21231")


@pytest.fixture
def editor(town):
    return an_editor(town)


def test_anyone_reads_an_action_and_what_is_shared_of_it(client, town):
    action = a_pooled_action("setting_up")
    a_participation(action, "planned", member=town)
    actions.declare_needs(action, [{"item": "Papier", "quantity": "10"}], member=town, by=None)
    actions.set_budget(action, [{"label": "Poste", "amount": "100"}], by=None)
    actions.compute_shares(action, [{"by": "flat", "percent": "100"}], by=None)
    one = client.get(f"{API}{action.pk}/").json()
    action.refresh_from_db()
    for code in ("participants", "needs", "budget", "shares", "sharing_key"):
        assert one[code] == action.facts[code], code
    assert (one["status"], one["shared_total"], one["participants_count"]) == ("setting_up", "100.00", 2)
    assert (one["may"], one["may_with"], one["mine"]) == ([], {}, [])


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ("", {"Ouverte", "Close", "Finie"}),
        ("status=finished", {"Finie"}),
        ("status=idea", {"Ouverte", "Close"}),
        ("form=entente", {"Finie"}),
        ("open=true", {"Ouverte"}),
        ("open=false", {"Close", "Finie"}),
        ("theme=alimentation", {"Ouverte", "Close", "Finie"}),
    ],
)
def test_the_list_is_narrowed_by_progress_form_and_openness(client, asked, titles):
    a_pooled_action(title="Ouverte")
    a_pooled_action(title="Close", join_by="2026-01-01")
    a_pooled_action("finished", title="Finie", form="entente")
    found = client.get(f"{API}?{asked}").json()["results"]
    assert {one["title"] for one in found} == titles


def test_what_is_not_readable_is_not_there(client, editor):
    hidden = a_pooled_action(visibility="owner")
    assert client.get(API).json()["results"] == []
    assert problem(client.get(f"{API}{hidden.pk}/"), 404) == problem(client.get(f"{API}999999/"), 404)
    problem(send(client, f"{hidden.pk}/join/", {"member": "dijon"}, **signed(editor)), 404)


def test_from_joining_to_signing_by_program(client, town, editor):
    action, lead = a_pooled_action("setting_up"), an_editor()
    mine = signed(editor)
    answer = send(client, f"{action.pk}/join/", {"member": town.slug, "role": "member"}, **mine)
    assert answer.status_code == 200
    assert [one["member"]["slug"] for one in answer.json()["mine"]] == ["dijon"]
    assert "plan" in answer.json()["mine"][0]["may"]
    theirs = signed(lead)
    seen = client.get(f"{API}{action.pk}/", **theirs).json()
    assert "admit" in seen["may_with"][town.actor_uri]
    assert "budget" in seen["may"]
    assert send(client, f"{action.pk}/admit/", {"member": town.actor_uri}, **theirs).status_code == 200
    said = {"member": town.slug, "on": "2026-01-31", "title": "2026-12"}
    assert send(client, f"{action.pk}/deliberate/", said, **mine).status_code == 200
    assert send(client, f"{action.pk}/instrument/", {"to": "signing"}, **theirs).status_code == 200
    answer = send(client, f"{action.pk}/sign/", {"member": town.slug, "on": "2026-02-01"}, **mine)
    states = {row["name"]: row["state"] for row in answer.json()["participants"]}
    assert states["Dijon"] == "signed"


def test_it_is_refused_as_on_the_site(client, town, editor):
    action = a_pooled_action("active", launched_on="2026-01-01", instrument="in_force")
    mine = signed(editor)
    late = problem(send(client, f"{action.pk}/join/", {"member": town.slug}, **mine), 409)
    assert "L2113-6" in late["detail"]
    problem(send(client, f"{action.pk}/join/", {"member": town.slug}), 401)
    problem(send(client, f"{action.pk}/join/", {"member": town.slug}, **signed(editor, "read")), 403)
    problem(send(client, f"{action.pk}/advance/", {"to": "paused"}, **mine), 403)
    problem(send(client, f"{action.pk}/join/", {"member": action.member.slug}, **mine), 403)
    assert set(problem(send(client, f"{action.pk}/join/", {}, **mine), 400)["errors"]) == {"member"}
    assert set(problem(send(client, f"{action.pk}/join/", [], **mine), 400)["errors"]) == {""}
    wrong = {"member": town.slug, "role": "roi", "surprise": 1}
    assert set(problem(send(client, f"{action.pk}/join/", wrong, **mine), 400)["errors"]) == {"role", "surprise"}
    assert not Participation.objects.filter(member=town).exists()


def test_every_act_has_its_address(client):
    action = a_pooled_action()
    for code in ACTS:
        problem(send(client, f"{action.pk}/{code}/"), 401)


def test_the_document_of_a_deliberation_is_kept_here_and_served_to_readers(client, town, editor):
    action = a_pooled_action("setting_up")
    a_participation(action, member=town)
    sent = {"member": town.slug, "title": "Délibération 2026-12", "file": SimpleUploadedFile("delib.pdf", PDF)}
    answer = client.post(f"{API}{action.pk}/papers/", sent, **signed(editor))
    assert answer.status_code == 201, answer.content
    paper = Paper.objects.get()
    assert answer.json()["digest"] == paper.digest
    path = answer.json()["url"].partition("8000")[2]
    served = client.get(path)
    assert b"".join(served.streaming_content) == PDF
    assert served["Content-Disposition"].startswith("attachment")
    assert served["X-Content-Type-Options"] == "nosniff"
    assert client.get(path.replace(paper.token, "x" * 32)).status_code == 404


def test_a_document_goes_with_the_action_and_comes_only_from_its_editors(client, town, editor):
    action = a_pooled_action("setting_up", visibility="members")
    a_participation(action, member=town)
    sent = {"member": town.slug, "title": "Délibération", "file": SimpleUploadedFile("delib.pdf", PDF)}
    problem(client.post(f"{API}{action.pk}/papers/", sent, **signed(an_editor(a_member("com-75056")))), 403)
    assert not Paper.objects.exists()
    wrong = {**sent, "file": SimpleUploadedFile("page.html", b"<script>alert(1)</script>")}
    assert set(problem(client.post(f"{API}{action.pk}/papers/", wrong, **signed(editor)), 400)["errors"]) == {"file"}
    sent["file"] = SimpleUploadedFile("delib.pdf", PDF)
    url = client.post(f"{API}{action.pk}/papers/", sent, **signed(editor)).json()["url"].partition("8000")[2]
    assert client.get(url).status_code == 404, "a passer-by may not read this action"
    client.force_login(editor)
    assert client.get(url).status_code == 200


def test_the_good_practice_is_drafted_once(client):
    action, lead = a_pooled_action("finished"), an_editor()
    first = send(client, f"{action.pk}/practice/", **signed(lead))
    assert first.status_code == 201
    assert (first.json()["kind"], first.json()["state"]) == ("good-practice", "draft")
    assert send(client, f"{action.pk}/practice/", **signed(lead)).json()["id"] == first.json()["id"]
    problem(send(client, f"{a_pooled_action('active').pk}/practice/", **signed(lead)), 409)


def fill(action, towns: range) -> None:
    for number in towns:
        member = a_member(a_territory(f"com-{70000 + number}"))
        a_participation(action, member=member)
        actions.declare_needs(action, [{"item": "Papier", "quantity": "1"}], member=member, by=None)


def test_queries_do_not_grow_with_participants_or_actions(client, django_assert_max_num_queries):
    action = a_pooled_action("setting_up")
    fill(action, range(2))
    lead = signed(an_editor(), "read")
    client.get(f"{API}{action.pk}/", **lead)
    with django_assert_max_num_queries(16):
        client.get(f"{API}{action.pk}/", **lead)
    fill(action, range(2, 12))
    with django_assert_max_num_queries(16):
        assert len(client.get(f"{API}{action.pk}/", **lead).json()["needs"]) == 12
    for number in range(4):
        a_pooled_action(title=f"Action {number}")
    with django_assert_max_num_queries(5):
        assert len(client.get(API).json()["results"]) == 5


def test_an_act_asks_as_many_questions_however_many_take_part():
    action = a_pooled_action("setting_up")
    actions.set_budget(action, [{"label": "Poste", "amount": "100"}], by=None)
    fill(action, range(2))
    actions.compute_shares(action, [{"by": "flat", "percent": "100"}], by=None)
    said = [{"item": "Encre", "quantity": "2"}]
    with CaptureQueriesContext(connection) as few:
        actions.declare_needs(action, said, member=action.member, by=None)
    fill(action, range(2, 12))
    with CaptureQueriesContext(connection) as many:
        actions.declare_needs(action, said, member=action.member, by=None)
    assert len(many) <= len(few) + 1
