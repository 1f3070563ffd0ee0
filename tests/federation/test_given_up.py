"""What nobody answers for a fortnight: told to the app, said again by hand; a late answer still counts."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from federation import api, gestures
from federation.errors import Refused
from federation.models import Delivery, Peer, StoredGesture
from federation.wire import write
from tests.federation.knocking import hear
from tests.federation.test_gestures import actions, asked, dijon, theirs  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db


def answered(partner, asked, accepted):  # noqa: F811
    return write.answer(
        partner.new_uri(), actor=partner.uri, gesture=asked.uri, to=asked.author, accepted=accepted, facts={}
    )


def a_fortnight_passes():
    Delivery.objects.update(state=Delivery.State.SENT)
    row = StoredGesture.objects.get()
    when = max(row.asked_at + gestures.LIFE, row.next_try or row.asked_at)
    with time_machine.travel(when + timedelta(minutes=1)):
        gestures.say_again()
        gestures.say_again()


def waiting():
    return Delivery.objects.filter(state=Delivery.State.WAITING).count()


def test_after_a_fortnight_it_is_given_up_and_told_once_with_whom_to_write_to(asked, actions):  # noqa: F811
    Peer.objects.update(charter={"contact": "hub@lead.example"})
    a_fortnight_passes()
    assert actions.silences == [(asked.uri, "hub@lead.example")]
    row = StoredGesture.objects.get()
    assert (row.state, row.next_try, waiting()) == ("given_up", None, 0)


def test_one_day_before_nothing_is_given_up(asked, actions):  # noqa: F811
    StoredGesture.objects.update(next_try=timezone.now() + timedelta(days=13))
    with time_machine.travel(timezone.now() + timedelta(days=13, minutes=1)):
        gestures.say_again()
    assert actions.silences == []
    assert StoredGesture.objects.get().state == "pending"


@pytest.mark.parametrize("accepted", [True, False])
def test_a_late_answer_still_counts_and_only_the_first(client, partner, asked, actions, accepted):  # noqa: F811
    a_fortnight_passes()
    for yes in (accepted, not accepted):
        assert hear(client, partner, answered(partner, asked, yes)).state == "done"
    assert [answer[2] for answer in actions.answers] == [accepted]
    assert StoredGesture.objects.get().state == ("accepted" if accepted else "refused")


def test_by_hand_it_is_said_again_with_the_same_id_and_all_its_time_before_it(asked, actions):  # noqa: F811
    a_fortnight_passes()
    api.ask_again(asked.uri)
    row = StoredGesture.objects.get()
    assert (row.uri, row.state, waiting()) == (asked.uri, "pending", 1)
    a_fortnight_passes()
    assert len(actions.silences) == 2
    assert StoredGesture.objects.get().state == "given_up"


def test_what_still_waits_or_was_answered_is_not_said_again_by_hand(client, partner, asked, actions):  # noqa: F811
    with pytest.raises(Refused):
        api.ask_again(asked.uri)
    hear(client, partner, answered(partner, asked, True))
    Delivery.objects.update(state=Delivery.State.SENT)
    with pytest.raises(Refused):
        api.ask_again(asked.uri)
    assert waiting() == 0


def test_who_cannot_be_reached_is_not_asked_again_and_it_stays_given_up(asked, actions):  # noqa: F811
    a_fortnight_passes()
    Peer.objects.update(level=Peer.Level.BLOCKED)
    with pytest.raises(Refused):
        api.ask_again(asked.uri)
    assert StoredGesture.objects.get().state == "given_up"
    assert waiting() == 0
