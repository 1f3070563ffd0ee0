"""Gestures through the front door of the hub, signed, as a partner sends them."""

import json

import pytest
from django.utils import timezone

from federation import actors, processing
from federation.models import Activity, Incoming, StoredGesture
from federation.publication import Gesture
from federation.wire import write
from resources.pooling import actions
from resources.pooling.models import Answer, Need, Participation
from tests.federation.knocking import Speaker, a_speaker, hear
from tests.federation.peers import a_peer, a_server
from tests.make import a_pooled_action

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner(db, settings):
    """A collectivité of a partner's server."""
    actors.prepare()
    with a_server(settings) as server:
        a_peer(server.origin)
        yield a_speaker(server)


def said(partner: Speaker, action, act: str, sequence: int, after: int, **facts) -> dict:
    gesture = Gesture(
        uri=partner.new_uri("activities"),
        verb={"join": "join", "leave": "leave"}.get(act, "offer"),
        author=partner.uri,
        target=action.uri,
        facts={"act": act, "sequence": sequence, "after": after, **facts},
    )
    return write.gesture(gesture, to=action.member.actor_uri)


def answers() -> list[tuple[str, str]]:
    found = Activity.objects.filter(type__in=("Accept", "Reject")).order_by("pk")
    documents = [json.loads(bytes(activity.body)) for activity in found]
    return [(document["type"], document.get("summary", "")) for document in documents]


def test_needs_with_all_they_say_arrive_as_they_were_said(client, partner):
    action = a_pooled_action("setting_up")
    rows = [
        {"item": "Papier", "quantity": "1200.50", "unit": "ramettes", "amount_max": "4000", "site": "Dépôt"},
        {"item": "Encre", "quantity": "3"},
    ]
    hear(client, partner, said(partner, action, "join", 1, 0, role="member"))
    hear(client, partner, said(partner, action, "needs", 2, 1, rows=rows))
    assert [str(need.quantity) for need in Need.objects.all()] == ["1200.50", "3.00"]
    hear(client, partner, said(partner, action, "needs", 3, 2, rows=[]))
    assert not Need.objects.exists()
    assert answers() == [("Accept", "")] * 3


def test_a_refusal_is_kept_so_that_what_follows_it_does_not_wait(client, partner):
    action = a_pooled_action("setting_up")
    hear(client, partner, said(partner, action, "join", 1, 0))
    refused = said(partner, action, "sign", 2, 1, on="2026-01-01")
    hear(client, partner, refused)
    assert StoredGesture.objects.get(uri=refused["id"]).state == "refused"
    assert Answer.objects.get(sequence=2).accepted is False
    hear(client, partner, said(partner, action, "plan", 3, 2, on="2099-01-01"))
    kind, reason = answers()[1]
    assert kind == "Reject"
    assert reason
    assert Participation.objects.get(actor_uri=partner.uri).state == "planned"


def test_one_that_comes_before_its_turn_waits_for_it(client, partner):
    action = a_pooled_action("setting_up")
    join = said(partner, action, "join", 1, 0)
    early = hear(client, partner, said(partner, action, "plan", 2, 1, on="2099-01-01"))
    assert (early.state, answers()) == ("waiting", [])
    hear(client, partner, join)
    assert Participation.objects.get(actor_uri=partner.uri).state == "interested"
    Incoming.objects.update(next_try=timezone.now())
    processing.turn_inbox()
    assert Participation.objects.get(actor_uri=partner.uri).state == "planned"


def test_a_stranger_asks_nothing(client, settings, partner):
    action = a_pooled_action("setting_up")
    with a_server(settings) as elsewhere:
        stranger = a_speaker(elsewhere)
        with pytest.raises(AssertionError):
            hear(client, stranger, said(stranger, action, "join", 1, 0))
    assert not Participation.objects.exclude(role="coordinator").exists()


def test_who_leaves_through_the_door_is_out_for_all_to_see(client, partner):
    action = a_pooled_action("setting_up")
    hear(client, partner, said(partner, action, "join", 1, 0))
    actions.admit(action, member=Participation.objects.get(actor_uri=partner.uri).member, by=None)
    hear(client, partner, said(partner, action, "leave", 2, 1, reason="Changement de priorité"))
    action.refresh_from_db()
    row = next(row for row in action.facts["participants"] if row["member"] == partner.uri)
    assert (row["state"], row["reason"]) == ("left", "Changement de priorité")
