"""Reports and decisions: who may, what becomes of the thing, who is told what, and who learns nothing."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from forums.models import Post
from resources.models import Resource
from rtes_hub.audit.models import Line
from rtes_hub.moderation import actions, registry
from rtes_hub.moderation.models import Report
from rtes_hub.notices.models import Notice
from tests.make import (
    a_coordinator,
    a_forum,
    a_post,
    a_practice,
    a_reader,
    a_speaker,
    a_thread,
    a_user,
    an_administrator,
    an_editor,
)

pytestmark = pytest.mark.django_db

PAGE = "/signaler/"


def a_report(about="", *, by=None, track="charter", reason="C’est une insulte."):
    return actions.report(about or f"post:{a_post().uri}", track=track, reason=reason, by=by or a_reader())


def told(user):
    return [(notice.topic, str(notice.title), notice.text) for notice in Notice.objects.filter(user=user)]


# Reporting --------------------------------------------------------------------------------------------------------


def test_a_report_keeps_what_was_said_and_tells_every_coordinator(client):
    coordinator, administrator, reader = a_coordinator(), an_administrator(), a_reader()
    post = a_post(source="Un propos **injurieux**.")
    client.force_login(reader)
    page = client.get(PAGE, {"sur": f"post:{post.uri}"})
    assert "Un propos injurieux." in page.content.decode()
    body = {"about": f"post:{post.uri}", "track": "illegal", "reason": "Injure publique."}
    assert client.post(PAGE, body).url == post.get_absolute_url()
    report = Report.objects.get()
    assert (report.track, report.reason, report.by) == ("illegal", "Injure publique.", reader)
    assert (report.excerpt, report.path, report.state) == ("Un propos injurieux.", post.get_absolute_url(), "open")
    for person in (coordinator, administrator):
        (notice,) = told(person)
        assert notice[0] == "moderation"
        assert notice[2] == "Injure publique."
    assert Line.objects.filter(act="moderation.report", by=reader).exists()
    assert Post.objects.get(pk=post.pk).removed_at is None


@pytest.mark.parametrize(
    ("track", "reason", "fields"),
    [
        ("", "Une raison.", {"track"}),
        ("other", "Une raison.", {"track"}),
        ("illegal", "   ", {"reason"}),
        ("illegal", "x" * 2001, {"reason"}),
        ("", "", {"track", "reason"}),
    ],
)
def test_a_report_needs_its_track_and_its_reasons(client, track, reason, fields):
    post = a_post()
    client.force_login(a_reader())
    page = client.post(PAGE, {"about": f"post:{post.uri}", "track": track, "reason": reason})
    assert page.status_code == 400
    assert set(page.context["form"].errors) == fields
    assert reason.strip() in page.content.decode()
    assert not Report.objects.exists()


def test_what_one_may_not_read_and_what_is_not_there_look_the_same(client):
    hidden = a_post(a_thread(a_forum(access="closed"), by=a_reader()), by=a_reader())
    gone = a_post()
    Post.objects.filter(pk=gone.pk).update(removed_at="2026-01-01T00:00:00Z")
    draft = a_practice("draft")
    client.force_login(a_user())
    abouts = [
        f"post:{hidden.uri}",
        f"post:{gone.uri}",
        f"resource:{draft.uri}",
        "post:https://x.example/1",
        "post:",
        "x",
        "",
    ]
    pages = [client.get(PAGE, {"sur": about}) for about in abouts]
    sent = [client.post(PAGE, {"about": about, "track": "illegal", "reason": "x"}) for about in abouts]
    assert {page.status_code for page in [*pages, *sent]} == {404}
    # The page says its own address again, and a token against forgery: nothing else may differ.
    assert len({re.sub(rb'value="[^"]*"', b"", page.content) for page in pages}) == 1
    assert not Report.objects.exists()


def test_a_draft_is_reported_by_nobody_not_even_by_who_reads_it(client):
    draft = a_practice("draft")
    client.force_login(a_coordinator())
    assert client.get(PAGE, {"sur": f"resource:{draft.uri}"}).status_code == 404


def test_whoever_is_signed_out_signs_in_and_comes_back_whatever_is_there(client):
    for about in (f"post:{a_post().uri}", "post:nothing"):
        answer = client.get(PAGE, {"sur": about})
        assert answer.status_code == 302
        assert answer.url.startswith(reverse("account_login"))
        assert "sur%3D" in answer.url
    answer = client.post(PAGE, {"about": "post:nothing", "track": "illegal", "reason": "x"})
    assert answer.status_code == 302
    assert not Report.objects.exists()


def test_one_does_not_report_oneself():
    author = a_speaker()
    with pytest.raises(PermissionDenied):
        a_report(f"post:{a_post(by=author).uri}", by=author)
    assert not Report.objects.exists()


def test_the_same_report_twice_is_one_until_it_is_decided():
    post, reader = a_post(), a_reader()
    first = a_report(f"post:{post.uri}", by=reader)
    assert a_report(f"post:{post.uri}", by=reader, reason="Encore.") == first
    actions.decide(first, uphold=False, reason="Rien à dire.", by=a_coordinator())
    assert a_report(f"post:{post.uri}", by=reader, reason="Encore.") != first


def test_nobody_floods_the_coordinators(monkeypatch):
    monkeypatch.setattr(actions, "MAX_OPEN", 1)
    reader = a_reader()
    a_report(by=reader)
    with pytest.raises(actions.NotPossible):
        a_report(by=reader)
    assert Report.objects.count() == 1


def test_a_prefix_is_answered_for_once():
    with pytest.raises(ValueError, match="already"):
        registry.reportable("post")


# Deciding ---------------------------------------------------------------------------------------------------------


def test_upheld_the_post_is_removed_and_both_sides_read_why(client):
    author, reader, other, coordinator = a_speaker(), a_reader(), a_reader(), a_coordinator()
    post = a_post(by=author, source="CANARI")
    report = a_report(f"post:{post.uri}", by=reader)
    same = a_report(f"post:{post.uri}", by=other, track="illegal")
    client.force_login(coordinator)
    page = client.get(report.get_absolute_url())
    assert "CANARI" in page.content.decode()
    answer = client.post(report.get_absolute_url(), {"act": "remove", "reason": "Injure, article 3 de la charte."})
    assert answer.url == reverse("moderation")
    assert "CANARI" not in client.get(post.thread.get_absolute_url()).content.decode()
    for one in (report, same):
        one.refresh_from_db()
        assert (one.state, one.decision, one.decided_by) == ("upheld", "Injure, article 3 de la charte.", coordinator)
    for person in (author, reader, other):
        assert "Injure, article 3 de la charte." in [text for _topic, _title, text in told(person)]
    assert not Notice.objects.filter(user=coordinator, topic="moderation", read_at=None).exists()
    assert Line.objects.filter(act="moderation.decide", by=coordinator).count() == 2


def test_dismissed_it_stays_and_its_author_hears_nothing():
    author, reader = a_speaker(), a_reader()
    post = a_post(by=author)
    before = told(author)
    report = a_report(f"post:{post.uri}", by=reader)
    other = a_report(f"post:{post.uri}")
    actions.decide(report, uphold=False, reason="Une critique, non une insulte.", by=a_coordinator())
    post.refresh_from_db()
    other.refresh_from_db()
    assert (post.removed_at, other.state) == (None, "open")
    assert told(author) == before
    assert told(reader)[0][2] == "Une critique, non une insulte."


def test_a_sheet_that_is_removed_is_withdrawn_and_its_authors_are_told():
    author = an_editor()
    practice = a_practice()
    Resource.objects.update(created_by=author)
    report = a_report(f"resource:{practice.uri}")
    actions.decide(report, uphold=True, reason="Données personnelles.", by=a_coordinator())
    practice.refresh_from_db()
    assert practice.state == "withdrawn"
    assert told(author)[0][2] == "Données personnelles."


def test_a_decision_needs_reasons_and_comes_once(client):
    report, coordinator = a_report(), a_coordinator()
    client.force_login(coordinator)
    assert client.post(report.get_absolute_url(), {"act": "remove", "reason": " "}).status_code == 400
    report.refresh_from_db()
    assert report.is_open
    assert Post.objects.standing().filter(is_first=False).exists()
    actions.decide(report, uphold=False, reason="Rien.", by=coordinator)
    again = client.post(report.get_absolute_url(), {"act": "remove", "reason": "Si."})
    assert again.status_code == 409
    assert Post.objects.standing().filter(is_first=False).exists()


def test_what_was_deleted_meanwhile_can_still_be_decided():
    post = a_post()
    report = a_report(f"post:{post.uri}")
    Post.objects.filter(pk=post.pk).update(removed_at="2026-01-01T00:00:00Z")
    actions.decide(report, uphold=True, reason="Retiré.", by=a_coordinator())
    report.refresh_from_db()
    assert report.state == "upheld"


def test_nobody_decides_about_their_own_words(client):
    coordinator = a_coordinator(full_name="Camille")
    a_speaker(user=coordinator)
    post = a_post(by=coordinator)
    report = a_report(f"post:{post.uri}")
    client.force_login(coordinator)
    assert client.post(report.get_absolute_url(), {"act": "keep", "reason": "Rien."}).status_code == 403
    report.refresh_from_db()
    assert report.is_open
