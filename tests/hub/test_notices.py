"""Being told, once, of what one may see: the notices themselves and their pages."""

import pytest
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from rtes_hub.notices import actions, registry
from rtes_hub.notices.models import Notice, Topic
from tests.hub.telling import shut_out, tell
from tests.make import a_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shut_out")]
__all__ = ["shut_out"]

CANARY = "canari-7f3a91"


@pytest.fixture
def person():
    return a_user(full_name="Camille Martin")


def page(client, name, *args, **query):
    answer = client.get(reverse(name, args=args), query, headers={"accept-language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


# Telling ----------------------------------------------------------------------------------------------------------


def test_the_same_thing_is_told_once(person):
    tell(person)
    tell(person, title="Camille vous répond encore")
    tell(person, person)
    assert [notice.title for notice in Notice.objects.all()] == ["Camille vous répond"]


def test_the_same_key_is_told_to_each(person):
    other = a_user()
    tell(person)
    tell(person, other)
    assert Notice.objects.filter(user=other).count() == Notice.objects.filter(user=person).count() == 1


def test_nobody_is_told_of_their_own_act(person):
    other = a_user()
    tell(person, other, by=person)
    assert Notice.objects.get().user == other


def test_a_key_may_be_as_long_as_an_address(person):
    for end in ("a", "b", "a"):
        tell(person, key=f"answer:https://partner.example/{'x' * 2000}{end}")
    assert Notice.objects.count() == 2


def test_a_deactivated_person_is_told_nothing(person):
    gone = a_user(is_active=False)
    tell(gone, person)
    assert Notice.objects.get().user == person


@pytest.mark.parametrize("path", ["https://elsewhere.example/", "//elsewhere.example/", "", "/" + "x" * 500])
def test_a_notice_leads_nowhere_but_into_this_hub(person, path):
    with pytest.raises(ValueError, match="no path of this hub"):
        tell(person, path=path)
    assert not Notice.objects.exists()


def test_each_is_told_in_their_own_language():
    people = [a_user(language="fr"), a_user(language="en")]
    tell(*people, title=format_lazy("{what}: {name}", what=_("Stop following"), name="a{b}"))
    titles = {notice.user.language: notice.title for notice in Notice.objects.all()}
    assert titles["en"] == "Stop following: a{b}"
    assert titles["fr"].endswith(": a{b}")


def test_what_is_told_is_plain_whatever_was_written(person):
    tell(person, title="Bonjour\r\nBcc: tous@example.org\u202e", text="Une\x00 ligne\n\n\x1bune autre\u2066")
    notice = Notice.objects.get()
    assert notice.title == "Bonjour Bcc: tous@example.org"
    assert notice.text == "Une ligne\n\nune autre"


def test_telling_many_costs_no_query_each(django_assert_max_num_queries):
    people = [a_user(password=None) for _ in range(600)]
    with django_assert_max_num_queries(20):
        tell(*people)
    assert Notice.objects.count() == 600


# What is withdrawn, or done ---------------------------------------------------------------------------------------


def test_what_is_withdrawn_leaves_every_notice(person):
    tell(person, text=CANARY)
    tell(person, key="answer:2", about="test:2")
    actions.forget("test:1")
    assert Notice.objects.get().about == "test:2"


def test_what_is_done_is_asked_of_nobody_any_more(person):
    other = a_user()
    tell(person, other, topic=Topic.REVIEW)
    tell(person, key="answer:2", topic=Topic.ANSWER)
    actions.settle(Topic.REVIEW, "test:1")
    assert [notice.topic for notice in Notice.objects.filter(read_at=None)] == [Topic.ANSWER]
    assert not Notice.objects.filter(topic=Topic.REVIEW, mailed_at=None).exists()


# Who may see ------------------------------------------------------------------------------------------------------


def test_what_nobody_answers_for_is_not_shown(person):
    assert registry.visible(person, ["unheard-of:1", "test:1", "nonsense"]) == {"test:1"}


def test_a_prefix_has_one_answer():
    with pytest.raises(ValueError, match="test is answered for already"):
        registry.may_see("test")(lambda user, name: True)


def test_an_answer_cannot_show_more_than_was_asked(person):
    registry.may_see_among("wide")(lambda user, names: [*names, "another"])
    assert registry.visible(person, ["wide:1"]) == {"wide:1"}


# The pages --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["notices", "notice-settings"])
def test_a_passer_by_is_asked_to_sign_in(client, name):
    answer = client.get(reverse(name))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


def test_nothing_told_is_a_page_that_says_what_to_do(client, person):
    client.force_login(person)
    assert "To follow a theme or a territory" in page(client, "notices")


def test_unread_ones_come_first_then_the_newest(client, person):
    for number in range(4):
        tell(person, key=f"answer:{number}", title=f"Nouvelle {number}.")
    actions.mark_read(person, [Notice.objects.get(title="Nouvelle 3.").pk])
    client.force_login(person)
    shown = page(client, "notices")
    titles = [f"Nouvelle {number}." for number in (2, 1, 0, 3)]
    assert sorted(titles, key=shown.index) == titles
    assert shown.count("Mark as read") == 3


def test_a_notice_is_read_by_being_opened_not_by_being_listed(client, person):
    tell(person)
    client.force_login(person)
    page(client, "notices")
    assert Notice.objects.filter(read_at=None).exists()
    answer = client.get(reverse("notice", args=[Notice.objects.get().pk]))
    assert answer["Location"] == "/discussions/1/"
    assert not Notice.objects.filter(read_at=None).exists()


def test_one_or_all_are_marked_as_read_and_only_ones_own(client, person):
    other = a_user()
    for number in range(3):
        tell(person, other, key=f"answer:{number}")
    theirs, mine = (Notice.objects.filter(user=one, read_at=None) for one in (other, person))
    client.force_login(person)
    client.post(reverse("notices-read"), {"notice": theirs[0].pk})
    assert (theirs.count(), mine.count()) == (3, 3)
    client.post(reverse("notices-read"), {"notice": mine[0].pk})
    assert (theirs.count(), mine.count()) == (3, 2)
    client.post(reverse("notices-read"), {"notice": "nonsense"})
    assert mine.count() == 2
    client.post(reverse("notices-read"))
    assert (theirs.count(), mine.count()) == (3, 0)


def test_a_notice_of_another_is_not_there(client, person):
    tell(a_user())
    client.force_login(person)
    assert client.get(reverse("notice", args=[Notice.objects.get().pk])).status_code == 404
    assert Notice.objects.get().read_at is None


def test_what_one_may_not_see_any_more_is_shown_nowhere_and_counted_no_more(client, person, shut_out):
    tell(person, title=CANARY, text=CANARY)
    tell(person, key="answer:2", about="test:2")
    shut_out.add((person.pk, "1"))
    client.force_login(person)
    shown = page(client, "notices")
    assert CANARY not in shown
    assert "Camille vous répond" in shown
    assert client.get(reverse("notice", args=[Notice.objects.get(about="test:1").pk])).status_code == 404
    assert '<span class="badge">1<span' in page(client, "notices")


def test_the_list_is_in_pages(client, person):
    for number in range(25):
        tell(person, key=f"answer:{number}", title=f"Nouvelle {number}.")
    client.force_login(person)
    assert page(client, "notices").count("Nouvelle") == 2 * 20
    assert page(client, "notices", page=2).count("Nouvelle") == 2 * 5


def test_the_list_costs_the_same_for_one_and_for_many(client, person, django_assert_num_queries):
    client.force_login(person)
    registry.may_see_among("many")(lambda user, names: names)
    for number in range(20):
        tell(person, key=f"answer:{number}", about=f"many:{number}")
        if number in (0, 19):
            with django_assert_num_queries(6):  # session, person, count, notices; hub, unread
                page(client, "notices")


def test_the_header_says_how_many_are_unread(client, person):
    client.force_login(person)
    assert '<span class="badge">' not in page(client, "account")
    for number in range(3):
        tell(person, key=f"answer:{number}")
    assert '<span class="badge">3<span class="visually-hidden"> unread</span></span>' in page(client, "account")


def test_the_number_stops_at_what_matters(client, person):
    rows = [Notice(user=person, topic=Topic.ANSWER, key=str(n), about="test:1", path="/") for n in range(120)]
    Notice.objects.bulk_create(rows)
    client.force_login(person)
    assert '<span class="badge">99+<' in page(client, "account")
