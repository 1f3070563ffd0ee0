"""The shapes of requests and answers: what the description of the API says."""

from typing import Any

from rest_framework import serializers

from resources.api.shapes import Origin, field_of
from resources.charters import acts
from resources.charters.models import Step
from resources.kinds import KINDS
from resources.kinds import charter_shared as shared
from resources.kinds.charter_words import Proof, Status
from rtes_hub.rest.strict import StrictSerializer
from rtes_hub.territories.api import BriefMember

_FACTS = KINDS["charter"].by_code


def _per_cent(**said: Any) -> serializers.IntegerField:
    words = "Per cent; null where nothing counts."
    return serializers.IntegerField(allow_null=True, min_value=0, max_value=100, help_text=words, **said)


class BriefCharter(serializers.Serializer):
    id = serializers.IntegerField(help_text="That of the resource, on this hub only.")
    uri = serializers.URLField()
    url = serializers.CharField(help_text="The page for people, on the hub that keeps it.")
    origin = Origin()
    title = serializers.CharField()


class ThemeProgress(serializers.Serializer):
    theme = serializers.CharField(help_text="Its code in the charter.")
    progress = _per_cent()


class MeasureProgress(serializers.Serializer):
    measure = serializers.CharField(help_text="Its code in the charter.")
    pledges = serializers.IntegerField()
    done = serializers.IntegerField()
    progress = _per_cent()


class PledgeStep(serializers.Serializer):
    """What one of our collectivités said of its pledge to the hub of a charter that is kept elsewhere."""

    uri = serializers.URLField()
    act = serializers.ChoiceField(choices=list(acts.ACTS.items()))
    sequence = serializers.IntegerField(help_text="The last one that is not refused says it all.")
    state = serializers.ChoiceField(choices=Step.State.choices)
    reason = serializers.CharField(help_text="When it was refused.")
    at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)


class MyPledge(serializers.Serializer):
    """Where one of the collectivités that the holder of the token acts for stands."""

    member = BriefMember()
    stands = serializers.BooleanField(help_text="By its own last word, answered or not.")
    pledge = serializers.IntegerField(allow_null=True, help_text="The pledge as everyone reads it.")
    pending = PledgeStep(allow_null=True)
    refused = PledgeStep(allow_null=True)


class CharterBoard(BriefCharter):
    """A charter, and how far those who signed it have come together. Its text is at `/resources/{id}/`."""

    promoter = serializers.CharField()
    charter_themes = field_of(_FACTS["charter_themes"], "CharterFacts")
    measures = field_of(_FACTS["measures"], "CharterFacts")
    window_months = serializers.IntegerField()
    update_months = serializers.IntegerField()
    least_measures = serializers.IntegerField()
    pledges_count = serializers.IntegerField(help_text="Those that stand.")
    progress = _per_cent()
    by_theme = ThemeProgress(many=True)
    by_measure = MeasureProgress(many=True)
    mine = MyPledge(many=True)


class ProofShape(serializers.Serializer):
    kind = serializers.ChoiceField(choices=Proof.choices)
    label = serializers.CharField()  # type: ignore[assignment]
    url = serializers.URLField()
    added_on = serializers.DateField()


class CommitmentShape(serializers.Serializer):
    measure = serializers.CharField(help_text="Its code in the charter.")
    statement = serializers.CharField(help_text="As it was when it was promised.")
    status = serializers.ChoiceField(choices=Status.choices)
    progress = _per_cent()
    comment = serializers.CharField()
    deadline = serializers.DateField()
    updated_on = serializers.DateField(allow_null=True)
    next_update_due = serializers.DateField(allow_null=True)
    evidence = ProofShape(many=True)


class PledgeShape(serializers.Serializer):
    """What a collectivité committed itself to, and how far it says it has come."""

    id = serializers.IntegerField()
    charter = BriefCharter()
    name = serializers.CharField()
    uri = serializers.URLField(help_text="Of the collectivité that signed, whichever its hub.")
    territory = serializers.CharField(help_text="Its key in the official table, when it is known.")
    member = BriefMember(allow_null=True, help_text="Null for one that this hub knows by name only.")
    signatory = serializers.CharField(help_text="A function.")
    signed_on = serializers.DateField()
    charter_version = serializers.IntegerField(help_text="The version of the charter that was signed.")
    mandate_starts_on = serializers.DateField()
    ends_on = serializers.DateField(help_text="Last day of the window.")
    text = serializers.CharField()
    withdrawn_on = serializers.DateField(allow_null=True)
    reason = serializers.CharField(help_text="Why it was withdrawn.")
    progress = _per_cent()
    by_theme = ThemeProgress(many=True)
    commitments = CommitmentShape(many=True)


class UpdateShape(serializers.Serializer):
    on = serializers.DateField()
    measure = serializers.CharField()
    status = serializers.ChoiceField(choices=Status.choices)
    progress = serializers.IntegerField()
    comment = serializers.CharField()


class WholePledge(PledgeShape):
    timeline = UpdateShape(many=True, help_text="The newest first.")


# Requests ---------------------------------------------------------------------------------------------------------


def _said(name: str, facts: Any, **more: serializers.Field) -> type[serializers.Serializer]:
    fields: dict[str, Any] = {fact.code: field_of(fact, name) for fact in facts}
    for fact in facts:
        fields[fact.code].required = fact.required
    return type(name, (serializers.Serializer,), fields | more)


def _whose() -> serializers.CharField:
    return serializers.CharField(help_text="The collectivité that signs: its slug or its URI.")


SIGN = _said(
    "PledgeSigned",
    shared.PLEDGE,
    member=_whose(),
    measures=serializers.ListField(child=serializers.CharField(), help_text="Their codes."),
)
_EVIDENCE = _said("PledgeEvidence", acts.EVIDENCE)
TELL = _said(
    "PledgeProgress",
    (),
    member=_whose(),
    commitments=_said(
        "CommitmentProgress",
        acts.UPDATE,
        measure=serializers.CharField(help_text="Its code."),
        evidence=_EVIDENCE(required=False),
    )(many=True),
)


class Withdrawal(StrictSerializer):
    member = _whose()
    reason = serializers.CharField(max_length=500, help_text="It becomes public.")


class CharterStepAgain(StrictSerializer):
    uri = serializers.CharField(max_length=2048, help_text="Of the step that was given up.")


class EvidenceOut(StrictSerializer):
    member = _whose()
    measure = serializers.CharField(max_length=10)
    url = serializers.CharField(max_length=2048)


class FileUpload(StrictSerializer):
    member = _whose()
    file = serializers.FileField()


class FileKept(serializers.Serializer):
    url = serializers.URLField(help_text="To be given as evidence, of the kind `file` or `deliberation`.")
