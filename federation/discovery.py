"""How a name leads to an actor, and what the hub says of itself to whoever asks.

Spec: RFC 7033 (WebFinger), RFC 6415 (host-meta), NodeInfo 2.1, FEP-2677, FEP-d556; federation.md §1.C.
"""

from typing import Any

from django.conf import settings

from federation import actors
from federation.errors import Refused
from federation.models import Actor, StoredObject
from federation.wire import write

SOFTWARE_VERSION = "0.1.0"
MAX_RESOURCE = 2048  #: characters


def webfinger(resource: str, rels: list[str]) -> dict[str, Any]:
    """The descriptor of an actor named in any of the ways people and servers name one; of its links, those asked for.

    Raises: Refused: 400 for what is no name, 404 unknown here, 410 gone.
    """
    if not resource or len(resource) > MAX_RESOURCE or any(ord(character) <= 0x20 for character in resource):
        raise Refused("resource: it must be acct:name@host or the address of an actor", 400)
    base, hub = settings.RTES.base_url, actors.instance()
    if resource.lower() in (base, f"{base}/"):
        found = write.webfinger_server(base, instance=hub.uri)
    else:
        actor = _by_address(resource) if "://" in resource else _by_handle(resource)
        if actor is None:
            raise Refused("resource: nobody of that name is here", 404)
        if actor.gone_at is not None:
            raise Refused("resource: it is gone", 410)
        found = write.webfinger(handle=actor.handle, uri=actor.uri, url=actor.url)
    if rels:
        found = {**found, "links": [link for link in found["links"] if link["rel"] in rels]}
    return found


def _by_address(url: str) -> Actor | None:
    """Its id first: the page of the hub itself is also that of its moderation."""
    ours = Actor.objects.filter(local=True)
    return ours.filter(uri=url).first() or ours.filter(url=url).first()


def _by_handle(resource: str) -> Actor | None:
    """acct:name@host, name@host or @name@host, the host in any case. `host@host` is the hub itself."""
    name, at, host = resource.removeprefix("acct:").removeprefix("@").rpartition("@")
    if not at or not name or not host or "@" in name:
        raise Refused("resource: it must be acct:name@host or the address of an actor", 400)
    if host.lower() != actors.host():
        return None
    name = name.lower()
    if name == actors.host():
        return actors.instance()
    if name == "moderation":
        return actors.moderation()
    ours = Actor.objects.filter(local=True)
    return ours.filter(handle=name).first() or ours.filter(former_handles__handle=name).first()


def nodeinfo_index() -> dict[str, Any]:
    return write.nodeinfo_discovery(settings.RTES.base_url, instance=actors.instance().uri)


def nodeinfo(version: str) -> dict[str, Any]:
    """Counts of what is public: authors who are still here, and things still published."""
    authors = Actor.objects.filter(local=True, gone_at=None).exclude(type__in=["Application", "Service"]).count()
    instance = actors.instance()
    return write.nodeinfo(
        version,
        name=instance.name,
        description="",
        software_version=SOFTWARE_VERSION,
        users={"total": authors},
        posts=StoredObject.objects.filter(local=True, removed_at=None).count(),
        comments=0,
        federation=settings.RTES.federation,
        staff=[actors.moderation().uri],
    )
