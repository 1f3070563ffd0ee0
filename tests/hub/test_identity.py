"""Who runs the hub: said by its administrators, shown to everyone."""

import pytest
from django.urls import reverse

from rtes_hub.accounts.models import Identity, identity
from rtes_hub.audit.models import Line
from tests.make import a_coordinator, a_user, an_administrator

pytestmark = pytest.mark.django_db


def test_a_new_hub_has_an_identity_without_a_row():
    assert identity().name == "RTES hub"
    assert not Identity.objects.exists()


def test_an_administrator_says_who_runs_the_hub(client):
    by = an_administrator()
    client.force_login(by)
    said = {"name": "Réseau bourguignon", "entity": "Dijon Métropole", "contact": "ess@example.org"}
    assert client.post(reverse("identity"), said).status_code == 302
    assert (identity().name, identity().entity) == ("Réseau bourguignon", "Dijon Métropole")
    client.post(reverse("identity"), said | {"name": "Réseau"})
    assert Identity.objects.count() == 1
    assert Line.objects.filter(act="accounts.identify", by=by).count() == 2


@pytest.mark.parametrize(("maker", "status"), [(a_coordinator, 403), (a_user, 403), (None, 302)])
def test_nobody_else_does(client, maker, status):
    if maker:
        client.force_login(maker())
    assert client.post(reverse("identity"), {"name": "Pris"}).status_code == status
    assert identity().name == "RTES hub"
