"""Two hubs as people use them. What is promised in seconds is printed; what is asserted is what happens."""

import contextlib
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.journeys import faults, said
from tests.journeys.conftest import BEFORE, titles
from tests.journeys.hubs import Hub, eventually

pytestmark = pytest.mark.journey

ACTIVITY = {"Accept": "application/activity+json"}


def shows(hub: Hub, uri: str, **facts: Any) -> bool:
    entry = hub.catalogue().get(uri)
    return entry is not None and all(entry[name] == value for name, value in facts.items())


@contextlib.contextmanager
def timed(what: str) -> Iterator[None]:
    begun = time.monotonic()
    yield
    print(f"\n    {what}: {time.monotonic() - begun:.1f} s")


def is_gone(dijon: Hub, region: Hub, resource: dict[str, Any]) -> None:
    """Not in the partner's catalogue, 410 at its page, and a tombstone where it lived."""
    entry = region.call("GET", f"resources/{resource['id']}/")
    assert entry.status_code in (404, 410)
    tombstone = requests.get(resource["uri"], headers=ACTIVITY, timeout=10)
    assert tombstone.status_code == 410
    assert tombstone.json()["type"] == "Tombstone"
    assert tombstone.json()["id"] == resource["uri"]
    assert said.a_practice("")["summary"] not in tombstone.text


def test_what_one_publishes_the_other_shows_follows_and_forgets(pair):
    dijon, region = pair
    resource = said.publish(dijon, "Réserver des heures à l’insertion")
    uri = resource["uri"]
    with timed("published on one, shown on the other (promised: 5 s)"):
        eventually(lambda: shows(region, uri, title="Réserver des heures à l’insertion"), "it at the partner's")
    shown = region.catalogue()[uri]
    assert shown["origin"]["hub"] == dijon.url
    assert shown["facts"]["objectives"] == ["Réserver 80 000 heures par an à l’insertion"]
    assert "email" not in shown["facts"]["contacts"][0], "a fact for members of that hub travelled"
    page = f"{region.url}/ressources/{shown['id']}/-/"
    assert "Réserver des heures" in requests.get(page, timeout=10).text

    said.edit(dijon, resource, title="Réserver 80 000 heures à l’insertion")
    with timed("edited"):
        eventually(lambda: shows(region, uri, title="Réserver 80 000 heures à l’insertion", version=2), "the edit")

    said.move(dijon, resource, "withdraw", by="editor")
    with timed("withdrawn"):
        eventually(lambda: uri not in region.catalogue(), "it to go")
    assert requests.get(page, timeout=10).status_code == 410
    is_gone(dijon, region, shown | {"uri": uri})


def test_what_was_published_before_the_partnership_arrives_too_and_once(pair):
    dijon, region = pair
    assert titles(dijon).count(BEFORE) == 1
    (entry,) = [entry for entry in dijon.catalogue().values() if entry["title"] == BEFORE]
    assert entry["origin"]["hub"] == region.url


def test_a_partner_that_was_stopped_all_along_gets_everything_when_it_is_back(pair):
    dijon, region = pair
    region.stop()
    kept = said.publish(dijon, "Publié pendant la panne")
    said.edit(dijon, kept, title="Corrigé pendant la panne")
    taken_back = said.publish(dijon, "Publié puis retiré pendant la panne")
    said.move(dijon, taken_back, "withdraw", by="editor")
    region.start()
    with timed("after its return"):
        eventually(lambda: shows(region, kept["uri"], title="Corrigé pendant la panne", version=2), "what was owed")
    assert taken_back["uri"] not in region.catalogue()
    assert requests.get(taken_back["uri"], headers=ACTIVITY, timeout=10).status_code == 410


def test_a_worker_killed_in_the_middle_of_a_delivery_loses_nothing_and_doubles_nothing(pair):
    dijon, region = pair
    before = len(region.catalogue())
    with faults.cut(dijon, region):
        resource = said.publish(dijon, "Publié juste avant la coupure")
    with timed("after the kill"):
        eventually(lambda: shows(region, resource["uri"], version=1), "the delivery")
    assert len(region.catalogue()) == before + 1
    said.edit(dijon, resource, title="Corrigé après la coupure")
    eventually(lambda: shows(region, resource["uri"], title="Corrigé après la coupure"), "work to go on")


@pytest.mark.parametrize(
    ("headers", "body", "statuses"),
    [
        ({"Content-Type": "application/activity+json"}, b'{"id":"https://x.example/1","type":"Create"', {400}),
        ({"Content-Type": "text/plain"}, b"{}", {400, 415}),
        (
            {"Content-Type": "application/activity+json"},
            b'{"id":"https://unknown.example/a/1","type":"Create","actor":"https://unknown.example/a",'
            b'"object":{"id":"https://unknown.example/o/1","type":"Article","attributedTo":"https://unknown.example/a"}}',
            {401, 403},
        ),
        (
            {
                "Content-Type": "application/activity+json",
                "Signature": 'keyId="https://unknown.example/a#k",headers="(request-target) date",signature="AA=="',
            },
            b'{"id":"https://unknown.example/a/1","type":"Delete","actor":"https://unknown.example/a",'
            b'"object":"https://unknown.example/o/1"}',
            {401, 403},
        ),
    ],
    ids=["malformed", "wrong type", "unknown and unsigned", "unknown and forged"],
)
def test_who_is_not_known_gets_an_answer_and_leaves_nothing(pair, headers, body, statuses):
    dijon, _ = pair
    before = dijon.settled()
    answer = requests.post(f"{dijon.url}/ap/inbox", headers=headers, data=body, timeout=10)
    assert answer.status_code in statuses, answer.text
    assert dijon.digest() == before


def test_without_the_role_nothing_is_published_by_program_page_or_command_and_nothing_is_sent(pair):
    dijon, region = pair
    draft = said.write(dijon, "Ne doit pas paraître")
    said.move(dijon, draft, "submit", by="contributor")
    session, form = dijon.sign_in("contributor@dijon.example")
    before, theirs = dijon.settled(), region.catalogue().keys()
    path = f"resources/{draft['id']}"
    for role, statuses in (("contributor", {403}), ("reader", {403, 404}), ("", {401, 403, 404})):
        assert dijon.call("POST", f"{path}/publish/", by=role, json={}).status_code in statuses
    page = f"{dijon.url}/ressources/{draft['id']}/publier/"
    assert session.post(page, data=form, timeout=10).status_code == 403
    assert session.post(page, timeout=10).status_code == 403  # and from another site, with their cookies
    refused = dijon.try_manage(
        "member", "add", "autre@dijon.example", "--territory", said.DIJON, "--role", "editor",
        "--by", "contributor@dijon.example",
    )  # fmt: skip
    assert refused.returncode == 1
    assert "does not have the right" in refused.stderr
    assert dijon.digest() == before
    assert region.catalogue().keys() == theirs
    assert requests.get(draft["uri"], headers=ACTIVITY, timeout=10).status_code == 404
