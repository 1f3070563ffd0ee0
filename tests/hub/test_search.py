"""One index, two engines: every test here holds on whichever database the settings name."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rtes_hub.search import index
from rtes_hub.search.models import Entry
from rtes_hub.search.recurring import statistics

pytestmark = pytest.mark.django_db

HERE = "https://hub.example/ap/objects/"


def indexed(name: str = "a", *, title: str = "", text: str = "", public: bool = True) -> str:
    index.put(HERE + name, kind="good-practice", title=title, text=text, public=public)
    return HERE + name


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("Les clauses d'insertion de la ville", "clauses d'insertion"),
        ("Les clauses d’insertion de la ville", "clause insertion"),
        ("Des halles rénovées", "rénovation"),
        ("Une rénovation", "rénovées"),
        ("Des halles rénovées", "renovees"),
        ("Une rénovation", "renovees"),
        ("HALLES RENOVEES", "rénovées"),
        ("La mobilité solidaire", "mobilite"),
        ("Des mobilités", "mobilité"),
        ("Une entreprise régulière", "reguliere"),
        ("L'accès au logement", "acces"),
        ("Un tiers-lieu rural", "tiers lieu"),
        ("Un tiers lieu rural", "tiers-lieux"),
        ("Des travaux et leurs enjeux", "travail enjeu"),
        ("Une épicerie coopérative", "ÉPICERIE"),
        ("Une épicerie coopérative", "epicerie"),
        ("Une épicerie coopérative", "E\u0301picerie"),  # accent typed apart
        ("Des œuvres sociales", "oeuvre"),
        ("Des oeuvres sociales", "œuvres"),
        ("Aujourd'hui qu'elle ouvre l'école", "école"),
        ("Le covoiturage en milieu rural", "covoiturages ruraux"),
        ("La loi de 1901", "1901"),
        ("Article L2113-12", "L2113-12"),
        ("Une coopérative d'activités", "coopér"),  # the last word may be a beginning
        ("Une coopérative d'activités", "la coopérative"),
    ],
)
def test_what_is_written_is_found_however_it_is_typed(written, asked):
    there = indexed(text=written)
    indexed("other", text="Un compte administratif voté en mars")
    assert index.find(asked) == [there]


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("Une épicerie coopérative", "épicerie mobile"),  # every word
        ("Un besoin essentiel", "ess"),  # three letters are a word, not a beginning
        ("La solidarité", "sol"),
        ("Le maire de la commune", "de la"),  # words that tell nothing apart
        ("Le maire de la commune", ""),
        ("Le maire de la commune", "   "),
    ],
)
def test_what_is_not_asked_for_is_not_found(written, asked):
    indexed(text=written)
    assert index.find(asked) == []


@pytest.mark.parametrize(
    "syntax", ['"', "*", "NEAR", "-", "\0", "(", ")", ":", "^", "'", "\\", "%", "&", "|", "!", "<->"]
)
def test_the_syntax_of_an_engine_is_only_characters_here(syntax):
    there = indexed(title="Clauses")
    for query in (f"{syntax}clauses", f"clauses{syntax}", f"clauses {syntax}"):
        assert index.find(query) in ([there], [])
    assert index.find(syntax) == []


@pytest.mark.parametrize(
    "query", ['title:clauses" OR "1', "clauses AND NOT title", "'; DROP TABLE search_entry; --", "{title} : x", "a:*"]
)
def test_a_hostile_query_is_words_and_harms_nothing(query):
    indexed(title="Clauses")
    index.find(query)
    assert Entry.objects.count() == 1


def test_a_word_in_the_title_counts_more_than_in_the_text():
    in_text = indexed("text", title="Achats", text="Un garage, des cantines, une ressourcerie et des ateliers")
    in_title = indexed("title", title="Une ressourcerie", text="Ouverte par la communauté urbaine et deux communes")
    assert index.find("ressourcerie") == [in_title, in_text]


def test_what_members_alone_may_read_is_found_by_them_alone():
    secret = indexed("members", text="ressourcerie", public=False)
    shared = indexed("public", text="ressourcerie")
    assert index.find("ressourcerie") == [shared]
    assert set(index.find("ressourcerie", members=True)) == {secret, shared}


def test_what_is_of_another_kind_crowds_nothing_out():
    sheet = indexed(text="Une ressourcerie")
    for number in range(3):
        index.put(f"{HERE}{number}", kind="post", title="Ressourcerie", text="ressourcerie")
    assert index.find("ressourcerie", kinds=("good-practice", "policy-note"), limit=1) == [sheet]
    assert len(index.find("ressourcerie", kinds=("thread", "post"))) == 3
    assert index.find("ressourcerie", kinds=("pos",)) == []
    assert len(index.find("ressourcerie")) == 4


def test_what_is_put_again_is_found_by_its_new_words_only():
    there = indexed(title="Garage", text="mobilité")
    indexed(title="Cantine", text="alimentation")
    assert Entry.objects.count() == 1
    assert index.find("cantine") == [there]
    assert index.find("garage") == index.find("mobilité") == []


def test_what_is_dropped_is_found_no_more_and_the_rest_still_is():
    indexed("gone", text="cantine")
    stays = indexed("stays", text="cantine")
    index.drop(HERE + "gone")
    assert index.find("cantine") == [stays]


def test_an_enormous_text_is_indexed_up_to_a_limit():
    there = indexed(text="cantine " + " ".join(f"mot{number}" for number in range(index.MAX_WORDS * 2)))
    assert index.find("cantine") == [there]
    assert index.find("mot29999") == []


def test_a_question_of_a_thousand_words_is_answered_by_its_first():
    there = indexed(text=" ".join(f"mot{number}" for number in range(index.MAX_ASKED)))
    assert index.find(" ".join(f"mot{number}" for number in range(1000))) == [there]


def test_no_more_than_the_limit_is_given():
    for number in range(4):
        indexed(str(number), text="cantine")
    assert len(index.find("cantine", limit=3)) == 3


def test_stems_are_the_same_with_and_without_elision_and_keep_their_order():
    assert index.analyse("L'épicerie qu'on rénove, aujourd’hui") == ["epicer", "renov"]


def test_the_engine_is_told_how_its_tables_are_filled_when_it_does_not_look_by_itself():
    indexed(text="cantine")
    with CaptureQueriesContext(connection) as asked:
        statistics()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'search_entry'")
            assert cursor.fetchone()[0]
    else:
        assert not asked.captured_queries
