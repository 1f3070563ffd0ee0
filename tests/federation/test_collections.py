"""Collections: read whole, page by page, while things go on being published."""

from datetime import UTC, datetime, timedelta

import pytest

from federation import api, collections
from federation.models import Activity, Actor
from tests.federation.knocking import hub_uri
from tests.federation.peers import a_follower
from tests.federation.test_discovery import a_publication, dijon, get, published

__all__ = ["dijon"]  # a fixture

pytestmark = pytest.mark.django_db


def walk(client, url):
    """Every item of a collection, page after page."""
    page = get(client, get(client, url).json()["first"]).json()
    while True:
        yield from page["orderedItems"]
        if "next" not in page:
            return
        page = get(client, page["next"]).json()


def test_an_outbox_is_read_whole_and_newest_first_page_by_page(client, dijon, monkeypatch):
    monkeypatch.setattr(collections, "PAGE", 2)
    day = datetime(2026, 1, 1, tzinfo=UTC)
    # Two at the same instant: the cursor must not lose one of them.
    uris = [published(dijon, published=day + timedelta(days=n // 2)) for n in range(5)]
    withdrawn = published(dijon, published=day)
    api.withdraw(withdrawn)
    beaune = api.open_actor(type="Organization", handle="beaune", name="Beaune")
    other = published(beaune, published=day - timedelta(days=1))
    root = get(client, f"{dijon}/outbox")
    assert root.json()["totalItems"] == 5
    items = list(walk(client, f"{dijon}/outbox"))
    assert [item["object"]["id"] for item in items] == uris[::-1]
    assert {item["type"] for item in items} == {"Create"}
    created = set(Activity.objects.filter(type="Create").values_list("uri", flat=True))
    assert {item["id"] for item in items} <= created
    hub = [item["object"]["id"] for item in walk(client, f"{hub_uri()}/outbox")]
    assert hub == [*uris[::-1], other]


def test_an_outbox_shows_the_thing_as_it_is_now(client, dijon):
    uri = published(dijon)
    api.publish(a_publication(dijon, uri, title="Nouveau titre", version=2))
    items = list(walk(client, f"{dijon}/outbox"))
    assert [item["object"]["name"] for item in items] == ["Nouveau titre"]


@pytest.mark.parametrize("cursor", ["x", "1", "-", "1-x", "9" * 40 + "-1", "'; drop table"])
def test_a_cursor_that_is_not_ours_is_refused(client, dijon, cursor):
    assert get(client, f"{dijon}/outbox?before={cursor}").status_code == 400


def test_followers_are_counted_and_not_named(client, dijon):
    a_follower(Actor.objects.get(uri=dijon))
    for name, total in (("followers", 1), ("following", 0), ("featured", 0)):
        answer = get(client, f"{dijon}/{name}")
        assert answer.json()["totalItems"] == total
        assert not {"first", "items", "orderedItems"} & set(answer.json())
        assert get(client, f"{dijon}/{name}", **{"If-None-Match": answer["ETag"]}).status_code == 304
