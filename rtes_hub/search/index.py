"""What is found: one index over every publication, ours and others'.

It answers with URIs only; who may see what they name is asked again of whoever owns it (`visible_to`).
"""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from rtes_hub.search.analyser import analyse, question
from rtes_hub.search.engines import ENGINES
from rtes_hub.search.models import Entry

MAX_WORDS = 15_000  #: of a text; PostgreSQL holds at most 1 MB of them
MAX_ASKED = 12  #: words of a question that are looked at
MAX_FOUND = 500  #: nobody turns the 26th page of a search

__all__ = ["analyse", "drop", "find", "keep_only", "put"]


def put(uri: str, *, kind: str, title: str, text: str, public: bool = True) -> None:
    """Insert or replace. `title` and `text` are plain text; `public=False`: found by signed-in members only.

    What members alone may read must not stand in the text of a public entry: a search would tell that it is there.
    """
    entry = Entry(
        uri=uri,
        kind=kind,
        title=" ".join(analyse(title)[:MAX_WORDS]),
        text=" ".join(analyse(text)[:MAX_WORDS]),
        public=public,
    )
    Entry.objects.bulk_create(
        [entry], update_conflicts=True, unique_fields=["uri"], update_fields=["kind", "title", "text", "public"]
    )


def drop(uri: str) -> None:
    Entry.objects.filter(uri=uri).delete()


def keep_only(kinds: Iterable[str], uris: QuerySet[Any]) -> None:
    """Of these kinds, drop what is not among these URIs."""
    Entry.objects.filter(kind__in=list(kinds)).exclude(uri__in=uris).delete()


def find(query: str, *, members: bool = False, kinds: Iterable[str] = (), limit: int = MAX_FOUND) -> list[str]:
    """URIs of what holds every word of `query`, best first: a word in the title counts more than in the text.

    Only of these kinds, when some are given: what one app looks for is not crowded out by what is another's.

    Accents, case, plurals and elision do not matter; the last word may be a beginning. A query without any word that
    tells texts apart ("de la") finds nothing.
    """
    words = question(query)[:MAX_ASKED]
    if not words:
        return []
    engine = ENGINES[connection.vendor]
    with connection.cursor() as cursor:
        wanted = "".join(f"|{kind}|" for kind in kinds)
        cursor.execute(engine.sql, [engine.expression(words), members, wanted, wanted, limit])
        return [uri for (uri,) in cursor.fetchall()]
