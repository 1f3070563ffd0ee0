"""How the exchange goes, for programs that watch over the hub: what the page « Fédération » says."""

from typing import Any

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import permissions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from federation.operating import actions, state
from rtes_hub.accounts.models import User
from rtes_hub.rest.strict import refuse_unknown


class ExchangeSerializer(serializers.Serializer):
    hub = serializers.CharField(help_text="Origin of the other server.", source="peer.origin")
    name = serializers.CharField(source="peer.name")
    state = serializers.ChoiceField(choices=list(state.LABELS))
    last_in_at = serializers.DateTimeField(source="peer.last_in_at", allow_null=True)
    last_out_at = serializers.DateTimeField(source="peer.last_out_at", allow_null=True)
    waiting = serializers.IntegerField(help_text="Messages that wait to be sent.")
    oldest = serializers.DateTimeField(help_text="Since when the oldest of these waits.", allow_null=True)
    parked = serializers.IntegerField(help_text="Messages refused or given up, which can be sent again by hand.")
    stuck = serializers.IntegerField(help_text="Messages received that could not be taken in.")
    failing_since = serializers.DateTimeField(allow_null=True)
    paused_at = serializers.DateTimeField(allow_null=True)
    error = serializers.CharField(source="peer.last_error", help_text="Their last answer that was not a yes.")
    advice = serializers.CharField(help_text="What to do about it.")


class Operates(permissions.BasePermission):
    def has_permission(self, request: Request, _view: Any) -> bool:
        return isinstance(request.user, User) and actions.may_see(request.user)


class Exchange(APIView):
    permission_classes = (Operates,)

    @extend_schema(
        summary="How the exchange goes with each server",
        description="For coordinators and administrators. Those in difficulty first, then by name.",
        tags=["federation"],
        responses=ExchangeSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        refuse_unknown(request.query_params, (), "This parameter is not known here.")
        return Response(ExchangeSerializer(state.known(), many=True).data)


#: Addresses, under /api/v1/.
urlpatterns = [path("federation/", Exchange.as_view(), name="api-federation")]
