"""A lead invites a collectivité of a partner hub: what leaves one, and what the other does with it."""

import json
from dataclasses import replace

import pytest
from django.urls import reverse

from federation import api
from federation.errors import Refused
from federation.models import Activity, Actor, Delivery, Peer, StoredObject
from federation.wire import write
from resources.models import Resource
from resources.pooling import actions, inviting
from resources.pooling.federated import FederatedAction
from resources.pooling.models import Step
from resources.publication import to_publication
from rtes_hub.audit.models import Line
from rtes_hub.notices.models import Notice
from tests.federation.knocking import Speaker, a_speaker, hear, knock
from tests.federation.peers import a_peer, a_remote_actor, a_server
from tests.make import a_member, a_pooled_action, a_reader, a_remote_member, an_author, an_editor
from tests.resources.programs import is_problem, send, signed

pytestmark = pytest.mark.django_db

OTHER = "https://autre.example"


# On the hub of the lead -------------------------------------------------------------------------------------------


@pytest.fixture
def guest():
    """A collectivité of a partner, as this hub knows it."""
    actor = a_remote_actor()
    return a_remote_member(uri=actor.uri, name="Nevers")


@pytest.fixture
def action():
    made = a_pooled_action("call")
    Delivery.objects.all().delete()
    return made


def invite(client, action, *guests, text=""):
    where = reverse("pooling-invite", args=[action.pk])
    return client.post(where, {"members": [guest.pk for guest in guests], "text": text})


def sent() -> list[dict]:
    return [json.loads(bytes(one.body)) for one in Activity.objects.filter(type="Invite")]


def test_the_lead_invites_one_of_a_partner_and_it_alone_is_written_to(client, action, guest):
    a_remote_member(hub=OTHER, name="Ailleurs")
    client.force_login(an_editor())
    page = client.get(reverse("pooling-invite", args=[action.pk])).content.decode()
    assert "Nevers" in page
    assert "Ailleurs" not in page, "its hub is no partner"
    assert invite(client, action, guest, text="Vos besoins ressemblent aux nôtres.").status_code == 302
    (said,) = sent()
    assert (said["actor"], said["object"], said["target"]) == (action.member.actor_uri, action.uri, guest.actor_uri)
    assert (said["to"], said["cc"], said["summary"]) == ([guest.actor_uri], [], "Vos besoins ressemblent aux nôtres.")
    assert Delivery.objects.count() == 1
    assert not action.participations.filter(actor_uri=guest.actor_uri).exists()
    assert Line.objects.filter(act="pooling.invite").count() == 1


def test_whoever_takes_part_and_what_does_not_travel_invites_nobody_elsewhere(action, guest):
    actions.perform("join", action, member=guest, by=None)
    assert guest not in inviting.to_invite(action)
    kept = a_pooled_action("call", federated=False)
    assert guest not in inviting.to_invite(kept)


def test_whoever_does_not_lead_sends_nothing(client, action, guest):
    client.force_login(an_editor(a_member("com-21231")))
    assert invite(client, action, guest).status_code == 403
    assert sent() == []


def test_a_program_invites_with_the_same_refusals(client, action, guest):
    path, body = f"pooled-actions/{action.pk}/invite/", {"members": [guest.actor_uri], "text": "Venez."}
    is_problem(send(client, "post", path, body, **signed(an_editor(a_member("com-21231")))), 403)
    lead = signed(an_editor())
    is_problem(send(client, "post", path, body | {"members": ["inconnue"]}, **lead), 400)
    assert "text" in is_problem(send(client, "post", path, body | {"text": "x" * 501}, **lead), 400)["errors"]
    assert sent() == []
    assert send(client, "post", path, body, **lead).json() == {"invited": 1}
    assert [said["summary"] for said in sent()] == ["Venez."]


def test_a_hub_that_cannot_be_reached_is_said_and_nothing_is_written(client, action, guest):
    Actor.objects.filter(uri=guest.actor_uri).delete()
    client.force_login(an_editor())
    answer = invite(client, action, guest)
    assert answer.status_code == 409
    assert "Nevers cannot be invited" in answer.content.decode()
    assert sent() == []
    assert not Line.objects.filter(act="pooling.invite").exists()


# On the hub of the guest ------------------------------------------------------------------------------------------


@pytest.fixture
def lead(db, settings):
    """The lead, on a partner's server, as it signs."""
    with a_server(settings) as server:
        a_peer(server.origin)
        yield a_speaker(server)


@pytest.fixture
def there(lead) -> Resource:
    """Its action, as this hub knows it."""
    said = to_publication(a_pooled_action("call"))
    author = an_author(uri=lead.uri, hub=lead.server.origin, name="Région voisine")
    facts = {**said.facts, "participants": []}
    said = replace(said, uri=f"{lead.server.origin}/ap/objects/action", author=lead.uri, facts=facts)
    FederatedAction().receive(said, author)
    peer = Peer.objects.get(origin=lead.server.origin)
    actor = a_remote_actor(lead.server.origin, uri=lead.uri, peer=peer)
    StoredObject.objects.create(
        uri=said.uri,
        actor=actor,
        local=False,
        kind=said.kind,
        version=said.version,
        document="{}",
        published=said.published,
        updated=said.updated,
    )
    return Resource.objects.get(uri=said.uri)


@pytest.fixture
def town():
    return a_member("com-21231")


def an_invite(lead: Speaker, target: str, guest: str) -> dict:
    return write.invite(
        lead.new_uri("activities"), actor=lead.uri, object=target, guest=guest, text="Venez <b>tous</b>"
    )


def test_the_editors_of_the_guest_are_told_once_with_a_link_to_join(client, lead, there, town):
    editor, reader = an_editor(town), a_reader(town)
    for _ in range(2):
        assert hear(client, lead, an_invite(lead, there.uri, town.actor_uri)).state == "done"
    notice = Notice.objects.get(user=editor)
    assert ("vous invite" in notice.title, notice.text) == (True, "Venez tous")
    assert not Notice.objects.filter(user=reader).exists()
    client.force_login(editor)
    assert reverse("pooling-seat", args=[there.pk, "rejoindre", town.slug]) in client.get(notice.path).content.decode()
    assert not Step.objects.exists(), "nobody joins without a word of its own"
    step = actions.join(there, member=town, by=editor)
    assert step is not None
    assert step.state == "pending"


def test_nobody_is_told_of_what_is_not_the_inviters_or_not_known_or_for_nobody(client, lead, there, town):
    an_editor(town)
    another = a_speaker(lead.server, "/ap/orgs/2")
    wrong = [
        (another, there.uri, town.actor_uri),
        (lead, lead.new_uri(), town.actor_uri),
        (lead, there.uri, f"{town.actor_uri}0"),
        (lead, there.uri, lead.uri),
    ]
    for who, target, guest in wrong:
        assert hear(client, who, an_invite(who, target, guest)).state == "ignored"
    assert not Notice.objects.exists()


def test_one_that_takes_part_already_is_not_invited(client, lead, there, town):
    an_editor(town)
    actions.join(there, member=town, by=None)
    row = {"member": town.actor_uri, "name": town.name, "role": "member", "state": "interested", "sequence": 1}
    said = to_publication(there)
    author = an_author(uri=lead.uri, hub=lead.server.origin)
    said = replace(said, uri=there.uri, author=lead.uri, version=there.version + 1)
    FederatedAction().receive(replace(said, facts={**said.facts, "participants": [row]}), author)
    hear(client, lead, an_invite(lead, there.uri, town.actor_uri))
    assert not Notice.objects.filter(topic="gesture").exists()


def test_a_stranger_invites_nobody(client, lead, there, town):
    an_editor(town)
    Peer.objects.update(level="reader")
    assert knock(client, lead, an_invite(lead, there.uri, town.actor_uri)).status_code == 403
    assert not Notice.objects.exists()


def test_one_invites_only_to_what_is_its_own(action, guest):
    with pytest.raises(Refused):
        api.invite(a_member("com-21231").actor_uri, action.uri, guest.actor_uri)
    assert sent() == []
