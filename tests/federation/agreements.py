"""Two hubs at some point of their agreement: what they say is given to the functions that the verbs call."""

import json
from contextlib import contextmanager

from federation import actors
from federation.models import Actor, Delivery, Follow, Peer
from federation.partners import agreement, answers
from federation.wire import read
from rtes_hub.audit.models import Line
from tests.federation.peers import a_peer, a_remote_hub, a_server

HUB = "https://partner.example"
CHARTER = {"hub": "Réseau voisin", "entity": "Région voisine", "contact": "ess@voisine.example", "rules": "Courtoisie."}


@contextmanager
def a_discoverable_hub(settings):
    """Another hub that can be discovered."""
    with a_server(settings) as server:
        uri = f"{server.origin}/ap/actor"
        nodeinfo = {"links": [{"rel": "https://www.w3.org/ns/activitystreams#Application", "href": uri}]}
        document = {
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": uri,
            "type": "Application",
            "preferredUsername": "hub",
            "name": "Réseau voisin",
            "inbox": f"{uri}/inbox",
            "outbox": f"{uri}/outbox",
        }
        server.pages["/.well-known/nodeinfo"] = ("application/json", json.dumps(nodeinfo).encode())
        server.pages["/ap/actor"] = ("application/activity+json", json.dumps(document).encode())
        yield server


def said():
    """What we owe, in order."""
    return [d.activity.type for d in Delivery.objects.select_related("activity").order_by("activity_id")]


def a_request(hub, number=1, **extra):
    ours = actors.instance().uri
    return {"id": f"{hub.uri}/follows/{number}", "type": "Follow", "actor": hub.uri, "object": ours, **extra}


def they_ask(hub, **extra):
    answers.on_follow_of_hub(hub, a_request(hub, **extra), hub.peer)
    return Peer.objects.get(pk=hub.peer_id)


def they_answer(type_, hub, about=None):
    about = about or Follow.objects.get(follower=actors.instance()).uri
    head = read.activity({"id": f"{hub.uri}/answers/1", "type": type_, "actor": hub.uri, "object": about})
    {"Accept": answers.on_accept, "Reject": answers.on_reject, "Undo": answers.on_undo}[type_](hub, head)
    return Peer.objects.get(pk=hub.peer_id)


def a_stranger():
    return a_remote_hub(peer=a_peer(HUB, "unknown"))


def we_asked():
    hub = a_stranger()
    hub.peer.agreement = "asked"
    hub.peer.actor_uri = hub.uri
    hub.peer.save()
    agreement.ties.follow(hub)
    return hub


def a_partner():
    hub = a_stranger()
    they_ask(hub)
    agreement.accept(hub.peer, by=None)
    they_answer("Accept", hub)
    Delivery.objects.all().delete()
    return Actor.objects.get(pk=hub.pk)


def acts():
    return list(Line.objects.order_by("pk").values_list("act", flat=True))
