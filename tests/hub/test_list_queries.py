"""Lists cost the same number of queries whatever they hold: one more card asks the database nothing more."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from federation import actors
from resources.models import Resource
from tests.make import a_coordinator, a_member, a_pooled_action, a_practice, a_remote_member

pytestmark = pytest.mark.django_db

AP = {"Accept": "application/activity+json"}
LISTS = [
    ("/", {}),
    ("/ressources/", {}),
    ("/api/v1/resources/", {}),
    ("/collectivites/", {}),
    ("/ap/actor/outbox?page=1", {"headers": AP}),
]


def count(client, path, asked):
    client.get(path, **asked)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path, **asked).status_code == 200
    return len(queries)


def more(towns):
    for town in towns:
        a_practice(member=a_member(town))


@pytest.mark.parametrize(("path", "asked"), LISTS, ids=[path for path, _ in LISTS])
@pytest.mark.parametrize("signed_in", [False, True])
def test_one_more_costs_nothing_more(client, path, asked, signed_in):
    actors.prepare()
    if signed_in:
        client.force_login(a_coordinator())
    theirs = a_practice()
    Resource.objects.filter(pk=theirs.pk).update(local=False, member=a_remote_member())
    more(["com-21231"])
    few = count(client, path, asked)
    more(["com-21231", "epci-242100410", "com-21054"])
    assert count(client, path, asked) == few


def test_the_first_page_says_how_far_each_action_is_in_as_many_questions_for_three_as_for_one(client):
    counts = []
    for _ in range(2):
        a_pooled_action("call")
        client.get("/")
        with CaptureQueriesContext(connection) as asked:
            page = client.get("/").content.decode()
        counts.append(len(asked))
        a_pooled_action("call")
    assert 'class="badge badge--' in page
    assert counts[0] == counts[1]
