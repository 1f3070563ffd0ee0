"""The catalogue, as a visitor's browser asks for it: every filter is in the address."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from federation.publication import Publication
from resources import actions
from resources.arrivals import receive
from resources.models import Resource
from rtes_hub.search import index
from rtes_hub.search.models import Entry
from tests.make import a_member, a_note, a_practice, a_reader, a_territory, an_author

pytestmark = pytest.mark.django_db

DIJON, METROPOLE, COTE_D_OR, REGION, CHALON = "com-21231", "epci-242100410", "dep-21", "reg-27", "com-71076"


@pytest.fixture
def places():
    for id in (DIJON, METROPOLE, COTE_D_OR, REGION):
        a_territory(id)
    a_territory(CHALON, name="Chalon-sur-Saône", region="27", department="71", population=45000)


def found(client, **asked) -> list[str]:
    """Titles, in the order shown."""
    return [resource.title for resource in client.get(reverse("catalogue"), asked).context["resources"]]


def a_shared_practice(title: str, hub: str = "https://partner.example", **facts) -> Resource:
    """One that a partner hub sent us."""
    said = {"summary": "Résumé", "licence": "etalab-2.0", "version": 1, "published": datetime(2024, 5, 1, tzinfo=UTC)}
    author = an_author(hub)
    uri = f"{hub}/ap/objects/{title.replace(' ', '-')}"
    return receive(Publication(uri=uri, kind="good-practice", author=author.uri, title=title, **(said | facts)), author)


def test_everyone_sees_what_is_published_newest_first_and_nothing_else(client):
    a_practice(title="Publiée")
    a_practice("draft", title="Brouillon")
    a_practice("submitted", title="Soumise")
    a_practice(title="Réservée", visibility="members")
    a_practice("withdrawn", title="Retirée")
    a_note(title="Note")
    assert found(client) == ["Note", "Publiée"]


def test_a_member_sees_what_is_for_members_too(client):
    a_practice(title="Réservée", visibility="members")
    assert found(client) == []
    client.force_login(a_reader())
    assert found(client) == ["Réservée"]


def test_nobody_sees_in_the_catalogue_the_drafts_they_may_read_in_their_workspace(client):
    a_practice("draft", title="Brouillon")
    client.force_login(a_reader())
    assert found(client) == []


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ({"kind": "good-practice"}, {"Cantine", "Garage"}),
        ({"kind": "policy-note"}, {"Achats"}),
        ({"kind": ["good-practice", "policy-note"]}, {"Cantine", "Garage", "Achats"}),
        ({"theme": "alimentation"}, {"Cantine"}),
        ({"theme": ["alimentation", "mobilite"]}, {"Cantine", "Garage"}),
        ({"theme": "mobilite", "kind": "policy-note"}, set()),
        ({"q": "cantine"}, {"Cantine"}),
        ({"q": "cantines scolaires", "theme": "mobilite"}, set()),
        ({"q": "la"}, set()),
    ],
)
def test_filters_narrow_together(client, asked, titles):
    a_practice(title="Cantine", themes=["alimentation"], summary="Des cantines scolaires mieux servies")
    a_practice(title="Garage", themes=["mobilite"])
    a_note(title="Achats", themes=["commande-publique"])
    assert set(found(client, **asked)) == titles


@pytest.mark.parametrize(
    ("territory", "titles"),
    [
        (DIJON, {"Dijon"}),
        (METROPOLE, {"Dijon", "Métropole"}),
        (COTE_D_OR, {"Dijon", "Métropole", "Côte-d'Or"}),
        (REGION, {"Dijon", "Métropole", "Côte-d'Or", "Région", "Chalon"}),
        (CHALON, {"Chalon"}),
    ],
)
def test_a_territory_brings_all_that_lies_in_it(client, places, territory, titles):
    for title, id in [
        ("Dijon", DIJON),
        ("Métropole", METROPOLE),
        ("Côte-d'Or", COTE_D_OR),
        ("Région", REGION),
        ("Chalon", CHALON),
    ]:
        a_practice(title=title, territory=id)
    assert set(found(client, territory=territory)) == titles


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ({"place": "dijon metropole"}, {"Métropole", "Dijon"}),  # typed, no script
        ({"place": "21000"}, {"Dijon"}),
        ({"place": "Dijon", "territory": DIJON}, {"Dijon"}),
        ({"place": "Chalon", "territory": DIJON}, {"Chalon"}),  # typed over what was chosen before
        ({"place": "", "territory": DIJON}, {"Dijon", "Métropole", "Chalon"}),  # emptied, no script
    ],
)
def test_a_typed_place_works_without_a_script(client, places, asked, titles):
    for title, id in [("Dijon", DIJON), ("Métropole", METROPOLE), ("Chalon", CHALON)]:
        a_practice(title=title, territory=id)
    assert set(found(client, **asked)) == titles


def test_an_unknown_place_is_said_beside_its_field_and_what_was_typed_stays(client, places):
    answer = client.get(reverse("catalogue"), {"place": "Ville-qui-n'existe-pas", "q": "cantine"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'id="id_place_error"' in page
    assert "Ville-qui-n&#x27;existe-pas" in page
    assert 'value="cantine"' in page


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ({"band": "100000-199999"}, {"Dijon"}),
        ({"band": "200000-"}, {"Métropole"}),
        ({"band": ["100000-199999", "20000-49999"]}, {"Dijon", "Chalon"}),
        ({"type": "commune"}, {"Dijon", "Chalon"}),
        ({"type": "metropole"}, {"Métropole"}),
        ({"type": ["metropole", "region"]}, {"Métropole"}),
        ({"type": "commune", "band": "20000-49999"}, {"Chalon"}),
        ({"member": "dijon"}, {"Dijon"}),
    ],
)
def test_people_find_collectivites_like_theirs(client, places, asked, titles):
    for title, id in [("Dijon", DIJON), ("Métropole", METROPOLE), ("Chalon", CHALON)]:
        a_practice(title=title, member=a_member(id))
    assert set(found(client, **asked)) == titles


def test_what_partners_share_stands_beside_ours_under_their_name_and_can_be_told_apart(client):
    a_practice(title="La nôtre")
    a_shared_practice("La leur")
    a_shared_practice("Une autre", "https://other.example")
    assert set(found(client)) == {"La nôtre", "La leur", "Une autre"}
    assert found(client, origin="here") == ["La nôtre"]
    assert set(found(client, origin="partners")) == {"La leur", "Une autre"}
    assert found(client, origin="https://other.example") == ["Une autre"]
    assert found(client, origin="https://nowhere.example") == []
    assert "Réseau partenaire" in client.get(reverse("catalogue"), {"origin": "partners"}).content.decode()


def test_words_bring_the_closest_first_and_what_members_alone_may_read_stays_theirs(client):
    in_title = a_practice(title="Une ressourcerie intercommunale")
    in_text = a_practice(title="Des achats", summary="Avec une ressourcerie du territoire")
    a_practice(title="Ressourcerie réservée", visibility="members")
    assert found(client, q="ressourceries") == [in_title.title, in_text.title]


def test_what_is_withdrawn_is_found_no_more(client):
    practice = a_practice(title="Ressourcerie")
    actions.withdraw(practice, by=None)
    assert found(client, q="ressourcerie") == found(client) == []


def test_pages_hold_twenty_and_keep_the_filters(client):
    for number in range(21):
        a_practice(title=f"Fiche {number:02}", themes=["mobilite"])
    a_practice(title="Autre", themes=["habitat"])
    first = client.get(reverse("catalogue"), {"theme": "mobilite"})
    assert len(first.context["resources"]) == 20
    assert "theme=mobilite&amp;page=2" in first.content.decode()
    assert found(client, theme="mobilite", page="2") == ["Fiche 00"]
    assert len(found(client, theme="mobilite", page="nonsense")) == 20


def test_each_filter_in_force_is_shown_and_can_be_taken_off_alone(client, places):
    asked = {"theme": ["mobilite", "habitat"], "q": "vélo", "place": "Dijon", "territory": DIJON, "page": "3"}
    chips = {str(chip.value): chip.url for chip in client.get(reverse("catalogue"), asked).context["chips"]}
    assert len(chips) == 4
    assert chips["vélo"] == "?theme=mobilite&theme=habitat&place=Dijon&territory=com-21231"
    assert next(url for value, url in chips.items() if value.startswith("Dijon (")) == (
        "?theme=mobilite&theme=habitat&q=v%C3%A9lo"
    )


def test_an_empty_catalogue_says_what_to_do(client):
    assert 'class="empty"' in client.get(reverse("catalogue")).content.decode()
    searched = client.get(reverse("catalogue"), {"q": "introuvable"}).content.decode()
    assert 'class="empty"' in searched
    assert f'class="button" href="{reverse("catalogue")}"' in searched


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "x"},
        {"theme": "' OR 1=1"},
        {"band": "x"},
        {"territory": "nowhere"},
        {"q": "x" * 500},
        {"page": "-1"},
        {"member__actor_uri__startswith": "http"},
    ],
)
def test_nonsense_in_the_address_is_a_page_all_the_same(client, asked):
    a_practice()
    assert client.get(reverse("catalogue"), asked).status_code == 200


def test_a_page_costs_the_same_whatever_its_length(client, django_assert_max_num_queries):
    for number in range(20):
        a_practice(title=f"Cantine {number}")
        a_shared_practice(f"Cantine de {number}")
    for asked in ({}, {"q": "cantine"}, {"theme": "mobilite", "place": "Dijon"}):
        with django_assert_max_num_queries(8):
            assert client.get(reverse("catalogue"), asked).status_code == 200


def test_the_index_can_be_made_again_from_what_is_there():
    public, reserved = a_practice(title="Ressourcerie"), a_practice(title="Ressourcerie réservée", visibility="members")
    draft = a_practice("draft", title="Ressourcerie à venir")
    Entry.objects.all().delete()
    index.put("https://gone.example/1", kind="good-practice", title="Ressourcerie", text="")
    index.put("https://hub.example/other", kind="of-no-app", title="Ressourcerie", text="")
    call_command("reindex", stdout=StringIO())
    assert set(index.find("ressourcerie")) == {public.uri, "https://hub.example/other"}
    assert reserved.uri in index.find("ressourcerie", members=True)
    assert draft.uri not in index.find("ressourcerie", members=True)
