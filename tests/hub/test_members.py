"""Collectivités of this hub and of its partners: what is kept of them, and their pages."""

import pytest
from django.urls import reverse

from rtes_hub.audit.models import Line
from rtes_hub.territories import actions
from rtes_hub.territories.facts import BANDS, band
from rtes_hub.territories.models import Member
from tests.make import (
    a_coordinator,
    a_member,
    a_reader,
    a_remote_member,
    a_territory,
    a_user,
    an_author,
    an_editor,
)

pytestmark = pytest.mark.django_db


def page(client, url, **query):
    answer = client.get(url, query, headers={"accept-language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


# What is kept ----------------------------------------------------------------------------------------------------


def test_joining_twice_is_joining_once():
    territory = a_territory()
    assert actions.join(territory) == actions.join(territory)
    assert Line.objects.filter(act="territories.join").count() == 1


def test_namesakes_have_addresses_of_their_own():
    ids = ["com-93066", "com-97411", "com-11339"]
    around = {"com-93066": "93", "com-97411": "974", "com-11339": "11"}
    members = [a_member(a_territory(id, name="Saint-Denis", department=around[id])) for id in ids]
    assert [m.slug for m in members] == ["saint-denis", "saint-denis-974", "saint-denis-11"]
    assert len({m.actor_uri for m in members}) == 3


def test_a_remote_member_is_kept_once_and_follows_what_its_hub_says():
    a_territory("reg-27")
    author = an_author(name="Région Exemple", facts={"territory": "reg-27"})
    first = actions.remote_member(author)
    assert (first.local, first.territory_id, first.hub) == (False, "reg-27", "https://partner.example")
    renamed = an_author(uri=author.uri, name="Région\u202e Nouvelle\n", summary="<p>Bonjour<script>x</script></p>")
    again = actions.remote_member(renamed)
    assert (again.pk, again.slug, Member.objects.count()) == (first.pk, first.slug, 1)
    assert (again.name, again.territory) == ("Région Nouvelle", None)
    assert "<" not in again.summary


def test_a_remote_member_that_did_not_change_is_not_written(django_assert_num_queries):
    author = an_author()
    actions.remote_member(author)
    with django_assert_num_queries(1):
        actions.remote_member(author)


@pytest.mark.parametrize(
    "facts", [{"territory": "com-00000"}, {"territory": "\x00"}, {"territory": None}, {"territory": ["x"]}, {}]
)
def test_a_territory_that_is_not_in_the_table_is_left_out(facts):
    assert actions.remote_member(an_author(facts=facts)).territory is None


def test_a_partner_cannot_take_over_a_collectivite_of_ours():
    ours = a_member()
    actions.remote_member(an_author(uri=ours.actor_uri, name="Pris"))
    ours.refresh_from_db()
    assert (ours.name, ours.local) == ("Dijon Métropole", True)


def test_a_remote_namesake_takes_no_local_address():
    theirs = a_remote_member(name="Dijon Métropole")
    assert a_member().slug == "dijon-metropole" != theirs.slug


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", ""])
def test_only_a_web_page_is_linked(url):
    assert actions.remote_member(an_author(url=url)).page_url == ""


# Pages for everyone ----------------------------------------------------------------------------------------------


def test_the_list_without_members_says_so(client):
    assert "No local authority is a member yet." in page(client, reverse("members"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["Dijon", "Dijon Métropole", "Région Exemple"]),
        ({"q": "METROPOLE"}, ["Dijon Métropole"]),
        ({"q": "exemple"}, ["Région Exemple"]),
        ({"kind": "commune"}, ["Dijon"]),
        ({"origin": "partner"}, ["Région Exemple"]),
        ({"origin": "here"}, ["Dijon", "Dijon Métropole"]),
        ({"population": "200000-"}, ["Dijon Métropole"]),
        ({"population": "100000-199999"}, ["Dijon"]),
        ({"q": "introuvable"}, []),
        (
            {"kind": "nonsense", "population": "x", "origin": "x", "page": "99"},
            ["Dijon", "Dijon Métropole", "Région Exemple"],
        ),
    ],
    ids=str,
)
def test_the_list_is_narrowed(client, query, found):
    a_member(), a_member("com-21231"), a_remote_member()
    cards = client.get(reverse("members"), query).context["cards"]
    assert sorted(card.member.name for card in cards) == found


def test_one_that_left_is_not_listed(client):
    actions.leave(a_member(), by=None)
    assert client.get(reverse("members")).context["cards"] == []


def test_the_list_costs_the_same_for_one_member_and_for_many(client, django_assert_num_queries):
    a_territory("dep-21"), a_territory("reg-27")
    a_member()
    client.get(reverse("members"))
    for number in range(30):
        a_member(a_territory(f"com-21{number:03}", department="21", region="27"))
    with django_assert_num_queries(4):  # identity, count, members, names of places
        client.get(reverse("members"))


def test_the_page_of_a_collectivite_says_what_is_official(client):
    a_territory("dep-21"), a_territory("reg-27")
    member = a_member(summary="Nous *aidons*.\n\n<script>alert(1)</script>", website="https://dijon.example/")
    text = page(client, member.get_absolute_url())
    for said in ("Métropole", "261,178 inhabitants", "Côte-d&#x27;Or, Bourgogne-Franche-Comté", "242100410"):
        assert said in text
    assert f'<link rel="alternate" type="application/activity+json" href="{member.actor_uri}">' in text
    assert "<script>alert" not in text
    assert f"?member={member.slug}" in text


@pytest.mark.parametrize(("maker", "named"), [(None, False), (a_user, False), (a_reader, True), (a_coordinator, True)])
def test_a_person_is_named_to_members_only(client, maker, named):
    member = a_member()
    an_editor(member, elected=True, full_name="Nom Privé", function="Vice-présidente", delegation="ESS")
    if maker:
        client.force_login(maker())
    text = page(client, member.get_absolute_url())
    assert "Vice-présidente, ESS" in text
    assert ("Nom Privé" in text) is named
    assert "@example.org" not in text


def test_a_mandate_that_ended_is_not_shown(client):
    member = a_member()
    an_editor(member, function="Ancienne maire", ends_on="2020-01-01")
    assert "Ancienne maire" not in page(client, member.get_absolute_url())


def test_a_partners_collectivite_says_where_it_comes_from(client):
    theirs = a_remote_member()
    text = page(client, theirs.get_absolute_url())
    assert "from Réseau partenaire" in text
    assert f'href="{theirs.page_url}"' in text


def test_what_is_not_there_is_not_found(client):
    assert client.get(reverse("member", args=["nulle-part"])).status_code == 404


@pytest.mark.parametrize(
    ("population", "key"),
    [(None, ""), (0, "0-499"), (499, "0-499"), (500, "500-1999"), (199_999, "100000-199999"), (200_000, "200000-")],
)
def test_population_bands(population, key):
    assert band(population) == key
    assert not key or key in BANDS
