"""How a name leads to an actor, and how one address serves two readers."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from federation import actors, api
from federation.models import Activity, Actor, StoredObject
from federation.publication import Publication
from federation.wire import read
from tests.federation.knocking import hub_uri

pytestmark = pytest.mark.django_db

BASE = "http://127.0.0.1:8000"
AP = "application/activity+json"
LD = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PAGE = f"{BASE}/collectivites/dijon/"


@pytest.fixture
def dijon():
    return api.open_actor(type="Organization", handle="dijon", name="Dijon métropole", url=PAGE)


def get(client, url, accept=AP, **headers):
    return client.get(url.removeprefix(BASE), headers={"Accept": accept, "Host": "127.0.0.1:8000"} | headers)


def finger(client, resource, **more):
    return client.get("/.well-known/webfinger", {"resource": resource} | more)


def a_publication(author, uri="", **facts):
    said = {
        "uri": uri or api.new_uri(),
        "kind": "good-practice",
        "author": author,
        "title": "Une ressourcerie",
        "body": "<p>Un texte.</p>",
        "published": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    }
    return Publication(**said | facts)


def published(author, **facts):
    publication = a_publication(author, **facts)
    api.publish(publication)
    return publication.uri


# WebFinger --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "resource",
    [
        "acct:dijon@127.0.0.1:8000",
        "dijon@127.0.0.1:8000",
        "@dijon@127.0.0.1:8000",
        "acct:Dijon@127.0.0.1:8000",
        "acct:ancien-nom@127.0.0.1:8000",
        PAGE,
        "id",
    ],
)
def test_an_actor_is_found_by_each_of_its_names(client, resource):
    uri = api.open_actor(type="Organization", handle="ancien-nom", name="Dijon métropole", url=PAGE)
    api.change_actor(uri, handle="dijon")
    answer = finger(client, uri if resource == "id" else resource)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/jrd+json"
    assert answer["Access-Control-Allow-Origin"] == "*"
    found = answer.json()
    assert found["subject"] == "acct:dijon@127.0.0.1:8000"
    assert read.link(found, "self", type=AP) == uri
    assert PAGE in found["aliases"]


@pytest.mark.parametrize("host", ["HUB.example", "hub.EXAMPLE", "hub.example"])
def test_the_host_of_a_name_has_no_case(client, settings, host):
    settings.RTES = replace(settings.RTES, base_url="https://hub.example")
    api.open_actor(type="Organization", handle="dijon", name="Dijon")
    assert finger(client, f"acct:dijon@{host}").json()["subject"] == "acct:dijon@hub.example"
    assert finger(client, f"acct:hub.example@{host}").json()["subject"] == "acct:hub.example@hub.example"


@pytest.mark.parametrize(
    "resource", ["acct:127.0.0.1:8000@127.0.0.1:8000", "acct:127.0.0.1-8000@127.0.0.1:8000", "id", BASE, f"{BASE}/"]
)
def test_the_hub_itself_is_found_by_its_host(client, resource):
    found = finger(client, hub_uri() if resource == "id" else resource).json()
    assert read.link(found, "self", type=AP) == hub_uri()


def test_only_the_links_asked_for_are_given(client, dijon):
    found = finger(client, dijon, rel="self").json()
    assert [link["rel"] for link in found["links"]] == ["self"]


@pytest.mark.parametrize(
    ("resource", "status"),
    [
        ("", 400),
        ("dijon", 400),
        ("acct:dijon", 400),
        ("acct:@127.0.0.1:8000", 400),
        ("acct:dijon@", 400),
        ("acct:a@b@127.0.0.1:8000", 400),
        ("acct:di\njon@127.0.0.1:8000", 400),
        ("x" * 3000, 400),
        ("acct:nobody@127.0.0.1:8000", 404),
        ("acct:dijon@elsewhere.example", 404),
        ("acct:dijon@evil-127.0.0.1:8000", 404),
        (f"{BASE}/ap/orgs/nobody", 404),
    ],
)
def test_who_is_not_found_and_why(client, dijon, resource, status):
    answer = finger(client, resource)
    assert answer.status_code == status
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_no_resource_at_all(client):
    assert client.get("/.well-known/webfinger").status_code == 400


def test_who_left_is_said_to_be_gone(client, dijon):
    api.close_actor(dijon)
    assert finger(client, "acct:dijon@127.0.0.1:8000").status_code == 410
    answer = get(client, dijon)
    assert answer.status_code == 410
    assert answer.json()["type"] == "Tombstone"
    assert get(client, f"{dijon}/outbox").status_code == 410
    assert client.post(dijon.removeprefix(BASE) + "/inbox").status_code == 410


# The hub's own cards ----------------------------------------------------------------------------------------------


def test_nodeinfo_counts_what_is_public(client, dijon):
    published(dijon)
    index = client.get("/.well-known/nodeinfo").json()
    assert read.link(index, "https://www.w3.org/ns/activitystreams#Application") == hub_uri()
    for version in ("2.0", "2.1"):
        url = read.link(index, f"http://nodeinfo.diaspora.software/ns/schema/{version}")
        answer = client.get(url.removeprefix(BASE))
        assert f"schema/{version}#" in answer["Content-Type"]
        card = answer.json()
        assert card["version"] == version
        assert card["usage"]["users"]["total"] == 1
        assert card["usage"]["localPosts"] == 1
        assert card["metadata"]["federation"] == {"enabled": True, "mode": "allowlist"}
    assert client.get("/nodeinfo/1.0").status_code == 404


def test_host_meta_leads_to_webfinger(client):
    xml = client.get("/.well-known/host-meta")
    assert xml["Content-Type"].startswith("application/xrd+xml")
    assert b"/.well-known/webfinger?resource={uri}" in xml.content
    assert client.get("/.well-known/host-meta.json").json()["links"][0]["rel"] == "lrdd"


# Documents --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("accept", [AP, LD, f"{AP}, {LD}, text/html;q=0.1", f"{LD}, {AP};q=0.9, */*;q=0.1"])
def test_an_actor_is_given_to_whoever_asks_for_activitypub(client, dijon, accept):
    answer = get(client, dijon, accept)
    assert answer.status_code == 200
    assert answer["Content-Type"] == AP
    assert {"Accept", "Signature"} <= set(answer["Vary"].split(", "))
    assert answer["Cache-Control"] == "public, max-age=180"
    assert answer.json()["id"] == dijon
    again = get(client, dijon, accept, **{"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    assert again.content == b""


@pytest.mark.parametrize("accept", ["", "*/*", BROWSER, f"text/html, {AP};q=0.5"])
def test_people_are_led_to_the_page(client, dijon, accept):
    answer = get(client, dijon, accept)
    assert (answer.status_code, answer["Location"]) == (303, PAGE)
    assert "Accept" in answer["Vary"]


def test_the_hub_is_readable_without_a_signature(client):
    for path in ("/ap/actor", "/ap/moderation"):
        assert get(client, path).json()["id"] == BASE + path


def test_an_object_is_served_as_it_was_stored_in_one_query(client, dijon, django_assert_num_queries):
    uri = published(dijon, url=f"{BASE}/ressources/1/")
    stored = StoredObject.objects.get()
    with django_assert_num_queries(1):
        answer = get(client, uri)
    assert answer.content == stored.document.encode()
    assert answer["Content-Type"] == AP
    assert get(client, uri, **{"If-None-Match": answer["ETag"]}).status_code == 304
    people = get(client, uri, BROWSER)
    assert (people.status_code, people["Location"]) == (303, f"{BASE}/ressources/1/")


def test_what_was_withdrawn_is_gone_for_machines_and_for_people(client, dijon):
    uri = published(dijon)
    said = Activity.objects.get().uri
    assert get(client, said).json()["object"]["id"] == uri
    api.withdraw(uri)
    answer = get(client, uri)
    assert answer.status_code == 410
    assert (answer.json()["type"], answer.json()["formerType"]) == ("Tombstone", "Article")
    assert get(client, uri, BROWSER).status_code == 410
    assert get(client, said).status_code == 404


@pytest.mark.parametrize(
    "path", ["/ap/objects/x", "/ap/activities/x", "/ap/orgs/x", "/ap/people/x", "/ap/orgs/x/outbox"]
)
def test_what_never_was_is_not_found(client, path):
    answer = get(client, path)
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_the_object_of_a_partner_is_not_served_here(client, dijon):
    StoredObject.objects.create(
        uri=f"{BASE}/ap/objects/theirs",
        actor=Actor.objects.get(uri=dijon),
        local=False,
        document="{}",
        published=timezone.now(),
        updated=timezone.now(),
    )
    assert get(client, "/ap/objects/theirs").status_code == 404


@pytest.mark.parametrize("path", ["/ap/actor", "/ap/objects/x", "/ap/actor/outbox", "/.well-known/webfinger"])
def test_what_is_only_read_takes_nothing(client, path):
    answer = client.post(path)
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD"


# Pages ------------------------------------------------------------------------------------------------------------


def test_a_page_asked_for_as_activitypub_leads_to_its_id(client, dijon):
    uri = published(dijon, url=f"{BASE}/ressources/1/")
    for page, id_ in ((f"{BASE}/ressources/1/", uri), (PAGE, dijon), (f"{BASE}/", hub_uri())):
        answer = get(client, page)
        assert (answer.status_code, answer["Location"]) == (303, id_)
        assert "Accept" in answer["Vary"]


def test_a_page_asked_for_by_people_is_the_page(client, dijon):
    for accept in (BROWSER, "*/*", ""):
        answer = get(client, f"{BASE}/", accept)
        assert answer.status_code != 303
        assert "Accept" in answer["Vary"]


def test_what_is_served_has_nothing_of_a_member_in_it(client, dijon):
    """An actor carries no address of anybody (security 2.4)."""
    shown = get(client, dijon).json()
    assert "@" not in json.dumps({name: shown[name] for name in shown.keys() - {"@context", "webfinger", "proof"}})


def test_the_actors_made_on_demand_are_the_same_for_everyone(client):
    get(client, "/ap/actor")
    get(client, "/ap/actor")
    assert Actor.objects.filter(uri=actors.url(actors.INSTANCE)).count() == 1
