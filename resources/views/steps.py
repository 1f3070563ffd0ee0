"""Where one is in the form: the steps of the kind, then the documents, then reading it again."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from resources.acts import checked
from resources.kinds import KINDS
from resources.models import Resource

DOCUMENTS = "documents"
REVIEW = "relire"


@dataclass(frozen=True, kw_only=True)
class Place:
    code: str
    label: Any
    url: str
    is_current: bool
    left: int  #: what is still missing or wrong in it


def first_step(resource: Resource) -> str:
    return KINDS[resource.kind].steps[0].code


def steps_of(resource: Resource, current: str) -> list[Place]:
    kind = KINDS[resource.kind]
    errors = checked(resource, complete=True)[1]
    places = [(step.code, step.label, sum(fact.code in errors for fact in step.facts)) for step in kind.steps]
    places += [(DOCUMENTS, _("Documents"), 0), (REVIEW, _("Read again and publish"), 0)]
    return [
        Place(
            code=code,
            label=label,
            url=reverse("resource-edit", args=[resource.pk, code]),
            is_current=code == current,
            left=left,
        )
        for code, label, left in places
    ]
