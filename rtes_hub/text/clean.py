"""Foreign text made harmless. `html` is the one sanitising function of the hub (security.md E9, F1-F7).

It is the last thing that happens to a text: nothing may be replaced, cut or linked in its result, only shown.
It never raises and never takes long: what is too large, too deep or built to grow is shown as plain text.
"""

import re
import unicodedata
from collections.abc import Callable
from html import escape, unescape
from urllib.parse import urljoin, urlsplit

import nh3

#: Grows when the same input would give another output, so that kept results are made again.
VERSION = 1

MAX_BYTES = 64 * 1024  #: of HTML going in and coming out, the `rel` that we add to links not counted
MAX_DEPTH = 100  #: nested tags
#: Formatting left open is opened again in each following block: 33 kB of `<p><b a><b b>…<p>x<p>x…` grow to 42 MB
#: and 1.5 GB of memory. This bounds (formatting tags × all tags), hence the elements a parser can be made to build.
MAX_GROWTH = 300_000
#: A parser keeps at most three open formatting elements alike, and there are fourteen such tags (HTML §13.2.4.3).
MAX_BARE_FORMATTING = 42
#: Cleaning what was cleaned must change nothing; a text that never settles is shown as plain text.
MAX_PASSES = 6


def _words(spaced: str) -> frozenset[str]:
    return frozenset(spaced.split())


SCHEMES = frozenset({"http", "https", "mailto"})
REL = "nofollow noopener noreferrer ugc"
TAGS = _words(
    "p br span a abbr del s pre blockquote code b strong u sub sup i em h2 h3 h4 h5 ul ol li ruby rb rp rt rtc "
    "table caption thead tbody tfoot tr th td hr"
)
#: Kept by the first pass only: they are then shown as something else.
REPLACED = frozenset({"h1", "h6", "img"})
ATTRIBUTES = {
    "*": {"lang"},
    "a": {"href", "class"},
    "abbr": {"title"},
    "img": {"src", "alt"},
    "ol": {"start"},
    "span": {"class"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
CLASSES = frozenset({"mention", "hashtag", "u-url", "h-card", "invisible", "ellipsis"})
VOID = _words("area base br col embed hr img input link meta source track wbr")
#: Their end may be left out, so that counting them as open would see depth where there is none.
SELF_ENDING = _words("p li dt dd option tr td th thead tbody tfoot colgroup rb rp rt rtc")

_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)([\s/]?)")
_WHOLE_TAG = re.compile(r"<[^<>]*>")
_FORMATTING = _words("b big code em font i nobr s small strike strong tt u")
#: In what nh3 writes, text holds no "<" and attributes stand in double quotes.
_TO_REPLACE = re.compile(r'<(/?)(h1|h6|a|img)\b((?:[^>"]|"[^"]*")*)>')
_ATTRIBUTE = re.compile(r'(src|alt)="([^"]*)"')
_BLOCK_END = re.compile(r"</(?:p|h[1-6]|li|tr|t[hd]|pre|blockquote|caption)>|<(?:br|hr)>")

#: Characters that turn the direction of text around: what is read would not be what is written.
_BIDI_OVERRIDES = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_INVISIBLE = _BIDI_OVERRIDES | dict.fromkeys([0x061C, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF])
_SPACES = re.compile(r"[^\S\u00a0\u202f]+")  # no-break spaces are part of French typography

_FORMS = {
    "lang": re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}"),
    "start": re.compile(r"-?\d{1,5}"),
    "colspan": re.compile(r"[1-9]\d?"),
    "rowspan": re.compile(r"[1-9]\d?"),
    "scope": re.compile(r"(?:col|row)(?:group)?"),
}


def html(raw: str, base_url: str = "") -> str:
    """Safe HTML. Cleaning a result again gives the same result.

    Relative links are resolved against `base_url`; without one they lose their address and keep their text.
    """
    raw = _well_encoded(raw)
    if _is_bounded(raw):
        text = _replace(_pass(raw, TAGS | REPLACED, base_url).translate(_BIDI_OVERRIDES))
        for _ in range(MAX_PASSES):
            before, text = text, _pass(text, TAGS, "")
            if text == before:
                return text if _is_bounded(text) else _as_text(raw)
            if _is_too_large(text):
                break
    return _as_text(raw)


def line(raw: str, limit: int) -> str:
    """One line of plain text, not HTML: no control or direction character, at most `limit` characters."""
    text = "".join(c if unicodedata.category(c) not in ("Cc", "Cs") else " " for c in raw[: limit * 8 + 1000])
    text = _SPACES.sub(" ", text.translate(_INVISIBLE)).strip()
    return text if len(text) <= limit else text[: max(limit - 1, 0)].rstrip() + "…"[:limit]


def plain(raw_html: str, limit: int) -> str:
    """The text of some HTML, on one line, at most `limit` characters. Plain text: to be escaped when shown."""
    spaced = _BLOCK_END.sub(lambda end: f"{end[0]} ", html(raw_html))
    return line(unescape(_WHOLE_TAG.sub("", spaced)), limit)


def _well_encoded(raw: str) -> str:
    return raw.encode("utf-8", "replace").decode("utf-8")


def _is_too_large(raw: str) -> bool:
    # Links may be most of a text, and ours must pass again where they passed once.
    return len(raw) > 3 * MAX_BYTES or len(raw.replace(f' rel="{REL}"', "").encode("utf-8")) > MAX_BYTES


def _is_bounded(raw: str) -> bool:
    if _is_too_large(raw):
        return False
    starts = bare = dressed = depth = 0
    open_tags: dict[str, int] = {}
    for end, tag, after in _TAG.findall(raw):
        name = tag.lower()
        if not end:
            starts += 1
            if name in _FORMATTING:
                bare, dressed = (bare, dressed + 1) if after else (bare + 1, dressed)
        if name in VOID or name in SELF_ENDING:
            continue
        if not end:
            open_tags[name] = open_tags.get(name, 0) + 1
            depth += 1
        elif open_tags.get(name):
            open_tags[name] -= 1
            depth -= 1
        if depth > MAX_DEPTH:
            return False
    return (dressed + min(bare, MAX_BARE_FORMATTING)) * starts <= MAX_GROWTH


def _pass(raw: str, tags: frozenset[str], base_url: str) -> str:
    return nh3.clean(
        raw,
        tags=set(tags),
        attributes={tag: names for tag, names in ATTRIBUTES.items() if tag == "*" or tag in tags},
        attribute_filter=_attribute_filter(base_url),
        link_rel=REL,
        url_schemes=set(SCHEMES),
    )


def _attribute_filter(base_url: str) -> Callable[[str, str, str], str | None]:
    def keep(_tag: str, name: str, value: str) -> str | None:
        if name in ("href", "src"):
            return _link(value, base_url)
        if name == "class":
            return " ".join(c for c in value.split() if c in CLASSES) or None
        if form := _FORMS.get(name):
            return value if form.fullmatch(value) else None
        return value

    return keep


def _link(address: str, base_url: str) -> str | None:
    """An absolute http, https or mailto address, or nothing. Browsers forgive much in an address; this does not."""
    address = address.strip()
    if any(ord(c) <= 0x20 or c in '\\<>"`\x7f' for c in address):
        return None
    try:
        parts = urlsplit(address)
        if parts.scheme == "mailto":
            return address if parts.path and not parts.netloc else None
        if not parts.scheme and base_url:
            address = urljoin(base_url, address)
            parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        return None
    return address


def _replace(text: str) -> str:
    """First and last levels of heading become their neighbours; an image becomes a link, or its text in a link.

    A page has one h1, its own; and an image of another server would tell that server who reads us.
    """
    in_link = False

    def instead(found: re.Match[str]) -> str:
        nonlocal in_link
        end, name, rest = found.groups()
        if name == "a":
            in_link = not end
            return found[0]
        if name != "img":
            return f"<{end}{'h2' if name == 'h1' else 'h5'}{rest}>"
        image = dict(_ATTRIBUTE.findall(rest))
        source = image.get("src", "")
        words = escape(unescape(image.get("alt", "")).strip() or unescape(source).rpartition("/")[2])
        return words if in_link or not source else f'<a href="{source}">{words or source}</a>'

    return _TO_REPLACE.sub(instead, text)


def _as_text(raw: str) -> str:
    """Every tag dropped, the rest escaped: what a text deserves that was built to break us, or is a book."""
    text = _WHOLE_TAG.sub("", raw[:MAX_BYTES]).translate(_BIDI_OVERRIDES)
    while True:
        blocks = (escape(block.strip(), quote=False) for block in re.split(r"\n\s*\n", text))
        safe = "".join(f"<p>{block}</p>" for block in blocks if block)
        cleaned = nh3.clean(safe, tags={"p"}, attributes={})
        if len(cleaned.encode("utf-8")) <= MAX_BYTES:
            return cleaned
        text = text[: len(text) * 3 // 4]
