"""Markdown as people of the hub write it, made into safe HTML."""

import re
from collections.abc import Iterator, Mapping

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from rtes_hub.text import clean

#: A text stands in a section of a page, under an h2: its own headings begin below.
FIRST_HEADING = 3
LAST_HEADING = 5
MAX_CHARACTERS = 60_000
#: "@camille.martin", "@dijon-metropole", "@jeanne@partner.example:8001": what follows the @. No e-mail address is one.
MENTION = re.compile(
    r"(?<![\w@./+-])@([^\W_](?:[\w.-]*[^\W_])?(?:@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?)?)"
)


def _shift_headings(state: StateCore) -> None:
    levels = sorted({int(token.tag[1]) for token in state.tokens if token.type == "heading_open"})
    # The levels used are closed up: "#" then "###" must not skip one, which would lose readers of a screen reader.
    new = {level: min(FIRST_HEADING + rank, LAST_HEADING) for rank, level in enumerate(levels)}
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{new[int(token.tag[1])]}"


def _link_names(state: StateCore) -> None:
    """Names become links while the text is still a tree: what is clean is never changed."""
    names: Mapping[str, tuple[str, str]] = state.env.get("names", {})
    for token in state.tokens if names else ():
        if token.type == "inline" and token.children:
            token.children = list(_with_links(token.children, names))


def _with_links(children: list[Token], names: Mapping[str, tuple[str, str]]) -> Iterator[Token]:
    in_link = 0
    for child in children:
        in_link += {"link_open": 1, "link_close": -1}.get(child.type, 0)
        if child.type != "text" or in_link:
            yield child
            continue
        at = 0
        for found in MENTION.finditer(child.content):
            if (known := names.get(found[1].lower())) is None:
                continue
            name, url = known
            yield _text(child.content[at : found.start()])
            yield Token("link_open", "a", 1, attrs={"href": url, "class": "mention"})
            yield _text(f"@{name}")
            yield Token("link_close", "a", -1)
            at = found.end()
        yield _text(child.content[at:])


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


_parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable(["table", "strikethrough"])
_parser.core.ruler.push("shift_headings", _shift_headings)
_parser.core.ruler.push("link_names", _link_names)


def render(source: str, *, names: Mapping[str, tuple[str, str]] | None = None) -> str:
    """Safe HTML of CommonMark with tables. Headings are h3 to h5; raw HTML is shown as it was typed.

    names: {handle in small letters: (name to show, address)}: each "@handle" in the text leads there.
    """
    return clean.html(_parser.render(source[:MAX_CHARACTERS], {"names": names or {}}))
