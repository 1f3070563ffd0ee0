"""What `bench.convergence` does inside a hub: catalogues by the ten thousand, written past the actions."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings

from federation.models import Peer, StoredObject
from federation.wire import canonical, digests
from resources import actions as resource_actions
from rtes_hub.demo.sheets import practice
from rtes_hub.demo.source import more, said
from rtes_hub.territories.actions import join
from rtes_hub.territories.models import Territory

BATCH = 2_000
BEGIN = datetime(2020, 1, 6, 9, tzinfo=UTC)


def fill(count: str) -> str:
    """So many practices, as partners read them: one is published, the others are its documents under other names."""
    member = join(Territory.objects.get(pk="epci-242100410"))
    extra, item = more()["facts"], said()["good_practices"][0]
    data = practice(item, extra[item["id"]]) | {"territory": member.territory_id}
    resource_actions.bring_in("good-practice", member=member, by=None, data=data)
    return copy_documents(count)


def copy_documents(count: str) -> str:
    """As many things of ours as that, altogether."""
    model = StoredObject.objects.filter(local=True, kind="good-practice").order_by("pk").first()
    have = StoredObject.objects.filter(local=True).count()
    if model is not None:
        _copies(model, settings.RTES.base_url, range(have, int(count)))
    return str(StoredObject.objects.filter(local=True).count())


def copy_held(origin: str, count: str) -> str:
    """The same things as that hub has, as if all had come here. Those that came are left as they are."""
    peer = Peer.objects.get(origin=origin)
    held = StoredObject.objects.filter(local=False, actor__peer=peer)
    model = held.filter(kind="good-practice").order_by("pk").first()
    if model is not None:
        _copies(model, origin, range(held.count(), int(count)))
    return str(held.count())


def _copies(model: StoredObject, origin: str, numbers: range) -> None:
    document = json.loads(model.document)
    rows: list[StoredObject] = []
    for number in numbers:
        rows.append(_copy(model, document, f"{origin}/ap/objects/copy-{number}", number))
        if len(rows) == BATCH or number == numbers[-1]:
            StoredObject.objects.bulk_create(rows)
            rows = []


def _copy(model: StoredObject, document: dict[str, Any], uri: str, number: int) -> StoredObject:
    at = BEGIN + timedelta(minutes=number)
    when = at.isoformat().replace("+00:00", "Z")
    text = json.dumps(document).replace(document["id"], uri)
    said = json.loads(text) | {"name": f"{document['name']} {number}", "published": when, "updated": when}
    said.pop("proof", None)
    return StoredObject(
        uri=uri,
        kind=model.kind,
        actor_id=model.actor_id,
        local=model.local,
        url=f"{uri}/page",
        document=canonical.dumps(said).decode(),
        former_type=model.former_type,
        published=at,
        updated=at,
        key=digests.key(uri),
        leaf=digests.leaf(uri, 1, at),
        change=number + 1,
    )


def is_complete(origin: str) -> bool:
    return Peer.objects.filter(origin=origin, backfill=Peer.Backfill.DONE).exists()


def change(count: str) -> str:
    """So many things have another version, and nobody is told."""
    chosen = StoredObject.objects.filter(local=True, uri__contains="/copy-").order_by("key")
    step = chosen.count() // int(count)
    for number in range(int(count)):
        row = chosen[number * step]
        row.version, row.updated = row.version + 1, row.updated + timedelta(hours=1)
        document = json.loads(row.document)
        document |= {"rtes:version": row.version, "updated": row.updated.isoformat().replace("+00:00", "Z")}
        row.document = canonical.dumps(document).decode()
        row.save()
    return count
