"""What others publish, change and delete: who may, and that whoever may not changes nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from federation import actors, api, identity, processing, registry
from federation.models import Actor, Delivery, Incoming, Peer, StoredObject
from federation.verbs import VERBS
from federation.wire import canonical, write
from rtes_hub.accounts.models import Identity
from tests.federation.knocking import Shelf, Speaker, a_key, a_practice, a_speaker, create, hear, knock
from tests.federation.peers import a_follower

pytestmark = pytest.mark.django_db


# Create and Update ------------------------------------------------------------------------------------------------


def test_what_a_partner_publishes_is_stored_and_handed_to_its_app(client, partner, shelf):
    document = a_practice(partner)
    assert create(client, partner, document).state == "done"
    stored = StoredObject.objects.get()
    assert (stored.uri, stored.kind, stored.actor.uri, stored.local) == (
        document["id"],
        "good-practice",
        partner.uri,
        False,
    )
    publication, author = shelf.received[0]
    assert publication.title == "Une ressourcerie"
    assert (author.uri, author.name, author.local) == (partner.uri, "Région voisine", False)


def test_its_text_is_made_safe_before_anyone_sees_it(client, partner, shelf):
    nasty = "<p onclick='x()'>Bon<script>alert(1)</script><a href='javascript:x()'>ici</a></p>"
    create(client, partner, a_practice(partner, body=nasty, title="Titre \u202efeinté"))
    publication, _ = shelf.received[0]
    assert "script" not in publication.body
    assert "onclick" not in publication.body
    assert publication.title == "Titre feinté"


def test_a_later_version_replaces_an_earlier_one_and_never_the_reverse(client, partner, shelf):
    uri = partner.new_uri()
    day = datetime(2026, 2, 1, tzinfo=UTC)
    versions = [
        a_practice(partner, uri, title=f"Version {n}", version=n, updated=day + timedelta(days=n)) for n in (1, 2, 3)
    ]
    create(client, partner, versions[1])
    for late in (versions[0], versions[1]):
        hear(client, partner, write.update(partner.new_uri("activities"), late))
    hear(client, partner, write.update(partner.new_uri("activities"), versions[2]))
    assert [publication.title for publication, _ in shelf.received] == ["Version 2", "Version 3"]
    assert StoredObject.objects.get().version == 3


def test_an_update_of_what_never_came_is_as_good_as_its_creation(client, partner, shelf):
    hear(client, partner, write.update(partner.new_uri("activities"), a_practice(partner)))
    assert len(shelf.received) == 1


def test_a_date_in_the_future_is_that_of_its_reception(client, partner, shelf):
    tomorrow = timezone.now() + timedelta(days=1)
    create(client, partner, a_practice(partner, published=tomorrow, updated=tomorrow))
    publication, _ = shelf.received[0]
    assert publication.published <= timezone.now()
    assert publication.updated <= timezone.now()


def test_a_kind_nobody_speaks_for_is_kept_and_shown_to_nobody(client, partner, shelf):
    assert create(client, partner, a_practice(partner, kind="something-new")).state == "done"
    assert StoredObject.objects.get().kind == "something-new"
    assert shelf.received == []


def test_what_its_app_refuses_leaves_nothing_but_the_reason(client, partner, shelf):
    incoming = create(client, partner, a_practice(partner, title="Incomplet"))
    assert (incoming.state, incoming.error) == ("ignored", "it says nothing of its cost")
    assert not StoredObject.objects.exists()


def test_an_object_given_by_its_id_is_read_at_its_origin(client, partner, shelf):
    document = a_practice(partner)
    path = document["id"].removeprefix(partner.server.origin)
    partner.server.pages[path] = ("application/activity+json", canonical.dumps(document))
    hear(client, partner, partner.says("Create", document["id"]))
    assert len(shelf.received) == 1
    assert path in partner.server.asked


NOT_THEIRS = [
    ("attributed to a neighbour", lambda p, n: a_practice(p) | {"attributedTo": n.uri}),
    ("attributed to another server", lambda p, n: a_practice(p) | {"attributedTo": "https://victim.example/ap/orgs/1"}),
    ("attributed to nobody", lambda p, n: {k: v for k, v in a_practice(p).items() if k != "attributedTo"}),
    ("attributed to a number", lambda p, n: a_practice(p) | {"attributedTo": 1}),
    ("of another server", lambda p, n: a_practice(p) | {"id": "https://victim.example/ap/objects/1"}),
    ("of another port", lambda p, n: a_practice(p) | {"id": "http://127.0.0.1:1/ap/objects/1"}),
    ("of this hub", lambda p, n: a_practice(p) | {"id": "http://127.0.0.1:8000/ap/objects/1"}),
    ("ours by its looks", lambda p, n: a_practice(p) | {"id": "http://127.0.0.1:8000", "attributedTo": p.uri}),
    ("for somebody only", lambda p, n: a_practice(p) | {"to": [p.uri], "cc": []}),
    ("for nobody", lambda p, n: a_practice(p) | {"to": [], "cc": []}),
]


@pytest.mark.parametrize("verb", ["Create", "Update"])
@pytest.mark.parametrize("make", [row[1] for row in NOT_THEIRS], ids=[row[0] for row in NOT_THEIRS])
def test_what_is_not_theirs_to_publish_is_not_stored(client, partner, neighbour, shelf, verb, make):
    """Security B1 to B10, B16: origin and owner, every pair of them."""
    incoming = hear(client, partner, partner.says(verb, make(partner, neighbour)))
    assert incoming.state == "ignored"
    assert incoming.error
    assert not StoredObject.objects.exists()
    assert shelf.received == []
    assert [asked for asked in partner.server.asked if "objects" in asked] == []


@pytest.mark.parametrize("verb", ["Create", "Update"])
def test_a_neighbour_cannot_touch_what_is_anothers(client, partner, neighbour, shelf, verb):
    """Same server, another actor: NodeBB let Alice rewrite Bob's (security B10); PeerTube let anyone (B7)."""
    document = a_practice(partner)
    create(client, partner, document)
    stolen = document | {"attributedTo": neighbour.uri, "name": "Volé", "updated": "2026-06-01T00:00:00Z"}
    assert hear(client, neighbour, neighbour.says(verb, stolen)).state == "ignored"
    assert StoredObject.objects.get().actor.uri == partner.uri
    assert len(shelf.received) == 1


def test_an_object_of_ours_cannot_be_written_from_outside(client, partner, shelf):
    ours = api.open_actor(type="Organization", handle="dijon", name="Dijon")
    uri = api.new_uri()
    StoredObject.objects.create(
        uri=uri,
        kind="good-practice",
        actor=Actor.objects.get(uri=ours),
        local=True,
        document="{}",
        published=timezone.now(),
        updated=timezone.now(),
    )
    for activity in (partner.says("Update", a_practice(partner) | {"id": uri}), partner.says("Delete", uri)):
        assert hear(client, partner, activity).state == "ignored"
    stored = StoredObject.objects.get()
    assert (stored.document, stored.removed_at) == ("{}", None)


def test_somebody_whom_nobody_follows_is_not_stored(client, partner, shelf):
    """The partnership ended between the door and the effect."""
    activity = write.create(partner.new_uri("activities"), a_practice(partner))
    knock(client, partner, activity)
    Peer.objects.update(level="unknown")
    processing.turn_inbox()
    assert Incoming.objects.get().state == "ignored"
    assert not StoredObject.objects.exists()


def test_an_actor_says_anew_who_it_is(client, partner, shelf):
    create(client, partner, a_practice(partner))
    renamed = partner.document(name="Région renommée", updated="2026-11-01T00:00:00Z")
    partner.show(**renamed)
    assert hear(client, partner, write.update(partner.new_uri("activities"), renamed)).state == "done"
    assert actors.find(partner.uri).name == "Région renommée"
    assert shelf.changed == ["Région renommée"]


def test_a_partner_hub_that_changes_its_name_is_shown_under_the_new_one(client, server, partner, shelf):
    hub = a_speaker(server, "/ap/actor")
    Peer.objects.update(actor_uri=hub.uri)
    renamed = hub.document(name="Réseau renommé", updated="2026-11-01T00:00:00Z")
    hub.show(**renamed)
    assert hear(client, hub, write.update(hub.new_uri("activities"), renamed)).state == "done"
    assert Peer.objects.get().name == "Réseau renommé"


def test_the_name_given_to_the_hub_is_said_once_by_its_own_actor(hub, partner):
    partner_hub = a_follower(actors.instance())
    Identity.objects.create(pk=1, name="Réseau d’ici")
    identity.introduce()
    identity.introduce()
    assert actors.instance().name == "Réseau d’ici"
    assert [owed.activity.type for owed in Delivery.objects.filter(peer=partner_hub.peer)] == ["Update"]


@pytest.mark.parametrize("embedded", [True, False])
def test_an_actor_is_what_its_own_address_says_now(client, partner, server, embedded):
    """Not what the Update holds, nor what was asked for a moment ago."""
    create(client, partner, a_practice(partner))
    partner.show(name="Région nouvelle")
    said = partner.document(name="Tout autre") if embedded else partner.uri
    assert hear(client, partner, partner.says("Update", said)).state == "done"
    assert actors.find(partner.uri).name == "Région nouvelle"


@pytest.mark.parametrize("verb", ["Update", "Create", "Announce", "Add"])
def test_no_activity_brings_a_key_that_the_actors_own_document_does_not_list(client, partner, verb):
    create(client, partner, a_practice(partner))
    thief = Speaker(partner.server, partner.path, key=a_key("other"))
    hear(client, partner, partner.says(verb, thief.document()))
    assert knock(client, thief, thief.says("Create", a_practice(thief))).status_code == 401


def test_only_the_actor_of_the_agreement_names_its_hub(client, partner, server, monkeypatch):
    """Any account of a server may call itself an Application."""
    told = Shelf()
    monkeypatch.setattr(registry, "_BY_KIND", {"good-practice": told})
    hub = a_speaker(server, "/ap/actor", type="Application")
    Peer.objects.update(actor_uri=hub.uri, name="Réseau voisin")
    eve = a_speaker(server, "/users/eve", type="Application").show(name="Pirates")
    hear(client, eve, eve.says("Update", eve.uri))
    assert told.changed == []
    assert Peer.objects.get().name == "Réseau voisin"
    hub.show(name="Réseau d’à côté")
    hear(client, hub, hub.says("Update", hub.uri))
    assert told.changed == ["Réseau d’à côté"]
    assert Peer.objects.get().name == "Réseau d’à côté"


def test_nobody_says_who_a_neighbour_is(client, partner, neighbour):
    hear(client, neighbour, neighbour.says("Create", neighbour.a_note()))
    hear(client, partner, partner.says("Update", neighbour.document(name="Usurpé")))
    assert actors.find(neighbour.uri).name == "Région voisine"


@pytest.mark.parametrize("to", ["policy-note", "other", ""])
def test_a_thing_stays_with_the_app_that_shows_it_until_that_one_removes_it(client, partner, monkeypatch, to):
    """Else its Delete would be told to another app, or to nobody, and the text would stay."""
    first, second = Shelf(), Shelf()
    monkeypatch.setattr(registry, "_BY_KIND", {"good-practice": first, "policy-note": second})
    document = a_practice(partner)
    create(client, partner, document)
    newer = {"updated": datetime(2026, 9, 1, tzinfo=UTC), "version": 2}
    changed = (
        a_practice(partner, document["id"], kind=to, **newer)
        if to
        else partner.a_note(id=document["id"], updated="2026-09-01T00:00:00Z")
    )
    assert hear(client, partner, partner.says("Update", changed)).state == "ignored"
    assert second.received == []
    assert StoredObject.objects.get().kind == "good-practice"
    hear(client, partner, partner.says("Delete", document["id"]))
    assert first.removed == [document["id"]]


def test_the_table_says_who_may_say_what(capsys):
    call_command("verbs")
    said = capsys.readouterr().out
    for verb in VERBS.values():
        assert verb.name in said
        assert verb.who.endswith(".")
        assert verb.section.startswith("ActivityPub §")
