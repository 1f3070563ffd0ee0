"""A question asked on one hub, answered from the other, validated where it was asked; and what is closed stays in."""

from typing import Any

import pytest
import requests

from tests.journeys import faults, said, talk
from tests.journeys.conftest import titles
from tests.journeys.hubs import ON_POSTGRES, Hub, calm, eventually

pytestmark = pytest.mark.journey

CANARY = "zizanieultramarine"
#: Stands beside it: what one asks is shown again, and would hide what is found.
WORD = "indigotierparmesan"
ACTIVITY = {"Accept": "application/activity+json"}


@pytest.fixture(scope="module")
def forum(pair: tuple[Hub, Hub]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A forum of Dijon's hub, as each of the two shows it. One of each hub's people has written in it."""
    dijon, region = pair
    here = talk.open_forum(dijon, "Achats responsables")
    there = talk.arrived(region, "forums", here["uri"])
    assert there["hub"] == dijon.url
    refused = region.call(
        "POST", "threads/", by="editor", json={"forum": there["id"], "title": "Bonjour", "source": "Bonjour"}
    )
    assert refused.status_code == 409, "nobody's name leaves the hub before they agree to it"
    talk.arrived(region, "threads", talk.agree(dijon, "contributor", here))
    talk.arrived(dijon, "threads", talk.agree(region, "editor", there))
    return here, there


@pytest.mark.parametrize(("trouble", "cut"), [(calm, calm), (Hub.struck, faults.cut)], ids=["calm", "struck"])
def test_a_question_of_one_hub_is_answered_from_the_other_and_the_answer_validated_on_both(pair, forum, trouble, cut):
    dijon, region = pair
    with trouble(region):
        asked = talk.question(dijon, forum[0], f"Quelle clause ? ({trouble.__name__})", by="contributor")
        assert asked["state"] == "open"
    shown = talk.arrived(region, "threads", asked["uri"])
    assert shown["title"] == asked["title"]
    assert shown["author"]["hub"] == dijon.url

    with trouble(dijon):
        answered = talk.answer(region, shown, "Lot 2 réservé.", by="editor")
        assert answered["passage"] == "pending"
    reply = talk.arrived(dijon, "posts", answered["uri"], thread=asked["id"])
    assert reply["author"]["hub"] == region.url
    assert dijon.ask(f"threads/{asked['id']}/")["state"] == "answered"
    eventually(lambda: region.ask(f"posts/{answered['id']}/", by="editor").get("passage") == "shown", "it to be shown")

    with cut(dijon, region):
        validated = dijon.tell(f"threads/{asked['id']}/validate/", by="contributor", post=reply["id"])
        assert (validated["state"], validated["answer"]) == ("validated", answered["uri"])
    eventually(lambda: region.ask(f"threads/{shown['id']}/").get("state") == "validated", "the answer taken, there too")
    assert region.ask(f"threads/{shown['id']}/")["answer"] == answered["uri"]
    assert "post--answer" in requests.get(shown["url"], timeout=10).text, "the page shows which answer was taken"
    assert talk.messages(dijon, asked) == talk.messages(region, shown), "the same messages, once each"
    assert len(talk.messages(dijon, asked)) == 2


def test_what_is_changed_then_deleted_is_so_on_both_and_what_a_moderator_removes_vanishes(pair, forum):
    dijon, region = pair
    asked = talk.question(dijon, forum[0], "Qui a un facilitateur ?", by="contributor")
    shown = talk.arrived(region, "threads", asked["uri"])
    first, second = (talk.answer(region, shown, text, by="editor") for text in ("Nous, deux.", "Et un stagiaire."))
    eventually(lambda: len(talk.messages(dijon, asked)) == 3, "both answers")

    region.call("PATCH", f"posts/{first['id']}/", by="editor", json={"source": "Nous, **trois**."})
    eventually(lambda: "<strong>trois</strong>" in str(talk.messages(dijon, asked)), "the change")
    region.call("DELETE", f"posts/{first['id']}/", by="editor")
    eventually(lambda: "trois" not in str(talk.messages(dijon, asked)), "it to go")

    kept = talk.found(dijon, "posts", second["uri"], thread=asked["id"])
    dijon.tell(f"posts/{kept['id']}/remove/", by="coordinator", status=204, reason="Hors sujet.")
    eventually(lambda: "stagiaire" not in str(talk.messages(region, shown)), "the moderator's removal, there too")
    for uri in (first["uri"], second["uri"]):
        answer = requests.get(uri, headers=ACTIVITY, timeout=10)
        assert "stagiaire" not in answer.text and "trois" not in answer.text


def test_nothing_of_a_closed_forum_or_of_a_draft_is_known_outside_of_its_members(pair):
    dijon, region = pair
    closed = talk.open_forum(dijon, f"Entre nous {CANARY} {WORD}", access="closed")
    asked = talk.question(dijon, closed, f"Une réserve {CANARY} {WORD}", by="contributor")
    talk.answer(dijon, asked, f"Entre nous : {CANARY} {WORD}.", by="editor")
    said.write(dijon, f"Brouillon {CANARY} {WORD}")
    told = said.publish(dijon, "Publié après ce qui reste entre nous")["uri"]
    eventually(lambda: told in region.catalogue(), "what came after it")

    assert CANARY in dijon.call("GET", "threads/", by="reader").text, "members read it"
    for hub, role in ((dijon, ""), (region, "coordinator"), (region, "")):
        for path in ("forums/", "threads/", f"threads/?q={WORD}", "resources/", f"resources/?q={WORD}", "members/"):
            assert CANARY not in hub.call("GET", path, by=role).text, path
    for hub in pair:
        for path in ("", "forums/", "discussions/", "ressources/", "collectivites/"):
            found = requests.get(f"{hub.url}/{path}", params={"q": WORD}, timeout=10)
            assert found.status_code == 200
            assert CANARY not in found.text, path
    assert dijon.call("GET", f"threads/{asked['id']}/").status_code == 404
    assert requests.get(asked["url"], timeout=10).status_code in (403, 404)
    for uri in (closed["uri"], asked["uri"], *collections(dijon)):
        assert CANARY not in requests.get(uri, headers=ACTIVITY, timeout=10).text, uri
    if not ON_POSTGRES:
        files = [path for path in region.folder.rglob("*") if path.is_file()]
        assert not [path for path in files if CANARY.encode() in path.read_bytes()], "it crossed"
    assert titles(region).count("Publié après ce qui reste entre nous") == 1


def collections(hub: Hub) -> list[str]:
    """All that a stranger's server may read: the lists of the hub's actors, page by page."""
    member = hub.ask("members/")["results"][0]["uri"]
    actor = requests.get(member, headers=ACTIVITY, timeout=10).json()
    return [f"{hub.url}/ap/forums", actor["outbox"], f"{actor['outbox']}?page=1", actor["followers"], member]
