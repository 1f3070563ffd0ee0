"""What we say carries its proof; what others hand on is believed by it, and refused when it is false."""

import json
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from federation import actors, api, keyring
from federation.models import Activity, Actor, StoredObject
from federation.wire import keys, proofs, write
from tests.federation.knocking import a_speaker, hear
from tests.federation.peers import a_server
from tests.federation.talking import a_person, a_place_elsewhere, a_post, owed, show, written

pytestmark = pytest.mark.django_db

SECRET = keys.generate_ed25519()
JSON = {"HTTP_ACCEPT": "application/activity+json"}


@pytest.fixture
def place(partner, server, talk):
    """A forum of a partner."""
    return a_place_elsewhere(server)


@pytest.fixture
def lea(hub, settings):
    """Somebody of a third server, whose document lists an Ed25519 key."""
    with a_server(settings) as made:
        speaker = a_speaker(made, "/users/lea", type="Person")
        document = json.loads(json.dumps(speaker.document()))
        document["assertionMethod"] = [multikey(speaker.uri)]
        show(made, document)
        yield speaker


def multikey(uri):
    return {
        "id": f"{uri}#ed25519-key",
        "type": "Multikey",
        "controller": uri,
        "publicKeyMultibase": keys.public_multibase(SECRET),
    }


def proven(document, uri, key=SECRET):
    plain = proofs.in_context(document)
    made = proofs.make(plain, key=key, key_id=f"{uri}#ed25519-key", created=timezone.now())
    return {**plain, "proof": made}


def holds(document, actor):
    """By the key that the actor lists."""
    proof = proofs.of(document)
    (key,) = [key for key in keyring.public_keys(actor) if key.id == proof.key_id]
    proofs.verify(document, proof, key.public, now=datetime(2030, 1, 1, tzinfo=UTC))
    return True


def test_all_that_we_send_and_serve_carries_its_proof(client, forum):
    claire = a_person()
    thread = a_post(claire, place=forum.uri)
    api.publish(thread)
    author = Actor.objects.get(uri=thread.author)
    assert holds(client.get(thread.uri, **JSON).json(), author)
    assert holds(client.get(author.uri, **JSON).json(), author)
    first, second = owed(forum)
    assert holds(first, forum)
    assert holds(second, forum)
    assert holds(first["object"], author)
    assert first["object"] == json.loads(bytes(Activity.objects.get(type="Create").body))
    api.withdraw(thread.uri)
    assert holds(client.get(thread.uri, **JSON).json(), author)


def test_an_actor_served_twice_is_the_same_bytes(client, hub):
    first, second = (client.get(actors.url(actors.INSTANCE), **JSON) for _ in range(2))
    assert (first.content, first["ETag"]) == (second.content, second["ETag"])


def test_what_did_not_change_is_not_published_again_for_its_proof(hub):
    thread = a_post(a_person())
    api.publish(thread)
    api.publish(thread)
    assert Activity.objects.count() == 1


def a_create(author, place, **facts):
    thing = written(a_post(author, place=place.uri, **facts))
    return write.create(author.new_uri("activities"), thing), thing


def test_what_a_third_server_proves_is_believed_without_asking_for_it(client, place, lea, talk):
    activity, thing = a_create(lea, place)
    assert hear(client, place, place.says("Announce", proven(activity, lea.uri))).state == "done"
    assert [post.uri for post in talk.received] == [thing["id"]]
    assert thing["id"] not in lea.server.asked


@pytest.mark.parametrize("change", ["its words", "its key"])
def test_a_false_proof_is_refused(client, place, lea, talk, change):
    activity, thing = a_create(lea, place)
    show(lea.server, thing)
    said = proven(activity, lea.uri, key=keys.generate_ed25519() if change == "its key" else SECRET)
    if change == "its words":
        said = {**said, "object": {**said["object"], "content": "<p>Autre chose</p>"}}
    assert hear(client, place, place.says("Announce", said)).state == "ignored"
    assert talk.received == []
    assert not StoredObject.objects.exists()


def test_a_proof_by_somebody_else_proves_nothing_and_the_thing_is_read_at_home(client, place, lea, talk):
    """A key of another server, and one that the author does not list: as without a proof."""
    for key_of in (place.uri, f"{lea.server.origin}/users/other"):
        activity, thing = a_create(lea, place)
        show(lea.server, thing)
        forged = {**activity, "object": {**activity["object"], "content": "<p>Faux</p>"}}
        assert hear(client, place, place.says("Announce", proven(forged, key_of))).state == "done"
        assert "Faux" not in talk.received[-1].body
        assert talk.received[-1].uri == thing["id"]


def test_what_its_author_proves_gone_is_gone(client, place, lea, talk):
    activity, thing = a_create(lea, place)
    hear(client, place, place.says("Announce", proven(activity, lea.uri)))
    show(lea.server, thing)
    tombstone = write.tombstone(thing["id"], former_type="Note", deleted=timezone.now())
    gone = write.delete(lea.new_uri("activities"), actor=lea.uri, tombstone=tombstone, place=place.uri)
    assert hear(client, place, place.says("Announce", proven(gone, lea.uri))).state == "done"
    assert StoredObject.objects.get(uri=thing["id"]).removed_at is not None


def test_where_the_author_itself_signed_no_proof_is_looked_at(client, partner, server, talk, monkeypatch):
    monkeypatch.setattr(proofs, "verify", None)
    place = a_place_elsewhere(server)
    activity, thing = a_create(partner, place)
    said = {**activity, "proof": {"type": "DataIntegrityProof", "cryptosuite": proofs.SUITE}}
    assert hear(client, place, place.says("Announce", said)).state == "done"
    assert [post.uri for post in talk.received] == [thing["id"]]
