import pytest
from django.urls import reverse

from federation import actors
from tests.federation.peers import a_follower, a_peer
from tests.make import a_practice, an_administrator

pytestmark = pytest.mark.django_db


def review(client, sheet):
    client.force_login(an_administrator())
    return client.get(reverse("resource-review", args=[sheet.pk]), headers={"accept-language": "en"}).content.decode()


@pytest.fixture
def followed():
    for name, origin in (("Région voisine", "https://b.example"), ("Agglo du Nord", "https://a.example")):
        a_peer(origin, name=name)
        a_follower(actors.instance(), origin)
    a_peer("https://c.example", name="Jamais suivie")


def test_who_would_receive_it_is_named_before_it_is_published(client, followed):
    page = review(client, a_practice())
    assert page.index("<li>Agglo du Nord</li>") < page.index("<li>Région voisine</li>")
    assert "Jamais suivie" not in page


@pytest.mark.parametrize("kept", [{"visibility": "members"}, {"federated": False}])
def test_what_stays_here_names_nobody(client, followed, kept):
    assert "Agglo du Nord" not in review(client, a_practice(**kept))
