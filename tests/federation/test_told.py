"""Administrators are told when a hub asks to be our partner."""

import pytest
from django.urls import reverse

from federation.models import Peer
from federation.partners import ties
from rtes_hub.notices import registry
from rtes_hub.notices.models import Notice, Topic
from tests.make import a_coordinator, an_administrator

pytestmark = pytest.mark.django_db

_Agreement = Peer.Agreement


def a_request(origin="https://partner.example"):
    peer = ties.lock(origin)
    ties.set_agreement(peer, _Agreement.RECEIVED, charter={"hub": "Réseau de l’Ouest"})
    return peer


def test_administrators_are_told_and_nobody_else():
    administrator, coordinator = an_administrator(), a_coordinator()
    peer = a_request()
    notice = Notice.objects.get()
    assert (notice.user, notice.topic) == (administrator, Topic.GESTURE)
    assert notice.title.startswith("Réseau de l’Ouest")
    assert notice.path == reverse("partner", args=[peer.pk])
    assert registry.visible(administrator, [notice.about])
    assert not registry.visible(coordinator, [notice.about])


@pytest.mark.parametrize("answer", [_Agreement.ACCEPTED, _Agreement.REFUSED, _Agreement.NONE])
def test_once_one_has_answered_nobody_else_has_to(answer):
    an_administrator(), an_administrator()
    peer = a_request()
    assert Notice.objects.filter(read_at=None).count() == 2
    ties.set_agreement(peer, answer)
    assert not Notice.objects.filter(read_at=None).exists()


def test_a_hub_that_asks_again_is_told_of_again():
    an_administrator()
    peer = a_request()
    ties.set_agreement(peer, _Agreement.REFUSED)
    a_request()
    assert Notice.objects.count() == 2
    assert Notice.objects.filter(read_at=None).count() == 1


def test_a_partnership_that_is_ours_to_ask_tells_nobody():
    an_administrator()
    ties.set_agreement(ties.lock("https://partner.example"), _Agreement.ASKED)
    assert not Notice.objects.exists()
