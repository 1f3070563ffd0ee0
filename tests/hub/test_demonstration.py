"""The demonstration: what each of its two hubs is filled with. What they then do together is a journey."""

from decimal import Decimal
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from forums.models import Post, Thread
from resources.charters.models import Pledge
from resources.content import typed_data
from resources.kinds import validate
from resources.models import Resource, State
from resources.pooling.models import Share
from rtes_hub.accounts.models import User, identity
from rtes_hub.demo.people import HUBS, sign_ins
from rtes_hub.management.commands import demo
from rtes_hub.search import index
from tests.make import a_territory

pytestmark = pytest.mark.django_db


@pytest.fixture
def territories():
    for hub in HUBS.values():
        for id in hub.members:
            a_territory(id)


def load(hub: str) -> None:
    call_command("load_demo", hub=hub, stdout=StringIO())


@pytest.mark.parametrize("hub", HUBS)
def test_a_demonstration_hub_is_filled_and_says_that_it_is_one(client, territories, hub):
    load(hub)
    loaded = Resource.objects.count(), Post.objects.count(), User.objects.count()
    assert loaded[0] >= 4
    assert not Resource.objects.exclude(state=State.PUBLISHED, published_at__year__lt=2026).exists()
    for sheet in Resource.objects.all():
        assert sheet.uri in index.find(sheet.title)
        assert validate(sheet.kind, typed_data(sheet), complete=True, member=sheet.member)[1] == {}
    assert identity().is_demo and "fictifs" in identity().notice
    assert User.objects.get(email=sign_ins(hub)[3].email).is_administrator
    for who in sign_ins(hub):
        assert client.login(email=who.email, password=who.password)
    load(hub)
    assert loaded == (Resource.objects.count(), Post.objects.count(), User.objects.count())


def test_all_that_the_file_tells_is_on_one_hub_or_the_other(territories):
    for hub in HUBS:
        load(hub)
    kinds = ("good-practice", "policy-note", "pooled-action", "charter")
    assert [Resource.objects.filter(kind=kind).count() for kind in kinds] == [12, 6, 5, 2]
    assert Thread.objects.filter(forum__isnull=False).count() == 10


def test_messages_keep_their_order_and_their_dates_and_an_answer_taken_is_taken(client, territories):
    load("dijon")
    thread = Thread.objects.get(title__startswith="Élu seul")
    said = list(thread.posts.in_reading_order())
    assert [f"{post.written_at:%Y-%m-%d %H:%M}" for post in said][:2] == ["2026-05-11 07:12", "2026-05-11 12:40"]
    assert len(said) == 5
    assert thread.state == Thread.State.VALIDATED
    assert thread.answer_uri == said[2].uri
    assert "Trois gestes utiles" in client.get(thread.get_absolute_url()).content.decode()


def test_the_shares_of_an_action_make_its_cost(territories):
    load("dijon")
    action = Resource.objects.get(title__startswith="Mutualiser la facilitation")
    amounts = Share.objects.filter(participation__action=action).values_list("amount", flat=True)
    assert len(amounts) == 4
    assert sum(amounts) == Decimal(132_000)


def test_a_charter_has_its_measures_its_themes_and_who_pledged(client, territories):
    load("dijon")
    charter = Resource.objects.get(title__startswith="Huit mesures")
    assert len(charter.facts["measures"]) == 8
    assert len(charter.facts["charter_themes"]) == 3
    assert charter.facts["window_months"] == 24
    pledge = Pledge.objects.get(charter=charter, name__startswith="Dijon")
    assert pledge.commitments.count() == 8
    assert pledge.commitments.filter(progress=100).exists()


def test_the_sign_in_page_of_a_demonstration_tells_who_one_may_be_and_another_does_not(client, territories):
    User.objects.create_user("personne@example.org")
    before = client.get("/compte/connexion/", follow=True)
    assert b"personne@example.org" not in before.content
    load("dijon")
    page = client.get(before.request["PATH_INFO"]).content.decode()
    assert sign_ins("dijon")[0].email in page
    assert sign_ins("dijon")[0].password in page
    assert "personne@example.org" not in page
    assert "discussions.demonstration.example" not in page


def test_a_hub_in_production_is_not_filled(settings, territories):
    settings.RTES = type("Production", (), {"is_production": True})()
    with pytest.raises(CommandError, match="not on a hub in production"):
        load("dijon")
    assert not User.objects.exists()


class AHub:
    """A hub of the demonstration whose commands answer what the test says."""

    def __init__(self, slug: str, code: int) -> None:
        self.slug, self.base_url, self.code, self.asked = slug, f"http://{slug}.example", code, []

    def try_command(self, *arguments):
        self.asked.append(arguments[:2])
        return SimpleNamespace(returncode=self.code)


def test_the_hubs_are_partners_when_the_other_has_accepted_and_not_before(tmp_path, monkeypatch):
    monkeypatch.setattr(demo, "FOLDER", tmp_path)
    monkeypatch.setattr(demo, "TRIES", 3)
    monkeypatch.setattr(demo.time, "sleep", lambda _seconds: None)
    asker, deaf, running = AHub("dijon", 0), AHub("brest", 1), SimpleNamespace(stopping=False)
    out = StringIO()
    command = demo.Command(stdout=out)
    command.make_partners(running, asker, deaf)
    assert "try again at the next start" in out.getvalue().splitlines()[-1]
    assert len(deaf.asked) == 3
    willing = AHub("brest", 0)
    command.make_partners(SimpleNamespace(stopping=True), asker, willing)
    assert willing.asked == []
    for _ in range(2):
        command.make_partners(running, asker, willing)
    assert willing.asked == [("partner", "accept")]
