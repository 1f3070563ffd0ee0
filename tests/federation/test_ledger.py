"""What an author may know of where a thing went, and the proof of a withdrawal."""

from datetime import timedelta

import pytest
from django.utils import timezone

from federation import actors, api, keyring, outbox, publishing
from federation.models import Confirmation, Convergence, Delivery, Peer
from federation.wire import BadSignature, proofs
from tests.federation.peers import a_follower, a_peer
from tests.federation.test_channel import a_sheet, an_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet(hub):
    """Sent to one partner."""
    author = an_organization()
    a_follower(author)
    made = a_sheet(author)
    publishing.publish(made)
    return made


def states(sheet):
    return [(one.origin, one.state) for one in api.fate(sheet.uri)]


def test_their_own_digest_says_who_has_it_though_nothing_was_sent_to_them(sheet):
    other = a_peer("https://autre.example")
    Convergence.objects.create(peer=other, equal_at=timezone.now() + timedelta(seconds=5))
    assert states(sheet) == [("https://autre.example", "sent"), ("https://partner.example", "waiting")]


def test_a_digest_that_is_older_than_what_was_said_says_nothing_of_it(sheet):
    Convergence.objects.create(peer=a_peer("https://autre.example"), equal_at=timezone.now() - timedelta(days=1))
    assert states(sheet) == [("https://partner.example", "waiting")]


def test_who_does_not_answer_is_told_from_who_was_not_asked_yet(sheet):
    Peer.objects.update(failures=3)
    assert states(sheet) == [("https://partner.example", "silent")]


def test_what_stands_has_no_proof_of_withdrawal(sheet):
    assert api.withdrawal(sheet.uri) is None


def test_a_withdrawal_is_followed_until_each_confirms_it(sheet):
    publishing.withdraw(sheet.uri)
    said = api.withdrawal(sheet.uri)["rtes:confirmations"]
    assert [one["rtes:state"] for one in said] == ["owed"]
    Delivery.objects.filter(activity__type__in=outbox.WITHDRAWALS).update(state="sent", done_at=timezone.now())
    assert [one["rtes:state"] for one in api.withdrawal(sheet.uri)["rtes:confirmations"]] == ["told"]
    Confirmation.objects.create(peer=Peer.objects.get(), uri=sheet.uri, at=timezone.now())
    document = api.withdrawal(sheet.uri)
    [confirmed] = document["rtes:confirmations"]
    assert (confirmed["rtes:hub"], confirmed["rtes:state"]) == ("https://partner.example", "confirmed")


def test_the_proof_of_a_withdrawal_is_signed_by_the_hub(sheet):
    publishing.withdraw(sheet.uri)
    document = api.withdrawal(sheet.uri)
    ours = keyring.public_keys(actors.instance())
    [key] = [one for one in ours if one.algorithm == "ed25519"]
    proofs.verify(document, proofs.of(document), key.public, now=timezone.now())
    document["deleted"] = "2020-01-01T00:00:00Z"
    with pytest.raises(BadSignature):
        proofs.verify(document, proofs.of(document), key.public, now=timezone.now())
