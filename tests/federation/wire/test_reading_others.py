"""What other servers say, and what hostile ones try: samples/, each edge with what must come of it."""

from datetime import UTC, datetime

import pytest

from federation.wire import Malformed, names, read

from .material import sample, sample_names

ACTIVITY_TYPES = {
    *("Create", "Update", "Delete", "Follow", "Accept", "Reject", "Undo", "Announce", "Like", "Dislike", "Flag"),
    *("Add", "Remove", "Block", "Lock", "Move", "QuoteRequest"),
}


def read_any(document):
    kind = document["type"] if isinstance(document["type"], str) else "Article"
    if kind in names.ACTOR_TYPES:
        return read.actor(document)
    if kind in ACTIVITY_TYPES:
        head = read.activity(document)
        inner = head.object
        if inner and inner.get("type") in ("Article", "Note", "Page"):
            read.publication(inner)
        return head
    return read.publication(document)


#: A key document that stands alone: its owner's own document is to be fetched instead.
NO_INBOX = "inbound/gotosocial-key-stub"


@pytest.mark.parametrize("name", sample_names("inbound"))
def test_every_document_of_other_servers_is_read(name):
    if name == NO_INBOX:
        with pytest.raises(Malformed, match="inbox"):
            read_any(sample(name))
    else:
        assert read_any(sample(name))


REFUSED = {
    "edge/attributedto-other-host": "attributedTo",
    "edge/id-host-mismatch": "attributedTo",
    "edge/id-port-and-userinfo": "id: ",
    "edge/actor-key-foreign-owner": "key",
    "edge/actor-inbox-other-host": "inbox",
}
REFUSED_BY_THE_PARSER = {"edge/deep-nesting", "edge/ld-keywords", "edge/context-expanded-keys"}


@pytest.mark.parametrize("name", sorted({*sample_names("edge")} - REFUSED_BY_THE_PARSER))
def test_every_edge_is_read_or_refused_as_it_expects(name):
    if name in REFUSED:
        with pytest.raises(Malformed, match=REFUSED[name]):
            read_any(sample(name))
    else:
        assert read_any(sample(name))


def publication(name):
    return read.publication(sample(name))


# Shapes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["type-array", "type-array-unknown-first", "type-only-unknown", "context-missing"])
def test_a_type_in_any_form_is_a_good_practice(name):
    assert publication(f"edge/{name}").kind == "good-practice"


def an_article(**changes):
    return {
        "id": "https://hub.example/o/1",
        "type": "Article",
        "attributedTo": "https://hub.example/a/1",
        "content": "<p>x</p>",
    } | changes


@pytest.mark.parametrize(
    "changes",
    [
        {"rtes:kind": "rtes:GoodPractice", "rtes:cost": 3},
        {f"{names.NS}kind": f"{names.NS}GoodPractice", f"{names.NS}cost": 3},
        {"@context": [names.AS2, {"r": names.NS}], "r:kind": "GoodPractice", "r:cost": 3},
        {"@context": {"r": {"@id": names.NS, "@prefix": True}}, "r:kind": "r:GoodPractice", "r:cost": 3},
        {"rtes:kind": ["rtes:GoodPractice"], "rtes:cost": 3, "rtes:nothing": None},
    ],
)
def test_our_terms_are_found_however_they_are_spelled(changes):
    found = read.publication(an_article(**changes))
    assert (found.kind, found.facts) == ("good-practice", {"cost": 3})


def test_a_prefix_that_means_another_vocabulary_is_not_ours():
    document = an_article(**{"@context": {"rtes": "https://other.example/ns#"}, "rtes:kind": "rtes:GoodPractice"})
    assert read.publication(document).kind == "article"
    assert read.publication(document).facts == {}


@pytest.mark.parametrize("term", ["rtes:good practice", "rtes:", "rtes:G/../x", "https://evil.example/", "rtes:É"])
def test_a_kind_that_is_no_term_is_refused(term):
    with pytest.raises(Malformed, match="rtes:kind"):
        read.publication(an_article(**{"rtes:kind": term}))


def test_no_control_character_comes_in_escaped():
    document = an_article(
        **{"rtes:kind": "rtes:Note", "rtes:theme": [f"{names.THEMES}eau%00", f"{names.THEMES}%C3%A9t%C3%A9"]}
    )
    assert read.publication(document | {"rtes:territory": f"{names.TERRITORIES}%00"}).territory == ""
    assert read.publication(document).themes == ("", "été")


def test_null_is_absent():
    found = publication("edge/nulls-everywhere")
    assert (found.summary, found.attachments, found.tags, found.in_reply_to) == ("", (), (), "")
    assert found.title.startswith("Clauses sociales")


def test_one_value_is_a_list_of_one():
    found = publication("edge/single-values-instead-of-arrays")
    assert [item.url for item in found.attachments] == ["https://media.hub.example/o/clauses.jpg"]


def test_attachments_are_found_in_four_forms():
    found = publication("edge/attachment-url-forms").attachments
    assert [item.url for item in found] == [
        "https://m.example/1.png",
        "https://m.example/2-s.png",
        "https://m.example/3",
        "https://m.example/4.png",
    ]
    assert found[0].media_type == "image/png"


def test_the_author_is_the_first_of_the_same_origin_and_a_person_before_a_group():
    assert publication("edge/attributedto-array").author == "https://hub.example/ap/orgs/terre-et-mer"
    assert publication("edge/attributedto-objects").author == "https://hub.example/ap/users/claire.martin"
    mixed = an_article(attributedTo=["https://evil.example/a/1", "https://hub.example/a/2"])
    assert read.publication(mixed).author == "https://hub.example/a/2"


@pytest.mark.parametrize("author", [None, [], 1, True, {}, {"id": 1}, "1", "/a/1", ["https://evil.example/a"]])
def test_an_object_belongs_to_someone_of_its_origin(author):
    with pytest.raises(Malformed, match="attributedTo"):
        read.publication(an_article(attributedTo=author))


def test_content_may_stand_in_a_map_only():
    assert publication("edge/contentmap-only").body.startswith("<p>La communauté")
    assert read.publication(an_article(content=None, contentMap={"br": "<p>Demat</p>"})).language == "br"


def test_markdown_is_not_taken_for_html():
    found = publication("inbound/peertube-video")
    assert found.source
    assert found.body.startswith("<p>")
    plain = read.publication(an_article(mediaType="text/plain", content="a < b"))
    assert (plain.body, plain.source) == ("<p>a &lt; b</p>", "")


def test_a_source_in_another_language_than_markdown_is_left_out():
    assert publication("inbound/friendica-page").source == ""
    assert publication("inbound/pleroma-note").source == ""


def test_a_title_is_plain_text_on_one_line():
    assert publication("edge/name-with-html").title == "<script>alert(1)</script>Titre <b>gras</b>"
    found = read.publication(an_article(name="a\n\tb\u202e  c\x07" + "d" * 400))
    assert found.title.startswith("a b c")
    assert len(found.title) <= 300


def test_a_summary_of_others_is_html_and_of_ours_is_not():
    assert read.publication(an_article(summary="<p>Un &amp; deux</p>")).summary == "Un & deux"
    ours = an_article(summary="a <b> & c\nd\x07", **{"rtes:kind": "rtes:Note"})
    assert read.publication(ours).summary == "a <b> & c\nd"
    assert len(read.publication(an_article(summary="x" * 10_000)).summary) <= 500


def test_the_body_is_handed_over_raw():
    assert "<script" in publication("edge/content-dangerous").body


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-20T08:30:00Z", datetime(2026, 11, 20, 8, 30, tzinfo=UTC)),
        ("2026-11-20T08:30:00.123456789Z", datetime(2026, 11, 20, 8, 30, tzinfo=UTC)),
        ("2026-11-20T09:30:00+01:00", datetime(2026, 11, 20, 8, 30, tzinfo=UTC)),
        ("2026-11-20T08:30:00", None),
        ("2026-13-20T08:30:00Z", None),
        ("0001-01-01T00:00:00+10:00", None),
        ("now", None),
        (1_700_000_000, None),
        ("9" * 5000, None),
    ],
)
def test_dates_are_read_in_any_zone_or_not_at_all(text, moment):
    assert read.publication(an_article(published=text)).published == moment


def test_an_update_before_the_publication_did_not_happen():
    assert publication("edge/updated-before-published").updated is None
    assert publication("edge/published-future").published > datetime(2026, 11, 25, tzinfo=UTC)


@pytest.mark.parametrize(("value", "version"), [(7, 7), (0, 1), (-1, 1), (True, 1), ("7", 1), (2**40, 1), (None, 1)])
def test_a_version_counts_from_one(value, version):
    assert read.publication(an_article(**{"rtes:version": value})).version == version


@pytest.mark.parametrize(
    ("changes", "language"),
    [
        ({"language": {"identifier": "br", "name": "Brezhoneg"}}, "br"),
        ({"language": "fr"}, "fr"),
        ({"contentMap": {"oc": "x"}}, "oc"),
        ({"language": {"identifier": "<b>"}}, "und"),
        ({"language": 3}, "und"),
        ({}, "und"),
    ],
)
def test_a_language_is_found_or_undetermined(changes, language):
    assert read.publication(an_article(**changes)).language == language


def test_hashtags_of_others_are_tags():
    tag = [
        {"type": "Hashtag", "name": "#Eau"},
        {"type": "Hashtag", "name": "eau douce"},
        {"type": "Mention", "name": "@x"},
    ]
    assert read.publication(an_article(tag=[*tag, None, 3, {"type": "Hashtag"}])).tags == ("Eau", "eau douce")


def test_only_the_first_of_several_parents_is_answered():
    assert publication("edge/inreplyto-array").in_reply_to


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", {"href": "ftp://x.example/"}, 3, [], [[]]])
def test_only_web_addresses_are_kept(url):
    found = read.publication(an_article(url=url, attachment=[{"type": "Document", "url": url}]))
    assert (found.url, found.attachments) == ("", ())


@pytest.mark.parametrize(
    ("name", "public"),
    [
        ("edge/to-string", True),
        ("edge/to-as-public", True),
        ("edge/to-bare-public", True),
        ("edge/to-missing", False),
        ("edge/chatmessage", False),
        ("inbound/mastodon-private-note", False),
        ("inbound/discourse-note-without-to", False),
        ("inbound/lotide-page", True),
    ],
)
def test_what_is_for_everyone_says_so(name, public):
    assert read.is_public(sample(name)) is public


def test_a_hostile_document_is_cut_to_size():
    found = read.publication(
        an_article(
            name="<" * 500_000,
            summary="<p>" * 200_000,
            tag=[
                {"type": "Hashtag", "name": "#" * 500_000},
                *({"type": "Hashtag", "name": f"#{n}"} for n in range(500)),
            ],
            attachment=[f"https://m.example/{n}" for n in range(500)],
        )
    )
    assert (len(found.title), len(found.tags), len(found.attachments)) == (300, 100, 100)
    assert len(found.summary) <= 500
