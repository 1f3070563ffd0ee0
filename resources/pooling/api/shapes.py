"""The shapes of requests and answers, made from the shared facts and from what each act says."""

from typing import Any

from django.utils import translation
from rest_framework import serializers

from resources.api.shapes import Origin, field_of
from resources.kinds.pooled_shared import SHARED
from resources.kinds.pooled_words import Form, Role, Status
from resources.pooling.acts import ACTS, Act
from resources.pooling.models import Step
from resources.pooling.states import MOVES
from rtes_hub.rest.strict import StrictSerializer
from rtes_hub.territories.api import BriefMember

#: The rows of shared tables have the same names wherever they stand.
_OWNER = "PooledActionFacts"


class BriefAction(serializers.Serializer):
    """A pooled action in a list."""

    id = serializers.IntegerField(help_text="That of the resource, on this hub only.")
    uri = serializers.URLField()
    url = serializers.CharField(help_text="The page for people, on the hub that leads it.")
    origin = Origin()
    title = serializers.CharField()
    summary = serializers.CharField()
    lead = BriefMember()
    form = serializers.ChoiceField(choices=Form.choices)
    status = serializers.ChoiceField(choices=Status.choices)
    join_by = serializers.DateField(allow_null=True)
    participants_count = serializers.IntegerField(help_text="Those who take part now.")


class StepShape(serializers.Serializer):
    """What one of our collectivités asked of an action that is led from another hub."""

    uri = serializers.URLField()
    act = serializers.ChoiceField(choices=[(code, act.label) for code, act in ACTS.items() if code in MOVES])
    data = serializers.DictField()  # type: ignore[assignment]
    sequence = serializers.IntegerField(help_text="They take effect in this order.")
    state = serializers.ChoiceField(choices=Step.State.choices)
    reason = serializers.CharField(help_text="Of the lead, when it was refused.")
    at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)


class MineShape(serializers.Serializer):
    """One of the collectivités that the holder of the token acts for."""

    member = BriefMember()
    may = serializers.ListField(child=serializers.CharField(), help_text="What can be done now: addresses of acts.")
    join_as = serializers.ListField(child=serializers.ChoiceField(choices=Role.choices))
    steps = StepShape(many=True)


class _Board(BriefAction):
    total = serializers.CharField(help_text="Euros.")
    shared_total = serializers.CharField(help_text="Euros: what the sharing key divides, the sum of all shares.")
    may = serializers.ListField(
        child=serializers.CharField(), help_text="What can be done now with the action as a whole: addresses of acts."
    )
    may_with = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="What the lead can do now with each participant, by URI.",
    )
    mine = MineShape(many=True)


#: All that is shared of an action, as its lead's hub publishes it, and what the reader may do.
BOARD = type("PooledActionBoard", (_Board,), {fact.code: field_of(fact, _OWNER) for fact in SHARED})


class PaperShape(serializers.Serializer):
    """What to say in `deliberate`."""

    url = serializers.URLField()
    title = serializers.CharField()
    digest = serializers.CharField(help_text="SHA-256, in hexadecimal.")
    media_type = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")


class PaperUpload(StrictSerializer):
    member = serializers.CharField(help_text="The collectivité that deliberated: its slug or its URI.")
    title = serializers.CharField(max_length=200)
    file = serializers.FileField()


class Invitation(StrictSerializer):
    members = serializers.ListField(
        child=serializers.CharField(max_length=2048), help_text="Slugs or URIs of collectivités, here or at partners'."
    )
    text = serializers.CharField(required=False, default="", allow_blank=True, help_text="At most 500 characters.")


class Invited(serializers.Serializer[Any]):
    invited = serializers.IntegerField(help_text="How many collectivités.")


class PooledStepAgain(StrictSerializer):
    uri = serializers.CharField(max_length=2048, help_text="Of the step that was given up.")


def request_of(act: Act) -> type[serializers.Serializer]:
    """What is sent to do it."""
    name = f"Pooled{act.code.capitalize()}"
    fields: dict[str, Any] = {}
    if act.code in MOVES:
        fields["member"] = serializers.CharField(help_text="Whose part it is: the slug or the URI of a collectivité.")
    fields |= {fact.code: field_of(fact, name) for fact in act.facts}
    for fact in act.facts:
        fields[fact.code].required = fact.required
    with translation.override("en"):  # a class says it once, and the description is in English
        said = str(act.label)
    return type(name, (serializers.Serializer,), fields | {"__doc__": said})
