"""A territory is believed on a partner's word until somebody else holds it: asked through the front door."""

import json

import pytest
from django.utils import timezone

from federation import actors
from federation.models import Activity, Peer
from federation.publication import Gesture
from federation.wire import write
from resources.charters.models import Pledge
from resources.pooling import actions as pooling
from resources.pooling.models import Participation
from rtes_hub.audit.models import Line
from rtes_hub.notices.models import Notice
from rtes_hub.territories import actions as territories
from rtes_hub.territories.models import Member
from tests.federation.knocking import Speaker, a_speaker, hear
from tests.federation.peers import a_peer, a_server
from tests.make import a_charter, a_member, a_pooled_action, a_remote_member, a_territory, an_author, an_editor

pytestmark = pytest.mark.django_db

DIJON = "com-21231"
FACT = "rtes:territory"
OTHERS = "https://autre.example"


@pytest.fixture
def partner(db, settings):
    """A collectivité of a partner's server, which says that it is Dijon."""
    actors.prepare()
    a_territory(DIJON, population=159346)
    with a_server(settings) as server:
        a_peer(server.origin)
        yield a_speaker(server).show(**{FACT: DIJON})


def join(client, partner: Speaker, action, sequence: int = 1) -> None:
    facts = {"act": "join", "sequence": sequence, "after": sequence - 1, "role": "member"}
    said = Gesture(uri=partner.new_uri("activities"), verb="join", author=partner.uri, target=action.uri, facts=facts)
    hear(client, partner, write.gesture(said, to=action.member.actor_uri))


def pledge(client, partner: Speaker, charter, sequence: int = 1) -> None:
    today = timezone.localdate().isoformat()
    facts = {
        "act": "pledge",
        "sequence": sequence,
        "pledge": {"signatory": "La maire", "signed_on": today, "mandate_starts_on": today, "charter_version": 1},
        "commitments": [{"measure": "A1", "status": "not_started", "progress": 0, "next_update_due": "2099-01-01"}],
        "evidence": [],
    }
    said = Gesture(uri=partner.new_uri("activities"), verb="offer", author=partner.uri, target=charter.uri, facts=facts)
    hear(client, partner, write.gesture(said, to=charter.member.actor_uri))


def last_answer() -> tuple[str, str]:
    document = json.loads(bytes(Activity.objects.filter(type__in=("Accept", "Reject")).latest("pk").body))
    return document["type"], document.get("summary", "")


def test_a_territory_that_nobody_else_holds_joins_with_the_population_of_our_table(client, partner):
    partner.show(**{FACT: DIJON, "rtes:population": 5_000_000})
    action = a_pooled_action("setting_up")
    join(client, partner, action)
    seat = Participation.objects.get(actor_uri=partner.uri)
    assert last_answer()[0] == "Accept"
    pooling.admit(action, member=seat.member, by=None)
    pooling.set_budget(action, [{"label": "Animation", "amount": "1000"}], by=None)
    lead = a_territory("epci-242100410", population=159346)
    assert lead.population == seat.member.territory.population
    pooling.compute_shares(action, [{"by": "population", "percent": "100"}], by=None)
    shares = {share.participation.actor_uri: share.amount for share in _shares(action)}
    assert shares == {partner.uri: 500, action.member.actor_uri: 500}


def _shares(action):
    return [seat.share for seat in action.participations.select_related("share")]


@pytest.mark.parametrize("ask", [join, pledge])
def test_the_territory_of_a_member_of_this_hub_is_not_committed_from_elsewhere(client, partner, ask):
    a_member(DIJON)
    thing = a_pooled_action("setting_up") if ask is join else a_charter()
    editor, version = an_editor(), thing.version
    ask(client, partner, thing)
    kind, reason = last_answer()
    assert kind == "Reject"
    assert "Dijon" in reason
    assert not Participation.objects.filter(actor_uri=partner.uri).exists()
    assert not Pledge.objects.exists()
    assert not Notice.objects.filter(user=editor).exists()
    thing.refresh_from_db()
    assert thing.version == version
    assert not Line.objects.filter(act__in=("pooling.join", "charters.pledge"), by_uri=partner.uri).exists()


@pytest.mark.parametrize("ask", [join, pledge])
def test_nor_that_of_one_of_another_partner_that_was_known_first(client, partner, ask):
    a_peer(OTHERS)
    a_remote_member(hub=OTHERS, name="Ville de Dijon", hub_name="Autre réseau", facts={"territory": DIJON})
    thing = a_pooled_action("setting_up") if ask is join else a_charter()
    ask(client, partner, thing)
    kind, reason = last_answer()
    assert kind == "Reject"
    assert "Ville de Dijon" in reason
    assert "Autre réseau" in reason
    Peer.objects.filter(origin=OTHERS).update(level=Peer.Level.BLOCKED)
    ask(client, partner, thing, 2)
    assert last_answer()[0] == "Accept", "a hub that is no partner any more holds nothing"


def test_whoever_came_first_is_not_pushed_out_by_a_later_claim(client, partner):
    action = a_pooled_action("setting_up")
    a_peer(OTHERS)
    join(client, partner, a_pooled_action("call"))
    a_remote_member(hub=OTHERS, facts={"territory": DIJON})
    join(client, partner, action)
    assert last_answer()[0] == "Accept"


def test_one_that_left_holds_nothing(client, partner):
    territories.leave(a_member(DIJON), by=None)
    join(client, partner, a_pooled_action("setting_up"))
    assert last_answer()[0] == "Accept"


def test_an_actor_does_not_move_to_a_territory_that_another_holds():
    a_territory("com-89001")
    a_member(DIJON)
    author = an_author(facts={"territory": "com-89001"})
    assert territories.remote_member(author).territory_id == "com-89001"
    moved = an_author(uri=author.uri, name="Grande ville", facts={"territory": DIJON})
    territories.remote_member(moved)
    member = Member.objects.get(actor_uri=author.uri)
    assert (member.territory_id, member.name) == ("com-89001", "Grande ville")
