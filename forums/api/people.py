"""Those who speak: who they are, what they agreed to, their names as one types them."""
# ruff: noqa: ARG002 - the framework gives every view the request and the key, whether it needs them or not.

from typing import cast

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from forums import actions, naming, rules, voices
from forums.api import desk_shapes
from forums.api.common import View, attempt
from forums.models import Voice
from rtes_hub.accounts.models import User
from rtes_hub.accounts.tokens import HasScope
from rtes_hub.territories import rules as territory_rules

TAG = "people"
MAX_QUERY = 60  #: characters


class People(View):
    """Whoever did not agree to be known outside is known to members only."""

    serializer_class = desk_shapes.PersonSerializer
    lookup_field = "handle"
    lookup_value_regex = "[^/]{1,200}"

    def get_queryset(self) -> QuerySet[Voice]:
        known = Voice.objects.select_related("member__territory")
        return known if self.person.is_member else known.filter(~Q(hub="") | ~Q(consented_at=None))

    @extend_schema(summary="One who speaks", tags=[TAG], responses=desk_shapes.PersonSerializer)
    def retrieve(self, request: Request, handle: str) -> Response:
        return self._show(self.get_object())

    @extend_schema(
        summary="Keep somebody from writing for a while",
        tags=[TAG],
        request=desk_shapes.Bar,
        responses=desk_shapes.PersonSerializer,
    )
    @action(detail=True, methods=["post"])
    def bar(self, request: Request, handle: str) -> Response:
        """As a coordinator. What they wrote stays; they are told why."""
        voice = self.get_object()
        if not rules.may_bar(self.user, voice):
            raise PermissionDenied
        return self._show(attempt(actions.bar, voice, by=self.user, **self.sent(desk_shapes.Bar)))

    @extend_schema(summary="Let them write again", tags=[TAG], request=None, responses=desk_shapes.PersonSerializer)
    @action(detail=True, methods=["post"])
    def unbar(self, request: Request, handle: str) -> Response:
        return self._show(attempt(actions.unbar, self.get_object(), by=self.user))

    def _show(self, voice: Voice) -> Response:
        return Response(desk_shapes.person_of(voice, as_moderator=rules.may_bar(self.user, voice)))


class Consent(APIView):
    permission_classes = (IsAuthenticated, HasScope)

    @extend_schema(summary="What others are shown of me", tags=[TAG], responses=desk_shapes.Agreement)
    def get(self, request: Request) -> Response:
        """Beside what one writes in open forums, here and at partner hubs. Nothing is shown before one agrees."""
        return self._show()

    @extend_schema(summary="Agree to it", tags=[TAG], request=None, responses=desk_shapes.Agreement)
    def post(self, request: Request) -> Response:
        """Twice is once."""
        if not territory_rules.is_member(request.user):
            raise PermissionDenied
        attempt(actions.consent, cast(User, request.user))
        return self._show()

    @extend_schema(summary="Withdraw it", tags=[TAG], request=None, responses={200: desk_shapes.Agreement})
    def delete(self, request: Request) -> Response:
        """Nothing more that one writes leaves this hub; what was written stays until it is deleted."""
        attempt(actions.withdraw_consent, cast(User, request.user))
        return self._show()

    def _show(self) -> Response:
        user = cast(User, self.request.user)
        shown, voice = voices.presented(user), Voice.objects.filter(user=user).first()
        said = {
            "agreed_at": voice.consented_at if voice else None,
            "name": shown["name"],
            "detail": shown["detail"],
            "member": shown["member"].name if shown["member"] else "",
            "uri": voice.actor_uri if voice else None,
        }
        return Response(desk_shapes.Agreement(said).data)


class Mentions(APIView):
    permission_classes = (IsAuthenticated, HasScope)

    @extend_schema(
        summary="Whom to call by name",
        tags=[TAG],
        parameters=[OpenApiParameter("q", description="Beginning of a name or of a handle, two letters at least.")],
        responses=desk_shapes.Suggestion(many=True),
    )
    def get(self, request: Request) -> Response:
        """People first, then collectivités; eight at most. For members of this hub."""
        if not territory_rules.is_member(request.user):
            raise PermissionDenied
        return Response(naming.suggested(request.query_params.get("q", "")[:MAX_QUERY]))
