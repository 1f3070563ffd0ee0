"""An action led from one hub, joined from the other: needs, deliberation, signature, and what each one pays."""

import hashlib
from decimal import Decimal
from typing import Any

import pytest
import requests

from tests.journeys import faults, said
from tests.journeys.hubs import Hub, calm, eventually

pytestmark = pytest.mark.journey

DAY = "2026-01-15"
PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
TOTAL = Decimal("100000.01")  #: a cent that no share can be divided into


class Shared:
    """The same action, seen from the hub of its lead and from the other."""

    def __init__(self, lead: Hub, other: Hub, action: dict[str, Any]) -> None:
        self.lead, self.other = lead, other
        self.here = f"pooled-actions/{action['id']}"
        self.there = f"pooled-actions/{said.arrived(other, action['uri'])['id']}"
        self.guest = other.member

    def steer(self, act: str, **data: Any) -> dict[str, Any]:
        return self.lead.tell(f"{self.here}/{act}/", by="editor", **data)

    def ask(self, act: str, **data: Any) -> dict[str, Any]:
        """From the hub of the guest: asked, not yet done."""
        board = self.other.tell(f"{self.there}/{act}/", by="editor", status=202, member=self.guest, **data)
        assert board["mine"][0]["steps"][0]["state"] == "pending"
        return board

    def board(self, hub: Hub) -> dict[str, Any]:
        return hub.ask(f"{self.here if hub is self.lead else self.there}/", by="editor")

    def seat(self, hub: Hub) -> dict[str, Any]:
        """The guest's, as that hub shows it."""
        own = f"{self.other.url}/"
        seats = self.board(hub).get("participants", ())
        return next((seat for seat in seats if seat["member"].startswith(own)), {})

    def awaited(self, state: str, **facts: Any) -> None:
        """Both hubs show the guest there, and nothing waits any more."""
        wanted = {"state": state} | facts
        for hub in (self.lead, self.other):
            eventually(lambda hub=hub: wanted.items() <= self.seat(hub).items(), f"{wanted} at {hub.name}")
        eventually(lambda: not self.pending(), "all answers")

    def pending(self) -> list[str]:
        steps = (self.board(self.other).get("mine") or [{"steps": [{"act": "?", "state": "pending"}]}])[0]["steps"]
        return [step["act"] for step in steps if step["state"] == "pending"]


@pytest.fixture
def action(pair: tuple[Hub, Hub], request: pytest.FixtureRequest) -> Shared:
    dijon, region = pair
    shared = Shared(dijon, region, said.a_sheet(dijon, "pooled-action", title=request.node.name[:100]))
    shared.steer("advance", to="call")
    shared.steer("budget", rows=[{"label": "Facilitation", "amount": str(TOTAL)}])
    return shared


@pytest.mark.parametrize(("trouble", "cut"), [(calm, calm), (Hub.struck, faults.cut)], ids=["calm", "struck"])
def test_a_collectivite_of_another_hub_joins_declares_deliberates_and_signs(action, trouble, cut):
    lead, other = action.lead, action.other
    with trouble(lead):
        action.ask("join", role="member", technical_lead="Direction des achats")
        action.ask("needs", rows=[{"item": "Papier", "quantity": "1200", "unit": "ramettes"}])
        board = action.ask("plan", on="2027-02-01")
        assert action.seat(other) == {}, "the lead's hub alone writes what is shared"
        assert [step["act"] for step in board["mine"][0]["steps"]] == ["plan", "needs", "join"]
    action.awaited("planned", deliberation_on="2027-02-01")
    assert [row["item"] for row in action.board(lead)["needs"]] == ["Papier"]

    with trouble(other):
        action.steer("admit", member=action.seat(lead)["member"])
        action.steer("share", rows=[{"by": "population", "percent": "100"}])
    action.awaited("planned", admitted=True)
    check_shares(action)

    with trouble(lead):
        paper = keep_paper(action)
        action.ask("deliberate", on=DAY, title="2026-04", url=paper["url"], digest=paper["digest"])
    action.awaited("deliberated")
    assert (
        hashlib.sha256(requests.get(action.seat(lead)["deliberation_url"], timeout=10).content).hexdigest()
        == (action.seat(lead)["deliberation_digest"])
    ), "the lead reads the very document, where the hub of the guest serves it"

    with trouble(other):
        action.steer("instrument", to="signing")
    eventually(lambda: action.board(other).get("instrument_status") == "signing", "that signatures are taken")
    with cut(other, lead):
        action.ask("sign", on="2026-02-02")
    action.awaited("signed", signed_on="2026-02-02")
    check_shares(action)
    same_on_both(action)


def keep_paper(action: Shared) -> dict[str, Any]:
    files = {"file": ("deliberation.pdf", PAPER, "application/pdf")}
    data = {"member": action.guest, "title": "Délibération 2026-04"}
    answer = action.other.call("POST", f"{action.there}/papers/", by="editor", files=files, data=data)
    assert answer.status_code == 201, answer.text
    return answer.json()


def check_shares(action: Shared) -> None:
    """By the number of inhabitants that the official table tells, to the cent, on both hubs."""
    seats = {seat["member"]: seat["territory"] for seat in action.board(action.lead)["participants"]}
    people = {uri: inhabitants(action.lead, territory) for uri, territory in seats.items()}
    assert sum(people.values()) > 3_000_000, "Dijon métropole and the region"
    eventually(lambda: len(action.board(action.other).get("shares", ())) == 2, "the shares")
    for hub in (action.lead, action.other):
        shares = {row["member"]: Decimal(row["amount"]) for row in action.board(hub)["shares"]}
        assert shares.keys() == people.keys()
        assert sum(shares.values()) == TOTAL
        for uri, amount in shares.items():
            assert abs(amount - TOTAL * people[uri] / sum(people.values())) < Decimal("0.01")


def inhabitants(hub: Hub, territory: str) -> int:
    return int(hub.ask(f"territories/{territory}/")["population"])


def same_on_both(action: Shared) -> None:
    names = ("participants", "needs", "shares", "budget", "status", "instrument_status", "sharing_key", "shared_total")
    here = {name: action.board(action.lead)[name] for name in names}
    eventually(lambda: {name: action.board(action.other).get(name) for name in names} == here, "the same on both")


def test_one_who_may_not_asks_for_nothing_one_who_leaves_is_gone_on_both_and_pays_no_more(action):
    lead, other = action.lead, action.other
    refused = other.call("POST", f"{action.there}/join/", by="contributor", json={"member": action.guest})
    assert refused.status_code == 403
    action.ask("join")
    action.awaited("interested")
    action.steer("admit", member=action.seat(lead)["member"])
    action.steer("share", rows=[{"by": "flat", "percent": "100"}])
    eventually(lambda: len(action.board(other).get("shares", ())) == 2, "two shares")
    action.ask("leave", reason="Le conseil en a décidé autrement.")
    action.awaited("left", reason="Le conseil en a décidé autrement.")
    for hub in (lead, other):
        eventually(
            lambda hub=hub: [row["amount"] for row in action.board(hub)["shares"]] == [f"{TOTAL:f}"], "one to pay all"
        )


def test_after_the_launch_of_a_purchasing_group_nobody_joins_as_a_beneficiary_and_the_law_is_told(action):
    """The law is told by the hub of the guest at once, and by the lead's when what was asked comes too late."""
    lead, other = action.lead, action.other
    action.steer("advance", to="setting_up")
    with other.struck():
        open_and_launch(action)
    eventually(lambda: action.board(other).get("launched_on"), "the launch")
    late = other.call("POST", f"{action.there}/join/", by="editor", json={"member": action.guest})
    assert late.status_code == 409
    assert "L2113-6" in late.text
    assert action.seat(lead) == {}
    action.ask("join", role="observer")
    action.awaited("interested", role="observer")


def test_what_is_asked_while_the_group_is_launched_elsewhere_is_refused_with_the_law(action):
    lead, other = action.lead, action.other
    action.steer("advance", to="setting_up")
    eventually(lambda: action.board(other).get("status") == "setting_up", "it to be set up")
    with lead.struck():
        action.ask("join")
        other.stop()  # what it owes has not left: the other does not answer
    open_and_launch(action)
    other.start()
    eventually(lambda: not action.pending(), "the answer")
    step = action.board(other)["mine"][0]["steps"][0]
    assert step["state"] == "refused"
    assert "L2113-6" in step["reason"]
    assert action.seat(lead) == action.seat(other) == {}


def open_and_launch(action: Shared) -> None:
    """The lead signs alone, and the procurement is launched."""
    lead = {"member": action.lead.member}
    action.steer("deliberate", on=DAY, title="2026-01", **lead)
    action.steer("instrument", to="signing")
    action.steer("sign", on="2026-01-20", **lead)
    action.steer("instrument", to="in_force")
    action.steer("launch", on="2026-02-01")
