import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.wire import Malformed, names, urls


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://hub.example/a?b#c", "https://hub.example"),
        ("https://hub.example", "https://hub.example"),
        ("https://hub.example?x=https://other.example/", "https://hub.example"),
        ("https://hub.example#@other.example", "https://hub.example"),
        ("HTTPS://HUB.Example:443/", "https://hub.example"),
        ("http://hub.example:80/", "http://hub.example"),
        ("http://hub.example/", "http://hub.example"),
        ("https://hub.example:80/", "https://hub.example:80"),
        ("http://127.0.0.1:8001/x", "http://127.0.0.1:8001"),
        ("https://métropole.example/", "https://xn--mtropole-b1a.example"),
        ("https://xn--mtropole-b1a.example/", "https://xn--mtropole-b1a.example"),
        ("https://[2001:DB8:0::1]:8443/", "https://[2001:db8::1]:8443"),
    ],
)
def test_an_origin_is_scheme_host_and_port(url, origin):
    assert urls.origin(url) == origin
    assert urls.absolute(url) == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        1,
        ["https://hub.example/"],
        "",
        "hub.example",
        "/path",
        "//hub.example/",
        "ftp://hub.example/",
        "javascript://hub.example/",
        "https:/hub.example/",
        "https:///x",
        "https://user@hub.example/",
        "https://hub.example:8443@evil.example/",
        "https://hub.example\\@evil.example/",
        "https://hub.example\\.evil.example/",
        "https://hub%2eexample/",
        "https://hub.example./",
        "https://.hub.example/",
        "https://hub..example/",
        "https://hub_.example/",
        "https://-hub.example/",
        "https://hub.example:/",
        "https://hub.example:0/",
        "https://hub.example:0443/",
        "https://hub.example:65536/",
        "https://hub.example:99999999999999999999/",
        "https://hub.example:٤٤٣/",
        "https://hub.example:8x/",
        " https://hub.example/",
        "https://hub.example/\n",
        "https://hub.example/a b",
        "https://hub.example/\x00",
        "https://hub.example/é",
        "https://hub.example/?q=文",
        "https://hub.example/%",
        "https://hub.example/%e",
        "https://hub.example/%zz",
        "https://hub.example/<a>",
        'https://hub.example/"',
        "https://hub.example/{a}|^`",
        "https://ｈｕｂ.example/",
        "https://hub。example/",
        "https://xn--zzzzzz.example/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://127.1/",
        "https://127.0.0.01/",
        "https://[::1/",
        "https://[::1]x/",
        "https://[zz]/",
        "https://[::1%25eth0]/",
        "https://" + "a" * 64 + ".example/",
        "https://hub.example/" + "a" * 2048,
    ],
)
def test_what_is_not_canonical_is_refused_and_not_repaired(url):
    with pytest.raises(Malformed):
        urls.origin(url)
    with pytest.raises(Malformed):
        urls.absolute(url)
    assert not urls.same_origin(url, url)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://hub.example/a", "https://HUB.example:443/b", True),
        ("https://hub.example/", "http://hub.example/", False),
        ("https://hub.example/", "https://hub.example:8443/", False),
        ("https://hub.example/", "https://hub.example.evil.example/", False),
        ("https://hub.example/", "https://evilhub.example/", False),
        ("https://hub.example/", "https://www.hub.example/", False),
        ("https://hub.example/", "", False),
    ],
)
def test_two_origins_are_the_same_only_when_equal(one, other, same):
    assert urls.same_origin(one, other) is same


@given(st.text(max_size=40).map("https://".__add__) | st.text(max_size=40))
def test_an_origin_is_its_own_origin(url):
    try:
        origin = urls.origin(url)
    except Malformed:
        return
    assert urls.origin(origin) == origin


def test_an_authority_carries_its_port():
    assert urls.authority("http://127.0.0.1:8001/x") == "127.0.0.1:8001"
    assert urls.authority("https://hub.example:443/x") == "hub.example"


PROFILE = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'


@pytest.mark.parametrize(
    ("content_type", "accepted"),
    [
        ("application/activity+json", True),
        ("Application/Activity+JSON; charset=utf-8", True),
        (PROFILE, True),
        ('application/ld+json;charset=utf-8;PROFILE="https://www.w3.org/ns/activitystreams"', True),
        ('application/ld+json; profile="http://x.example https://www.w3.org/ns/activitystreams"', True),
        ("application/ld+json", False),
        ('application/ld+json; profile="https://www.w3.org/ns/activitystreams.evil"', False),
        ("application/json", False),
        ("text/html; x=application/activity+json", False),
        ("application/activity+jsonx", False),
        ("", False),
    ],
)
def test_only_activity_types_are_taken_for_activities(content_type, accepted):
    assert names.is_activity_type(content_type) is accepted


@pytest.mark.parametrize(
    ("accept", "activity"),
    [
        ("application/activity+json", True),
        (PROFILE, True),
        ("application/ld+json", True),
        (names.ACCEPT, True),
        ("application/activity+json, text/html;q=0.9", True),
        ("application/activity+json, */*;q=0.1", True),
        ("text/html;q=0.5, application/activity+json;q=0.8", True),
        ("text/html, application/activity+json;q=0.9", False),
        ("text/html, application/activity+json", False),
        ("application/activity+json;q=0", False),
        ("application/activity+json;q=2", False),
        ("application/activity+json;q=nan", False),
        ("application/activity+json;q=x", False),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", False),
        ("*/*", False),
        ("application/json", False),
        ("", False),
    ],
)
def test_people_get_a_page_unless_json_is_asked_for_by_name(accept, activity):
    assert names.prefers_activity(accept) is activity
