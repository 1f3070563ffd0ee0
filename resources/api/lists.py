"""The kinds and their facts, and the themes: what a program needs in order to build a form."""
# ruff: noqa: ARG002 - the framework gives every view the request.

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from resources.api.represent import ENVELOPE
from resources.kinds import KINDS, THEMES, Fact, Kind


class ChoiceShape(serializers.Serializer):
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]


class ColumnShape(serializers.Serializer):
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    type = serializers.CharField(help_text="line, text, markdown, list, choice, choices, boolean, integer, …")
    help = serializers.CharField()
    unit = serializers.CharField()
    limit = serializers.IntegerField(
        allow_null=True, help_text="Characters of a text, items of a list, rows of a table."
    )
    least = serializers.IntegerField(help_text="Fewest items, when there are any.")
    smallest = serializers.IntegerField(allow_null=True)
    greatest = serializers.IntegerField(allow_null=True)
    pattern = serializers.CharField(help_text="A regular expression that the whole line matches.")
    required = serializers.BooleanField(  # type: ignore[assignment]
        help_text="Needed before publication, not before saving."
    )
    members_only = serializers.BooleanField(help_text="Never shown to a passer-by, never sent to a partner.")
    choices = ChoiceShape(many=True)


class FactShape(ColumnShape):
    envelope = serializers.BooleanField(help_text="Stands beside `facts`, not in it.")
    step = serializers.CharField(help_text="The step of the form where it is asked.")
    columns = ColumnShape(many=True)


class KindShape(serializers.Serializer):
    slug = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    plural = serializers.CharField()
    description = serializers.CharField()
    main = serializers.CharField(help_text="The fact that is the body of the text, in Markdown.")
    facts = FactShape(many=True)


class ThemeShape(serializers.Serializer):
    slug = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    rubrique = serializers.CharField(help_text="The part of the RTES resource centre that it belongs to.")


class Kinds(APIView):
    @extend_schema(summary="The kinds, and all their facts", tags=["lists"], responses=KindShape(many=True))
    def get(self, request: Request) -> Response:
        """In the language asked for by `Accept-Language`: fr or en."""
        return Response([described(kind) for kind in KINDS.values()])


class Themes(APIView):
    @extend_schema(summary="The themes", tags=["lists"], responses=ThemeShape(many=True))
    def get(self, request: Request) -> Response:
        return Response(
            [{"slug": theme.slug, "label": str(theme.label), "rubrique": theme.rubrique} for theme in THEMES.values()]
        )


def described(kind: Kind) -> dict[str, Any]:
    return {
        "slug": kind.slug,
        "label": str(kind.label),
        "plural": str(kind.plural),
        "description": str(kind.description),
        "main": kind.main,
        "facts": [
            {
                **_column(fact),
                "envelope": fact.code in ENVELOPE,
                "step": step.code,
                "columns": [_column(column) for column in fact.columns],
            }
            for step in kind.steps
            for fact in step.facts
        ],
    }


def _column(fact: Fact) -> dict[str, Any]:
    return {
        "code": fact.code,
        "label": str(fact.label),
        "type": fact.type.value,
        "help": str(fact.help),
        "unit": str(fact.unit),
        "limit": fact.limit,
        "least": fact.least,
        "smallest": fact.smallest,
        "greatest": fact.greatest,
        "pattern": fact.pattern,
        "required": fact.required,
        "members_only": fact.members_only,
        "choices": [{"code": choice.code, "label": str(choice.label)} for choice in fact.choices],
    }
