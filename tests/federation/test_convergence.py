"""Two hubs that lost, edited and withdrew whatever they liked end equal. The other hub is here in memory."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from federation import actors, publishing, received
from federation.errors import Refused
from federation.models import Confirmation, Found, Peer, StoredObject, Told
from federation.partners import comparing, remote, scope
from federation.publication import Publication
from federation.wire import digests, write
from tests.federation.peers import a_peer, a_remote_actor

pytestmark = pytest.mark.django_db

HERE, THERE = "http://127.0.0.1:8000", "https://partner.example"
BEGIN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


class Neighbour:
    """A hub that answers as FEDERATION.md says: its `own` things, None when withdrawn; ours, that it has `held`."""

    def __init__(self):
        self.peer = a_peer(THERE, actor_uri=f"{THERE}/ap/actor", backfill="done")
        self.instance = a_remote_actor(THERE, uri=f"{THERE}/ap/actor", type="Application", peer=self.peer)
        self.author = a_remote_actor(THERE, uri=f"{THERE}/ap/orgs/1", peer=self.peer)
        self.own, self.held, self.documents, self.told = {}, {}, {}, []

    def edit(self, name):
        uri = f"{THERE}/ap/objects/{name}"
        if name not in self.own or self.own[name]:
            version = (self.own.get(name) or (0,))[0] + 1
            at = BEGIN + timedelta(minutes=version)
            said = Publication(
                uri=uri, kind="good-practice", author=self.author.uri, title=f"v{version}", body="<p>x</p>",
                published=BEGIN, updated=at, version=version,
            )  # fmt: skip
            self.own[name] = (version, at, write.article(said, followers=f"{self.author.uri}/followers"))

    def rows(self, side):
        if side == "held":
            return sorted((digests.key(uri), leaf) for uri, leaf in self.held.items())
        return sorted(self.row(name) for name in self.own)

    def row(self, name):
        uri, said = f"{THERE}/ap/objects/{name}", self.own[name]
        return digests.key(uri), digests.leaf(uri, said[0], said[1]) if said else digests.withdrawn(uri)

    def document(self, name):
        uri, said = f"{THERE}/ap/objects/{name}", self.own[name]
        gone = write.tombstone(uri, former_type="Article", deleted=BEGIN, published=BEGIN)
        return said[2] if said else gone | {"attributedTo": self.author.uri}

    # What federation.partners.remote asks ----------------------------------------------------------------------------

    def trees(self, _theirs):
        found = {side: self.rows(side) for side in ("own", "held")}
        return {side: remote.Tree(count=len(rows), root=digests.root(rows)) for side, rows in found.items()}

    def nodes(self, _theirs, side, prefixes):
        rows = self.rows(side)
        return {prefix: digests.node(rows, prefix) for prefix in prefixes}

    def named(self, _theirs, keys):
        asked = [name for name in self.own if self.row(name)[0] in keys]
        known = {self.row(name)[0] for name in asked}
        return {
            "id": f"{THERE}/ap/changes",
            "orderedItems": [self.document(name) for name in asked],
            "rtes:leaves": ["".join(self.row(name)) for name in asked],
            "rtes:unknown": sorted(set(keys) - known),
        }

    def tell(self, _peer, _theirs, page):
        self.told.append(page)
        for document, both in zip(page["orderedItems"], page["rtes:leaves"], strict=True):
            self.held[document["id"]] = both[digests.KEY :]
            self.documents[document["id"]] = document
        return {"kept": len(page["orderedItems"]), "refused": 0, "unknown": 0}

    def copies(self, _theirs, keys):
        return {"orderedItems": [doc for uri, doc in self.documents.items() if digests.key(uri) in keys]}

    def authors(self, _items, _peer):
        return {self.author.uri: self.author}


@pytest.fixture
def there(hub, shelf, monkeypatch):
    made = Neighbour()
    for name in ("trees", "nodes", "named", "tell", "copies", "authors"):
        monkeypatch.setattr(remote, name, getattr(made, name))
    return made


@pytest.fixture
def author(hub):
    return actors.make("Organization", "dijon-metropole", name="Dijon Métropole")


def publish(author, name, body="<p>Un texte.</p>"):
    uri = f"{HERE}/ap/objects/{name}"
    publishing.publish(Publication(uri=uri, kind="good-practice", author=author.uri, title="Des clauses", body=body))
    return StoredObject.objects.get(uri=uri)


def compare(there):
    return comparing.compare(there.peer, there.instance)


def assert_equal(there, proof):
    assert proof["equal"], proof
    assert scope.own_rows(there.peer) == there.rows("held")
    assert scope.held_rows(there.peer) == there.rows("own")


NAMES = st.sampled_from("abcde")
#: (what, which thing): what happens to a thing of ours, or of theirs, told or lost.
ACTS = st.sampled_from(
    ["we edit", "we withdraw", "they edit", "they withdraw", "they tell", "they lose", "they go back", "we lose"]
)


class World:
    """Acts by name, on both sides."""

    def __init__(self, there, author):
        self.there, self.author, self.edits = there, author, 0

    def do(self, act, name):
        getattr(self, act.replace(" ", "_"))(name, f"{HERE}/ap/objects/{name}")

    def we_edit(self, name, uri):
        self.edits += 1
        if not StoredObject.objects.filter(uri=uri).exclude(removed_at=None).exists():
            publish(self.author, name, f"<p>{self.edits}</p>")

    def we_withdraw(self, _name, uri):
        publishing.withdraw(uri)

    def we_lose(self, _name, uri):
        """Our database is an older one."""
        StoredObject.objects.filter(uri=uri).delete()

    def they_edit(self, name, _uri):
        self.there.edit(name)

    def they_withdraw(self, name, _uri):
        self.there.own[name] = None

    def they_tell(self, name, _uri):
        """As their delivery would."""
        try:
            if self.there.own.get(name):
                received.take(self.there.own[name][2], actor=self.there.author)
        except Refused:
            pass

    def they_lose(self, _name, uri):
        self.there.held.pop(uri, None)

    def they_go_back(self, name, _uri):
        """Theirs is older."""
        if said := self.there.own.get(name):
            self.there.own.pop(name)
            for _ in range(max(said[0] - 1, 1)):
                self.there.edit(name)


@given(acts=st.lists(st.tuples(ACTS, NAMES), max_size=25), again=st.lists(st.tuples(ACTS, NAMES), max_size=10))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_was_done_or_lost_both_end_equal(there, author, acts, again):
    with transaction.atomic():
        there.own, there.held, there.documents = {}, {}, {}
        world = World(there, author)
        for some in (acts, again):
            for act, name in some:
                world.do(act, name)
            assert_equal(there, compare(there))
            quiet = compare(there)
            assert (quiet["rounds"], quiet["theirs"]["found"], quiet["ours"]["found"]) == (1, 0, 0)
        transaction.set_rollback(True)


def test_equal_catalogues_tell_each_other_nothing(there, author):
    publish(author, "a")
    there.edit("b")
    compare(there)
    there.told.clear()
    assert_equal(there, compare(there))
    assert there.told == []


def test_a_hub_that_was_restored_is_believed_about_its_own_things(there, shelf):
    for _ in range(3):
        there.edit("a")
    compare(there)
    there.own.clear()
    there.edit("a")
    assert_equal(there, compare(there))
    assert [one[0].version for one in shelf.received] == [3, 1]
    there.edit("a")
    compare(there)
    assert shelf.received[-1][0].version == 2, "and what it changes from there is taken"


def test_what_was_lost_here_is_kept_for_people_and_withdrawn_there(there, author):
    stored = publish(author, "a")
    compare(there)
    text = there.documents[stored.uri]
    StoredObject.objects.all().delete()
    assert_equal(there, compare(there))
    found = Found.objects.get()
    assert (found.uri, json.loads(found.document)["name"]) == (stored.uri, text["name"])
    assert there.held[stored.uri] == digests.withdrawn(stored.uri)
    assert StoredObject.objects.get().removed_at is not None


def test_what_they_withdrew_does_not_come_back(there, shelf):
    there.edit("a")
    compare(there)
    there.own["a"] = None
    assert_equal(there, compare(there))
    assert shelf.removed == [f"{THERE}/ap/objects/a"]
    there.own.pop("a")
    there.edit("a")
    assert_equal(there, compare(there))
    assert len(shelf.received) == 1
    assert Told.objects.get().reason == "the object was deleted"


def test_a_withdrawal_is_confirmed_by_their_digest_and_once(there, author):
    stored = publish(author, "a")
    compare(there)
    assert not Confirmation.objects.exists()
    publishing.withdraw(stored.uri)
    compare(there)
    [confirmed] = Confirmation.objects.all()
    assert (confirmed.uri, confirmed.peer) == (stored.uri, there.peer)
    compare(there)
    assert Confirmation.objects.get().at == confirmed.at


def test_nothing_is_for_whoever_is_no_partner(there, author):
    publish(author, "a")
    Peer.objects.update(level="reader")
    assert scope.own_rows(Peer.objects.get()) == []


def test_of_a_large_catalogue_only_what_differs_is_looked_into():
    rows = sorted((digests.key(str(n)), digests.leaf(str(n), 1, BEGIN)) for n in range(3000))
    others = dict(rows) | {rows[5][0]: "0" * 16, rows[2000][0]: "1" * 16}
    del others[rows[100][0]]
    theirs, asked, frontier, found = sorted(others.items()), 0, [""], set()
    while frontier:
        prefix, asked = frontier.pop(), asked + 1
        below, keys = digests.differing(rows, prefix, digests.node(theirs, prefix))
        frontier += below
        found |= keys
    assert found == {rows[5][0], rows[100][0], rows[2000][0]}
    assert asked <= 1 + 3 * 3
