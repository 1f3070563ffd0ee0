"""A charter of one hub, pledged from the other: told there, read on the scoreboard here, and back."""

import csv
import io
from typing import Any

import pytest
import requests

from tests.journeys import faults, said
from tests.journeys.hubs import Hub, calm, eventually

pytestmark = pytest.mark.journey

SIGNED = {"signatory": "La vice-présidente", "signed_on": "2026-06-12", "mandate_starts_on": "2026-04-03"}
NEXT = "2027-03-31"


class Charter:
    """The same charter, seen from the hub that keeps it and from the other, whose collectivité pledges."""

    def __init__(self, keeper: Hub, other: Hub, sheet: dict[str, Any]) -> None:
        self.keeper, self.other = keeper, other
        self.ids = {keeper.name: sheet["id"], other.name: said.arrived(other, sheet["uri"])["id"]}

    def says(self, act: str, **words: Any) -> None:
        """The other's collectivité says it: it is asked of the keeper, and nothing public has changed yet."""
        path, before = f"charters/{self.ids[self.other.name]}/{act}/", self.pledge(self.other)
        board = self.other.tell(path, by="editor", status=202, member=self.other.member, **words)
        assert board["mine"][0]["pending"]["state"] == "pending"
        assert self.pledge(self.other) == before

    def board(self, hub: Hub) -> dict[str, Any]:
        return hub.ask(f"charters/{self.ids[hub.name]}/", by="editor")

    def pledge(self, hub: Hub) -> dict[str, Any]:
        """What everyone reads of it on that hub, but for what is that hub's own."""
        rows = hub.ask("pledges/", charter=self.ids[hub.name]).get("results", ())
        found = [row for row in rows if row["uri"].startswith(f"{self.other.url}/")]
        assert len(found) < 2, "doubled"
        own = ("id", "charter", "member")
        return {name: value for name, value in found[0].items() if name not in own} if found else {}

    def told(self, **facts: Any) -> dict[str, Any]:
        """Both hubs tell the same of it, and nothing waits any more."""
        for hub in (self.keeper, self.other):
            eventually(lambda hub=hub: facts.items() <= self.pledge(hub).items(), f"{facts} at {hub.name}")
        eventually(lambda: self.board(self.other).get("mine", [{"pending": "?"}])[0]["pending"] is None, "the answer")
        here = self.pledge(self.keeper)
        assert here == self.pledge(self.other)
        return here

    def scoreboard(self, hub: Hub) -> str:
        answer = requests.get(f"{hub.url}/chartes/{self.ids[hub.name]}/tableau-de-bord/", timeout=10)
        assert answer.status_code == 200
        return answer.text

    def table(self, hub: Hub) -> list[list[str]]:
        answer = requests.get(f"{hub.url}/chartes/{self.ids[hub.name]}/tableau-de-bord.csv", timeout=10)
        assert answer.headers["Content-Type"].startswith("text/csv")
        return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


@pytest.fixture
def charter(pair: tuple[Hub, Hub], request: pytest.FixtureRequest) -> Charter:
    dijon, region = pair
    title = request.node.name[:100]
    return Charter(dijon, region, said.a_sheet(dijon, "charter", title=title, org_types=None))


@pytest.mark.parametrize(("trouble", "cut"), [(calm, calm), (Hub.struck, faults.cut)], ids=["calm", "struck"])
def test_a_pledge_of_one_hub_is_on_the_scoreboard_of_the_other_and_so_is_what_becomes_of_it(charter, trouble, cut):
    keeper, other = charter.keeper, charter.other
    with trouble(keeper):
        charter.says("pledge", measures=["A1", "B1", "C3"], text="Trois mesures pour ce mandat.", **SIGNED)
    pledge = charter.told(signed_on="2026-06-12", withdrawn_on=None)
    assert [row["measure"] for row in pledge["commitments"]] == ["A1", "B1", "C3"]
    for hub in (keeper, other):
        assert pledge["name"] in charter.scoreboard(hub)
        assert any(pledge["name"] in cell for row in charter.table(hub) for cell in row)

    with trouble(keeper):
        charter.says("update_progress", commitments=[told("B1", 40), told("C3", 80)])
        charter.says("update_progress", commitments=[told("B1", 60, evidence=PROOF)])
    pledge = charter.told(progress=47)
    assert [(row["measure"], row["progress"]) for row in pledge["commitments"]] == [("A1", 0), ("B1", 60), ("C3", 80)]
    assert pledge["commitments"][1]["evidence"][0]["url"] == PROOF["url"]
    assert charter.board(keeper)["progress"] == charter.board(other)["progress"] == 47

    with trouble(other):
        own = keeper.tell(
            f"charters/{charter.ids[keeper.name]}/pledge/", by="editor", member=keeper.member, measures=["A1"], **SIGNED
        )
        assert own["pledges_count"] == 2
    eventually(lambda: charter.board(other).get("pledges_count") == 2, "the keeper's own pledge, seen from the other")

    with cut(other, keeper):
        charter.says("withdraw", reason="Le conseil a changé de priorités.")
    charter.told(reason="Le conseil a changé de priorités.")
    assert charter.board(keeper)["pledges_count"] == 1
    eventually(lambda: charter.board(other).get("pledges_count") == 1, "one pledge that stands")


def told(measure: str, progress: int, **more: Any) -> dict[str, Any]:
    said = {"measure": measure, "status": "running", "progress": progress, "next_update_due": NEXT}
    return said | {"comment": "En cours."} | more


PROOF = {"kind": "deliberation", "label": "Délibération 2026-31", "url": "https://region.example/d/31"}


def test_who_has_not_the_role_and_what_is_not_right_are_refused_before_anything_is_sent(charter):
    other, path = charter.other, f"charters/{charter.ids[charter.other.name]}/pledge/"
    words = {"member": other.member, "measures": ["A1"], **SIGNED}
    assert other.call("POST", path, by="contributor", json=words).status_code == 403
    refused = other.call("POST", path, by="editor", json=words | {"measures": ["Z9"], "signed_on": "2099-01-01"})
    assert refused.status_code == 400
    assert refused.json()["errors"].keys() >= {"measures"}
    assert charter.board(other)["mine"] == []
    assert charter.pledge(charter.keeper) == charter.pledge(other) == {}
