"""What partners alone may ask, through the door: who is let in, and what each is shown."""

import json

import pytest
from django.utils import timezone

from federation import actors, api, publishing
from federation.models import Peer, StoredObject, Told
from federation.partners import converging, scope
from federation.publication import Publication
from federation.wire import canonical, digests, names
from tests.federation.knocking import SIGN, a_key, a_practice, a_speaker
from tests.federation.peers import a_peer
from tests.federation.talking import a_place_elsewhere, a_post

pytestmark = pytest.mark.django_db

HERE = "http://127.0.0.1:8000"
ADDRESSES = [
    "/ap/changes",
    "/ap/changes?after=0",
    f"/ap/changes?keys={'0' * 24}",
    "/ap/digest",
    "/ap/digest?of=own&under=",
]


@pytest.fixture
def there(hub, server):
    """The instance actor of a partner."""
    speaker = a_speaker(server, "/ap/actor", type="Application")
    peer = a_peer(server.origin, actor_uri=speaker.uri, backfill="done")
    actors.keep(actors.fetch_document(speaker.uri), peer)
    return speaker


def an_organization():
    return actors.make("Organization", "dijon-metropole", name="Dijon Métropole")


def a_sheet(author):
    now = timezone.now()
    said = {"title": "Des clauses", "body": "<p>Un texte.</p>", "published": now, "updated": now}
    return Publication(uri=api.new_uri(), kind="good-practice", author=author.uri, **said)


def ask(client, speaker, path, format="cavage"):
    sent = SIGN[format]("GET", f"{HERE}{path}", key=speaker.key, key_id=speaker.key_id, now=timezone.now())
    return client.get(path, headers=sent | {"Host": "127.0.0.1:8000", "Accept": names.ACTIVITY_JSON})


def tell(client, speaker, document):
    body = canonical.dumps(document)
    sent = SIGN["cavage"](
        "POST", f"{HERE}/ap/changes", key=speaker.key, key_id=speaker.key_id, now=timezone.now(), body=body
    )
    media_type = sent.pop("Content-Type", names.ACTIVITY_JSON)
    return client.post("/ap/changes", data=body, content_type=media_type, headers=sent | {"Host": "127.0.0.1:8000"})


def a_page(speaker, *documents):
    """As a partner writes it, with the leaves that it says."""
    leaves = [digests.key(one["id"]) + digests.leaf(one["id"], 1, timezone.now()) for one in documents]
    uri = f"{speaker.server.origin}/ap/changes"
    return {
        "@context": names.AS2,
        "id": uri,
        "type": "OrderedCollectionPage",
        "orderedItems": list(documents),
        "rtes:leaves": leaves,
    }


@pytest.mark.parametrize("path", ADDRESSES)
def test_who_signs_nothing_is_told_nothing(client, hub, path):
    answer = client.get(path, headers={"Host": "127.0.0.1:8000"})
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize("level", ["unknown", "reader", "blocked"])
def test_who_is_no_partner_is_told_nothing(client, there, path, level):
    Peer.objects.update(level=level)
    assert ask(client, there, path).status_code == 403


@pytest.mark.parametrize("path", ADDRESSES)
def test_another_actor_of_a_partner_does_not_speak_for_it(client, there, path, partner):
    partner.key = a_key("another")
    assert ask(client, partner.show(), path).status_code == 401


@pytest.mark.parametrize("format", ["cavage", "rfc9421"])
def test_a_partner_reads_all_that_is_published_in_the_order_of_its_changes(client, there, format):
    author = an_organization()
    first, second = a_sheet(author), a_sheet(author)
    for sheet in (first, second):
        publishing.publish(sheet)
    page = json.loads(ask(client, there, "/ap/changes?after=0", format).content)
    assert [one["id"] for one in page["orderedItems"]] == [first.uri, second.uri]
    assert page["rtes:remaining"] == 0 and "next" not in page
    publishing.withdraw(first.uri)
    path = page["rtes:cursor"].removeprefix(HERE)
    answer = ask(client, there, path, format)
    [gone] = json.loads(answer.content)["orderedItems"]
    assert (gone["id"], gone["type"], gone["attributedTo"]) == (first.uri, "Tombstone", author.uri)
    assert "private" in answer.headers["Cache-Control"]
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_pages_follow_each_other_by_their_cursors(client, there, monkeypatch):
    monkeypatch.setattr("federation.partners.changes.PAGE", 2)
    author = an_organization()
    sheets = [a_sheet(author) for _ in range(5)]
    for sheet in sheets:
        publishing.publish(sheet)
    path, seen, left = "/ap/changes?after=0", [], []
    while path:
        page = json.loads(ask(client, there, path).content)
        seen += [one["id"] for one in page["orderedItems"]]
        left.append(page["rtes:remaining"])
        path = page.get("next", "").removeprefix(HERE)
    assert seen == [sheet.uri for sheet in sheets]
    assert left == [3, 1, 0]


def test_what_is_said_at_another_hub_is_neither_in_the_changes_nor_in_the_digest(client, there, stranger, talk):
    place = a_place_elsewhere(stranger.server)
    post = a_post(an_organization(), place=place.uri)
    publishing.publish(post)
    assert json.loads(ask(client, there, "/ap/changes?after=0").content)["orderedItems"] == []
    named = json.loads(ask(client, there, f"/ap/changes?keys={digests.key(post.uri)}").content)
    assert named["orderedItems"] == []
    said = json.loads(ask(client, there, "/ap/digest").content)
    assert said["rtes:own"] == {"rtes:count": 0, "rtes:root": digests.root([])}
    assert json.loads(ask(client, there, "/ap/digest?of=own&under=").content)["rtes:nodes"] == [[]]


@pytest.mark.parametrize(
    "path",
    ["/ap/changes?after=now", "/ap/changes?keys=abc", "/ap/digest?of=all&under=", "/ap/digest?of=own&under=zz"],
    ids=["cursor", "keys", "side", "prefix"],
)
def test_what_is_no_question_of_ours_is_refused(client, there, path):
    assert ask(client, there, path).status_code == 400


def test_what_a_partner_tells_of_its_own_is_taken(client, there, partner, shelf):
    sheet = a_practice(partner)
    answer = tell(client, there, a_page(there, sheet))
    assert answer.status_code == 200 and answer.json() == {"kept": 0, "refused": 0, "unknown": 1}, (
        "its author is unknown"
    )
    actors.keep(actors.fetch_document(partner.uri), Peer.objects.get())
    assert tell(client, there, a_page(there, sheet)).json()["kept"] == 1
    assert StoredObject.objects.filter(uri=sheet["id"], local=False).exists()


def test_what_a_partner_tells_of_others_is_refused_and_nothing_is_stored(client, there, stranger, shelf):
    sheet = a_practice(stranger)
    assert tell(client, there, a_page(there, sheet)).status_code == 403
    ours = a_sheet(an_organization())
    publishing.publish(ours)
    forged = json.loads(StoredObject.objects.get(uri=ours.uri).document) | {"name": "Faux"}
    assert tell(client, there, a_page(there, forged)).status_code == 403
    assert not StoredObject.objects.filter(local=False).exists() and not Told.objects.exists()


def test_what_cannot_be_kept_is_known_all_the_same(client, there, partner, shelf):
    actors.keep(actors.fetch_document(partner.uri), Peer.objects.get())
    sheet = a_practice(partner, title="Incomplet")
    assert tell(client, there, a_page(there, sheet)).json()["refused"] == 1
    told = Told.objects.get(uri=sheet["id"])
    assert told.reason == "it says nothing of its cost"
    assert scope.held_rows(Peer.objects.get()) == [(told.key, told.leaf)]
    assert not shelf.received


def test_an_empty_page_asks_to_be_compared(client, there):
    peer = Peer.objects.get()
    converging.of(peer)
    converging.Convergence.objects.update(next_try=timezone.now() + converging.NIGHTLY)
    assert not converging.due().exists()
    assert tell(client, there, a_page(there)).status_code == 200
    assert converging.due().get() == peer


def test_the_hub_says_where_its_changes_and_its_digest_are(client, hub):
    document = json.loads(client.get("/ap/actor", headers={"Accept": names.ACTIVITY_JSON}).content)
    assert (document["rtes:changes"], document["rtes:digest"]) == (f"{HERE}/ap/changes", f"{HERE}/ap/digest")
    assert api.hub_author().uri == document["id"]
