from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import transaction

from federation import actors, publishing
from federation.errors import Refused
from federation.models import Activity, Delivery, Follow, Peer, StoredObject
from federation.publication import Publication
from federation.wire import read, strict_json
from tests.federation.peers import a_follower, a_peer, a_remote_hub

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return actors.make("Organization", "dijon-metropole", name="Dijon Métropole")


def a_publication(author, **facts):
    said = {
        "uri": "http://127.0.0.1:8000/ap/objects/clauses",
        "kind": "good-practice",
        "author": author.uri,
        "title": "Des clauses d’insertion dans tous les marchés",
        "body": "<p>Un texte.</p>",
        "published": datetime(2026, 11, 1, 8, tzinfo=UTC),
        "updated": datetime(2026, 11, 1, 8, tzinfo=UTC),
    }
    return Publication(**said | facts)


def said():
    return list(Activity.objects.order_by("pk").values_list("type", flat=True))


def waiting():
    return list(Delivery.objects.filter(state="waiting").order_by("pk").values_list("activity__type", flat=True))


def test_fifty_followers_on_one_server_are_one_delivery(author):
    for _ in range(50):
        a_follower(author)
    publishing.publish(a_publication(author))
    assert [d.inbox for d in Delivery.objects.all()] == ["https://partner.example/ap/inbox"]


def test_without_a_shared_inbox_each_follower_has_a_delivery(author):
    followers = [a_follower(author, shared=False) for _ in range(3)]
    publishing.publish(a_publication(author))
    assert {d.inbox for d in Delivery.objects.all()} == {follower.inbox for follower in followers}


def test_who_follows_the_hub_hears_all_its_authors(author):
    Follow.objects.create(
        follower=a_remote_hub(), followed=actors.instance(), uri="https://partner.example/f", state="accepted"
    )
    publishing.publish(a_publication(author))
    assert Delivery.objects.count() == 1


def test_with_no_follower_the_thing_is_public_and_nothing_is_owed(author):
    publishing.publish(a_publication(author))
    assert StoredObject.objects.get().local
    assert said() == ["Create"]
    assert not Delivery.objects.exists()


def test_a_request_to_follow_is_not_a_follower_yet(author):
    a_follower(author)
    Follow.objects.update(state="asked")
    publishing.publish(a_publication(author))
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("mode", "level", "owed"),
    [
        ("allowlist", "partner", 1),
        ("allowlist", "reader", 1),
        ("allowlist", "unknown", 0),
        ("allowlist", "blocked", 0),
        ("open", "unknown", 1),
        ("open", "blocked", 0),
    ],
)
def test_to_which_servers_we_send(author, settings, mode, level, owed):
    settings.RTES = replace(settings.RTES, federation=mode)
    a_follower(author)
    a_peer(level=level)
    publishing.publish(a_publication(author))
    assert Delivery.objects.count() == owed


def test_a_follower_that_is_gone_is_sent_nothing(author):
    follower = a_follower(author)
    follower.gone_at = datetime(2026, 11, 1, tzinfo=UTC)
    follower.save()
    publishing.publish(a_publication(author))
    assert not Delivery.objects.exists()


def test_an_act_rolled_back_leaves_nothing(author):
    a_follower(author)

    class Changed(Exception):
        pass

    with pytest.raises(Changed), transaction.atomic():
        publishing.publish(a_publication(author))
        raise Changed
    assert not StoredObject.objects.exists()
    assert not Activity.objects.exists()
    assert not Delivery.objects.exists()


def test_what_is_kept_is_what_is_read_back(author):
    publication = a_publication(author)
    publishing.publish(publication)
    stored = StoredObject.objects.get()
    assert read.publication(strict_json.loads(stored.document.encode())) == publication
    activity = strict_json.loads(bytes(Activity.objects.get().body))
    assert read.publication(activity["object"]) == publication


def test_the_second_time_it_is_an_update_that_receivers_know_as_newer(author):
    a_follower(author)
    publishing.publish(a_publication(author))
    publishing.publish(a_publication(author, title="Un autre titre"))
    assert said() == ["Create", "Update"]
    newer = read.publication(strict_json.loads(StoredObject.objects.get().document.encode()))
    assert newer.version == 2
    assert newer.updated > newer.published
    assert newer.title == "Un autre titre"


def test_the_same_thing_twice_is_said_once(author):
    a_follower(author)
    publishing.publish(a_publication(author))
    publishing.publish(a_publication(author))
    assert said() == ["Create"]


def test_an_update_nobody_tried_to_send_gives_way_to_the_next(author):
    a_follower(author)
    for title in ("Un", "Deux", "Trois"):
        publishing.publish(a_publication(author, title=title))
    assert waiting() == ["Create", "Update"]
    assert Delivery.objects.last().activity == Activity.objects.last()


def test_an_update_already_tried_is_left_in_its_place(author):
    a_follower(author)
    publishing.publish(a_publication(author, title="Un"))
    publishing.publish(a_publication(author, title="Deux"))
    Delivery.objects.filter(activity__type="Update").update(tries=1)
    publishing.publish(a_publication(author, title="Trois"))
    assert waiting() == ["Create", "Update", "Update"]


def test_withdrawing_leaves_a_tombstone_and_no_text(author):
    a_follower(author)
    publishing.publish(a_publication(author))
    publishing.withdraw(a_publication(author).uri)
    stored = StoredObject.objects.get()
    assert stored.removed_at is not None
    assert stored.document == ""
    assert not Activity.objects.filter(type="Create").exclude(body=b"").exists()
    assert waiting() == ["Delete"]
    tombstone = strict_json.loads(bytes(Activity.objects.get(type="Delete").body))["object"]
    assert tombstone["type"] == "Tombstone"
    assert tombstone["formerType"] == "Article"


def test_a_withdrawal_goes_to_whoever_may_have_it_even_if_they_left_since(author):
    a_follower(author)
    publishing.publish(a_publication(author))
    Delivery.objects.update(state="sent")
    Follow.objects.all().delete()
    Peer.objects.update(level="unknown")
    a_follower(author, "https://other.example")
    publishing.withdraw(a_publication(author).uri)
    owed = Delivery.objects.filter(activity__type="Delete").values_list("inbox", flat=True)
    assert set(owed) == {"https://partner.example/ap/inbox", "https://other.example/ap/inbox"}


def test_withdrawing_twice_is_once_and_withdrawing_what_never_travelled_is_nothing(author):
    publishing.publish(a_publication(author))
    publishing.withdraw(a_publication(author).uri)
    publishing.withdraw(a_publication(author).uri)
    publishing.withdraw("http://127.0.0.1:8000/ap/objects/never")
    assert said() == ["Create", "Delete"]


def test_what_was_withdrawn_needs_a_new_address(author):
    publishing.publish(a_publication(author))
    publishing.withdraw(a_publication(author).uri)
    with pytest.raises(Refused, match="new address"):
        publishing.publish(a_publication(author))
    assert said() == ["Create", "Delete"]


def test_one_author_cannot_publish_over_another(author):
    publishing.publish(a_publication(author))
    other = actors.make("Organization", "beaune")
    with pytest.raises(Refused, match="another author"):
        publishing.publish(a_publication(other))
    assert said() == ["Create"]


def test_only_our_own_authors_publish_here():
    with pytest.raises(Refused, match="not an author"):
        publishing.publish(a_publication(a_remote_hub()))
    assert not StoredObject.objects.exists()


def test_a_hub_that_does_not_federate_keeps_its_objects_and_says_nothing(author, settings):
    settings.RTES = replace(settings.RTES, federation="off")
    a_follower(author)
    publishing.publish(a_publication(author))
    assert StoredObject.objects.exists()
    assert not Activity.objects.exists()
    assert not Delivery.objects.exists()
