"""Acting on a pooled action from its pages: who may, what is refused and why, and that nothing typed is lost."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from resources.models import Resource
from resources.pooling.models import Participation, Step
from resources.pooling.words import SEAT, STEERING
from tests.make import (
    a_contributor,
    a_coordinator,
    a_member,
    a_participation,
    a_pooled_action,
    a_practice,
    a_reader,
    a_sheet,
    a_user,
    an_editor,
)
from tests.resources.pooling.test_asked_elsewhere import lead, there, town  # noqa: F401 - fixtures
from tests.resources.test_documents import PDF

pytestmark = pytest.mark.django_db

TOWN = "com-21231"


def address(action: Resource, act: str, member=None) -> str:
    if act == "practice":
        return reverse("pooling-practice", args=[action.pk])
    if act == "share":
        return reverse("pooling-sharing", args=[action.pk])
    if act in STEERING:
        return reverse("pooling-steer", args=[action.pk, STEERING[act].path])
    return reverse("pooling-seat", args=[action.pk, SEAT[act].path, (member or a_member(TOWN)).slug])


def rows(*lines: dict[str, str], **more: str) -> dict[str, str]:
    """What a browser sends for a table."""
    cells = {f"rows-{at}-{code}": value for at, line in enumerate(lines) for code, value in line.items()}
    return {"rows-rows": str(len(lines)), **cells, **more}


def do(client, action: Resource, act: str, *, who, member=None, **typed: Any):
    client.force_login(who)
    return client.post(address(action, act, member), typed)


def said(action: Resource) -> dict[str, Any]:
    """All that participants share, to be compared."""
    action.refresh_from_db()
    return {"version": action.version, "facts": action.facts, "steps": list(Step.objects.values())}


PEOPLE = {
    "stranger": lambda: a_user(),
    "reader of the town": lambda: a_reader(a_member(TOWN)),
    "contributor of the town": lambda: a_contributor(a_member(TOWN)),
    "editor of the town": lambda: an_editor(a_member(TOWN)),
    "contributor of the lead": lambda: a_contributor(),
    "editor of the lead": lambda: an_editor(),
    "editor elsewhere": lambda: an_editor(a_member("com-75056")),
    "coordinator": lambda: a_coordinator(),
}
OF_THE_TOWN = {"join", "describe", "plan", "deliberate", "decline", "leave", "needs", "contribute"}
OF_BOTH = {"sign"}


def may(who: str, act: str) -> bool:
    if who == "coordinator":
        return True
    if act in OF_THE_TOWN:
        return who == "editor of the town"
    return who == "editor of the lead" or (act in OF_BOTH and who == "editor of the town")


def test_who_is_let_in_and_that_a_refusal_writes_nothing(client):
    action, dijon = a_pooled_action("setting_up"), a_member(TOWN)
    a_participation(action, member=dijon, admitted=False)
    before = said(action)
    for who, make in PEOPLE.items():
        client.force_login(make())
        for act in (*SEAT, *STEERING):
            where = address(action, act, dijon)
            seen = 405 if act == "practice" else 200
            expected = seen if may(who, act) or act == "practice" else 403
            assert client.get(where).status_code == expected, (who, act)
            if not may(who, act):
                assert client.post(where, {"reason": "Non", "on": "2026-01-01"}).status_code == 403, (who, act)
            assert said(action) == before, (who, act)


def test_a_passer_by_signs_in_first_and_writes_nothing(client):
    action, dijon = a_pooled_action("setting_up"), a_member(TOWN)
    before = said(action)
    for act in (*SEAT, *STEERING):
        for method in (client.get, client.post) if act != "practice" else (client.post,):
            assert method(address(action, act, dijon)).url.startswith("/compte/connexion/"), act
        assert said(action) == before, act


def test_what_one_may_not_see_is_not_there(client):
    draft, practice = a_sheet("pooled-action", "draft"), a_practice()
    ours = a_pooled_action("call", visibility="owner", federated=False)
    client.force_login(an_editor(a_member(TOWN)))
    for resource in (draft, practice, ours):
        assert client.get(address(resource, "join")).status_code == 404
        assert client.post(address(resource, "join")).status_code == 404
    action = a_pooled_action("call")
    nobody = reverse("pooling-seat", args=[action.pk, "rejoindre", "personne"])
    assert client.post(nobody).status_code == 404
    assert not Participation.objects.exclude(role="coordinator").exists()


# From interest to signature ---------------------------------------------------------------------------------------


def test_a_town_goes_from_its_interest_to_its_signature_and_leaves(client):
    action, dijon = a_pooled_action("setting_up", instrument="signing"), a_member(TOWN)
    agent, boss = an_editor(dijon), an_editor()
    seat = lambda: action.participations.get(actor_uri=dijon.actor_uri)  # noqa: E731
    answer = do(client, action, "join", who=agent, role="member", technical_lead="Directeur des achats")
    assert answer.url == f"{action.get_absolute_url()}#yours"
    assert (seat().state, seat().technical_lead) == ("interested", "Directeur des achats")
    assert do(client, action, "admit", who=boss).url.endswith("#lead")
    do(client, action, "needs", who=agent, **rows({"item": "Papier", "quantity": "1 200,50", "unit": "ramettes"}))
    assert str(seat().needs.get().quantity) == "1200.50"
    do(client, action, "plan", who=agent, on="2026-06-30")
    assert seat().state == "planned"
    do(client, action, "deliberate", who=agent, on="15/01/2026", title="2026-12")
    assert (seat().state, seat().deliberation_title) == ("deliberated", "2026-12")
    do(client, action, "sign", who=boss, on="2026-02-01")
    assert seat().state == "signed"
    client.force_login(agent)
    page = client.get(address(action, "leave")).content.decode()
    assert "Préavis de six mois" in page, "what was agreed on leaving is recalled before"
    assert "Its needs are taken out" in page
    do(client, action, "leave", who=agent, reason="Fin de mandat")
    assert (seat().state, seat().reason) == ("left", "Fin de mandat")
    assert not seat().needs.exists()


def test_a_deliberation_is_attached_and_read_from_the_page(client):
    action, dijon = a_pooled_action("setting_up"), a_member(TOWN)
    a_participation(action, member=dijon)
    agent = an_editor(dijon)
    file = SimpleUploadedFile("deliberation.pdf", PDF, "application/pdf")
    do(client, action, "deliberate", who=agent, on="2026-01-15", title="2026-12", file=file)
    seat = action.participations.get(actor_uri=dijon.actor_uri)
    assert seat.state == "deliberated"
    assert f'href="{seat.deliberation_url}"' in client.get(action.get_absolute_url()).content.decode()


def test_a_document_that_is_refused_loses_nothing_of_what_was_typed(client):
    action, dijon = a_pooled_action("setting_up"), a_member(TOWN)
    a_participation(action, member=dijon)
    file = SimpleUploadedFile("virus.exe", b"MZ\x90\x00", "application/pdf")
    answer = do(client, action, "deliberate", who=an_editor(dijon), on="2026-01-15", title="2026-12", file=file)
    page = answer.content.decode()
    assert 'value="2026-12"' in page
    assert 'id="id_file_error"' in page
    assert "must be chosen again" in page
    assert action.participations.get(actor_uri=dijon.actor_uri).state == "interested"


@pytest.mark.parametrize(
    ("act", "typed", "kept", "why"),
    [
        ("plan", {"on": "le 3 mai"}, 'value="le 3 mai"', "is not a date"),
        ("deliberate", {"on": "2099-01-01", "title": "Très en avance"}, "Très en avance", "it is to come"),
        ("needs", rows({"item": "Papier", "quantity": "beaucoup"}), 'value="beaucoup"', "is not a number"),
        ("contribute", rows({"label": "Salle", "planned": "2"}), 'value="Salle"', "this is needed"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(client, act, typed, kept, why):
    action, dijon = a_pooled_action("setting_up"), a_member(TOWN)
    a_participation(action, member=dijon)
    before = said(action)
    page = do(client, action, act, who=an_editor(dijon), **typed).content.decode()
    assert kept in page
    assert why in page
    assert 'class="error-summary"' in page
    assert said(action) == before


def test_what_is_not_possible_now_is_said_and_what_was_typed_stays(client):
    action, dijon = a_pooled_action("setting_up"), a_member(TOWN)
    a_participation(action, "deliberated", member=dijon)
    agent = an_editor(dijon)
    client.force_login(agent)
    assert "has not opened the agreement" in client.get(address(action, "sign")).content.decode()
    answer = do(client, action, "sign", who=agent, on="2026-02-03")
    assert answer.status_code == 409
    assert 'value="2026-02-03"' in answer.content.decode()


def test_a_purchasing_group_that_is_launched_refuses_with_the_law_and_takes_observers(client):
    action = a_pooled_action("setting_up", instrument="in_force", launched_on="2026-01-15")
    agent = an_editor(a_member(TOWN))
    client.force_login(agent)
    page = client.get(address(action, "join")).content.decode()
    assert 'value="member"' not in page
    assert 'value="observer"' in page
    answer = do(client, action, "join", who=agent, role="member", technical_lead="Achats")
    assert "Achats" in answer.content.decode()
    assert not action.participations.filter(role="member").exists()
    do(client, action, "join", who=agent, role="observer")
    assert action.participations.get(actor_uri=a_member(TOWN).actor_uri).role == "observer"


def test_the_lead_refuses_with_a_reason_and_not_without(client):
    action, dijon = a_pooled_action("call"), a_member(TOWN)
    a_participation(action, member=dijon, admitted=False)
    assert "this is needed" in do(client, action, "refuse", who=an_editor(), reason=" ").content.decode()
    assert action.participations.get(actor_uri=dijon.actor_uri).state == "interested"
    do(client, action, "refuse", who=an_editor(), reason="Hors du département")
    assert action.participations.get(actor_uri=dijon.actor_uri).reason == "Hors du département"
    assert do(client, action, "refuse", who=an_editor(), reason="Encore").status_code == 409


# Elsewhere --------------------------------------------------------------------------------------------------------


def test_one_acts_in_the_same_pages_on_an_action_led_elsewhere(client, there, town):  # noqa: F811
    agent = an_editor(town)
    client.force_login(agent)
    assert "leads this action: what you say here is sent to it" in client.get(address(there, "join")).content.decode()
    answer = client.post(address(there, "join"), {"role": "member", "technical_lead": "Achats"}, follow=True)
    assert "Asked of Bourgogne-Franche-Comté" in answer.content.decode()
    step = Step.objects.get()
    assert (step.act, step.state, step.by) == ("join", "pending", agent)
    assert not there.participations.filter(member=town).exists()
    do(client, there, "needs", who=agent, **rows({"item": "Papier", "quantity": "3"}))
    assert 'value="Papier"' in client.get(address(there, "needs")).content.decode(), (
        "what waits is shown as it was said"
    )


def test_nobody_here_does_what_is_for_its_lead_elsewhere(client, there, town):  # noqa: F811
    client.force_login(a_coordinator())
    for act in ("admit", "refuse", "budget", "share", "practice"):
        assert client.post(address(there, act), {"reason": "Non"}).status_code == 403
    assert client.get(reverse("pooling-invite", args=[there.pk])).status_code == 403
    assert not Step.objects.exists()


# The end ----------------------------------------------------------------------------------------------------------


def test_a_finished_action_becomes_a_draft_of_a_good_practice_in_one_click(client):
    action, boss = a_pooled_action("finished"), an_editor()
    answer = do(client, action, "practice", who=boss)
    practice = Resource.objects.get(kind="good-practice")
    assert answer.url == reverse("resource-edit", args=[practice.pk, "essentiel"])
    assert client.get(answer.url).status_code == 200
    do(client, action, "practice", who=boss)
    assert Resource.objects.filter(kind="good-practice").count() == 1
    running = a_pooled_action("active")
    assert do(client, running, "practice", who=boss).url == running.get_absolute_url()
