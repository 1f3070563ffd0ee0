"""Pages for those who act: presenting a collectivité, and for coordinators, managing members and their people."""

import pytest
from django.urls import reverse

from rtes_hub.audit.models import Line
from rtes_hub.territories.models import Member, StaffRole
from tests.make import (
    a_contributor,
    a_coordinator,
    a_member,
    a_reader,
    a_remote_member,
    a_territory,
    a_user,
    an_administrator,
    an_editor,
)

pytestmark = pytest.mark.django_db


def page(client, url, **query):
    answer = client.get(url, query, headers={"accept-language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("maker", "status"),
    [(None, 302), (a_user, 403), (a_reader, 403), (a_contributor, 403), (an_editor, 302), (a_coordinator, 302)],
)
def test_who_may_present_a_collectivite(client, maker, status):
    member = a_member()
    if maker:
        client.force_login(maker())
    answer = client.post(reverse("member-edit", args=[member.slug]), {"summary": "Pris", "website": ""})
    member.refresh_from_db()
    assert answer.status_code == status
    assert (member.summary == "Pris") is (status == 302 and maker is not None)


def test_nobody_presents_a_collectivite_of_another_hub(client):
    theirs = a_remote_member()
    client.force_login(an_administrator())
    assert client.post(reverse("member-edit", args=[theirs.slug]), {"summary": "Pris"}).status_code == 403


MANAGEMENT = [
    ("members-manage", False, {"territory": "com-21231"}),
    ("member-posts", True, {"email": "x@example.org", "function": "Maire", "elected": "yes", "role": "editor"}),
    ("member-leave", True, {}),
]


@pytest.mark.parametrize(("name", "of_a_member", "data"), MANAGEMENT)
@pytest.mark.parametrize(("maker", "status"), [(None, 302), (a_user, 403), (a_reader, 403), (an_editor, 403)])
def test_nobody_but_a_coordinator_manages_members(client, name, of_a_member, data, maker, status):
    member = a_member()
    a_territory("com-21231")
    if maker:
        client.force_login(maker())
    lines = Line.objects.count()
    url = reverse(name, args=[member.slug] if of_a_member else [])
    for answer in (client.post(url, data), client.get(url)):
        assert answer.status_code == status
    assert (Member.objects.count(), Line.objects.count()) == (1, lines)


def test_a_coordinator_adds_a_collectivite_without_any_script(client):
    a_territory("com-21231")
    client.force_login(a_coordinator())
    found = page(client, reverse("members-manage"), q="dijon")
    assert 'name="territory" value="com-21231"' in found
    answer = client.post(reverse("members-manage"), {"territory": "com-21231"})
    member = Member.objects.get()
    assert (answer.url, member.name) == (reverse("member-posts", args=[member.slug]), "Dijon")
    assert "Already a member" in page(client, reverse("members-manage"), q="dijon")


def test_a_territory_chosen_by_completion_is_the_only_one_proposed(client):
    a_territory("com-21231"), a_territory("epci-242100410")
    client.force_login(a_coordinator())
    answer = client.get(reverse("members-manage"), {"q": "dijon", "territory": "epci-242100410"})
    assert [row[0].pk for row in answer.context["results"]] == ["epci-242100410"]


@pytest.mark.parametrize("territory", ["", "com-00000", "x" * 500, "\x00"])
def test_a_territory_that_does_not_exist_does_not_join(client, territory):
    client.force_login(a_coordinator())
    assert client.post(reverse("members-manage"), {"territory": territory}).status_code == 302
    assert not Member.objects.exists()


def test_a_coordinator_appoints_and_dismisses(client):
    member = a_member()
    client.force_login(a_coordinator())
    url = reverse("member-posts", args=[member.slug])
    said = {
        "email": "Elue@Example.org",
        "full_name": "Ada Martin",
        "elected": "yes",
        "function": "Vice-présidente",
        "about": "ESS",
        "role": "editor",
        "ends_on": "2032-03-31",
    }
    assert client.post(url, said).status_code == 302
    [mandate] = member.mandates.all()
    assert (mandate.user.email, mandate.delegation, mandate.role) == ("elue@example.org", "ESS", "editor")
    assert "Ada Martin" in page(client, url)
    assert client.post(reverse("post-end", args=[member.slug, "mandat", mandate.pk])).status_code == 302
    assert not member.mandates.current().exists()
    assert "Vice-présidente" not in page(client, url).partition("<form")[0]


def test_a_refused_appointment_says_why_and_keeps_what_was_typed(client):
    member = a_member()
    client.force_login(a_coordinator())
    said = {
        "email": "elue@example.org",
        "elected": "no",
        "function": "Directrice",
        "role": "editor",
        "starts_on": "2026-05-01",
        "ends_on": "2026-04-01",
    }
    answer = client.post(reverse("member-posts", args=[member.slug]), said, headers={"accept-language": "en"})
    text = answer.content.decode()
    assert (answer.status_code, StaffRole.objects.count()) == (200, 0)
    assert "The last day comes before the first." in text
    assert 'value="Directrice"' in text


def test_a_post_is_ended_under_its_own_collectivite_only(client):
    member, other = a_member(), a_member("com-21231")
    post = an_editor(member).staffroles.get()
    client.force_login(a_coordinator())
    for slug, what in ((other.slug, "agent"), (member.slug, "mandat"), (member.slug, "x")):
        assert client.post(reverse("post-end", args=[slug, what, post.pk])).status_code == 404
    assert member.staffroles.current().exists()


def test_my_account_says_for_whom_i_act_and_keeps_what_i_change(client):
    user = an_editor(function="Chargée de mission")
    client.force_login(user)
    assert "Chargée de mission" in page(client, reverse("account"))
    answer = client.post(reverse("account"), {"full_name": "Ada Martin", "language": "en", "hub_role": "administrator"})
    user.refresh_from_db()
    assert (answer.status_code, user.full_name, user.language, user.hub_role) == (302, "Ada Martin", "en", "")


def test_a_visitor_has_no_account_page(client):
    assert client.get(reverse("account")).url.startswith(reverse("account_login"))
