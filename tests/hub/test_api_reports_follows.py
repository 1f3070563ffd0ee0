"""Reports, decisions, what is followed and how often one is written to, through the API; and the entrance of it."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from rtes_hub.moderation.models import Report
from rtes_hub.notices.models import Preference, Watch
from rtes_hub.themes import THEMES
from tests.make import a_coordinator, a_forum, a_post, a_practice, a_reader, a_speaker, a_thread, a_user
from tests.resources.programs import API, is_problem, send, signed

pytestmark = pytest.mark.django_db


# Reports ----------------------------------------------------------------------------------------------------------


def test_a_report_is_made_decided_and_its_outcome_read(client):
    reader, coordinator = a_reader(), a_coordinator(full_name="Coordinatrice Secrète")
    post = a_post(a_thread(), by=a_speaker(), source="CANARI")
    body = {"about": f"post:{post.uri}", "track": "charter", "reason": "Insulte."}
    is_problem(send(client, "post", "reports/", body), 401)
    made = send(client, "post", "reports/", body, **signed(reader)).json()
    assert (made["state"], made["title"], made["excerpt"]) == ("open", "", "")
    path = f"reports/{made['id']}/"
    decision = {"uphold": True, "reason": "Contraire à la charte."}
    is_problem(send(client, "post", path + "decide/", decision, **signed(reader)), 403)
    is_problem(send(client, "get", path, **signed(a_reader())), 404)
    is_problem(send(client, "get", "reports/", **signed(reader)), 403)
    desk = signed(coordinator)
    listed = send(client, "get", "reports/?state=open", **desk).json()["results"]
    assert [(one["id"], one["excerpt"]) for one in listed] == [(made["id"], "CANARI")]
    assert "reason" in is_problem(send(client, "post", path + "decide/", {"uphold": True}, **desk), 400)["errors"]
    assert send(client, "post", path + "decide/", decision, **desk).json()["state"] == "upheld"
    is_problem(send(client, "post", path + "decide/", decision, **desk), 409)
    post.refresh_from_db()
    assert post.removed_at
    outcome = send(client, "get", path, **signed(reader))
    assert outcome.json()["decision"] == "Contraire à la charte."
    assert "Secrète" not in outcome.content.decode()


def test_what_one_may_not_read_cannot_be_reported(client):
    hidden = a_post(a_thread(a_forum(access="closed"), by=a_reader()), by=a_reader())
    said = {"track": "illegal", "reason": "x"}
    token = signed(a_user())
    refused = [
        send(client, "post", "reports/", said | {"about": about}, **token)
        for about in (f"post:{hidden.uri}", "post:http://127.0.0.1:8000/ap/objects/x", "nothing:x")
    ]
    assert len({answer.content for answer in refused}) == 1
    assert list(is_problem(refused[0], 400)["errors"]) == ["about"]
    assert not Report.objects.exists()


def test_the_list_of_reports_costs_the_same_however_long(client, django_assert_num_queries):
    desk = signed(a_coordinator())
    for number in range(5):
        Report.objects.create(about=f"post:{number}", title="x", path="/", track="charter", reason="x", by=a_reader())
    send(client, "get", "reports/", **desk)
    with django_assert_num_queries(2):
        assert len(send(client, "get", "reports/", **desk).json()["results"]) == 5


# Following --------------------------------------------------------------------------------------------------------


def test_one_follows_silences_and_stops(client):
    person, other = a_reader(), a_reader()
    token, theme = signed(person), f"theme:{next(iter(THEMES))}"
    is_problem(send(client, "get", "follows/"), 401)
    made = send(client, "post", "follows/", {"target": theme, "label": "Thème"}, **token)
    assert made.status_code == 201
    send(client, "post", "follows/", {"target": theme}, **token)
    path = f"follows/{made.json()['id']}/"
    assert [one["label"] for one in send(client, "get", "follows/", **token).json()["results"]] == ["Thème"]
    is_problem(send(client, "delete", path, **signed(other)), 404)
    assert send(client, "patch", path, {"silent": True}, **token).json()["silent"] is True
    assert send(client, "delete", path, **token).status_code == 204
    assert not Watch.objects.exists()


def test_what_one_may_not_see_cannot_be_followed(client):
    closed = a_forum(access="closed")
    token = signed(a_user())
    for target in (f"forum:{closed.uri}", "nothing:x", "x"):
        body = {"target": target}
        assert list(is_problem(send(client, "post", "follows/", body, **token), 400)["errors"]) == ["target"]
    assert not Watch.objects.exists()


def test_how_often_one_wants_letters(client):
    person = a_reader()
    token = signed(person)
    is_problem(send(client, "get", "notices/frequencies/"), 401)
    assert send(client, "get", "notices/frequencies/", **token).json()["answer"] == "weekly"
    now = send(client, "patch", "notices/frequencies/", {"answer": "now"}, **token).json()
    assert (now["answer"], now["mention"]) == ("now", "weekly")
    for body in ({"moderation": "now"}, {"answer": "often"}, {"answr": "now"}):
        problem = is_problem(send(client, "patch", "notices/frequencies/", body, **token), 400)
        assert list(problem["errors"]) == list(body)
    assert Preference.objects.count() == 1


# The entrance -----------------------------------------------------------------------------------------------------


def test_the_root_leads_to_every_list(client):
    names = client.get(API).json()
    token = signed(a_coordinator())
    assert names["schema"] == f"http://testserver{API}schema/"
    for name in names:
        answer = client.get(API + name + "/", **token)
        needs = {"posts": ["thread"], "territories": ["q"]}.get(name)
        assert answer.status_code == (400 if needs else 200), name


@pytest.mark.parametrize("scheme", ["Token", "Bearer", "bearer"])
def test_both_schemes_sign_in(client, scheme):
    token = signed(a_user())["headers"]["Authorization"].split()[1]
    assert client.get(f"{API}notices/", headers={"Authorization": f"{scheme} {token}"}).status_code == 200


@pytest.mark.parametrize("header", ["Bearer x", "Token", "Basic eDp5", "Token a b"])
def test_whoever_cannot_sign_in_is_told_so(client, header):
    is_problem(client.get(f"{API}resources/", headers={"Authorization": header}), 401)


def test_the_description_has_one_wording(client):
    served = [client.get(f"{API}schema/", headers={"Accept-Language": language}).content for language in ("fr", "en")]
    assert served[0] == served[1] == (settings.BASE_DIR / "docs/openapi.yaml").read_bytes()


def test_a_hub_that_starts_in_french_describes_its_api_in_the_same_words(tmp_path):
    """What a class says of itself is said when it is made: the settings of the tests would not show it."""
    env = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
    env |= {"RTES_ENV": "development", "RTES_DATA_DIR": str(tmp_path)}
    argv = [sys.executable, "manage.py", "spectacular", "--lang", "en"]
    said = subprocess.run(argv, cwd=settings.BASE_DIR, env=env, capture_output=True, check=True).stdout
    assert said == (settings.BASE_DIR / "docs/openapi.yaml").read_bytes()


def test_what_the_hub_writes_comes_back_as_it_was_read(client):
    sheet = a_practice()
    token = signed(a_coordinator())
    kept = send(client, "get", f"resources/{sheet.pk}/", **token).json()["facts"]
    assert kept["validation"]
    assert send(client, "patch", f"resources/{sheet.pk}/", {"facts": kept}, **token).status_code == 200
    forged = {"facts": {"validation": []}}
    problem = is_problem(send(client, "patch", f"resources/{sheet.pk}/", forged, **token), 400)
    assert list(problem["errors"]) == ["facts.validation"]
