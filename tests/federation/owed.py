"""What is owed to servers of the tests, and the turn that sends it."""

from datetime import timedelta

import time_machine
from django.utils import timezone

from federation import delivery, outbox
from federation.models import Delivery

HOUR = timedelta(hours=1)


def owe(author, *servers, about="http://127.0.0.1:8000/ap/objects/1", type="Create", inbox="/ap/inbox"):
    """An activity owed to the shared inbox of each server."""
    document = {"id": outbox.activity_uri(), "type": type, "actor": author.uri, "object": about}
    return outbox.send(author, document, to_inboxes=[server.origin + inbox for server in servers], object_uri=about)


def turn():
    delivery.turn(inline=True)


def states():
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


def after(pause):
    return time_machine.travel(timezone.now() + pause, tick=False)
