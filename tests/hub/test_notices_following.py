"""Following, and how often one wants letters about it."""

import pytest
from django.template import engines
from django.test import RequestFactory
from django.urls import reverse

from rtes_hub.audit.models import Line
from rtes_hub.notices import actions
from rtes_hub.notices.models import Frequency, Letter, Notice, Topic, Watch
from tests.hub.telling import shut_out, tell, wants
from tests.make import a_coordinator, a_member, a_reader, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shut_out")]
__all__ = ["shut_out"]


@pytest.fixture
def person():
    return a_user(full_name="Camille Martin")


def page(client, name, *args, **query):
    answer = client.get(reverse(name, args=args), query, headers={"accept-language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


# Following --------------------------------------------------------------------------------------------------------


def follow(client, act="follow", target="test:1", **more):
    return client.post(reverse("notices-follow"), {"target": target, "label": "Alimentation", "act": act, **more})


def test_following_twice_is_following_once_and_leads_back(client, person):
    client.force_login(person)
    back = reverse("catalogue") + "?theme=mobilite"
    assert follow(client, next=back)["Location"] == back
    follow(client, next=back)
    watch = Watch.objects.get()
    assert (watch.user, watch.target, watch.label, watch.path) == (person, "test:1", "Alimentation", back)
    assert list(actions.watchers("test:1", "test:2")) == [person]
    follow(client, "stop", next=back)
    assert not actions.is_watching(person, "test:1")


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_the_button_leads_back_into_this_hub_only(client, person, back):
    client.force_login(person)
    assert follow(client, next=back)["Location"] == reverse("notice-settings")


def test_a_passer_by_signs_in_first_and_comes_back(client):
    back = reverse("members")
    answer = follow(client, next=back)
    assert answer["Location"].startswith(reverse("account_login"))
    assert back in answer["Location"]
    assert not Watch.objects.exists()


@pytest.mark.parametrize("target", ["unheard-of:1", "test:hidden", "test", ":1", "test:" + "x" * 2100])
def test_what_one_may_not_see_cannot_be_followed(client, person, shut_out, target):
    shut_out.add((person.pk, "hidden"))
    client.force_login(person)
    assert follow(client, target=target).status_code == 404
    assert not Watch.objects.exists()


def test_nobody_follows_without_end(client, person, monkeypatch):
    monkeypatch.setattr(actions, "MAX_WATCHES", 1)
    client.force_login(person)
    follow(client)
    answer = follow(client, target="test:2", next=reverse("notice-settings"))
    assert Watch.objects.count() == 1
    assert "1" in client.get(answer["Location"]).content.decode()


def test_a_deactivated_person_follows_nothing(person):
    actions.watch(person, "test:1")
    type(person).objects.update(is_active=False)
    assert not actions.watchers("test:1").exists()


def test_any_number_of_buttons_cost_one_query(client, person, django_assert_num_queries):
    request = RequestFactory().get("/")
    request.user = person
    actions.watch(person, "test:2")
    template = engines["django"].from_string(
        "{% load notices %}{% for target in targets %}{% watch_button target label %}{% endfor %}"
    )
    with django_assert_num_queries(1):
        shown = template.render({"targets": ["test:1", "test:2", "test:3"], "label": "<b>"}, request)
    assert shown.count('value="follow"') == 2
    assert shown.count('value="stop"') == 1
    assert "<b>" not in shown


def test_the_catalogue_offers_to_follow_what_was_asked_for(client, person):
    a_member("epci-242100410")
    client.force_login(person)
    url = reverse("catalogue")
    assert 'value="follow"' not in client.get(url).content.decode()
    shown = client.get(url, {"theme": "mobilite", "territory": "epci-242100410"}).content.decode()
    assert 'value="theme:mobilite"' in shown
    assert 'value="territory:epci-242100410"' in shown
    follow(client, target="theme:mobilite")
    assert 'value="stop"' in client.get(url, {"theme": "mobilite"}).content.decode()


def test_the_page_of_a_collectivite_offers_to_follow_it(client, person):
    member = a_member()
    client.force_login(person)
    assert f'value="member:{member.actor_uri}"' in page(client, "member", member.slug)
    assert follow(client, target=f"member:{member.actor_uri}").status_code == 302
    assert Watch.objects.get().target == f"member:{member.actor_uri}"


# Preferences ------------------------------------------------------------------------------------------------------


def test_everyone_has_letters_weekly_until_they_choose(client, person):
    assert set(actions.frequencies(person).values()) == {Frequency.WEEKLY}
    client.force_login(person)
    chosen = dict.fromkeys(set(Topic.values) - {Topic.MODERATION}, "daily") | {"answer": "now"}
    assert client.post(reverse("notice-settings"), chosen).status_code == 302
    assert actions.frequencies(person) == dict.fromkeys(Topic.values, "daily") | {
        "answer": "now",
        "moderation": "weekly",
    }
    assert Line.objects.filter(act="notices.prefer", by=person).count() == 1


def test_a_frequency_that_is_none_is_refused_and_nothing_changes(client, person):
    client.force_login(person)
    chosen = dict.fromkeys(Topic.values, "daily") | {"answer": "hourly"}
    assert client.post(reverse("notice-settings"), chosen).status_code == 200
    assert set(actions.frequencies(person).values()) == {Frequency.WEEKLY}


@pytest.mark.parametrize(("who", "offered"), [(a_coordinator, True), (a_reader, False)])
def test_reports_are_a_topic_for_coordinators_only(client, who, offered):
    client.force_login(who())
    assert ('name="moderation"' in page(client, "notice-settings")) is offered


def test_never_means_no_letter_for_what_waits_nor_for_what_comes(person):
    tell(person)
    wants(person, "never")
    tell(person, key="answer:2")
    assert not Notice.objects.filter(mailed_at=None).exists()
    assert Notice.objects.filter(read_at=None).count() == 2
    assert not Letter.objects.exists()


def test_one_thing_followed_can_be_silent(client, person):
    client.force_login(person)
    follow(client)
    follow(client, "silence")
    tell(person)
    assert Notice.objects.get().mailed_at is not None
    follow(client, "unsilence")
    tell(person, key="answer:2")
    assert Notice.objects.filter(mailed_at=None).count() == 1


def test_what_is_followed_in_two_ways_is_silent_when_both_are(person):
    for target in ("test:1", "test:2"):
        actions.watch(person, target)
    actions.silence(person, "test:1")
    tell(person, watched=["test:1", "test:2"])
    assert Notice.objects.get().mailed_at is None
    actions.silence(person, "test:2")
    tell(person, key="answer:2", watched=["test:1", "test:2"])
    assert Notice.objects.filter(mailed_at=None).count() == 1
