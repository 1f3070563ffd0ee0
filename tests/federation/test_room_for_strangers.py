"""What whoever is refused at the door leaves in the caches, when these are tables of the database, as in life."""

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from rtes_hub.accounts import actions as accounts
from tests.federation.knocking import Speaker, a_key, hub_uri, knock, state
from tests.federation.test_inbox import REFUSED

pytestmark = pytest.mark.django_db

TABLES = {"default": "cache", "federation": "cache_federation"}


@pytest.fixture(autouse=True)
def _in_tables(settings):
    of_a_table = {"BACKEND": "django.core.cache.backends.db.DatabaseCache"}
    settings.CACHES = settings.CACHES | {
        alias: settings.CACHES[alias] | of_a_table | {"LOCATION": table} for alias, table in TABLES.items()
    }
    call_command("createcachetable", verbosity=0)


def rows():
    """How many rows of each cache: {"default": 0, "federation": 0}."""
    counted = {}
    with connection.cursor() as cursor:
        for alias, table in TABLES.items():
            cursor.execute(f"SELECT COUNT(*) FROM {table}")
            counted[alias] = cursor.fetchone()[0]
    return counted


#: Refused once the owner of the key was asked: its answer is remembered, so that it is not asked at each request.
ASKED = {
    "another's key under its name",
    "a key that its document does not list",
    "signed for another server",
    "signed for another inbox",
}


@pytest.mark.parametrize(("name", "make"), [(row[0], row[2]) for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_whoever_is_refused_leaves_no_row_in_any_table(client, partner, name, make):
    activity, change = make(partner)
    before = state()
    assert knock(client, partner, activity, **change).status_code >= 400
    assert state() == before
    assert rows() == {"default": 0, "federation": 1 if name in ASKED else 0}


@pytest.mark.parametrize("verb", ["Create", "Update", "Announce", "Like", "Accept", "Undo", "Follow", "Delete"])
def test_a_stranger_who_is_refused_leaves_no_row_in_any_table(client, stranger, verb):
    before = state()
    knock(client, stranger, stranger.says(verb, stranger.a_note() if verb == "Create" else stranger.new_uri()))
    assert state() == before
    assert rows() == {"default": 0, "federation": 0}


def test_a_forged_request_for_partnership_leaves_one_row_however_often_it_comes(client, stranger):
    for _ in range(3):
        assert knock(client, stranger, stranger.says("Follow", hub_uri()), key=a_key("other")).status_code == 401
    assert rows() == {"default": 0, "federation": 1}
    assert len(stranger.server.asked) == 1


def test_a_crowd_of_strangers_drives_out_no_count_of_failed_sign_ins(client, settings, stranger):
    settings.CACHES = settings.CACHES | {
        "federation": settings.CACHES["federation"] | {"OPTIONS": {"MAX_ENTRIES": 5}},
    }
    accounts.invite("anne@dijon.example", password="le-bon-mot-de-passe-long")
    for _ in range(12):
        client.post(reverse("account_login"), {"login": "anne@dijon.example", "password": "faux"})
    counted = rows()["default"]
    assert counted
    for number in range(12):
        nobody = Speaker(stranger.server, f"/nobody/{number}")
        knock(client, nobody, nobody.says("Follow", hub_uri()))
    assert rows()["default"] == counted
    assert 0 < rows()["federation"] <= 6


def test_counts_of_sign_ins_have_more_room_than_an_attacker_fills_by_chance():
    assert caches["default"]._max_entries >= 100_000
