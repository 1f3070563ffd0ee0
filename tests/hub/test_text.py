"""What becomes of texts from elsewhere (security.md E6-E9, F1-F7) and of Markdown."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rtes_hub.text import clean, markdown

REL = 'rel="nofollow noopener noreferrer ugc"'


class Seen(HTMLParser):
    """Every tag and attribute of a result, read by another parser than the one that wrote it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


ALLOWED_ATTRIBUTES = {"href", "rel", "class", "lang", "title", "start", "colspan", "rowspan", "scope"}


def assert_harmless(html: str) -> None:
    for tag, attributes in Seen(html).tags:
        assert tag in clean.TAGS, (tag, html)
        assert set(attributes) <= ALLOWED_ATTRIBUTES, (attributes, html)
        if "href" in attributes:
            assert re.match(r"(?:https?://[^/@\\]+|mailto:.)", attributes["href"]), html
        assert set((attributes.get("class") or "").split()) <= clean.CLASSES
    assert "<!" not in html


ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<img src='javascript:alert(1)'>",
    "<svg/onload=alert(1)>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='\x01javascript:alert(1)'>x</a>",
    "<a href='javascript\u200b:alert(1)'>x</a>",
    "<a href='https:javascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='vbscript:x'>x</a>",
    "<a href='//evil.example'>x</a>",
    "<a href='\\\\evil.example'>x</a>",
    "<a href='/compte/deconnexion/'>x</a>",
    "<a href='https://bank.example@evil.example/'>x</a>",
    "<a href='https://[oops'>x</a>",
    "<a href='https://x.example:99999999/'>x</a>",
    "<p style='position:fixed;inset:0' onclick=alert(1)>x</p>",
    "<p id=main class='button hidden'>x</p>",
    "<iframe src='https://evil.example'></iframe>",
    "<object data=x></object><embed src=x><applet></applet>",
    "<base href='https://evil.example/'><meta http-equiv=refresh content='0;url=//evil.example'>",
    "<link rel=stylesheet href='//evil.example/x.css'><style>*{display:none}</style>",
    "<form action='//evil.example'><input name=password><button>Sign in</button></form>",
    "<template><script>alert(1)</script></template>",
    "<textarea><img src=x onerror=alert(1)></textarea>",
    "<title><img src=x onerror=alert(1)></title><xmp><script>alert(1)</script></xmp>",
    "<!--><script>alert(1)</script--><p>x",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo 1 ?><%= x %>",
    "<p><b></p><script>x</script></b>",
    "<img alt='</a><script>alert(1)</script>' src='https://i.example/x.png'>",
    "<img alt='\"><img src=x onerror=alert(1)>' src='https://i.example/\"onmouseover=alert(1)'>",
    "<h1 title='<img src=x onerror=alert(1)>'>x</h1>",
    "<a href='https://x.example' title='\"><script>'>x",
    "<plaintext><script>alert(1)</script>",
]


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("base_url", ["", "https://partner.example/notes/1"])
def test_no_script_and_no_trap_survives(attack, base_url):
    result = clean.html(f"<p>before</p>{attack}<p>after</p>", base_url)
    assert_harmless(result)
    assert result.startswith("<p>before</p>")
    assert clean.html(result) == result


def test_the_dangerous_sample_keeps_its_words_and_its_good_link():
    # Same content as the sample "content-dangerous" of the federation reference.
    result = clean.html(
        '<p onclick="x()">ok<script>alert(1)</script><img src=x onerror=y><iframe src="https://e.example"></iframe>'
        '<a href="javascript:alert(1)">l</a><a href="https://ok.example" target="_blank">k</a>'
        '<style>*{display:none}</style><svg><a xlink:href="javascript:x"/></svg></p>'
    )
    assert_harmless(result)
    assert f'<a href="https://ok.example" {REL}>k</a>' in result
    assert "ok" in result
    assert "alert" not in result
    assert "display" not in result


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("<h1>A</h1><h2>B</h2><h6>C</h6>", "<h2>A</h2><h2>B</h2><h5>C</h5>"),
        ('<ul><li>a<li>b</ul><ol start="3"><li>c</ol>', '<ul><li>a</li><li>b</li></ul><ol start="3"><li>c</li></ol>'),
        ('<p lang="en">x</p><p lang="x y">z</p>', '<p lang="en">x</p><p>z</p>'),
        ('<td colspan="2">x</td>', "x"),
        (
            '<table><tr><th scope="row" style="x">a<td colspan="2" rowspan="0">b</table>',
            '<table><tbody><tr><th scope="row">a</th><td colspan="2">b</td></tr></tbody></table>',
        ),
        ('<span class="mention big">m</span>', '<span class="mention">m</span>'),
        ("80\u00a0% des marchés &amp; l’ESS", "80&nbsp;% des marchés &amp; l’ESS"),
        ('<a href="mailto:a@b.example">a</a>', f'<a href="mailto:a@b.example" {REL}>a</a>'),
        ("<div><p>in a box</p></div>", "<p>in a box</p>"),
        ("a\u202eb", "ab"),
        ("a&#x202e;b", "ab"),
        ("", ""),
    ],
)
def test_what_is_kept(raw, expected):
    assert clean.html(raw) == expected


@pytest.mark.parametrize(
    ("href", "resolved"),
    [
        ("../b", "https://partner.example/b"),
        ("/b?c=d", "https://partner.example/b?c=d"),
        ("//other.example/b", "https://other.example/b"),
        ("https://ok.example/", "https://ok.example/"),
        ("#part", "https://partner.example/notes/1#part"),
    ],
)
def test_relative_links_lead_to_their_origin_never_here(href, resolved):
    link = f'<a href="{href}">x</a>'
    assert clean.html(link, "https://partner.example/notes/1") == f'<a href="{resolved}" {REL}>x</a>'
    if not href.startswith("https:"):
        assert "href" not in clean.html(link)


def test_an_image_becomes_a_link_with_its_words():
    image = '<img src="https://i.example/photo.jpg" alt="Le marché &lt;couvert&gt;">'
    assert clean.html(image) == f'<a href="https://i.example/photo.jpg" {REL}>Le marché &lt;couvert&gt;</a>'
    assert clean.html('<img src="https://i.example/photo.jpg">').endswith(">photo.jpg</a>")
    in_a_link = f'<a href="https://a.example">{image}</a>'
    assert clean.html(in_a_link) == f'<a href="https://a.example" {REL}>Le marché &lt;couvert&gt;</a>'


BOMBS = {
    "too large": "<p>word</p>" * 10_000,
    "too deep": "<b>" * 101 + "word" + "</b>" * 101,
    "deep, never closed": "<div>" * 5_000 + "word",
    "deep, closings hidden in attributes": "<b title='</b>'>" * 200 + "word",
    "formatting reopened in every paragraph": "<p>" + "".join(f"<b id={n}>" for n in range(2_500)) + "<p>word" * 4_000,
    "the same, closings hidden": "<p>" + "".join(f"<font id={n} x='</font>'>" for n in range(700)) + "<p>word" * 700,
    "only openings": "<" * 60_000,
    "only ampersands": "&" * 60_000,
    "grows when escaped": "&" * 200_000 + "word",
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_what_is_too_large_or_built_to_grow_is_shown_as_plain_text(bomb):
    result = clean.html(bomb)
    assert_harmless(result)
    assert {tag for tag, _ in Seen(result).tags} <= {"p"}
    assert len(result.encode()) <= clean.MAX_BYTES
    assert clean.html(result) == result
    if len(bomb.encode()) <= clean.MAX_BYTES and "word" in bomb:
        assert "word" in result


def test_a_hundred_levels_are_still_welcome():
    deep = "<b>" * 100 + "word" + "</b>" * 100
    assert clean.html(deep) == deep


def test_many_short_paragraphs_and_links_are_not_taken_for_a_bomb():
    page = '<p><a href="https://a.example/1">one</a> and <b>two</b><p>' * 700
    assert clean.html(page).count("href") == 700


PIECES = r"""< > & " ' / = <p> </p> <a_href='https://a.example'> </a> <a_href= <b_x=1> </b> <table> <td> <tr> <li> <h1>
<img_src=https://i.example_alt=x> <svg> <math> <style> </style> <!-- --> <script> <select> <template> <button> <object>
</object> <mtext> <annotation-xml_encoding='text/html'> <ruby><rt> &lt; &#0; <br/> é <pre>"""
_pieces = st.sampled_from([*(piece.replace("_", " ") for piece in PIECES.split()), *" \n\t\0\u202e\ud800"])
anything = st.one_of(st.text(max_size=300), st.lists(_pieces, max_size=40).map("".join))


@settings(max_examples=400, deadline=None)
@given(anything)
def test_cleaning_never_raises_and_cleaning_twice_is_cleaning_once(raw):
    result = clean.html(raw, "https://partner.example/")
    assert_harmless(result)
    assert clean.html(result) == result


@settings(max_examples=200, deadline=None)
@given(anything, st.integers(min_value=1, max_value=80))
def test_lines_are_single_and_short(raw, limit):
    for text in (clean.line(raw, limit), clean.plain(raw, limit)):
        assert len(text) <= limit
        assert not set(text) & set("\n\r\t\0\u202e\u2066\u200b\ud800")
        assert text == text.strip()
    assert clean.line(clean.line(raw, limit), limit) == clean.line(raw, limit)


def test_a_line_stays_plain_text_whatever_it_looks_like():
    assert clean.line("<b>Titre</b>\n  en deux lignes", 100) == "<b>Titre</b> en deux lignes"
    assert clean.line("80\u00a0%", 10) == "80\u00a0%"
    assert clean.line("abcdef", 4) == "abc…"


def test_plain_is_what_a_reader_sees():
    assert clean.plain("<h2>Un</h2><p>deux &amp; <b>tr</b>ois<br>quatre</p><script>x</script>", 99) == (
        "Un deux & trois quatre"
    )


@settings(max_examples=200, deadline=None)
@given(st.one_of(anything, st.text(alphabet="#*_-[]()`>|~! \nab<:", max_size=300)))
def test_markdown_never_raises_and_is_always_clean(source):
    result = markdown.render(source)
    assert_harmless(result)
    assert clean.html(result) == result


def test_headings_of_a_text_stand_under_those_of_its_page():
    result = markdown.render("# Un\n\n#### Deux\n\n###### Trois\n\n# Quatre")
    assert re.findall(r"<(h\d)>", result) == ["h3", "h4", "h5", "h3"]


def test_markdown_says_much_and_html_in_it_nothing():
    result = markdown.render("**gras** ~~non~~ <b onclick=x>brut</b>\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n> cité\n")
    assert "<strong>gras</strong> <s>non</s> &lt;b onclick=x&gt;brut" in result
    assert "<th>a</th>" in result
    assert "<blockquote>" in result


@pytest.mark.parametrize(
    "source", ["[x](javascript:alert(1))", "[x](/admin/)", "![x](https://i.example/a.png)", "<javascript:x>"]
)
def test_links_of_markdown_are_as_safe_as_all_others(source):
    result = markdown.render(source)
    assert "javascript" not in " ".join(str(attributes) for _, attributes in Seen(result).tags)
    assert "img" not in {tag for tag, _ in Seen(result).tags}
    assert 'href="/' not in result
