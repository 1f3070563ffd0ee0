"""A person in front of the form."""

from typing import Any

from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from resources import content
from resources.kinds import KINDS
from resources.models import Resource
from resources.views.edit import fingerprint, of_step
from rtes_hub.territories.models import Territory


def address(resource: Resource, step: str) -> str:
    return reverse("resource-edit", args=[resource.pk, step])


def seen(resource: Resource, step: str) -> str:
    """What the page carries: the mark of what its reader has before their eyes."""
    resource.refresh_from_db()
    found = KINDS[resource.kind].step(step)
    assert found is not None
    return fingerprint(of_step(found, content.working_data(resource)))


def fields(resource: Resource, step: str, **typed: Any) -> QueryDict:
    """What a browser sends for that step: what stands there, with what was typed."""
    found = KINDS[resource.kind].step(step)
    assert found is not None
    data = content.working_data(resource) | typed
    sent = QueryDict(mutable=True)
    sent["seen"] = seen(resource, step)
    for fact in found.facts:
        value = data.get(fact.code)
        match fact.type:
            case "boolean":
                if value:
                    sent[fact.code] = "1"
            case "choices":
                sent.setlist(fact.code, value or [])
            case "list":
                sent[fact.code] = "\r\n".join(value or [])
            case "territory":
                place = Territory.objects.filter(pk=value).first()
                sent[fact.code], sent[f"{fact.code}-name"] = (place.pk, place.name) if place else ("", value or "")
            case "table":
                sent[f"{fact.code}-rows"] = str(len(value or []))
                for number, row in enumerate(value or []):
                    for code, cell in row.items():
                        sent[f"{fact.code}-{number}-{code}"] = str(cell)
            case _:
                sent[fact.code] = "" if value is None else str(value)
    return sent


def send(client: Client, path: str, sent: QueryDict, **more: Any) -> Any:
    return client.post(path, sent.urlencode(), content_type="application/x-www-form-urlencoded", **more)
