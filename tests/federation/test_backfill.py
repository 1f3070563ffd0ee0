import json
from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from federation import actors, collections, publishing, received
from federation.models import Actor, Delivery, Peer, StoredObject
from federation.partners import agreement, backfill, ties
from federation.publication import Publication
from federation.wire import canonical, names, write
from tests.federation.knocking import a_speaker
from tests.federation.peers import a_peer, a_server

pytestmark = pytest.mark.django_db

HUB = "/ap/actor"


class Catalogue:
    """A partner's public outbox: its pages, and the author of all that it lists."""

    def __init__(self, server):
        self.server = server
        self.hub = a_speaker(server, HUB, type="Application")
        self.author = a_speaker(server, "/ap/orgs/1")

    def a_create(self, **facts):
        return self.author.says("Create", self.author.a_note(**facts))

    def show(self, *pages):
        """Each page a list of items; the cursors are page numbers."""
        outbox_uri = f"{self.hub.uri}/outbox"
        total = sum(len(items) for items in pages)
        self._put(outbox_uri, write.collection(outbox_uri, total=total, first=f"{outbox_uri}?page=1"))
        for number, items in enumerate(pages, 1):
            here = f"{outbox_uri}?page={number}"
            following = f"{outbox_uri}?page={number + 1}" if number < len(pages) else ""
            self._put(here, write.page(here, part_of=outbox_uri, items=items, next=following))
        return self

    def _put(self, uri, document):
        path = uri.removeprefix(self.server.origin)
        self.server.pages[path] = (names.ACTIVITY_JSON, canonical.dumps(document))

    def hide(self, page):
        return self.server.pages.pop(f"{HUB}/outbox?page={page}")


@pytest.fixture
def there(settings):
    with a_server(settings) as server:
        yield Catalogue(server)


def partners_with(there):
    """Partners, with the back-fill about to begin."""
    link = {"rel": "https://www.w3.org/ns/activitystreams#Application", "href": there.hub.uri}
    there.server.pages["/.well-known/nodeinfo"] = ("application/json", json.dumps({"links": [link]}).encode())
    return agreement.trust(there.server.origin, by=None)


def known():
    return set(StoredObject.objects.filter(local=False).values_list("uri", flat=True))


def test_the_whole_catalogue_arrives_page_after_page(there):
    pages = [[there.a_create() for _ in range(3)] for _ in range(4)]
    there.show(*pages)
    peer = partners_with(there)
    backfill.run(peer.pk)
    assert known() == {item["object"]["id"] for page in pages for item in page}
    peer.refresh_from_db()
    assert (peer.backfill, peer.backfill_count, peer.backfill_total) == ("done", 12, 12)
    assert Actor.objects.get(uri=there.author.uri).name == "Région voisine"
    assert there.server.asked.count("/ap/orgs/1") == 1, "its author is asked for once"


def test_pages_that_lead_to_each_other_for_ever_are_read_no_further_than_a_limit(there, monkeypatch):
    """Be they empty, so that no count of things would ever end it."""
    monkeypatch.setattr(backfill, "MOST_PAGES", 6)
    outbox_uri = f"{there.hub.uri}/outbox"
    there.show([])
    for here, following in ((1, 2), (2, 1)):
        page = f"{outbox_uri}?page={here}"
        there._put(page, write.page(page, part_of=outbox_uri, items=[], next=f"{outbox_uri}?page={following}"))
    peer = partners_with(there)
    backfill.run(peer.pk)
    peer.refresh_from_db()
    assert (peer.backfill, peer.backfill_pages, peer.backfill_cursor) == ("done", 6, "")
    assert len([path for path in there.server.asked if "/outbox" in path]) == 6
    with transaction.atomic():
        ties.begin_backfill(peer, afresh=True)
    backfill.run(peer.pk)
    peer.refresh_from_db()
    assert peer.backfill_pages == 6, "counted anew"


def test_an_empty_catalogue_is_complete_at_once(there):
    there.show([])
    peer = partners_with(there)
    backfill.run(peer.pk)
    peer.refresh_from_db()
    assert (peer.backfill, peer.backfill_count) == ("done", 0)


def test_it_goes_on_at_the_page_where_it_was_killed(there):
    pages = [[there.a_create()] for _ in range(3)]
    there.show(*pages)
    peer = partners_with(there)
    assert backfill.step(peer.pk)
    assert backfill.step(peer.pk)
    there.server.asked.clear()
    backfill.run(peer.pk)
    asked = [path for path in there.server.asked if "page=" in path]
    assert asked == [f"{HUB}/outbox?page=2", f"{HUB}/outbox?page=3"]
    assert len(known()) == 3


def test_two_workers_on_one_page_count_it_once(there):
    there.show([there.a_create()], [there.a_create()])
    peer = partners_with(there)
    backfill.step(peer.pk)
    peer.refresh_from_db()
    page = backfill._fetch(peer, backfill.ties.instance_of(peer))
    assert backfill._take_in(peer, page)
    assert not backfill._take_in(peer, page)
    peer.refresh_from_db()
    assert peer.backfill_count == 1


def test_a_page_that_does_not_come_is_asked_for_later(there):
    there.show([there.a_create()], [there.a_create()])
    peer = partners_with(there)
    missing = there.hide(2)
    backfill.run(peer.pk)
    peer.refresh_from_db()
    assert (peer.backfill, peer.backfill_count, peer.backfill_tries) == ("running", 1, 1)
    assert "404" in peer.last_error
    there.server.pages[f"{HUB}/outbox?page=2"] = missing
    assert not backfill.due().exists()
    with time_machine.travel(timezone.now() + timedelta(seconds=3), tick=False):
        backfill.run(peer.pk)
    peer.refresh_from_db()
    assert (peer.backfill, peer.backfill_count, peer.last_error) == ("done", 2, "")


def test_a_hub_that_was_down_when_we_trusted_it_is_met_then_followed_and_read(there):
    there.show([there.a_create()])
    peer = a_peer(there.server.origin, "partner", agreement="accepted")
    agreement.ties.begin_backfill(peer)
    backfill.run(peer.pk)
    peer.refresh_from_db()
    assert peer.backfill == "running", "nobody stands for it yet: asked again later"
    peer = partners_with(there)
    backfill.run(peer.pk)
    peer.refresh_from_db()
    assert (peer.backfill, peer.actor_uri) == ("done", there.hub.uri)
    assert [d.activity.type for d in Delivery.objects.all()] == ["Follow"]


def test_what_is_wrong_is_passed_over_and_the_rest_arrives(there, caplog):
    good = there.a_create()
    stranger = {"attributedTo": "https://other.example/ap/orgs/9"}
    there.show(
        [
            there.a_create(**stranger),
            there.a_create(id="https://other.example/ap/objects/1"),
            there.a_create(id="http://127.0.0.1:8000/ap/objects/1"),
            there.a_create(to=[there.author.uri]),
            there.author.says("Announce", "https://other.example/ap/objects/1"),
            there.author.says("Create", there.author.a_note(), actor="https://other.example/ap/orgs/9"),
            there.author.says("Create", there.author.a_note(attributedTo=there.hub.uri)),
            {"nonsense": True},
            good,
        ]
    )
    peer = partners_with(there)
    backfill.run(peer.pk)
    assert known() == {good["object"]["id"]}
    peer.refresh_from_db()
    assert peer.backfill == "done"


def test_a_list_on_another_server_is_not_read(there):
    there.show([there.a_create()])
    peer = partners_with(there)
    elsewhere = write.collection(f"{there.hub.uri}/outbox", total=1, first="https://other.example/page")
    there._put(f"{there.hub.uri}/outbox", elsewhere)
    backfill.run(peer.pk)
    peer.refresh_from_db()
    assert peer.backfill == "running"
    assert "another server" in peer.last_error
    assert not known()


def test_a_list_that_turns_in_circles_ends(there):
    there.show([there.a_create()])
    outbox_uri = f"{there.hub.uri}/outbox"
    here = f"{outbox_uri}?page=1"
    there._put(here, write.page(here, part_of=outbox_uri, items=[there.a_create()], next=here))
    peer = partners_with(there)
    backfill.run(peer.pk)
    peer.refresh_from_db()
    assert peer.backfill == "done"


def test_a_list_of_addresses_is_fetched_where_they_live(there):
    item = there.a_create()
    there._put(item["id"], item)
    there.show([item["id"]])
    backfill.run(partners_with(there).pk)
    assert known() == {item["object"]["id"]}


def test_what_we_have_in_a_later_version_stays(there):
    item = there.a_create(updated="2026-02-01T00:00:00Z", **{"rtes:version": 2})
    there.show([item])
    peer = partners_with(there)
    backfill.run(peer.pk)
    author = Actor.objects.get(uri=there.author.uri)
    newer = item["object"] | {"rtes:version": 3, "updated": "2026-03-01T00:00:00Z", "name": "Plus récent"}
    received.take(newer, actor=author)
    agreement.sync(peer, by=None)
    backfill.run(peer.pk)
    assert StoredObject.objects.get(uri=item["object"]["id"]).version == 3
    assert StoredObject.objects.filter(local=False).count() == 1


def test_who_is_a_partner_no_more_is_not_read(there):
    there.show([there.a_create()])
    peer = partners_with(there)
    agreement.end(peer, by=None)
    backfill.run(peer.pk)
    assert not known()


def test_our_own_catalogue_can_be_read_this_way(there):
    """What we list is what we read: the two halves of a back-fill speak the same language."""
    author = actors.make("Organization", "dijon")
    for number in range(3):
        uri = f"http://127.0.0.1:8000/ap/objects/{number}"
        publishing.publish(
            Publication(uri=uri, kind="good-practice", author=author.uri, title="Titre", body="<p>x</p>")
        )
    page = collections.outbox_page(actors.instance())
    moved = json.loads(canonical.dumps(page).decode().replace("http://127.0.0.1:8000", there.server.origin))
    there.show(moved["orderedItems"])
    for item in moved["orderedItems"]:
        a_speaker(there.server, item["actor"].removeprefix(there.server.origin))
    backfill.run(partners_with(there).pk)
    assert len(known()) == 3
    assert Peer.objects.get(origin=there.server.origin).backfill_count == 3
