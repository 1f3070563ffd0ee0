"""What one of ours withdraws is withdrawn from everybody who may have it, whatever happened between the hubs."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from federation import actors, delivery, publishing, recurring
from federation.models import Activity, Delivery, Follow, Peer
from federation.partners import agreement
from federation.publication import Publication
from tests.federation.agreements import HUB, a_partner
from tests.federation.peers import a_peer, a_remote_hub

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(hub):
    """The URI of what a collectivité of ours published, before anybody followed it."""
    author = actors.make("Organization", "dijon")
    uri = actors.url("/ap/objects/clauses")
    publishing.publish(Publication(uri=uri, kind="good-practice", author=author.uri, title="t", body="<p>x</p>"))
    assert not Delivery.objects.exists()
    return uri


def owed(uri):
    deletes = Delivery.objects.filter(activity__object_uri=uri, activity__type="Delete", state="waiting")
    return set(deletes.values_list("inbox", flat=True))


def now_due():
    return [one.activity.type for one in delivery.due().select_related("activity")]


def ended():
    agreement.end(a_partner().peer, by=None)


def they_left():
    a_partner()
    Follow.objects.all().delete()
    Peer.objects.update(level="unknown", agreement="ended")


def blocked():
    a_partner()
    agreement.block(HUB, by=None)


def blocked_then_a_stranger():
    blocked()
    agreement.unblock(HUB, by=None)


@pytest.mark.parametrize("story", [a_partner, ended, they_left, blocked, blocked_then_a_stranger])
def test_every_hub_that_ever_was_a_partner_may_have_read_it(published, story):
    story()
    publishing.withdraw(published)
    assert owed(published) == {f"{HUB}/ap/inbox"}


def test_whoever_never_was_a_partner_is_told_nothing(published):
    a_remote_hub(peer=a_peer(HUB, "unknown", agreement="asked", actor_uri=f"{HUB}/ap/actor"))
    publishing.withdraw(published)
    assert owed(published) == set()


def test_a_removal_by_our_moderators_goes_as_far(hub):
    a_partner()
    place = actors.make("Group", "clauses")
    author = actors.make("Person", "jeanne")
    uri = actors.url("/ap/objects/post")
    publishing.publish(Publication(uri=uri, kind="post", author=author.uri, place=place.uri, body="<p>x</p>"))
    publishing.withdraw(uri, by_moderator=True, reason="Hors sujet.")
    told = Delivery.objects.filter(inbox=f"{HUB}/ap/inbox").values_list("activity__type", flat=True)
    assert set(told) == {"Announce Delete", "Delete"}


def test_while_the_hub_does_not_federate_it_is_held_back(published, settings):
    a_partner()
    federating = settings.RTES
    settings.RTES = replace(federating, federation="off")
    publishing.withdraw(published)
    assert owed(published) == {f"{HUB}/ap/inbox"}
    assert not delivery.due().exists()
    settings.RTES = federating
    assert now_due() == ["Delete"]


@pytest.mark.parametrize("withdrawn", ["before the block", "during the block"])
def test_while_the_hub_is_blocked_it_is_held_back(published, withdrawn):
    a_partner()
    if withdrawn == "before the block":
        publishing.withdraw(published)
    agreement.block(HUB, by=None)
    if withdrawn == "during the block":
        publishing.withdraw(published)
    assert owed(published) == {f"{HUB}/ap/inbox"}
    assert not delivery.due().exists()
    agreement.unblock(HUB, by=None)
    assert now_due() == ["Delete"]


def test_nothing_else_waits_for_who_is_blocked(published):
    theirs = a_partner()
    agreement.block(HUB, by=None)
    author = actors.make("Organization", "beaune")
    Follow.objects.create(follower=theirs, followed=author, uri=f"{HUB}/f", state="accepted")
    uri = actors.url("/ap/objects/other")
    publishing.publish(Publication(uri=uri, kind="good-practice", author=author.uri, title="t", body="<p>x</p>"))
    assert Activity.objects.filter(object_uri=uri, type="Create").exists()
    assert not Delivery.objects.filter(activity__object_uri=uri).exists()


def test_it_waits_for_as_long_as_it_takes(published):
    a_partner()
    agreement.block(HUB, by=None)
    publishing.withdraw(published)
    Delivery.objects.update(created_at=timezone.now() - timedelta(days=400))
    recurring.prune()
    assert owed(published) == {f"{HUB}/ap/inbox"}
