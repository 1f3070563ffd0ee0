"""Who is told what becomes of a sheet: those who have to act, those who wrote it, those who follow it."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from federation.publication import Publication
from resources import actions, arrivals
from resources.models import Resource
from rtes_hub.notices import actions as notices
from rtes_hub.notices import digests, letters
from rtes_hub.notices.models import Notice, Topic
from tests.make import (
    a_contributor,
    a_coordinator,
    a_member,
    a_practice,
    a_reader,
    a_territory,
    a_user,
    an_author,
    an_editor,
)

pytestmark = pytest.mark.django_db

CANARY = "canari-51c0de"


def told(user, **asked):
    return list(Notice.objects.filter(user=user, **asked).order_by("pk").values_list("title", flat=True))


def waiting(user):
    return told(user, topic=Topic.REVIEW, read_at=None)


@pytest.fixture
def member():
    return a_member()


@pytest.fixture
def author(member):
    return a_contributor(member)


@pytest.fixture
def draft(author):
    resource = a_practice("draft", title="Une cantine bio")
    Resource.objects.filter(pk=resource.pk).update(created_by=author)
    resource.refresh_from_db()
    return resource


# Between author and editors ---------------------------------------------------------------------------------------


def test_editors_are_told_of_what_is_submitted_and_nobody_else(member, author, draft):
    editor, other = an_editor(member), an_editor(a_member("com-21231"))
    reader, coordinator, former = a_reader(member), a_coordinator(), an_editor(member, ends_on=timezone.localdate())
    type(former.staffroles.get()).objects.filter(user=former).update(ends_on=timezone.localdate() - timedelta(days=1))
    actions.submit(draft, by=author, comment="Prête, je crois.")
    assert [title.endswith("Une cantine bio") for title in waiting(editor)] == [True]
    assert Notice.objects.get(user=editor).text == "Prête, je crois."
    assert Notice.objects.get(user=editor).path == f"/ressources/{draft.pk}/modifier/relire/"
    assert not any(told(one) for one in (other, reader, coordinator, former, author))


def test_coordinators_are_told_where_nobody_else_can_review(member, draft):
    editor, coordinator = an_editor(member), a_coordinator()
    actions.submit(draft, by=editor)
    assert len(waiting(coordinator)) == 1
    assert not told(editor)


@pytest.mark.parametrize(
    ("act", "more"), [("publish", {}), ("send_back", {"comment": "Il manque le budget."}), ("take_back", {})]
)
def test_what_was_reviewed_is_asked_of_nobody_any_more(member, author, draft, act, more):
    editor, colleague = an_editor(member), an_editor(member)
    actions.submit(draft, by=author)
    getattr(actions, act)(draft, by=author if act == "take_back" else editor, **more)
    assert not waiting(editor)
    assert not waiting(colleague)


def test_the_author_is_told_why_it_came_back_each_time(member, author, draft):
    editor = an_editor(member)
    for comment in ("Il manque le budget.", "Et le calendrier ?"):
        actions.submit(draft, by=author)
        actions.send_back(draft, by=editor, comment=comment)
    answers = Notice.objects.filter(user=author).order_by("pk")
    assert [answer.text for answer in answers] == ["Il manque le budget.", "Et le calendrier ?"]
    assert len(told(editor)) == 2
    assert answers[0].read_at is not None, "it was submitted again: the first answer is done with"


def test_the_author_is_told_when_it_is_published_but_not_by_themselves(member, author, draft):
    editor = an_editor(member)
    actions.submit(draft, by=author)
    actions.publish(draft, by=editor)
    assert Notice.objects.get(user=author, read_at=None).path == draft.get_absolute_url()
    mine = a_practice("draft")
    Resource.objects.filter(pk=mine.pk).update(created_by=editor)
    actions.publish(mine, by=editor)
    assert not Notice.objects.filter(user=editor, about=f"resource:{mine.uri}").exists()


# News for those who follow ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target",
    [
        "theme:mobilite",
        "territory:com-21231",
        "territory:epci-242100410",
        "territory:dep-21",
        "territory:reg-27",
        "member",
    ],
)
def test_whoever_follows_the_theme_the_place_or_the_collectivite_is_told_once(target):
    place, follower = a_territory("com-21231"), a_user()
    member = a_member("com-21231")
    notices.watch(follower, f"member:{member.actor_uri}" if target == "member" else target)
    notices.watch(a_user(), "theme:alimentation")
    practice = a_practice("draft", member=member, themes=["mobilite"], territory=place.pk, title="Autopartage")
    assert not told(follower)
    actions.publish(practice, by=None)
    actions.archive(practice, by=None)
    actions.restore(practice, by=None)
    assert [one.title for one in Notice.objects.all()] == ["Autopartage"]
    assert Notice.objects.get().user == follower


def test_two_ways_to_the_same_news_are_one_notice():
    follower = a_user()
    for target in ("theme:mobilite", "territory:reg-27", "theme:alimentation"):
        notices.watch(follower, target)
    a_practice(themes=["mobilite", "alimentation"])
    assert Notice.objects.count() == 1


def test_who_follows_the_sheet_itself_is_told_of_each_new_version():
    practice, follower, of_the_theme = a_practice(themes=["mobilite"], title="Autopartage"), a_user(), a_user()
    notices.watch(follower, f"resource:{practice.uri}")
    notices.watch(of_the_theme, "theme:mobilite")
    actions.save_draft(practice, {"summary": "Tout autre chose."}, by=None)
    actions.publish(practice, by=None, note="Le bilan de la troisième année.")
    assert Notice.objects.get().user == follower
    assert Notice.objects.get().text == "Le bilan de la troisième année."


def test_what_a_new_version_took_out_is_in_no_notice_of_the_former(client):
    reader = a_reader()
    notices.watch(reader, "theme:mobilite", "Mobilité")
    sheet = a_practice("draft", title="Vélobus de Mme Secrète", summary="Secret.", themes=["mobilite"])
    actions.publish(sheet, by=None)
    assert "Secrète" in Notice.objects.get(user=reader).title
    actions.save_draft(sheet, {"title": "Vélobus", "summary": "Public."}, by=None)
    actions.publish(sheet, by=None)
    (notice,) = Notice.objects.filter(user=reader)
    assert (notice.title, notice.text) == ("Vélobus", "Public.")


def test_who_publishes_is_not_told_of_it(member):
    editor = an_editor(member)
    notices.watch(editor, "theme:mobilite")
    actions.publish(a_practice("draft", themes=["mobilite"]), by=editor)
    assert not told(editor)


def test_what_is_kept_for_some_is_told_to_them_only(member):
    outsider, reader, elsewhere = a_user(), a_reader(member), a_reader(a_member("com-21231"))
    for one in (outsider, reader, elsewhere):
        notices.watch(one, "theme:mobilite")
    a_practice(themes=["mobilite"], visibility="members", federated=False, title=CANARY)
    a_practice(themes=["mobilite"], visibility="owner", federated=False, title=CANARY)
    assert [len(told(one)) for one in (outsider, reader, elsewhere)] == [0, 2, 1]


# From partners ----------------------------------------------------------------------------------------------------


def a_publication(author, **said):
    now = timezone.now()
    facts = {"uri": f"{author.hub}/ap/objects/1", "kind": "good-practice", "author": author.uri, "title": "Vélobus"}
    return Publication(**facts | {"themes": ("mobilite",), "published": now, "updated": now, "version": 1} | said)


def test_news_from_a_partner_is_told_once_however_often_it_arrives():
    author, follower = an_author(), a_user()
    notices.watch(follower, "theme:mobilite")
    for _ in range(3):
        arrivals.receive(a_publication(author), author)
    arrivals.receive(a_publication(author, version=2, title="Vélobus, la suite"), author)
    assert told(follower) == ["Vélobus, la suite"]


def test_a_catalogue_that_comes_in_whole_is_no_news():
    author, follower = an_author(), a_user()
    notices.watch(follower, "theme:mobilite")
    arrivals.receive(a_publication(author, published=timezone.now() - timedelta(days=90)), author)
    assert not told(follower)


@pytest.mark.parametrize("frequency", ["now", "weekly"])
def test_what_a_partner_withdraws_is_in_no_notice_and_no_letter(frequency):
    author, follower = an_author(), a_user()
    notices.prefer(follower, {Topic.FOLLOWED: frequency})
    notices.watch(follower, "theme:mobilite")
    resource = arrivals.receive(a_publication(author, title=CANARY), author)
    assert told(follower) == [CANARY]
    arrivals.remove(resource.uri)
    _a_week_later()
    assert not Notice.objects.exists()
    assert not mail.outbox


@pytest.mark.parametrize("how", ["withdraw", "hide"])
def test_what_is_withdrawn_or_hidden_before_the_letter_is_not_in_it(how):
    follower = a_user()
    notices.watch(follower, "theme:mobilite")
    practice = a_practice(themes=["mobilite"], title=CANARY)
    a_practice(themes=["mobilite"], title="Une autre")
    if how == "withdraw":
        actions.withdraw(practice, by=None)
    else:
        Resource.objects.filter(pk=practice.pk).update(visibility="members")
    _a_week_later()
    (letter,) = mail.outbox
    assert CANARY not in letter.message().as_string()
    assert "Une autre" in letter.body


def _a_week_later():
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        digests.leave()
        letters.turn()
