"""What is done in the environment of a hub that is measured as a receiver: it is made ready, and watched."""

import json
import time
from typing import Any

from django.core.management import call_command
from django.utils import timezone

from bench.fill import members
from bench.partner import ACTOR, KEY_ID, ORIGIN
from federation.models import Actor, Peer, StoredObject
from resources import actions as resource_actions
from resources.models import Resource
from rtes_hub.demo.sheets import note
from rtes_hub.demo.source import more, said
from rtes_hub.prepare import prepare

WORDS = 45  #: characters of each text
PAUSE = 0.2  #: seconds between two looks


def ready(public_key: str) -> None:
    """Prints, as JSON, the document of a sheet of this hub; a partner with that key may speak from now on."""
    call_command("migrate", interactive=False, verbosity=0)
    listed = members()
    prepare(lambda _line: None)
    item = said()["policy_notes"][0]
    data = short(note(item, more()["facts"][item["id"]])) | {"territory": listed[0].territory_id}
    sheet = resource_actions.bring_in("policy-note", member=listed[0], by=None, data=data)
    _let_in(public_key)
    print(json.dumps({"model": StoredObject.objects.get(uri=sheet.uri).document}))


def short(value: Any) -> Any:
    """With texts and lists cut: a note of about 3 KB."""
    if isinstance(value, dict):
        return {key: short(item) for key, item in value.items()}
    if isinstance(value, list):
        return [short(item) for item in value[:2]]
    return value[:WORDS] if isinstance(value, str) else value


def _let_in(public_key: str) -> None:
    peer = Peer.objects.create(
        origin=ORIGIN, level=Peer.Level.PARTNER, name="Réseau mesuré", actor_uri=f"{ORIGIN}/ap/actor"
    )
    fields: dict[str, Any] = {name: f"{ACTOR}/{name}" for name in ("inbox", "outbox", "followers")}
    fields |= {"type": "Organization", "handle": "mesure", "name": "Collectivité mesurée", "url": f"{ORIGIN}/mesure"}
    key = {"id": KEY_ID, "algorithm": "rsa", "public": public_key}
    Actor.objects.create(uri=ACTOR, peer=peer, local=False, keys=[key], fetched_at=timezone.now(), **fields)


def watch(count: int, seconds: float) -> None:
    """Prints how many notes of the partner are visible, and after how many seconds all `count` of them were."""
    begun = time.monotonic()
    shown = Resource.objects.filter(uri__startswith=f"{ORIGIN}/")
    while (seen := shown.count()) < count and time.monotonic() - begun < seconds:
        time.sleep(PAUSE)
    print(json.dumps({"seen": seen, "seconds": time.monotonic() - begun}))
