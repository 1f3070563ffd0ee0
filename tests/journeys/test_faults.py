"""What befalls two hubs. After each: nothing that was accepted is lost, nothing is doubled, both tell the same."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from rtes_hub import processes
from tests.journeys import faults, said
from tests.journeys.hubs import ON_POSTGRES, Hub, eventually

pytestmark = pytest.mark.journey


@pytest.fixture(autouse=True)
def equal(pair: tuple[Hub, Hub]) -> Iterator[None]:
    """After each: what both show of the sheets of both is the same, once each, and nothing is owed any more."""
    yield
    dijon, region = pair
    eventually(lambda: sheets(dijon) == sheets(region) != {}, "the same catalogue on both")
    for hub in pair:
        eventually(lambda hub=hub: not owed(hub), f"{hub.name} to owe nothing")


def sheets(hub: Hub) -> dict[str, tuple[Any, ...]]:
    results = hub.ask("resources/", limit=100).get("results", ())
    told = {row["uri"]: tuple(str(row[name]) for name in ("title", "summary", "version", "kind")) for row in results}
    assert len(told) == len(results), "doubled"
    return told


def owed(hub: Hub) -> list[Any]:
    waiting = "SELECT id FROM federation_delivery WHERE state = 'waiting'"
    return faults.told(hub, f"{waiting} UNION ALL SELECT id FROM federation_incoming WHERE state = 'waiting'")


def versions(hub: Hub, title: str) -> list[int]:
    return [int(version) for named, _, version, _ in sheets(hub).values() if named == title]


def test_the_web_killed_while_it_accepts_what_a_partner_sends_loses_and_doubles_nothing(pair):
    dijon, region = pair
    web, title = region.web(), "Reçu pendant la coupure du web"
    with faults.held(region, "federation_incoming"):
        said.publish(dijon, title)
        eventually(lambda: faults.is_speaking_to(dijon.worker(), region.port), "the delivery to begin")
        eventually(lambda: faults.is_serving(web, region.port), "the web to have taken it")
        os.killpg(web, signal.SIGKILL)
    eventually(lambda: versions(region, title) == [1], "it to be sent again")


def test_the_web_killed_while_it_accepts_the_act_of_a_person_has_done_all_of_it_or_nothing(pair):
    dijon, region = pair
    title = "Publié pendant la coupure du web"
    draft = said.write(dijon, title)
    said.move(dijon, draft, "submit", by="contributor")
    web, path = dijon.web(), f"resources/{draft['id']}/publish/"
    with ThreadPoolExecutor(1) as pool:
        with faults.held(dijon, "audit_line"):
            act = pool.submit(dijon.call, "POST", path, by="editor", json={})
            eventually(lambda: faults.is_serving(web, dijon.port), "the web to have taken it")
            os.killpg(web, signal.SIGKILL)
        with pytest.raises(requests.ConnectionError):
            act.result(30)
    eventually(lambda: dijon.ask(f"resources/{draft['id']}/", by="editor").get("state") == "submitted", "it to be back")
    assert title not in str(sheets(region)), "nothing of it was done, and nothing was sent"
    said.move(dijon, draft, "publish", by="editor")
    eventually(lambda: versions(region, title) == [1], "it, said again")


@pytest.mark.parametrize(("days", "ends"), [(13, "sent"), (15, "expired")])
def test_a_partner_down_for_days_gets_what_is_owed_until_the_fourteenth_and_catches_up_after(pair, days, ends):
    """The time that passes is taken off the dates of what is owed: both hubs' clocks stay right, as in life."""
    dijon, region = pair
    title = f"Dû depuis {days} jours"
    region.stop()
    sheet = said.publish(dijon, title)
    last = "SELECT state, tries, created_at, id FROM federation_delivery ORDER BY id DESC LIMIT 1"
    eventually(lambda: faults.told(dijon, last)[0][1] > 0, "one attempt in vain")
    _, _, created, pk = faults.told(dijon, last)[0]
    created = datetime.fromisoformat(created) if isinstance(created, str) else created
    faults.told(dijon, "UPDATE federation_delivery SET created_at = ? WHERE id = ?", moment(created, days), pk)
    faults.told(dijon, "UPDATE periodic_periodic SET next_run = ? WHERE name = 'federation.prune'", moment(created, 0))
    ran = "SELECT next_run FROM periodic_periodic WHERE name = 'federation.prune'"
    eventually(lambda: str(faults.told(dijon, ran)[0][0])[:19] > str(created)[:19], "what is too old to be given up")
    region.start()
    state = f"SELECT state FROM federation_delivery WHERE id = {pk}"
    eventually(lambda: faults.told(dijon, state)[0][0] == ends, f"it to be {ends}")
    eventually(lambda: versions(region, title) == [1], "it: sent, or caught up with by the partner itself")
    said.edit(dijon, sheet, title=f"{title}, puis redit")
    eventually(lambda: versions(region, f"{title}, puis redit") == [2], "what is said of it now")


def moment(when: datetime, days: int) -> Any:
    """As the database keeps it, some days before."""
    when = when.replace(tzinfo=UTC) - timedelta(days=days)
    return when if ON_POSTGRES else when.strftime("%Y-%m-%d %H:%M:%S.%f")


@pytest.mark.skipif(ON_POSTGRES, reason="the files are the server's, which is not ours to harm")
def test_a_full_disk_accepts_nothing_and_what_was_refused_comes_when_there_is_room(pair):
    dijon, region = pair
    title = "Envoyé à un disque plein"
    before = sheets(region)
    with faults.disk_full(region.web(), region.worker()):
        said.publish(dijon, title)
        last = "SELECT last_status FROM federation_delivery ORDER BY id DESC LIMIT 1"
        answered = eventually(lambda: faults.told(dijon, last)[0][0], "an answer")
        assert answered >= 500, "not accepted"
    assert sheets(region) == before
    eventually(lambda: versions(region, title) == [1], "it, sent again")


def test_two_workers_and_two_schedulers_of_one_hub_send_and_take_in_each_thing_once(pair):
    dijon, region = pair
    with contextlib.ExitStack() as stack:
        for hub in pair:
            stack.enter_context(seconded(hub))
        titles = [f"Sous deux ouvriers, {number}" for number in range(6)]
        made = [said.publish(dijon, title) for title in titles]
        said.edit(dijon, made[0], title="Sous deux ouvriers, corrigé")
        eventually(lambda: versions(region, "Sous deux ouvriers, corrigé") == [2], "the correction")
        for title in titles[1:]:
            eventually(lambda title=title: versions(region, title) == [1], title)


@contextlib.contextmanager
def seconded(hub: Hub) -> Iterator[None]:
    """Another worker and another scheduler of that hub, as on a second host."""
    _, *others = processes.of_a_hub(hub.environ, bind=f"127.0.0.1:{hub.port + 30_000}", workers=1)
    with (hub.folder / "second.log").open("a") as log:
        began = [subprocess.Popen(one.argv, env=dict(one.env), stdout=log, stderr=log) for one in others]
    try:
        yield
        assert [one.poll() for one in began] == [None, None], (hub.folder / "second.log").read_text()
    finally:
        for one in began:
            one.terminate()
        for one in began:
            one.wait(30)
