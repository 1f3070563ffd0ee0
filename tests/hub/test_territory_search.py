"""The official table is found the way people type."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from rtes_hub.territories import table
from rtes_hub.territories.models import Territory
from rtes_hub.territories.search import find, fold
from tests.make import a_territory

pytestmark = pytest.mark.django_db

#: What is typed, and the id that must come first.
TYPED = [
    ("dijon", "com-21231"),
    ("Dijon métropole", "epci-242100410"),
    ("DIJON METROPOLE", "epci-242100410"),
    ("l'hay les roses", "com-94038"),
    ("L’Haÿ-les-Roses", "com-94038"),
    ("st etienne", "com-42218"),
    ("saint-étienne", "com-42218"),
    ("oeyreluy", "com-40207"),
    ("21000", "com-21231"),
    ("2100", "com-21231"),
    ("21000 dijon", "com-21231"),
    ("75116", "com-75056"),
    ("21231", "com-21231"),
    ("242100410", "epci-242100410"),
    ("242 100 410", "epci-242100410"),
    ("2A004", "com-2A004"),
    ("2a004", "com-2A004"),
    ("bourgogne", "reg-27"),
    ("franche comte bourgogne", "reg-27"),
    ("métropole de lyon", "epci-200046977"),
    ("nouvelle cal", "om-988"),
]


def test_the_official_table_loads_twice_without_harm_and_is_found_as_people_type():
    """One test for the full table: loading it takes seconds."""
    a_territory("com-21231", name="Ancien nom", population=1)
    assert table.load() == table.load() == Territory.objects.count() == 36362
    dijon = Territory.objects.get(pk="com-21231")
    assert (dijon.name, dijon.population, dijon.department) == ("Dijon", 161830, "21")
    assert {typed: find(typed)[0].pk for typed, _ in TYPED} == dict(TYPED)
    assert {t.kind for t in find("saint", kind="commune")} == {"commune"}
    assert [t.pk for t in find("dijon")][:2] == ["com-21231", "epci-242100410"], "exact first, then the larger"
    assert len(find("saint")) == 20
    assert len(find("saint", limit=3)) == 3


@pytest.mark.parametrize("typed", ["", "   ", "-'’", "zzzz", "%", "_", "' OR 1=1 --", "\x00", "é" * 5000, "a " * 500])
def test_what_means_nothing_finds_nothing(typed):
    a_territory("com-21231")
    assert find(typed) == []


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("L'Haÿ-les-Roses", "l hay les roses"),
        ("  Œuf & Æther ", "oeuf aether"),
        ("Saint-Étienne", "saint etienne"),
        ("Ça—là", "ca la"),
        ("東京", ""),
    ],
)
def test_folding(text, folded):
    assert fold(text) == folded
    assert fold(fold(text)) == folded


def test_completion_answers_in_json_that_a_browser_may_keep(client):
    a_territory("epci-242100410")
    answer = client.get(reverse("territory-search"), {"q": "dijon"}, headers={"accept-language": "en"})
    assert answer.json() == [
        {
            "id": "epci-242100410",
            "name": "Dijon Métropole",
            "kind": "epci",
            "kind_label": "métropole",
            "department": "21",
            "population": 261178,
        }
    ]
    assert "public" in answer["Cache-Control"]


@pytest.mark.parametrize("query", ["?q=", "", "?q=x&kind=nonsense"])
def test_completion_never_fails(client, query):
    answer = client.get(reverse("territory-search") + query)
    assert (answer.status_code, answer.json()) == (200, [])


def test_completion_costs_one_query(client, django_assert_num_queries):
    a_territory()
    with django_assert_num_queries(1):
        client.get(reverse("territory-search"), {"q": "dijon"})


def test_a_table_that_cannot_be_read_gets_one_sentence(tmp_path):
    broken = tmp_path / "table.csv.gz"
    broken.write_bytes(b"not gzip")
    for path in (broken, tmp_path / "missing.csv.gz"):
        with pytest.raises(CommandError, match="cannot be read"):
            call_command("load_territories", file=path)
    assert not Territory.objects.exists()
