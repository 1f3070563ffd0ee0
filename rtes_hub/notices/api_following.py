"""What one follows, and how often one wants letters, for programs that act for a person."""
# ruff: noqa: ARG002 - the framework gives every view the request and the key, whether it needs them or not.

from collections.abc import Sequence
from typing import Any, cast

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from rtes_hub.accounts.models import User
from rtes_hub.accounts.tokens import HasScope
from rtes_hub.notices import actions, registry
from rtes_hub.notices.models import Frequency, Topic, Watch
from rtes_hub.rest.problems import NOT_FOUND, Conflict
from rtes_hub.rest.strict import StrictSerializer

TAG = "notices"
_TARGET = "`thread:<uri>`, `forum:<uri>`, `theme:<slug>`, `territory:<id>`…"


class FollowShape(serializers.Serializer):
    id = serializers.IntegerField()
    target = serializers.CharField(help_text=_TARGET)
    label = serializers.CharField()  # type: ignore[assignment]
    silent = serializers.BooleanField(help_text="Told in the hub, without letters.")
    since = serializers.DateTimeField()


class NewFollow(StrictSerializer):
    target = serializers.RegexField(
        r"^[a-z-]{1,20}:.",
        max_length=2100,
        help_text="`thread:<uri>`, `forum:<uri>`, `theme:<slug>`, `territory:<id>`…",
    )
    label = serializers.CharField(  # type: ignore[assignment]
        default="", allow_blank=True, max_length=300, help_text="How the settings name it; else by its target."
    )


class Silence(StrictSerializer):
    silent = serializers.BooleanField()


class Follows(viewsets.GenericViewSet):
    """Those of the holder of the token; nobody else's can be seen."""

    permission_classes = (IsAuthenticated, HasScope)
    serializer_class = FollowShape
    filter_backends = ()
    lookup_value_regex = "[0-9]{1,18}"
    order = ("-since", "-id")

    def get_queryset(self) -> QuerySet[Watch]:
        return Watch.objects.filter(user=self.request.user.pk)

    @extend_schema(summary="What I follow", tags=[TAG], responses=FollowShape(many=True))
    def list(self, request: Request) -> Response:
        """The latest first. What may not be read any more has no name left."""
        page = self.paginate_queryset(self.get_queryset()) or []
        return self.get_paginated_response(self._shown(page))

    @extend_schema(summary="Follow", tags=[TAG], request=NewFollow, responses={201: FollowShape})
    def create(self, request: Request) -> Response:
        """Twice is once."""
        said = _read(NewFollow, request)
        if said["target"] not in registry.visible(self._user, [said["target"]]):
            raise ValidationError({"target": [str(NOT_FOUND)]})
        if not actions.watch(self._user, said["target"], said["label"] or said["target"]):
            refusal = _("You already follow %(most)d things. Stop following some of them first.")
            raise Conflict(refusal % {"most": actions.MAX_WATCHES})
        return Response(
            self._shown([self.get_queryset().get(target=said["target"])])[0], status=status.HTTP_201_CREATED
        )

    @extend_schema(summary="With letters, or without", tags=[TAG], request=Silence, responses=FollowShape)
    def partial_update(self, request: Request, pk: str) -> Response:
        watch = self.get_object()
        actions.silence(self._user, watch.target, silent=_read(Silence, request)["silent"])
        return Response(self._shown([self.get_object()])[0])

    @extend_schema(summary="Stop following", tags=[TAG], request=None, responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        actions.unwatch(self._user, self.get_object().target)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @property
    def _user(self) -> User:
        return cast(User, self.request.user)

    def _shown(self, watches: Sequence[Watch]) -> Sequence[dict[str, Any]]:
        seen = registry.visible(self._user, {watch.target for watch in watches})
        for watch in watches:
            if watch.target not in seen:
                watch.label = _("Something that you may not read any more")
        return [dict(FollowShape(watch).data) for watch in watches]


def _read(shape: type[StrictSerializer], request: Request) -> dict[str, Any]:
    read = shape(data=request.data)
    read.is_valid(raise_exception=True)
    return dict(read.validated_data)


def _choices() -> dict[str, serializers.Field]:
    return {
        topic.value: serializers.ChoiceField(choices=Frequency.choices, required=False, help_text=topic.label)
        for topic in Topic
    }


FrequencyShape = type("FrequencyShape", (StrictSerializer,), _choices())


class Frequencies(APIView):
    permission_classes = (IsAuthenticated, HasScope)

    @extend_schema(summary="How often I am sent letters", tags=[TAG], responses=FrequencyShape)
    def get(self, request: Request) -> Response:
        """By topic; `moderation` for coordinators only."""
        return Response(self._now())

    @extend_schema(summary="Say how often", tags=[TAG], request=FrequencyShape, responses=FrequencyShape)
    def patch(self, request: Request) -> Response:
        """Topics that are left out stay as they are. `never` holds for what waits too."""
        wanted = _read(FrequencyShape, request)
        if foreign := set(wanted) - set(self._now()):
            raise ValidationError({topic: [_("Only coordinators are told of this.")] for topic in foreign})
        actions.prefer(cast(User, request.user), wanted)
        return Response(self._now())

    def _now(self) -> dict[str, str]:
        user = cast(User, self.request.user)
        now = actions.frequencies(user)
        return {topic: now[topic] for topic in now if user.is_coordinator or topic != Topic.MODERATION}
