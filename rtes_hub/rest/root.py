"""Where a program begins: every list of the API by its name, and the description of all of it."""

from typing import Any

from django.utils import translation
from drf_spectacular.utils import extend_schema, inline_serializer
from drf_spectacular.views import SpectacularAPIView
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


class Root(APIView):
    names: tuple[str, ...] = ()  #: of the lists, as they stand in addresses

    @extend_schema(
        summary="Where to begin",
        operation_id="root",
        tags=["root"],
        responses={200: inline_serializer("Root", {"schema": serializers.URLField(help_text="Of this description.")})},
    )
    def get(self, request: Request) -> Response:
        """The address of each list, by its name. What is in them depends on the token."""
        here = request.build_absolute_uri(request.path)
        return Response({name: f"{here}{name}/" for name in self.names})


class Schema(SpectacularAPIView):
    """In English whoever asks, as docs/openapi.yaml is: a contract has one wording."""

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        with translation.override("en"):
            return super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call, no-any-return]
