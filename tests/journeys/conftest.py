"""Two real hubs: Dijon métropole's network and the region's, partners by the real asking and accepting."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.journeys import making, said
from tests.journeys.hubs import Hub, eventually

#: Published by the region before the two hubs knew of each other.
BEFORE = "Publié avant le partenariat"


@pytest.fixture(autouse=True)
def marked(request: pytest.FixtureRequest) -> None:
    """Whoever writes a journey without its marker would slow every run of the tests."""
    assert request.node.get_closest_marker("journey"), "pytestmark = pytest.mark.journey"


@pytest.fixture(scope="session")
def strangers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Hub, Hub]]:
    """Two hubs that run and do not know each other; each with an editor, a contributor, a reader and a coordinator."""
    root: Path = tmp_path_factory.mktemp("hubs")
    ports = making.free_ports(2)
    peers = ",".join(f"127.0.0.1:{port}" for port in ports)
    made: list[Hub] = []

    def make(name: str, port: int, territory: str) -> Hub:
        hub = making.make(name, port, peers, root)
        made.append(hub)
        hub.add_each(territory, "contributor", "editor", "reader", "coordinator")
        hub.start()
        return hub

    with ThreadPoolExecutor(2) as pool:
        dijon = pool.submit(make, "dijon", ports[0], said.DIJON)
        region = pool.submit(make, "region", ports[1], said.REGION)
    try:
        yield dijon.result(), region.result()
    finally:
        for hub in made:
            making.forget(hub)


@pytest.fixture(scope="session")
def pair(strangers: tuple[Hub, Hub]) -> tuple[Hub, Hub]:
    """The same, partners. The region had published something before."""
    dijon, region = strangers
    said.publish(region, BEFORE)
    dijon.manage("partner", "add", region.url)
    eventually(lambda: region.try_manage("partner", "accept", dijon.url).returncode == 0, "the request to arrive")
    hello = said.publish(dijon, "Premier envoi")["uri"]
    eventually(lambda: hello in region.catalogue(), "the first thing that Dijon shares")
    eventually(lambda: BEFORE in titles(dijon), "what the region shared before")
    return dijon, region


def titles(hub: Hub) -> list[str]:
    return [entry["title"] for entry in hub.catalogue().values()]
