"""What `make demo` ends with: discussions, pooled actions and a charter that span both hubs, by real gestures."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from tests.journeys import making
from tests.journeys.hubs import Hub, eventually

pytestmark = pytest.mark.journey


@pytest.fixture
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Hub]]:
    """The two hubs of the demonstration, filled, partners, running."""
    root, ports = tmp_path_factory.mktemp("demonstration"), making.free_ports(2)
    peers = ",".join(f"127.0.0.1:{port}" for port in ports)
    made: dict[str, Hub] = {}

    def make(slug: str, port: int) -> None:
        made[slug] = hub = making.make(f"demo-{slug}", port, peers, root)
        hub.manage("load_demo", "--hub", slug)
        hub.add("reader", {"dijon": "com-21231", "region": "reg-27"}[slug])
        hub.start()

    try:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(make, ("dijon", "region"), ports))
        made["dijon"].manage("partner", "add", made["region"].url)
        accept = ("partner", "accept", made["dijon"].url)
        eventually(lambda: made["region"].try_manage(*accept).returncode == 0, "the request to arrive")
        yield made
    finally:
        for hub in made.values():
            making.forget(hub)


def test_the_two_hubs_of_the_demonstration_answer_join_and_pledge_and_a_second_time_changes_nothing(filled):
    for _ in range(2):
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(go_on, filled.items()))
        for hub in filled.values():
            check_discussions(hub)
            check_actions(hub)
            check_charters(hub)


def go_on(one: tuple[str, Hub]) -> None:
    """As `make demo` does; what a slow machine leaves for later is asked for again."""
    slug, hub = one
    said = ("load_demo", "--hub", slug, "--with-the-other")
    eventually(lambda: hub.try_manage(*said).returncode == 0, f"nothing to be awaited any more by {slug}", within=240)


def check_discussions(hub: Hub) -> None:
    threads = hub.ask("threads/")["results"]
    assert len(threads) == 10
    assert sum(thread["state"] == "validated" for thread in threads) == 6
    messages = [message for thread in threads for message in hub.ask("posts/", thread=thread["id"])["results"]]
    assert len(messages) == len({message["uri"] for message in messages}) == 39
    assert len({message["author"]["hub"] for message in messages}) == 2


def check_actions(hub: Hub) -> None:
    actions = hub.ask("pooled-actions/")["results"]
    assert len(actions) == 5
    spanning = 0
    for one in actions:
        action = hub.ask(f"pooled-actions/{one['id']}/")
        assert sum(Decimal(share["amount"]) for share in action["shares"]) == Decimal(action["shared_total"]) > 0
        signed = {seat["member"].partition("/ap/")[0] for seat in action["participants"] if seat["state"] == "signed"}
        spanning += len(signed) == 2
    assert spanning == 3


def check_charters(hub: Hub) -> None:
    pledges = hub.ask("pledges/")["results"]
    assert len(pledges) == 6
    assert any(not pledge["charter"]["uri"].startswith(pledge["uri"].partition("/ap/")[0]) for pledge in pledges)
