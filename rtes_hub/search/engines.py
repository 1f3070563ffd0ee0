"""How each database is asked. The stems come from `analyser`: letters and digits only, so nothing here can be escaped.

A question is a list of words that must all be there; each word is the set of stems that may stand for it.
"""

from collections.abc import Callable
from dataclasses import dataclass

TITLE_WEIGHT = 8  #: times that a word in the title counts more than in the text
BEGINNING = 4  #: letters that a stem needs to be a beginning: "ess" must not bring all that is "essentiel"


@dataclass(frozen=True, kw_only=True)
class Engine:
    #: Takes the expression, "members too?", kinds as "|a||b|" ("" for all) twice, the limit; gives URIs, best first.
    sql: str
    expression: Callable[[list[set[str]]], str]


def _fts5(words: list[set[str]]) -> str:
    return " AND ".join(
        "(" + " OR ".join(f'"{stem}" *' if begun else f'"{stem}"' for stem in sorted(stems)) + ")"
        for stems, begun in _with_beginning(words)
    )


def _tsquery(words: list[set[str]]) -> str:
    return " & ".join(
        "(" + " | ".join(f"'{stem}':*" if begun else f"'{stem}'" for stem in sorted(stems)) + ")"
        for stems, begun in _with_beginning(words)
    )


def _with_beginning(words: list[set[str]]) -> list[tuple[set[str], bool]]:
    """Each word, and whether it may be the beginning of a longer one: only the last, whoever types it goes on."""
    last = len(words) - 1
    return [(stems, at == last and min(map(len, stems)) >= BEGINNING) for at, stems in enumerate(words)]


ENGINES = {
    "sqlite": Engine(
        # `rank`, and the words read first (CROSS JOIN), so that the sorting is done inside FTS5: twice as quick.
        expression=_fts5,
        sql=f"""
        SELECT entry.uri FROM search_words CROSS JOIN search_entry AS entry ON entry.id = search_words.rowid
        WHERE search_words MATCH %s AND rank MATCH 'bm25({TITLE_WEIGHT}.0, 1.0)' AND (entry.public OR %s)
        AND (%s = '' OR instr(%s, '|' || entry.kind || '|') > 0)
        ORDER BY rank LIMIT %s
        """,  # noqa: S608 - a constant
    ),
    "postgresql": Engine(
        expression=_tsquery,
        sql=f"""
        SELECT entry.uri FROM search_entry AS entry, CAST(%s AS tsquery) AS question
        WHERE entry.words @@ question AND (entry.public OR %s)
        AND (%s = '' OR strpos(%s, '|' || entry.kind || '|') > 0)
        ORDER BY ts_rank('{{0, 0, {1 / TITLE_WEIGHT}, 1}}', entry.words, question, 1) DESC, entry.id DESC LIMIT %s
        """,  # noqa: S608 - a constant
    ),
}
