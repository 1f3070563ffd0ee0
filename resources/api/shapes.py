"""The shapes of requests and answers, made from the kinds: what the description of the API says, kind by kind.

They describe; whether a value is right is answered by `resources.kinds.validate`, for the site and the API alike.
"""

from functools import cache
from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework import serializers

from resources.kinds import KINDS, Fact, Kind, Type
from resources.kinds.checks import MAX_ITEM, MAX_URL
from resources.kinds.envelope import COLUMNS, TITLE
from resources.kinds.lists import DOCUMENT_NATURES
from resources.models import State
from rtes_hub.rest.strict import StrictSerializer
from rtes_hub.territories.api import BriefMember, BriefTerritory

MONTH = r"^[12][0-9]{3}-[0-9]{2}$"
DECIMAL = r"^[+-]?[0-9]+(\.[0-9]+)?$"


def component_name(kind: Kind) -> str:
    """ "good-practice" → "GoodPractice"."""
    return "".join(word.capitalize() for word in kind.slug.split("-"))


def field_of(fact: Fact, owner: str) -> serializers.Field:
    said: dict[str, Any] = {"required": False, "label": fact.label, "help_text": fact.help or None}
    choices = [(choice.code, choice.label) for choice in fact.choices]
    match fact.type:
        case Type.LIST:
            return serializers.ListField(
                child=serializers.CharField(max_length=MAX_ITEM), max_length=fact.limit or 100, **said
            )
        case Type.CHOICE:
            return serializers.ChoiceField(choices=choices, **said)
        case Type.CHOICES:
            return serializers.ListField(child=serializers.ChoiceField(choices=choices), **said)
        case Type.BOOLEAN:
            return serializers.BooleanField(**said)
        case Type.INTEGER:
            return serializers.IntegerField(min_value=fact.smallest, max_value=fact.greatest, **said)
        case Type.DECIMAL:
            return serializers.RegexField(DECIMAL, **said)
        case Type.DATE:
            return serializers.DateField(**said)
        case Type.MONTH:
            return serializers.RegexField(MONTH, **said)
        case Type.URL:
            return serializers.URLField(max_length=MAX_URL, **said)
        case Type.TABLE:
            return _serializer(_row_name(fact, owner), fact.columns)(many=True, **said)
        case _:  # LINE, TEXT, MARKDOWN, TERRITORY
            return serializers.CharField(max_length=fact.limit, allow_blank=True, **said)


def _row_name(fact: Fact, owner: str) -> str:
    """ "ResultsRow"; what every kind says alike has one name for all of them."""
    shared = all(fact in kind.facts for kind in KINDS.values())
    return ("" if shared else owner) + "".join(word.capitalize() for word in fact.code.split("_")) + "Row"


@cache
def _serializer(name: str, facts: tuple[Fact, ...]) -> type[serializers.Serializer]:
    return type(name, (serializers.Serializer,), {fact.code: field_of(fact, name) for fact in facts})


@cache
def facts_of(kind: Kind) -> type[serializers.Serializer]:
    """What the kind says beside the envelope."""
    return _serializer(f"{component_name(kind)}Facts", tuple(fact for fact in kind.facts if fact.code not in COLUMNS))


class Origin(serializers.Serializer):
    hub = serializers.URLField(help_text="scheme://host of the hub that publishes it.")
    name = serializers.CharField(help_text="Empty for this hub.")


class Attached(serializers.Serializer):
    id = serializers.CharField()
    url = serializers.URLField()
    title = serializers.CharField()
    nature = serializers.ChoiceField(choices=[(choice.code, choice.label) for choice in DOCUMENT_NATURES])
    is_model = serializers.BooleanField(help_text="Meant to be copied.")
    accessible_alternative = serializers.CharField(help_text="What it says, for who cannot read the file.")
    licence = serializers.CharField(help_text="Empty: that of the resource.")
    media_type = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes; 0 when not known.")
    digest = serializers.CharField(help_text="SHA-256, in hexadecimal.")


class Envelope(serializers.Serializer):
    """What every resource says, whatever its kind."""

    id = serializers.IntegerField(help_text="On this hub only; `uri` is the same everywhere and for ever.")
    uri = serializers.URLField()
    url = serializers.CharField(help_text="The page for people, on the hub that publishes it; empty when not known.")
    state = serializers.ChoiceField(choices=State.choices)
    version = serializers.IntegerField(help_text="Grows by one at each change; 0 before the first publication.")
    origin = Origin()
    member = BriefMember()
    title = serializers.CharField(max_length=TITLE.limit)
    summary = serializers.CharField()
    brief = serializers.CharField(help_text="For an elected member with two minutes.")
    language = serializers.CharField(help_text="BCP 47.")
    licence = serializers.CharField()
    visibility = serializers.CharField()
    federated = serializers.BooleanField(help_text="Shared with partner hubs.")
    territory = BriefTerritory(allow_null=True, help_text="The area concerned.")
    themes = serializers.ListField(child=serializers.CharField())
    tags = serializers.ListField(child=serializers.CharField())
    created_at = serializers.DateTimeField()
    published_at = serializers.DateTimeField(allow_null=True)
    updated_at = serializers.DateTimeField(allow_null=True)
    review_due_on = serializers.DateField(allow_null=True)
    attachments = Attached(many=True)


def _variant(kind: Kind, base: type[serializers.Serializer], suffix: str) -> type[serializers.Serializer]:
    name = component_name(kind) + suffix
    fields: dict[str, Any] = {
        "kind": serializers.ChoiceField(choices=[(kind.slug, kind.label)]),
        "facts": facts_of(kind)(required=base is Envelope),
    }
    return type(name, (base,), fields | {"__doc__": f"Of the kind `{kind.slug}`."})


def _written() -> dict[str, serializers.Field]:
    """The envelope as it is written: the same in every kind."""
    kind = next(iter(KINDS.values()))
    return {code: field_of(kind.fact(code), "Envelope") for code in COLUMNS}


Written = type("Written", (serializers.Serializer,), _written())


class New(Written):  # type: ignore[misc, valid-type]
    member = serializers.CharField(help_text="The collectivité that speaks: its slug or its URI.")


class Change(Written):  # type: ignore[misc, valid-type]
    """Only what is given changes; an emptied value empties."""

    facts = serializers.DictField(
        required=False, help_text="Those of its kind: see `GoodPracticeFacts`, `PolicyNoteFacts`."
    )


RESOURCE = PolymorphicProxySerializer(
    component_name="Resource",
    serializers={slug: _variant(kind, Envelope, "") for slug, kind in KINDS.items()},
    resource_type_field_name="kind",
)
NEW = PolymorphicProxySerializer(
    component_name="NewResource",
    serializers={slug: _variant(kind, New, "New") for slug, kind in KINDS.items()},
    resource_type_field_name="kind",
)


DRAFT = {
    "type": "object",
    "description": "What is being written, right or not, as it would be sent: the fields of `Change`.",
    "required": ["facts"],
    "properties": {"facts": {"type": "object"}},
}


class Nothing(StrictSerializer):
    """No field."""


class PublishMove(StrictSerializer):
    note = serializers.CharField(required=False, allow_blank=True, max_length=300, help_text="What changed.")


class SendBackMove(StrictSerializer):
    comment = serializers.CharField(max_length=2000, help_text="What is to be done before it can be published.")


class WithdrawMove(StrictSerializer):
    reason = serializers.CharField(required=False, allow_blank=True, max_length=300)


class Upload(StrictSerializer):
    file = serializers.FileField()
    title = serializers.CharField(max_length=200)
    nature = serializers.ChoiceField(choices=[(choice.code, choice.label) for choice in DOCUMENT_NATURES])
    is_model = serializers.BooleanField(default=False, help_text="Meant to be copied.")
    accessible_alternative = serializers.CharField(
        required=False, allow_blank=True, max_length=500, help_text="What it says, for who cannot read the file."
    )
    licence = serializers.CharField(required=False, allow_blank=True, help_text="Empty: that of the resource.")
