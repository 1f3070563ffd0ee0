"""What a gesture does counts, and not what it calls itself."""

import pytest

from federation.errors import Refused
from resources.charters.models import Pledge
from resources.models import Resource
from tests.make import a_charter, a_territory, an_author
from tests.resources.charters.test_asked_here import TODAY, a_gesture, hear, words

pytestmark = pytest.mark.django_db

WITHDRAWN = {"charter_version": 1, "withdrawn_on": TODAY.isoformat(), "reason": "x"}


@pytest.fixture
def town():
    a_territory("com-21231")
    return an_author(name="Dijon", facts={"territory": "com-21231"})


@pytest.mark.parametrize("called", ["pledge", "update"])
def test_an_archived_charter_takes_no_new_pledge_whatever_it_is_called(town, called):
    charter = a_charter()
    Resource.objects.filter(pk=charter.pk).update(state="archived")
    with pytest.raises(Refused):
        hear(a_gesture(charter, town, called, 1), town)
    assert not Pledge.objects.exists()


def test_a_pledge_that_was_withdrawn_is_not_revived_beside_another_of_the_same_territory(town):
    charter = a_charter()
    hear(a_gesture(charter, town, "pledge", 1), town)
    hear(a_gesture(charter, town, "withdraw", 2, pledge=words(**WITHDRAWN)), town)
    twin = an_author(name="Dijon bis", uri="https://partner.example/ap/orgs/bis", facts={"territory": "com-21231"})
    hear(a_gesture(charter, twin, "pledge", 1), twin)
    with pytest.raises(Refused):
        hear(a_gesture(charter, town, "update", 3), town)
    assert Pledge.objects.filter(charter=charter, withdrawn_on=None).count() == 1
