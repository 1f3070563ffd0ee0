"""The API through its front door: what a program may read and write, and how it is refused."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone, translation
from drf_spectacular.generators import SchemaGenerator

from resources.models import Resource, State
from rtes_hub.accounts.actions import make_token
from rtes_hub.accounts.models import User
from rtes_hub.rest.limits import REQUESTS
from tests.make import (
    a_contributor,
    a_coordinator,
    a_member,
    a_note,
    a_practice,
    a_reader,
    a_remote_member,
    a_territory,
    an_editor,
)

pytestmark = pytest.mark.django_db

API = "/api/v1/"
DOCUMENTED = Path(__file__).parents[2] / "docs" / "openapi.yaml"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def signed(user: User, *scopes: str) -> dict[str, Any]:
    token = make_token(user, name="essai", scopes=scopes or ("read", "write"), by=None)
    return {"headers": {"Authorization": f"Token {token}"}}


def send(client, method: str, path: str, body: Any = None, **extra: Any):
    if method == "get":
        return client.get(API + path, **extra)
    text = "" if body is None else json.dumps(body)
    return getattr(client, method)(API + path, data=text, content_type="application/json", **extra)


def is_problem(answer, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert set(problem) == {"type", "title", "status", "detail", "errors"}
    assert problem["status"] == status
    return problem


# Reading ----------------------------------------------------------------------------------------------------------


def test_anyone_reads_what_everyone_may_and_no_more(client):
    practice = a_practice(
        title="Publiée",
        what_failed="Secret de fabrique",
        what_failed_public=False,
        contacts=[{"function": "Chargée de mission", "email": "contact@example.org"}],
    )
    a_practice(title="Réservée", visibility="members")
    a_practice("draft", title="Brouillon")
    answer = client.get(f"{API}resources/").json()
    assert [one["title"] for one in answer["results"]] == ["Publiée"]
    (one,) = answer["results"]
    assert one["uri"] == practice.uri
    assert one["url"].endswith(practice.get_absolute_url())
    assert one["facts"]["contacts"] == [{"function": "Chargée de mission"}]
    assert "what_failed" not in one["facts"]
    assert "retention_class" not in one["facts"]
    assert "Secret" not in client.get(f"{API}resources/{practice.pk}/").content.decode()


def test_a_member_reads_with_a_token_what_members_may(client):
    practice = a_practice(title="Réservée", visibility="members", what_failed="Secret", what_failed_public=False)
    one = client.get(f"{API}resources/{practice.pk}/", **signed(a_reader(), "read")).json()
    assert one["facts"]["what_failed"] == "Secret"


def test_what_is_forbidden_and_what_is_not_there_are_told_in_the_same_bytes(client):
    hidden = a_practice("draft")
    answers = [client.get(f"{API}resources/{pk}/") for pk in (hidden.pk, 999999)]
    is_problem(answers[0], 404)
    assert answers[0].content == answers[1].content
    assert dict(answers[0].headers) == dict(answers[1].headers)


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ("kind=policy-note", {"Note"}),
        ("theme=mobilite", {"Garage"}),
        ("theme=mobilite&theme=alimentation", {"Garage", "Cantine"}),
        ("territory=com-21231", {"Garage"}),
        ("q=garages", {"Garage"}),
        ("origin=partners", set()),
        ("member=dijon", {"Garage"}),
    ],
)
def test_the_filters_of_the_site_work_here_too(client, asked, titles):
    dijon = a_territory("com-21231")
    a_practice(title="Garage", themes=["mobilite"], member=a_member(dijon))
    a_practice(title="Cantine", themes=["alimentation"])
    a_note(title="Note", themes=["habitat"])
    answer = client.get(f"{API}resources/?{asked}").json()
    assert {one["title"] for one in answer["results"]} == titles


@pytest.mark.parametrize("asked", ["", "q=fiche"])
def test_pages_follow_each_other_without_gap_or_repeat_while_others_publish(client, asked):
    made = [a_practice(title=f"Fiche {number}").title for number in range(7)]
    titles, url = [], f"{API}resources/?limit=3&{asked}"
    while url:
        page = client.get(url).json()
        titles += [one["title"] for one in page["results"]]
        url = page["next"]
        if not asked and len(titles) == 3:
            a_practice(title="Arrivée entre deux pages")
    assert sorted(titles) == sorted(made)


def test_the_same_second_does_not_lose_a_resource_between_two_pages(client):
    made = {a_practice().pk for _ in range(5)}
    Resource.objects.update(published_at=timezone.now())
    seen, url = set(), f"{API}resources/?limit=2"
    while url:
        page = client.get(url).json()
        seen |= {one["id"] for one in page["results"]}
        url = page["next"]
    assert seen == made


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ("theem=mobilite", "theem"),
        ("theme=nothing", "theme"),
        ("kind=nothing", "kind"),
        ("territory=nowhere", "territory"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=x", "limit"),
        ("cursor=nonsense", "cursor"),
        ("cursor=%00", "cursor"),
        ("cursor=WyJ4IiwgMV0=", "cursor"),  # ["x", 1]
        ("cursor=WyIyMDI0LTAxLTAxIiwgOTk5OTk5OTk5OTk5OTk5OTk5OTk5XQ==", "cursor"),
        ("cursor=e30=", "cursor"),
        ("q=x&cursor=WyJ4IiwgMV0=", "cursor"),
        ("q=%00", "q"),
        ("state=withdrawn", "state"),
        ("member__actor_uri__startswith=http", "member__actor_uri__startswith"),
    ],
)
def test_a_wrong_parameter_is_refused_by_its_name(client, asked, field):
    a_practice()
    assert list(is_problem(client.get(f"{API}resources/?{asked}"), 400)["errors"]) == [field]


def test_drafts_are_listed_for_those_who_may_read_them(client):
    member = a_member()
    a_practice("draft", title="Brouillon", member=member)
    drafts = f"{API}resources/?state=draft"
    assert client.get(drafts).json()["results"] == []
    listed = client.get(drafts, **signed(a_contributor(member), "read")).json()["results"]
    assert [one["title"] for one in listed] == ["Brouillon"]


def test_a_page_costs_the_same_whatever_its_length(client, django_assert_max_num_queries):
    for _ in range(12):
        a_practice(title="Cantine")
    for asked in ("", "q=cantine"):
        with django_assert_max_num_queries(5):
            assert len(client.get(f"{API}resources/?{asked}").json()["results"]) == 12


def test_territories_members_themes_and_kinds_are_read(client):
    a_member("epci-242100410")
    a_remote_member()
    (territory,) = client.get(f"{API}territories/?q=dijon").json()
    assert (territory["id"], territory["siren"]) == ("epci-242100410", "242100410")
    assert client.get(f"{API}territories/epci-242100410/").json() == territory
    assert len(client.get(f"{API}members/").json()["results"]) == 2
    (here,) = client.get(f"{API}members/?local=true").json()["results"]
    assert client.get(f"{API}members/{here['slug']}/").json() == here
    assert len(client.get(f"{API}themes/").json()) == 22
    kinds = {kind["slug"]: kind for kind in client.get(f"{API}kinds/").json()}
    title = next(fact for fact in kinds["good-practice"]["facts"] if fact["code"] == "title")
    assert (title["limit"], title["required"], title["envelope"]) == (100, True, True)


@pytest.mark.parametrize(
    ("path", "status"),
    [("territories/", 400), ("territories/?q=x&kind=y", 400), ("territories/nowhere/", 404), ("nothing/here/", 404)],
)
def test_other_addresses_refuse_in_the_same_shape(client, path, status):
    is_problem(client.get(API + path), status)


# Writing ----------------------------------------------------------------------------------------------------------


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


# Fair use and description -----------------------------------------------------------------------------------------


def test_too_many_requests_are_told_when_to_come_back_and_others_still_served(client):
    for _ in range(REQUESTS):
        client.get(f"{API}themes/")
    refused = client.get(f"{API}themes/")
    is_problem(refused, 429)
    assert int(refused["Retry-After"]) > 0
    assert client.get(f"{API}themes/", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 429  # nobody's word
    assert client.get(f"{API}themes/", REMOTE_ADDR="192.0.2.7").status_code == 200
    assert client.get(f"{API}themes/", **signed(a_reader(), "read")).status_code == 200


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    with translation.override("en"):
        return SchemaGenerator(api_version=None).get_schema(request=None, public=True)


def _validator(described: dict[str, Any], component: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator({**described, "$ref": f"#/components/schemas/{component}"})


def test_the_description_is_valid_complete_and_the_one_in_the_documentation(tmp_path):
    fresh = tmp_path / "openapi.yaml"
    call_command("spectacular", "--lang", "en", "--validate", "--fail-on-warn", "--file", str(fresh))
    assert fresh.read_text() == DOCUMENTED.read_text(), "run `make openapi`"


def test_the_description_is_served(client):
    served = yaml.safe_load(client.get(f"{API}schema/").content)
    assert served["openapi"].startswith("3.1")
    assert "GoodPracticeFacts" in served["components"]["schemas"]


def _operations(described: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in described["paths"].values():
        yield from (operation for method, operation in methods.items() if method in ("get", "post", "patch"))


def test_every_operation_says_how_it_refuses(described):
    for operation in _operations(described):
        refusals = {code: body for code, body in operation["responses"].items() if code.startswith("4")}
        assert {"400", "401", "429"} <= set(refusals), operation["operationId"]
        assert all("application/problem+json" in body["content"] for body in refusals.values())


def test_answers_are_as_described(client, described):
    practice, note = a_practice(), a_note()
    for one in (practice, note):
        answer = client.get(f"{API}resources/{one.pk}/").json()
        _validator(described, "Resource").validate(answer)
        wrong = answer | {"kind": "policy-note" if one is practice else "good-practice", "version": "one"}
        assert not _validator(described, "Resource").is_valid(wrong)
    _validator(described, "PaginatedResourceList").validate(client.get(f"{API}resources/").json())
    _validator(described, "PaginatedMemberList").validate(client.get(f"{API}members/").json())
    _validator(described, "Problem").validate(client.get(f"{API}resources/0/").json())
    for kind in client.get(f"{API}kinds/").json():
        _validator(described, "KindShape").validate(kind)
