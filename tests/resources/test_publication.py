"""What leaves this hub, and what comes to it."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from federation.errors import Refused
from federation.publication import Attachment as Document
from federation.publication import Publication
from federation.registry import for_kind
from federation.wire import read, write
from resources import actions
from resources.federated import FederatedResource
from resources.kinds import KINDS
from resources.models import Attachment, Resource, State
from resources.publication import to_publication
from rtes_hub.search import index
from rtes_hub.territories.models import Member
from tests.make import a_member, a_practice, a_remote_member, a_sheet, an_author
from tests.resources.test_documents import joined
from tests.sheets import PRACTICE, SHEETS

pytestmark = pytest.mark.django_db

SECRETS = ("ess@collectivite.example", "03 80 00 00 00", PRACTICE["what_failed"], "retention_class", "electoral")


def everything(kind: str) -> Resource:
    sheet = a_sheet(kind, "draft")
    joined(sheet)
    actions.publish(sheet, by=None)
    return sheet


@pytest.mark.parametrize("kind", KINDS)
def test_a_whole_sheet_survives_the_trip(kind):
    sent = to_publication(everything(kind))
    document = json.loads(json.dumps(write.article(sent, followers=f"{sent.author}/followers")))
    assert read.publication(document) == sent


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_for_members_stays(kind):
    sent = to_publication(a_sheet(kind))
    said = repr(sent)
    for secret in SECRETS:
        assert secret not in said
    assert sent.facts["contacts"] == [{"function": "Chargée de mission ESS", "service": "Développement économique"}]
    assert sent.facts["brief"] == SHEETS[kind]["brief"]


def test_what_failed_leaves_when_its_author_says_so():
    assert to_publication(a_practice(what_failed_public=True)).facts["what_failed"] == PRACTICE["what_failed"]


def test_a_reader_without_our_words_is_given_a_text():
    body = to_publication(a_practice()).body
    for word in (
        "Dijon Métropole",
        "Onze services achètent autrement",
        "<h3>Relevé</h3>",
        "<td>38</td>",
        "janvier 2024",
    ):
        assert word in body
    assert "Chargée de mission ESS, Développement économique" in body
    assert "/ressources/" in body


def test_markup_in_a_fact_is_text_in_the_body():
    body = to_publication(a_practice(difficulties="<script>alert(1)</script>", brief="<b>a")).body
    assert "<script" not in body
    assert "&lt;b&gt;a" in body


def test_a_document_that_is_not_published_yet_does_not_leave():
    sheet = a_practice()
    joined(sheet)
    assert to_publication(sheet).attachments == ()


# What comes -------------------------------------------------------------------------------------------------------


def a_publication(**said) -> Publication:
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    known = {
        "uri": "https://partner.example/ap/objects/1",
        "kind": "good-practice",
        "author": "https://partner.example/ap/actors/1",
        "title": "Une crèche coopérative",
        "summary": "Elle tient.",
        "body": "<p>Texte</p>",
        "source": "Texte",
        "url": "https://partner.example/ressources/1/creche/",
        "published": now,
        "updated": now,
        "licence": "etalab-2.0",
        "themes": ("solidarites-sante", "inconnu"),
        "tags": ("crèche",),
        "attachments": (
            Document(url="https://partner.example/fichiers/a", title="Convention", media_type="application/pdf"),
            Document(url="javascript:alert(1)", title="Non", media_type="text/html"),
        ),
        "facts": {"brief": "Une place pour chacun.", "stage": "running", "weird": {"a": 1}, "results": "beaucoup"},
    }
    return Publication(**known | said)


def receive(publication: Publication, **author) -> None:
    FederatedResource().receive(publication, an_author(uri=publication.author, **author))


#: Of a document, what each hub says for itself.
OF_THIS_HUB = {"id", "resource", "token", "file", "filename", "url", "standing", "added_at"}


def test_all_that_is_said_of_a_document_arrives():
    sheet = a_practice("draft")
    ours = joined(sheet, accessible_alternative="Sept articles,\nà compléter.", licence="cc-by-sa-4.0")
    actions.publish(sheet, by=None)
    sent = to_publication(sheet)
    document = json.loads(json.dumps(write.article(sent, followers="")))
    there = "https://partner.example/ap"
    receive(replace(read.publication(document), uri=f"{there}/objects/9", author=f"{there}/actors/1"))
    theirs = Attachment.objects.get(resource__local=False)
    said = [field.name for field in Attachment._meta.fields if field.name not in OF_THIS_HUB]
    assert "accessible_alternative" in said
    for name in said:
        assert getattr(theirs, name) == getattr(ours, name) != "", name
    assert theirs.url == sent.attachments[0].url


def test_our_kinds_are_spoken_for():
    assert all(isinstance(for_kind(kind), FederatedResource) for kind in KINDS)


def test_what_a_partner_shares_is_kept_beside_ours(client):
    receive(a_publication())
    sheet = Resource.objects.get()
    assert (sheet.local, sheet.state, sheet.version) == (False, State.PUBLISHED, 1)
    assert sheet.facts == {"stage": "running", "description": "Texte"}
    assert sheet.brief == "Une place pour chacun."
    assert sheet.themes == ["solidarites-sante"]
    assert [one.url for one in sheet.attachments.all()] == ["https://partner.example/fichiers/a"]
    assert index.find("crèche") == [sheet.uri]
    page = client.get(sheet.get_absolute_url()).content.decode()
    assert "Réseau partenaire" in page
    assert sheet.page_url in page
    assert "modifier" not in page


def test_a_newer_version_replaces_and_an_older_one_does_nothing():
    receive(a_publication(version=2, title="Nouveau"))
    receive(a_publication(version=1, title="Ancien"))
    assert Resource.objects.get().title == "Nouveau"
    receive(a_publication(version=3, title="Plus nouveau", attachments=(), facts={"archived": True}))
    sheet = Resource.objects.get()
    assert (sheet.title, sheet.state, sheet.attachments.count()) == ("Plus nouveau", State.ARCHIVED, 0)


def test_what_comes_without_our_words_is_shown_as_it_is(client):
    receive(a_publication(source="", facts={}, body='<p>Bonjour <a href="javascript:x">ici</a><script>1</script></p>'))
    page = client.get(Resource.objects.get().get_absolute_url()).content.decode()
    assert "<p>Bonjour" in page
    assert "javascript:x" not in page


def test_nobody_writes_over_one_of_ours():
    ours = a_practice()
    with pytest.raises(Refused):
        receive(a_publication(uri=ours.uri))
    ours.refresh_from_db()
    assert ours.title == PRACTICE["title"]


def test_what_its_author_withdraws_leaves_no_text_and_does_not_come_back(client):
    receive(a_publication())
    sheet = Resource.objects.get()
    address = sheet.get_absolute_url()
    FederatedResource().remove(sheet.uri)
    sheet.refresh_from_db()
    assert sheet.state == State.WITHDRAWN
    assert not any((sheet.title, sheet.summary, sheet.brief, sheet.body_html, sheet.facts, sheet.tags, sheet.themes))
    assert not sheet.attachments.exists()
    assert not sheet.theme_rows.exists()
    assert index.find("crèche") == []
    assert client.get(address).status_code == 410
    receive(a_publication(version=5))
    sheet.refresh_from_db()
    assert sheet.state == State.WITHDRAWN
    FederatedResource().remove(sheet.uri)
    FederatedResource().remove("https://partner.example/never")


def test_nobody_else_withdraws_one_of_ours():
    ours = a_practice()
    FederatedResource().remove(ours.uri)
    ours.refresh_from_db()
    assert ours.state == State.PUBLISHED


def test_a_partner_renames_a_collectivite():
    member = a_remote_member(name="Ancien nom")
    FederatedResource().author_changed(an_author(uri=member.actor_uri, name="Nouveau nom"))
    member.refresh_from_db()
    assert member.name == "Nouveau nom"


def test_a_partner_hub_that_is_renamed_becomes_no_collectivite():
    member = a_remote_member(name="Ancien nom")
    hub = an_author(member.hub, uri=f"{member.hub}/ap/actor", type="Application", name="Réseau renommé")
    FederatedResource().author_changed(hub)
    member.refresh_from_db()
    assert (member.name, member.hub_name) == ("Ancien nom", "Réseau renommé")
    assert Member.objects.count() == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_hub_that_reads_a_sheet_says_it_again_the_same(kind):
    sent = to_publication(everything(kind))
    there = replace(sent, uri="https://partner.example/ap/objects/9", author="https://partner.example/ap/actors/2")
    receive(there)
    kept = Resource.objects.get(uri=there.uri)
    for code, value in sent.facts.items():
        column = {"brief": kept.brief, "review_due_on": kept.review_due_on and kept.review_due_on.isoformat()}
        assert column.get(code, kept.facts.get(code)) == value, code
    assert (kept.title, kept.themes, kept.territory_id) == (sent.title, list(sent.themes), a_member().territory_id)
