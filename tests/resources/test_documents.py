"""Documents: told by their content, and read by those who may read their sheet at that moment."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from resources import actions, documents, files
from resources.models import Attachment, Resource, Standing
from tests.make import a_contributor, a_coordinator, a_practice, a_reader, an_editor

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"


@pytest.fixture(autouse=True)
def files_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def a_file(content: bytes = PDF, name: str = "Convention 2026.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def joined(sheet: Resource, content: bytes = PDF, name: str = "Convention 2026.pdf", **said) -> Attachment:
    known = {"title": "Convention type", "nature": "convention", "is_model": True, "by": None}
    return actions.attach(sheet, a_file(content, name), **known | said)


def an_archive(entries: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return stream.getvalue()


DOCX = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}
ODT = {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<office/>"}
ACCEPTED = {
    "pdf": (PDF, "application/pdf"),
    "png": (b"\x89PNG\r\n\x1a\n....", "image/png"),
    "jpg": (b"\xff\xd8\xff\xe0....", "image/jpeg"),
    "webp": (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
    "docx": (an_archive(DOCX), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": (
        an_archive({"[Content_Types].xml": b"x", "xl/workbook.xml": b"x"}),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "pptx": (
        an_archive({"[Content_Types].xml": b"x", "ppt/presentation.xml": b"x"}),
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    "odt": (an_archive(ODT), "application/vnd.oasis.opendocument.text"),
    "ods": (
        an_archive(ODT | {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}),
        "application/vnd.oasis.opendocument.spreadsheet",
    ),
    "odp": (
        an_archive(ODT | {"mimetype": b"application/vnd.oasis.opendocument.presentation"}),
        "application/vnd.oasis.opendocument.presentation",
    ),
    "csv": ("nom;montant\né;1\n".encode(), "text/csv"),
    "txt": ("Bonjour é".encode(), "text/plain"),
}
REFUSED = {
    "empty": b"",
    "html": b"<!doctype html><script>1</script>",
    "svg": b"\n<svg xmlns='http://www.w3.org/2000/svg'/>",
    "program": b"\x7fELF\x02\x01\x01\x00",
    "latin-1 text": "é".encode("latin-1"),
    "text with controls": b"a\x00b",
    "old office": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "gzip": b"\x1f\x8b\x08\x00",
    "a plain zip": an_archive({"a.txt": b"a"}),
    "a zip that says office": an_archive({"[Content_Types].xml": b"x"}),
    "a broken zip": an_archive(DOCX)[:-30],
    "an archive inside": an_archive(DOCX | {"word/x.bin": an_archive({"a": b"a"})}),
    "a macro": an_archive(DOCX | {"word/vbaProject.bin": b"x"}),
    "a bomb": an_archive(DOCX | {"word/media.xml": b"0" * 3_000_000}),
    "too many entries": an_archive(DOCX | {f"word/{n}.xml": b"" for n in range(1000)}),
    "an odd open document": an_archive(ODT | {"mimetype": b"application/x-evil"}),
}


@pytest.mark.parametrize("extension", ACCEPTED)
def test_what_is_accepted_is_told_by_its_content(extension):
    content, media_type = ACCEPTED[extension]
    wrong_name = "page.csv" if extension == "csv" else "page.html"
    checked = files.check(a_file(content, wrong_name))
    assert (checked.media_type, checked.extension, checked.size) == (media_type, extension, len(content))


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_refused_leaves_nothing(what, tmp_path):
    sheet = a_practice("draft")
    with pytest.raises(actions.Invalid) as refused:
        joined(sheet, REFUSED[what], "fichier.pdf")
    assert refused.value.errors["file"]
    assert not Attachment.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_size_is_said(monkeypatch):
    monkeypatch.setattr(files, "MAX_BYTES", 10)
    with pytest.raises(actions.Invalid):
        joined(a_practice("draft"))


def test_a_number_of_documents_is_said(monkeypatch):
    monkeypatch.setattr(documents, "MAX_DOCUMENTS", 1)
    sheet = a_practice("draft")
    joined(sheet)
    with pytest.raises(actions.Invalid):
        joined(sheet)


@pytest.mark.parametrize(
    ("code", "value"),
    [("title", ""), ("title", "x" * 201), ("nature", "x"), ("licence", "x"), ("accessible_alternative", "x" * 501)],
)
def test_what_is_wrong_about_a_document_is_said(code, value):
    with pytest.raises(actions.Invalid) as refused:
        joined(a_practice("draft"), **{code: value})
    assert list(refused.value.errors) == [code]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\dossier\\budget.v2.docx", "budget.v2.pdf"),
        ("....", "document.pdf"),
        ("évaluation\u202e.exe", "évaluation.pdf"),
    ],
)
def test_a_name_is_for_people_only(sent, kept, tmp_path):
    document = joined(a_practice("draft"), name="x")
    assert documents.name_of(sent, "pdf") == kept
    stored = [path.name for path in tmp_path.rglob("*") if path.is_file()]
    assert len(stored) == 1
    assert stored[0] != document.filename


# Serving ----------------------------------------------------------------------------------------------------------


def address(document: Attachment) -> str:
    return reverse("attachment", args=[document.token, document.filename])


def published(**facts) -> Attachment:
    sheet = a_practice("draft", **facts)
    document = joined(sheet, name="Convention é.pdf")
    actions.publish(sheet, by=None)
    return document


def test_a_document_is_a_locked_download(client):
    answer = client.get(address(published()))
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''Convention%20%C3%A9.pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Content-Type"] == "application/pdf"
    assert "private" in answer["Cache-Control"]


@pytest.mark.parametrize(
    ("facts", "act", "stranger", "reader"),
    [
        ({}, None, 200, 200),
        ({"visibility": "members"}, None, 404, 200),
        ({}, "archive", 200, 200),
        ({}, "withdraw", 404, 404),
    ],
)
def test_who_reads_a_document_is_who_reads_its_sheet_now(client, facts, act, stranger, reader):
    document = published(**facts)
    if act:
        getattr(actions, act)(document.resource, by=None)
    assert client.get(address(document)).status_code == stranger
    client.force_login(a_reader())
    assert client.get(address(document)).status_code == reader


def test_a_forbidden_document_and_one_that_never_was_look_the_same(client):
    hidden = client.get(address(published(visibility="members")))
    never = client.get(reverse("attachment", args=["x" * 32, "Convention é.pdf"]))
    assert (hidden.status_code, never.status_code) == (404, 404)
    assert hidden.headers == never.headers


def test_its_name_is_part_of_its_address(client):
    document = published()
    assert client.get(reverse("attachment", args=[document.token, "autre.pdf"])).status_code == 404


def test_a_document_is_not_an_activity(client):
    assert client.get(address(published()), headers={"Accept": "application/activity+json"}).status_code == 406


def test_a_document_joins_and_leaves_with_the_changes_it_belongs_to(client):
    sheet = a_practice()
    document = joined(sheet)
    assert document.standing == Standing.NEW
    assert client.get(address(document)).status_code == 404
    client.force_login(a_contributor())
    assert client.get(address(document)).status_code == 200
    client.logout()
    actions.publish(sheet, by=None)
    assert client.get(address(document)).status_code == 200
    document.refresh_from_db()
    actions.detach(document, by=None)
    assert client.get(address(document)).status_code == 200
    actions.publish(sheet, by=None)
    assert client.get(address(document)).status_code == 404
    assert sheet.version == 3


def test_a_removed_file_goes_once_the_act_stands(tmp_path, django_capture_on_commit_callbacks):
    document = joined(a_practice("draft"))
    with django_capture_on_commit_callbacks(execute=True):
        actions.detach(document, by=None)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_throwing_changes_away_brings_a_leaving_document_back():
    document = published()
    actions.detach(document, by=None)
    actions.discard(document.resource, by=None)
    document.refresh_from_db()
    assert document.standing == Standing.CURRENT


def test_a_file_that_is_lost_is_not_found(client):
    document = published()
    document.file.delete(save=False)
    Attachment.objects.filter(pk=document.pk).update(file="attachments/lost.pdf")
    assert client.get(address(document)).status_code == 404


# The step of the form ---------------------------------------------------------------------------------------------


def test_joining_through_the_form(client):
    sheet = a_practice("draft")
    client.force_login(a_contributor())
    path = reverse("resource-documents", args=[sheet.pk])
    answer = client.post(path, {"title": "Convention", "nature": "convention", "file": a_file()})
    assert answer.status_code == 302
    page = client.get(path).content.decode()
    assert "Convention" in page
    document = sheet.attachments.get()
    client.post(reverse("attachment-remove", args=[sheet.pk, document.token]))
    assert not sheet.attachments.exists()


def test_a_refused_file_loses_nothing_typed(client):
    sheet = a_practice("draft")
    client.force_login(a_contributor())
    path = reverse("resource-documents", args=[sheet.pk])
    page = client.post(path, {"title": "Mon titre", "nature": "budget", "file": a_file(b"<html>")}).content.decode()
    assert "Mon titre" in page
    assert '<option value="budget" selected>' in page
    assert 'href="#id_file"' in page


@pytest.mark.parametrize(("who", "status"), [(a_reader, 403), (an_editor, 302), (a_coordinator, 302)])
def test_who_may_join(client, who, status):
    sheet = a_practice("draft")
    client.force_login(who())
    sent = {"title": "Convention", "nature": "convention", "file": a_file()}
    assert client.post(reverse("resource-documents", args=[sheet.pk]), sent).status_code == status
    assert sheet.attachments.exists() is (status == 302)
