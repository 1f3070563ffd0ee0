"""Who follows whom, and what each side answers."""

import pytest

from federation import actors, api
from federation.models import Activity, Actor, Follow
from federation.wire import strict_json
from tests.federation.knocking import hear, hub_uri

pytestmark = pytest.mark.django_db


@pytest.fixture
def dijon():
    return Actor.objects.get(uri=api.open_actor(type="Organization", handle="dijon", name="Dijon"))


def test_whoever_follows_a_collectivite_is_accepted_each_time(client, partner, dijon):
    for _ in range(2):
        follow = partner.says("Follow", dijon.uri)
        assert hear(client, partner, follow).state == "done"
    link = Follow.objects.get()
    assert (link.follower.uri, link.followed, link.state, link.uri) == (partner.uri, dijon, "accepted", follow["id"])
    said = [strict_json.loads(bytes(activity.body)) for activity in Activity.objects.order_by("pk")]
    assert [one["type"] for one in said] == ["Accept", "Accept"]
    assert said[-1]["object"]["id"] == follow["id"]
    assert {delivery.inbox for activity in Activity.objects.all() for delivery in activity.deliveries.all()} == {
        f"{partner.uri}/inbox"
    }


def test_whoever_undoes_it_follows_no_more(client, partner, dijon):
    follow = partner.says("Follow", dijon.uri)
    hear(client, partner, follow)
    assert hear(client, partner, partner.says("Undo", follow)).state == "done"
    assert not Follow.objects.exists()


def test_nobody_undoes_for_another(client, partner, neighbour, dijon):
    follow = partner.says("Follow", dijon.uri)
    hear(client, partner, follow)
    hear(client, neighbour, neighbour.says("Undo", follow))
    hear(client, neighbour, neighbour.says("Undo", follow["id"]))
    assert Follow.objects.count() == 1


def test_the_moderation_is_followed_by_nobody(client, partner):
    hear(client, partner, partner.says("Follow", actors.moderation().uri))
    assert not Follow.objects.exists()
    assert Activity.objects.get().type == "Reject"


@pytest.mark.parametrize("target", ["http://127.0.0.1:8000/ap/orgs/nobody", "https://elsewhere.example/ap/orgs/1"])
def test_one_follows_somebody_who_is_here(client, partner, target):
    assert hear(client, partner, partner.says("Follow", target)).state == "ignored"
    assert not Activity.objects.exists()


@pytest.mark.parametrize("verb", ["Accept", "Reject"])
def test_an_answer_to_what_nobody_asked_does_nothing(client, partner, verb):
    fake = {"id": f"{hub_uri()}/1", "type": "Follow", "actor": hub_uri(), "object": partner.uri}
    assert hear(client, partner, partner.says(verb, fake)).state == "ignored"
    assert not Follow.objects.exists()


def test_a_verb_we_do_not_know_is_thanked_for_and_ignored(client, partner):
    incoming = hear(client, partner, partner.says("Dislike", partner.new_uri()))
    assert incoming.state == "ignored"
