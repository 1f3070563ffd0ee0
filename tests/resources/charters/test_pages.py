"""Pages of charters, through the door: what is read, by whom, and that nothing typed is lost."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from resources.charters.models import Evidence, Pledge, ProofFile
from resources.charters.sheets import safe
from tests.make import (
    a_charter,
    a_coordinator,
    a_member,
    a_pledge,
    a_practice,
    a_reader,
    a_remote_member,
    a_territory,
    an_editor,
)
from tests.returning import session_ended

pytestmark = pytest.mark.django_db


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def typed(*codes: str, **changes: str) -> dict[str, str]:
    """The update page as a browser sends it: every measure, not started, unless changed ("A1-status")."""
    due = (timezone.localdate() + timedelta(days=90)).isoformat()
    said = {}
    for code in codes:
        said |= {f"{code}-status": "not_started", f"{code}-progress": "0", f"{code}-next_update_due": due}
        said |= {f"{code}-comment": "", f"{code}-evidence-kind": "link"}
        said |= {f"{code}-evidence-label": "", f"{code}-evidence-url": ""}
    return said | changes


def test_a_passer_by_reads_measures_by_theme_scoreboard_and_pledge(client):
    pledge = a_pledge(progress={"A1": {"status": "running", "progress": 40, "comment": "Convention en cours."}})
    charter = pledge.charter
    page = text_of(client.get(reverse("charter", args=[charter.pk])))
    assert "A. Faire émerger" in page
    assert "1 pledge, 0 done" in page
    board = text_of(client.get(reverse("charter-board", args=[charter.pk])))
    assert pledge.name in board
    assert "this is no ranking" in board
    shown = text_of(client.get(reverse("pledge", args=[pledge.pk])))
    for words in ("Convention en cours.", "La maire", "Under way", "40 %", "Nothing was told of it yet."):
        assert words in shown
    for url in (reverse("charter", args=[charter.pk]), reverse("pledge", args=[pledge.pk])):
        assert "mise-a-jour" not in client.get(url).content.decode()


def test_the_picture_says_in_words_what_it_shows(client):
    pledge = a_pledge(progress={"A1": 40, "A2": 60, "B1": 10})
    page = client.get(reverse("charter-board", args=[pledge.charter_id])).content.decode()
    title = re.search(r"<title id=\"picture-title\">(.*?)</title>", page)[1]
    assert "innovation sociale et environnementale: 50 %" in title
    assert "marchés publics: 10 %" in title
    assert "entrepreneuriat social: –" in title
    assert page.index("<table") < page.index("picture-title")


@pytest.mark.parametrize("visibility", ["members", "owner"])
@pytest.mark.parametrize("name", ["charter", "charter-board", "charter-csv", "pledge", "resource"])
def test_pledges_on_a_charter_that_is_not_public_are_seen_by_nobody_else(client, visibility, name):
    charter = a_charter(visibility=visibility)
    pledge = a_pledge(charter, member=charter.member, signatory="Signature canari", text="Texte canari")
    args = {"pledge": [pledge.pk], "resource": [charter.pk, charter.slug]}.get(name, [charter.pk])
    url = reverse(name, args=args)
    assert client.get(url).status_code == 404
    for path in ("/ressources/?q=canari", "/api/v1/pledges/", "/api/v1/resources/?q=canari"):
        page = client.get(path).content.decode()
        assert "Signature canari" not in page
        assert charter.title not in page
    client.force_login(a_reader(charter.member))
    assert client.get(url).status_code == 200


def test_a_draft_charter_has_no_pages_yet(client):
    client.force_login(a_coordinator())
    assert client.get(reverse("charter", args=[a_charter("draft").pk])).status_code == 404


def test_pages_cost_the_same_for_one_pledge_and_for_thirty(client, django_assert_max_num_queries):
    charter = a_charter()
    for _ in range(30):
        a_pledge(charter)
    client.force_login(a_coordinator())
    for name in ("charter", "charter-board", "charter-csv"):
        with django_assert_max_num_queries(14):
            assert client.get(reverse(name, args=[charter.pk])).status_code == 200
    pledge = Pledge.objects.first()
    with django_assert_max_num_queries(20):
        client.get(reverse("pledge", args=[pledge.pk]))


# Pledging ---------------------------------------------------------------------------------------------------------


def test_an_elected_member_pledges_with_what_the_hub_knows_already_filled_in(client):
    charter, town = a_charter(), a_member("com-21231")
    start = timezone.localdate() - timedelta(days=20)
    client.force_login(an_editor(town, elected=True, function="Adjointe", delegation="ESS", starts_on=start))
    assert (
        reverse("pledge-new", args=[charter.pk]) in client.get(reverse("charter", args=[charter.pk])).content.decode()
    )
    chosen = client.get(reverse("pledge-new", args=[charter.pk]))
    assert chosen["Location"] == reverse("pledge-edit", args=[charter.pk, town.slug])
    form = client.get(chosen["Location"]).content.decode()
    assert 'value="Adjointe, ESS"' in form
    assert f'value="{start.isoformat()}"' in form
    assert form.count("checked") == 8
    said = {"signatory": "Adjointe, ESS", "signed_on": timezone.localdate(), "mandate_starts_on": start}
    answer = client.post(chosen["Location"], said | {"measures": ["A1", "B1"]}, follow=True)
    assert "Pledged." in answer.content.decode()
    assert [row.measure for row in Pledge.objects.get().commitments.all()] == ["A1", "B1"]


def test_a_pledge_that_is_refused_comes_back_as_it_was_typed_with_the_reasons(client):
    charter, town = a_charter(), a_member("com-21231")
    client.force_login(an_editor(town))
    said = {"signatory": "", "signed_on": "demain", "mandate_starts_on": "2026-03-01", "measures": ["B1"]}
    answer = client.post(reverse("pledge-edit", args=[charter.pk, town.slug]), said | {"text": "Nos mots à nous."})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert page.count("checked") == 1
    for words in ("Nos mots à nous.", "demain", 'href="#id_signatory"', 'href="#id_signed_on"'):
        assert words in page


def test_a_pledge_typed_while_the_session_ended_is_there_after_signing_in(client):
    charter, town = a_charter(), a_member("com-21231")
    url = reverse("pledge-edit", args=[charter.pk, town.slug])
    editor = an_editor(town)
    session_ended(client)
    answer = client.post(url, {"signatory": "La maire déléguée", "measures": ["C1"]})
    assert not Pledge.objects.exists()
    signed_in = client.post(answer["Location"], {"login": editor.email, "password": "mot-de-passe-des-tests"})
    assert signed_in["Location"] == url
    page = client.get(url).content.decode()
    assert "La maire déléguée" in page
    assert "notice--warning" in page


# Five minutes -----------------------------------------------------------------------------------------------------


def test_one_page_holds_every_measure_as_it_was_told_last(client):
    pledge = a_pledge(progress={"A1": {"status": "running", "progress": 40, "comment": "Un agent est nommé."}})
    client.force_login(an_editor(pledge.member))
    page = client.get(reverse("pledge-update", args=[pledge.charter_id, pledge.member.slug])).content.decode()
    assert page.count('<fieldset class="measure-form"') == 3
    assert 'name="A1-progress" id="id_A1-progress" value="40"' in page
    assert "Un agent est nommé." in page
    assert re.search(r'<option value="running" selected', page)
    for code in ("A1", "A2", "B1"):
        controls = set(re.findall(rf'name="{code}-([a-z_]+)', page))
        assert controls == {"status", "progress", "comment", "next_update_due", "evidence", "file"}, "six at most"


def test_what_moved_is_told_and_what_did_not_is_confirmed_in_one_go(client):
    pledge = a_pledge()
    client.force_login(an_editor(pledge.member))
    url = reverse("pledge-update", args=[pledge.charter_id, pledge.member.slug])
    sheet = a_practice()
    said = typed(
        *("A1", "A2", "B1"),
        **{
            "A1-status": "running",
            "A1-progress": "40",
            "A1-evidence-kind": "resource",
            "A1-evidence-label": "Notre fiche",
            "A1-evidence-url": sheet.uri,
            "B1-status": "done",
            "B1-next_update_due": "",
        },
    )
    answer = client.post(url, said, follow=True)
    assert "Thank you" in answer.content.decode()
    rows = {row.measure: (row.status, row.progress, row.updated_on) for row in pledge.commitments.all()}
    today = timezone.localdate()
    assert rows == {
        "A1": ("running", 40, today),
        "A2": ("not_started", 0, today),
        "B1": ("done", 100, today),
    }
    assert sheet.get_absolute_url() in answer.content.decode(), "a sheet that is here opens here"


def test_a_document_is_kept_though_something_else_was_wrong_and_served_as_a_download(client):
    pledge = a_pledge()
    client.force_login(an_editor(pledge.member))
    url = reverse("pledge-update", args=[pledge.charter_id, pledge.member.slug])
    wrong = typed("A1", **{"A1-progress": "400", "A1-evidence-label": "Délibération"})
    upload = SimpleUploadedFile("deliberation 12.pdf", b"%PDF-1.4 vote")
    refused = client.post(url, wrong | {"A1-file": upload})
    assert refused.status_code == 400
    address = re.search(r'name="A1-evidence-url" id="id_A1-evidence-url" value="([^"]+)"', refused.content.decode())[1]
    assert not Evidence.objects.exists()
    right = wrong | {
        "A1-progress": "40",
        "A1-status": "running",
        "A1-evidence-url": address,
        "A1-evidence-kind": "file",
    }
    assert client.post(url, right).status_code == 302
    assert Evidence.objects.get().url == address
    client.logout()
    served = client.get(address.partition("//")[2].partition("/")[1] + address.partition("//")[2].partition("/")[2])
    assert b"".join(served.streaming_content) == b"%PDF-1.4 vote"
    assert served["Content-Disposition"].startswith("attachment")
    assert "sandbox" in served["Content-Security-Policy"]


def test_a_program_is_no_document_and_nothing_is_told(client):
    pledge = a_pledge()
    client.force_login(an_editor(pledge.member))
    url = reverse("pledge-update", args=[pledge.charter_id, pledge.member.slug])
    upload = SimpleUploadedFile("a.pdf", b"MZ\x90\x00\x03\x00")
    answer = client.post(url, typed("A1", **{"A1-evidence-label": "PV"}) | {"A1-file": upload})
    assert answer.status_code == 400
    assert 'href="#id_A1-evidence-file"' in answer.content.decode()
    assert not ProofFile.objects.exists()


def test_a_file_of_a_charter_for_members_is_no_file_for_others(client):
    charter = a_charter(visibility="members")
    a_pledge(charter, member=charter.member)
    client.force_login(an_editor(charter.member))
    url = reverse("pledge-update", args=[charter.pk, charter.member.slug])
    said = typed("A1", "A2", "B1", **{"A1-evidence-label": "PV"})
    client.post(url, said | {"A1-file": SimpleUploadedFile("a.pdf", b"%PDF-1.4")})
    address = Evidence.objects.get().url.partition("testserver")[2] or Evidence.objects.get().url
    path = "/" + address.split("/", 3)[3] if "//" in address else address
    assert client.get(path).status_code == 200
    client.logout()
    assert client.get(path).status_code == 404


def test_nobody_tells_progress_for_a_collectivite_of_another_hub(client):
    charter = a_charter()
    member = a_remote_member()
    client.force_login(a_coordinator())
    for name in ("pledge-edit", "pledge-update", "pledge-withdraw"):
        assert client.get(reverse(name, args=[charter.pk, member.slug])).status_code == 404


# The table --------------------------------------------------------------------------------------------------------


def test_the_filter_keeps_those_that_fit_and_the_file_holds_the_same(client):
    charter = a_charter()
    dijon = a_pledge(charter, member=a_member("com-21231"), progress={"A1": 40})
    other = a_pledge(charter, measures=["C1"])
    url, file = reverse("charter-board", args=[charter.pk]), reverse("charter-csv", args=[charter.pk])
    for query, names in (
        ("", {dijon.name, other.name}),
        ("?q=dij", {dijon.name}),
        ("?measure=C1", {other.name}),
        ("?status=running", {dijon.name}),
        ("?measure=A2&status=running", set()),
        ("?measure=nothing&status=nothing&page=z", {dijon.name, other.name}),
    ):
        page = client.get(url + query).content.decode()
        assert {name for name in (dijon.name, other.name) if f">{name}</a>" in page} == names
        body = client.get(file + query).content.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(body), delimiter=";"))
        assert {row[0] for row in rows[1:]} == names
    assert len(rows[0]) == len(rows[1]) == 14


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_the_file_is_a_formula(client, start):
    formula = start + 'HYPERLINK("https://evil.example")'
    assert safe(formula).startswith("'")
    member = a_member(a_territory("com-21001"), name=formula)
    told = {"status": "running", "progress": 1, "comment": formula}
    pledge = a_pledge(member=member, progress={"A1": told})
    body = client.get(reverse("charter-csv", args=[pledge.charter_id])).content.decode("utf-8-sig")
    for row in csv.reader(io.StringIO(body, newline=""), delimiter=";"):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


def test_my_workspace_and_the_sheet_lead_to_the_update(client):
    pledge = a_pledge()
    client.force_login(an_editor(pledge.member))
    url = reverse("pledge-update", args=[pledge.charter_id, pledge.member.slug])
    assert url in client.get(reverse("workspace")).content.decode()
    assert url in client.get(pledge.charter.get_absolute_url()).content.decode()
    assert "1 pledge" in client.get(reverse("catalogue")).content.decode()
