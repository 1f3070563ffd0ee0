"""The API through its front door: what a program may read and write, and how it is refused."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from django.core.management import call_command
from django.utils import timezone, translation
from drf_spectacular.generators import SchemaGenerator

from resources.models import Resource
from rtes_hub.rest.limits import REQUESTS
from tests.make import (
    a_contributor,
    a_member,
    a_note,
    a_practice,
    a_reader,
    a_remote_member,
    a_territory,
)
from tests.resources.programs import API, is_problem, signed

pytestmark = pytest.mark.django_db

DOCUMENTED = Path(__file__).parents[2] / "docs" / "openapi.yaml"


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
        ("cursor=WyJ4IiwgMV0=", "cursor"),  # ["x", 1]
        ("cursor=WyIyMDI0LTAxLTAxIiwgOTk5OTk5OTk5OTk5OTk5OTk5OTk5XQ==", "cursor"),
        ("cursor=e30=", "cursor"),
        ("q=x&cursor=WyJ4IiwgMV0=", "cursor"),
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
