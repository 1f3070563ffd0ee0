"""Markdown as people of the hub write it, made into safe HTML."""

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

from rtes_hub.text import clean

#: A text stands in a section of a page, under an h2: its own headings begin below.
FIRST_HEADING = 3
LAST_HEADING = 5
MAX_CHARACTERS = 60_000


def _shift_headings(state: StateCore) -> None:
    levels = sorted({int(token.tag[1]) for token in state.tokens if token.type == "heading_open"})
    # The levels used are closed up: "#" then "###" must not skip one, which would lose readers of a screen reader.
    new = {level: min(FIRST_HEADING + rank, LAST_HEADING) for rank, level in enumerate(levels)}
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{new[int(token.tag[1])]}"


_parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable(["table", "strikethrough"])
_parser.core.ruler.push("shift_headings", _shift_headings)


def render(source: str) -> str:
    """Safe HTML of CommonMark with tables. Headings are h3 to h5; raw HTML is shown as it was typed."""
    return clean.html(_parser.render(source[:MAX_CHARACTERS]))
