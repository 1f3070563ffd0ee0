"""French words to stems: the same ones whether a text is indexed or asked for, whichever engine holds them. Pure.

Accents go after stemming, never before: "rénovées" and "rénovation" are then one stem, `renov`.
"""

import re
import threading
import unicodedata
from collections.abc import Iterator

import Stemmer

LONGEST = 40  #: characters of a word; what is longer is no word that anybody types

_WORD = re.compile(r"[^\W_]+")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o"})

#: Too common to tell two texts apart; the halves that elision leaves ("qu'", "l'", "aujourd'hui") are among them.
_STOP = """
    a à ai ainsi alors après as au aucun aucune auquel aura auront aussi autre autres aux avaient avait avec avoir
    ayant c ça car ce ceci cela celle celles celui ces cet cette ceux chaque chez ci comme comment d dans de des donc
    dont du elle elles en encore entre es est et étaient était étant été être eu eux fait faire font furent fut hui
    aujourd ici il ils j je jusqu l la là laquelle le lequel les lesquelles lesquels leur leurs lorsqu lui m ma mais
    me même mêmes mes moi mon n ne ni nos notre nous on ont ou où par parmi pas pendant peu peut peuvent plus pour
    pourquoi puis puisqu qu quand que quel quelle quelles quelqu quels qui quoi s sa sans se sera seront ses si sien
    sinon soi soit son sont sous sur t ta te tes toi ton tous tout toute toutes très tu un une vers via voici voilà
    vos votre vous y
"""
STOP_WORDS = frozenset(_STOP.split())

#: Plurals that the stemmer does not bring back to their singular, and that this hub's people use every day.
_PLURALS = {
    "baux": "bail",
    "emplois": "emploi",
    "enjeux": "enjeu",
    "feux": "feu",
    "jeux": "jeu",
    "lieux": "lieu",
    "lois": "loi",
    "milieux": "milieu",
    "travaux": "travail",
    "voeux": "vœu",
    "vœux": "vœu",
}

#: How an ending typed without its accents may have been meant: "mobilite" is stemmed as "mobilité" too.
_ENDINGS = (
    ("ees", "ées"),
    ("ee", "ée"),
    ("es", "és"),
    ("es", "ès"),
    ("e", "é"),
    ("ite", "ité"),
    ("ites", "ités"),
    ("ere", "ère"),
    ("eres", "ères"),
    ("ierement", "ièrement"),
    ("erent", "èrent"),
)

_local = threading.local()  # a stemmer keeps state between calls: one a thread


def analyse(text: str) -> list[str]:
    """The stems of a text in order, stop words left out, one for each word: what is indexed."""
    return [stem for stem in map(_bare, _stemmer().stemWords(list(_words(text)))) if stem]


def question(text: str) -> list[set[str]]:
    """What is asked: for each word, the stems that may stand for it, so that typing without accents finds as well."""
    return [stems for word in _words(text) if (stems := _variants(word))]


def _variants(word: str) -> set[str]:
    """The stem with its accents as typed, without any (a text in capitals has none), with those of a usual ending."""
    bare = _bare(word)
    meant = {bare[: -len(end)] + accented for end, accented in _ENDINGS if bare == word and word.endswith(end)}
    return {_bare(stem) for stem in _stemmer().stemWords([word, bare, *meant])} - {""}


def _words(text: str) -> Iterator[str]:
    """Lower case; apostrophes and hyphens part words, so "l'eau" is `l`, `eau` and "tiers-lieu" is `tiers`, `lieu`."""
    for word in _WORD.findall(unicodedata.normalize("NFC", text).lower()):
        if word not in STOP_WORDS:
            yield _PLURALS.get(word, word)[:LONGEST]


def _bare(word: str) -> str:
    spread = unicodedata.normalize("NFKD", word.translate(_LIGATURES))
    return "".join(character for character in spread if character.isalnum())


def _stemmer() -> Stemmer.Stemmer:
    if not hasattr(_local, "french"):
        _local.french = Stemmer.Stemmer("french")
    return _local.french
