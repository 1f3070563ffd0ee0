"""Finding a territory in the official table, the way people type: name, postal code, SIREN or INSEE code."""

import re
import unicodedata
from functools import reduce
from operator import and_

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from rtes_hub.territories.models import Territory

#: Longest query looked at, in characters, and most words in it: anyone may ask.
MAX_QUERY = 100
MAX_WORDS = 8
#: Fewer digits than that are a postal or INSEE code: half the SIREN of communes begin with "21".
SIREN_PREFIX = 6

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "Œ": "oe", "Æ": "ae"})
_ID = re.compile(r"[a-z]{2,5}-[0-9A-Z]{1,9}")
_NOT_A_WORD = re.compile(r"[^0-9a-z]+")
#: The official table writes these in full; envelopes do not.
_SHORT_FORMS = {"st": "saint", "ste": "sainte"}


def fold(text: str) -> str:
    """Lower case, without accents, apostrophes or hyphens: "L'Haÿ-les-Roses" is "l hay les roses"."""
    letters = unicodedata.normalize("NFKD", text.translate(_LIGATURES).casefold())
    return _NOT_A_WORD.sub(" ", "".join(c for c in letters if not unicodedata.combining(c))).strip()


def by_id(id: object) -> Territory | None:
    """The row of that id, whoever gave it: a form, a command, another hub."""
    if not isinstance(id, str) or not _ID.fullmatch(id):  # PostgreSQL answers an error to a NUL
        return None
    return Territory.objects.filter(pk=id).first()


def find(query: str, *, kind: str = "", limit: int = 20) -> list[Territory]:
    """Best first: the exact name or code, then names that begin so, then names that hold the words; larger first.

    Every word must begin a word of the name, a postal code, the INSEE code or the SIREN.
    """
    words = _words(query)
    if not words:
        return []
    found = Territory.objects.filter(reduce(and_, map(_matches, words)))
    if kind:
        found = found.filter(kind=kind)
    return list(_best_first(found, " ".join(words))[:limit])


def _words(query: str) -> list[str]:
    folded = fold(query[:MAX_QUERY])
    if folded.replace(" ", "").isdigit():  # a SIREN is often written in groups of three
        return [folded.replace(" ", "")]
    return [_SHORT_FORMS.get(word, word) for word in folded.split()][:MAX_WORDS]


def _matches(word: str) -> Q:
    name = Q(folded__startswith=word) | Q(folded__contains=f" {word}")
    if not any(c.isdigit() for c in word):
        return name
    code = word.upper()  # Corsica: 2A004
    postal = Q(postal_codes__startswith=code) | Q(postal_codes__contains=f" {code}")
    siren = Q(siren__startswith=code) if len(code) >= SIREN_PREFIX else Q()
    return name | Q(code__startswith=code) | postal | siren


def _best_first(found: QuerySet[Territory], query: str) -> QuerySet[Territory]:
    rank = Case(
        When(Q(folded=query) | Q(code=query.upper()) | Q(siren=query), then=Value(0)),
        When(folded__startswith=query, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return found.order_by(rank, F("population").desc(nulls_last=True), "folded", "id")
