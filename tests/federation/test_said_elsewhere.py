"""What our people say in the forums of partners: it goes there, and is shown or refused there."""

import json

import pytest

from federation import actors, api
from federation.errors import Refused
from federation.models import Activity, StoredObject
from tests.federation.knocking import a_speaker, hear
from tests.federation.peers import a_follower, a_peer
from tests.federation.talking import a_place_elsewhere, a_post, inboxes_of, owed

pytestmark = pytest.mark.django_db


def test_what_is_said_in_a_place_elsewhere_goes_to_that_place_and_to_nobody_else(claire, server, talk):
    a_peer(server.origin)
    place = a_place_elsewhere(server)
    a_peer("https://third.example")
    a_follower(actors.instance(), "https://third.example")
    thread = a_post(claire, place=place.uri)
    api.publish(thread)
    (create,) = owed()
    assert (create["type"], create["audience"]) == ("Create", place.uri)
    assert inboxes_of(create["id"]) == {f"{place.uri}/inbox"}
    api.withdraw(thread.uri)
    assert owed()[-1]["type"] == "Delete"
    assert inboxes_of(owed()[-1]["id"]) == {f"{place.uri}/inbox"}


@pytest.mark.parametrize("level", ["unknown", "blocked"])
def test_nothing_is_said_in_the_place_of_a_hub_that_is_no_partner_any_more(claire, server, level):
    place = a_place_elsewhere(server)
    a_peer(server.origin, level)
    with pytest.raises(Refused):
        api.publish(a_post(claire, place=place.uri))
    with pytest.raises(Refused):
        api.publish(a_post(claire, place="https://nowhere.example/ap/groups/1"))
    assert not StoredObject.objects.exists()


def test_a_place_elsewhere_shows_what_we_said_or_refuses_it(client, claire, server, talk):
    place = a_place_elsewhere(server)
    thread, other = a_post(claire, place=place.uri), a_post(claire, place=place.uri)
    api.publish(thread)
    api.publish(other)
    creates = {one.object_uri: json.loads(bytes(one.body)) for one in Activity.objects.filter(type="Create")}
    hear(client, place, place.says("Announce", creates[thread.uri]))
    hear(client, place, place.says("Reject", creates[other.uri]["id"], summary="<p>Fermé.</p>"))
    assert talk.told == [("shown", thread.uri), ("refused", other.uri, "Fermé.")]
    # Only the place itself says so.
    neighbour = a_speaker(server, "/ap/groups/2", type="Group")
    assert hear(client, neighbour, neighbour.says("Reject", creates[thread.uri]["id"])).state == "ignored"
    assert hear(client, neighbour, neighbour.says("Announce", thread.uri)).state == "ignored"
    assert len(talk.told) == 2
