"""Real needs are divided in one unit: hours are never added to euros."""

from decimal import Decimal

import pytest

from resources.pooling import money
from resources.pooling.models import Need
from resources.pooling.sharing import Impossible, Key
from tests.make import a_member, a_participation, a_pooled_action

pytestmark = pytest.mark.django_db

BY_NEED = [Key(by="need")]


def seats(*, second_weight=None, units=("heures", "kg")):
    action = a_pooled_action()
    first = a_participation(action, member=a_member("com-21231"), admitted=True)
    second = a_participation(action, member=a_member("com-21166"), admitted=True)
    for unit in units:
        Need.objects.create(participation=first, item=unit, quantity=Decimal(10), unit=unit, amount_max=Decimal(1000))
    if second_weight is None:
        Need.objects.create(participation=second, item="x", quantity=Decimal(5), unit=units[0], amount_max=Decimal(500))
    second.weight = second_weight
    second.save()
    return [seat for seat in money.sharers(action) if seat.pk in (first.pk, second.pk)]


def needs(found):
    return sorted(part.need for part in money.parts_of(found, BY_NEED))


def test_a_need_agreed_in_hours_is_not_set_beside_euros():
    with pytest.raises(Impossible) as refused:
        needs(seats(second_weight=Decimal(20)))
    assert refused.value.why == money.MIXED


def test_amounts_stand_for_needs_in_several_units_when_everyone_gives_one():
    assert needs(seats()) == [500, 2000]


def test_a_need_agreed_in_hours_stands_beside_hours():
    assert needs(seats(second_weight=Decimal(20), units=("heures",))) == [10, 20]
