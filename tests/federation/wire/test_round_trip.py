"""read(write(p)) == p, through the bytes and the strict parser."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.publication import Attachment, Publication
from federation.wire import canonical, read, strict_json, write
from federation.wire.write.articles import RESERVED
from rtes_hub.text import clean

from .material import a_publication


def travelled(publication: Publication) -> Publication:
    document = write.article(publication, followers="https://hub.example/ap/actors/x/followers")
    return read.publication(strict_json.loads(canonical.dumps(document)))


def test_a_publication_survives_the_trip():
    assert travelled(a_publication()) == a_publication()


def test_an_empty_one_too():
    bare = Publication(uri="https://hub.example/o/1", kind="note", author="https://hub.example/a/1")
    assert travelled(bare) == bare


# No NUL, no lone surrogate: no text of ours holds any, and no database would take them.
characters = st.characters(exclude_categories=("Cs",), exclude_characters="\x00")
texts = st.text(characters, max_size=40)
one_line = texts.map(lambda text: clean.line(text, 300))
paragraphs = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.just("\n"), max_size=60)
codes = st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True)
uris = st.from_regex(r"https://hub\.example/([a-z0-9/.?=&#-]|%C3%A9){1,20}", fullmatch=True)
moments = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(microsecond=0)
)
scalars = (
    texts | st.booleans() | st.integers(-(10**18) + 1, 10**18 - 1) | st.floats(allow_nan=False, allow_infinity=False)
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(codes, inner, max_size=4), max_leaves=8
)
attachments = st.builds(
    Attachment,
    url=uris,
    title=one_line,
    media_type=st.sampled_from(["application/pdf", "image/png", "text/plain", ""]),
    size=st.integers(0, 10**12),
    digest=st.from_regex(r"([0-9a-f]{64})?", fullmatch=True),
    nature=codes | st.just(""),
    is_model=st.booleans(),
    accessible_alternative=paragraphs,
    licence=st.sampled_from(["etalab-2.0", ""]),
)


@st.composite
def publications(draw: st.DrawFn) -> Publication:
    published = draw(st.none() | moments)
    updated = draw(st.none() | moments)
    place = draw(uris | st.just(""))
    return Publication(
        uri=draw(uris),
        kind=draw(st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z][a-z0-9]{0,8}){0,3}", fullmatch=True)),
        author=draw(uris),
        title=draw(one_line),
        summary=draw(paragraphs),
        body=draw(texts),
        source=draw(texts),
        language=draw(st.sampled_from(["fr", "en", "br", "pt-BR", "zh-Hant", "und"])),
        url=draw(uris | st.just("")),
        published=published,
        updated=max(updated, published) if updated and published else updated,
        version=draw(st.integers(1, 2**31 - 1)),
        licence=draw(st.sampled_from(["", "etalab-2.0", "cc-by-sa-4.0"])),
        territory=draw(st.sampled_from(["", "epci-242100410", "dep-2A", "à b/c%2F"])),
        themes=tuple(draw(st.lists(texts, max_size=3))),
        tags=tuple(draw(st.lists(texts, max_size=4))),
        attachments=tuple(draw(st.lists(attachments, max_size=3))),
        about=draw(uris | st.just("")),
        in_reply_to=draw(uris | st.just("")),
        place=place,
        mentions=tuple(uri for uri in draw(st.lists(uris, max_size=3, unique=True)) if uri != place),
        facts=draw(st.dictionaries(codes.filter(lambda code: code not in RESERVED), values, max_size=5)),
    )


@given(publications())
def test_every_publication_survives_the_trip(publication):
    assert travelled(publication) == publication


def test_what_is_not_known_is_left_out_at_every_depth():
    sent = a_publication(facts={"a": None, "b": [None, 1, {"c": None, "d": 2}], "e": (1, 2)})
    assert travelled(sent).facts == {"b": [1, {"d": 2}], "e": [1, 2]}


def test_times_are_told_in_utc_and_whole_seconds():
    paris = timezone(timedelta(hours=1))
    sent = a_publication(
        published=datetime(2026, 1, 1, 0, 30, 0, 999_999, tzinfo=paris), updated=datetime(2020, 1, 1, tzinfo=UTC)
    )
    document = write.article(sent, followers="")
    assert document["published"] == document["updated"] == "2025-12-31T23:30:00Z"
    with pytest.raises(ValueError, match="zone"):
        write.article(a_publication(published=datetime(2026, 1, 1)), followers="")


@pytest.mark.parametrize("code", RESERVED)
def test_a_fact_cannot_pass_for_the_envelope(code):
    with pytest.raises(ValueError, match=code):
        write.article(a_publication(facts={code: "x"}), followers="")


@pytest.mark.parametrize("facts", [{"Title": 1}, {"": 1}, {"a-b": 1}, {"a": {"@id": 1}}, {"a": [{"rtes:b": 1}]}])
def test_a_fact_has_a_plain_code(facts):
    with pytest.raises(ValueError, match="not a code"):
        write.article(a_publication(facts=facts), followers="")


@pytest.mark.parametrize("kind", ["", "Good-Practice", "good--practice", "good-2", "2good", "good_practice", "é"])
def test_a_kind_that_could_not_be_found_again_is_refused(kind):
    with pytest.raises(ValueError, match="slug"):
        write.article(a_publication(kind=kind), followers="")


def test_a_reply_is_a_note():
    reply = a_publication(kind="note", title="", in_reply_to="https://other.example/o/1")
    document = write.article(reply, followers="")
    assert (document["type"], document["inReplyTo"]) == ("Note", "https://other.example/o/1")
    assert travelled(reply) == reply
