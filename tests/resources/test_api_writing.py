"""Writing by programs: the acts and the rules of the site, refused field by field."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from resources.api.represent import ENVELOPE
from resources.kinds import KINDS
from resources.models import Resource, State
from tests.make import (
    a_contributor,
    a_coordinator,
    a_member,
    a_practice,
    a_reader,
    a_remote_member,
    an_editor,
)
from tests.resources.programs import API, is_problem, send, signed

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def test_a_program_writes_a_practice_from_draft_to_publication(client):
    complete = a_practice()
    member = complete.member
    agent, editor = signed(a_contributor(member)), signed(an_editor(member))
    told = send(client, "get", f"resources/{complete.pk}/draft/", **agent).json()
    told["title"] = "Par un programme"
    begun = send(client, "post", "resources/", {"kind": "good-practice", "member": member.slug, **told}, **agent)
    assert begun.status_code == 201, begun.content
    one = begun.json()
    path = f"resources/{one['id']}/"
    assert begun["Location"].endswith(API + path)
    assert (one["state"], one["version"]) == ("draft", 0)
    assert send(client, "get", path).status_code == 404  # nobody else sees it
    changed = send(client, "patch", path, {"summary": "Autre résumé", "facts": {"problem": "Autre"}}, **agent)
    assert changed.status_code == 200, changed.content
    assert send(client, "post", path + "submit/", **agent).json()["state"] == "submitted"
    is_problem(send(client, "post", path + "publish/", **agent), 403)
    published = send(client, "post", path + "publish/", {"note": "Première version"}, **editor).json()
    assert (published["state"], published["version"], published["summary"]) == ("published", 1, "Autre résumé")
    assert send(client, "get", path).json()["facts"]["problem"] == "Autre"
    assert send(client, "post", path + "archive/", **editor).json()["state"] == "archived"
    assert send(client, "post", path + "withdraw/", {"reason": "Fin"}, **editor).status_code == 204
    assert send(client, "get", path).status_code == 404


def test_what_is_sent_back_says_why(client):
    practice = a_practice("submitted")
    editor = signed(an_editor(practice.member))
    path = f"resources/{practice.pk}/send_back/"
    assert list(is_problem(send(client, "post", path, {}, **editor), 400)["errors"]) == ["comment"]
    assert send(client, "post", path, {"comment": "Ajouter un budget."}, **editor).json()["state"] == "draft"


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"titel": "x"}, {"titel"}),
        ({"state": "published"}, {"state"}),
        ({"version": 9, "uri": "https://other.example/1"}, {"version", "uri"}),
        ({"created_by": 1}, {"created_by"}),
        ({"facts": {"validation": []}}, {"facts.validation"}),
        ({"facts": {"title": "x"}}, {"facts.title"}),
        ({"facts": {"nothing": 1}}, {"facts.nothing"}),
        ({"facts": []}, {"facts"}),
        ({"facts": {"budget_lines": [{"label": "x", "planned": "beaucoup"}]}}, {"facts.budget_lines"}),
        ({"title": "x" * 101, "themes": ["nothing"]}, {"title", "themes"}),
        ({"licence": "cc-by-sa-4.0"}, {"licence"}),
        ({"territory": "nowhere"}, {"territory"}),
        (["not", "an", "object"], {""}),
        ("text", {""}),
    ],
)
def test_what_is_unknown_or_wrong_is_refused_field_by_field_and_nothing_is_kept(client, body, fields):
    practice = a_practice("draft")
    before = Resource.objects.get().draft
    answer = send(client, "patch", f"resources/{practice.pk}/", body, **signed(a_contributor(practice.member)))
    assert set(is_problem(answer, 400)["errors"]) == fields
    assert Resource.objects.get().draft == before


def test_what_is_incomplete_is_kept_but_not_submitted(client):
    member = a_member()
    agent = signed(a_contributor(member))
    body = {"kind": "policy-note", "member": member.actor_uri, "title": "À peine commencée"}
    begun = send(client, "post", "resources/", body, **agent)
    assert begun.status_code == 201
    errors = is_problem(send(client, "post", f"resources/{begun.json()['id']}/submit/", **agent), 400)["errors"]
    assert {"brief", "facts.decision_sought", "facts.recommendation"} <= set(errors)
    assert Resource.objects.get().state == State.DRAFT


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "nothing"}, "kind"),
        ({}, "kind"),
        ({"kind": ["good-practice"]}, "kind"),
        ({"kind": "policy-note"}, "member"),
    ],
)
def test_a_resource_needs_a_kind_and_a_collectivite(client, body, field):
    answer = send(client, "post", "resources/", body, **signed(a_contributor()))
    assert list(is_problem(answer, 400)["errors"]) == [field]
    assert not Resource.objects.exists()


WHO = {
    "nobody": (lambda member: None, 401),
    "a reader": (a_reader, 403),
    "a contributor of another collectivité": (lambda member: a_contributor(a_member("com-21231")), 403),
    "a former contributor": (
        lambda member: a_contributor(member, ends_on=timezone.localdate().replace(year=2020)),
        403,
    ),
}


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("path", ["", "{pk}/", "{pk}/submit/", "{pk}/publish/", "{pk}/archive/", "{pk}/withdraw/"])
def test_who_may_not_write_is_refused_and_nothing_moves(client, who, path):
    practice = a_practice()
    person, status = WHO[who][0](practice.member), WHO[who][1]
    extra = signed(person) if person else {}
    body = {"kind": "good-practice", "member": practice.member.slug} if not path else {}
    method = "patch" if path == "{pk}/" else "post"
    is_problem(send(client, method, "resources/" + path.format(pk=practice.pk), body, **extra), status)
    after = Resource.objects.get()
    assert (after.state, after.version, after.draft) == (State.PUBLISHED, 1, None)


def test_a_token_that_only_reads_writes_nothing_whoever_holds_it(client):
    practice = a_practice()
    answer = send(client, "post", f"resources/{practice.pk}/withdraw/", {}, **signed(a_coordinator(), "read"))
    assert "write" in is_problem(answer, 403)["detail"]
    assert Resource.objects.get().state == State.PUBLISHED


def test_a_session_of_the_site_writes_nothing_here(client):
    practice = a_practice()
    client.force_login(an_editor(practice.member))
    is_problem(send(client, "post", f"resources/{practice.pk}/withdraw/", {}), 401)
    assert Resource.objects.get().state == State.PUBLISHED


def test_a_wrong_token_is_refused_even_to_read(client):
    is_problem(send(client, "get", "resources/", headers={"Authorization": "Token rtes_wrong"}), 401)


def test_what_is_not_possible_now_is_a_conflict(client):
    practice = a_practice("draft")
    answer = send(client, "post", f"resources/{practice.pk}/archive/", **signed(an_editor(practice.member)))
    is_problem(answer, 409)


def test_a_partners_resource_is_read_here_and_written_nowhere(client):
    practice = a_practice()
    Resource.objects.filter(pk=practice.pk).update(local=False, member=a_remote_member())
    answer = send(client, "patch", f"resources/{practice.pk}/", {"title": "x"}, **signed(a_coordinator()))
    is_problem(answer, 403)
    assert send(client, "get", f"resources/{practice.pk}/").json()["origin"]["hub"] == "https://partner.example"


def test_what_is_no_json_is_said_so(client):
    person = signed(a_contributor())
    is_problem(client.post(f"{API}resources/", data="{", content_type="application/json", **person), 400)
    is_problem(client.post(f"{API}resources/", data="a=1", content_type="text/plain", **person), 415)
    is_problem(client.delete(f"{API}resources/{a_practice().pk}/", **person), 405)


# Documents --------------------------------------------------------------------------------------------------------


def test_a_document_joins_with_the_changes_it_belongs_to(client):
    practice = a_practice("draft")
    path, editor = f"{API}resources/{practice.pk}/", signed(an_editor(practice.member))
    sent = {"file": SimpleUploadedFile("convention.pdf", PDF), "title": "La convention", "nature": "convention"}
    joined = client.post(f"{path}attachments/", sent, **editor)
    assert joined.status_code == 201, joined.content
    assert joined.json()["media_type"] == "application/pdf"
    assert client.get(f"{path}attachments/").status_code == 404
    assert send(client, "post", f"resources/{practice.pk}/publish/", **editor).status_code == 200
    (listed,) = client.get(f"{path}attachments/").json()
    assert listed["title"] == "La convention"
    assert client.get(path).json()["attachments"] == [listed]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"file": SimpleUploadedFile("page.html", b"<script>alert(1)</script>")}, "file"),
        ({"nature": "nothing"}, "nature"),
        ({"title": ""}, "title"),
        ({"resource": "1"}, "resource"),
    ],
)
def test_a_document_that_is_wrong_is_refused_by_field(client, change, field):
    practice = a_practice("draft")
    sent = {"file": SimpleUploadedFile("c.pdf", PDF), "title": "La convention", "nature": "convention"} | change
    answer = client.post(f"{API}resources/{practice.pk}/attachments/", sent, **signed(an_editor(practice.member)))
    assert list(is_problem(answer, 400)["errors"]) == [field]
    assert not practice.attachments.exists()


#: What no field expects; each is refused or taken as nothing, and none is a fault of ours.
ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    1e308,
    10**30,
    "",
    "\0",
    "x" * 20_000,
    [],
    {},
    [[]],
    [None],
    [{}],
    [{"x": 1}],
    {"x": 1},
    [1, "2"],
)


@pytest.mark.parametrize("value", ODD, ids=lambda value: repr(value)[:20])
def test_no_odd_value_of_any_fact_is_a_fault(client, value):
    """All facts at once, each where it belongs and where it does not; alone when that is a fault, to name it."""
    practice = a_practice("draft")
    editor, path = signed(an_editor(practice.member)), f"resources/{practice.pk}/"
    codes = [fact.code for fact in KINDS["good-practice"].typed]
    columns, facts = [code for code in codes if code in ENVELOPE], [code for code in codes if code not in ENVELOPE]

    def is_fault(body: dict[str, Any]) -> bool:
        return send(client, "patch", path, body, **editor).status_code not in (200, 400)

    for group in (columns, facts):
        beside, within = (dict.fromkeys(group, value), {"facts": dict.fromkeys(group, value)})
        assert not is_fault(beside), [code for code in group if is_fault({code: value})]
        assert not is_fault(within), [code for code in group if is_fault({"facts": {code: value}})]
    assert send(client, "get", path, **editor).status_code == 200
