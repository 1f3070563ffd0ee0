"""One's notices, for programs that act for a person."""

from typing import Any, cast

import django_filters
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from rtes_hub.accounts.models import User
from rtes_hub.accounts.tokens import HasScope
from rtes_hub.notices import actions, registry
from rtes_hub.notices.models import Notice, Topic


class NoticeSerializer(serializers.Serializer):
    """One thing that the holder of the token is told."""

    id = serializers.IntegerField()
    topic = serializers.ChoiceField(choices=Topic.choices)
    about = serializers.CharField(help_text="Its kind and its name: `resource:<uri>`, `thread:<uri>`…")
    group = serializers.CharField(help_text="The heading it stands under in letters.")
    title = serializers.CharField()
    text = serializers.CharField(help_text="Plain text.")
    url = serializers.URLField(help_text="Where it opens, on this hub.")
    at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)

    def to_representation(self, notice: Notice) -> dict[str, Any]:
        said = {name: getattr(notice, name) for name in ("id", "topic", "about", "group", "title", "text")}
        return said | {"url": settings.RTES.base_url + notice.path, "at": notice.at, "read_at": notice.read_at}


class HowManyRead(serializers.Serializer):
    read = serializers.IntegerField(help_text="How many were not read yet.")


class NoticeFilter(django_filters.FilterSet):
    unread = django_filters.BooleanFilter(
        label=_("Unread only, or read only"), field_name="read_at", lookup_expr="isnull"
    )

    class Meta:
        model = Notice
        fields = ("unread",)


class Notices(viewsets.GenericViewSet):
    """Those of the holder of the token; nobody else's can be seen."""

    permission_classes = (IsAuthenticated, HasScope)
    serializer_class = NoticeSerializer
    filterset_class = NoticeFilter
    lookup_value_regex = "[0-9]{1,18}"
    order = ("-at", "-id")

    def get_queryset(self) -> QuerySet[Notice]:
        if getattr(self, "swagger_fake_view", False):
            return Notice.objects.none()
        return Notice.objects.filter(user=self._user)

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Filters narrow the list; one notice is found by its id, read or not."""
        return super().filter_queryset(queryset) if self.action == "list" else queryset

    @extend_schema(summary="What I am told", tags=["notices"], responses=NoticeSerializer(many=True))
    def list(self, request: Request) -> Response:  # noqa: ARG002
        """The newest first. What may not be seen any more is left out: a page may hold less than `limit`."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        seen = registry.visible(self._user, {notice.about for notice in page})
        shown = [notice for notice in page if notice.about in seen]
        return self.get_paginated_response(self.get_serializer(shown, many=True).data)

    @extend_schema(summary="Mark one as read", tags=["notices"], request=None, responses=NoticeSerializer)
    @action(detail=True, methods=["post"])
    def read(self, request: Request, pk: str) -> Response:  # noqa: ARG002
        notice = self.get_object()
        actions.mark_read(self._user, [notice.pk])
        if notice.about not in registry.visible(self._user, [notice.about]):
            raise NotFound
        notice.refresh_from_db(fields=["read_at"])
        return Response(self.get_serializer(notice).data)

    @extend_schema(
        summary="Mark all as read",
        operation_id="notices_read_all",
        tags=["notices"],
        request=None,
        responses=HowManyRead,
    )
    @action(detail=False, methods=["post"], url_path="read", filter_backends=(), pagination_class=None)
    def read_all(self, request: Request) -> Response:  # noqa: ARG002
        return Response({"read": actions.mark_all_read(self._user)})

    @property
    def _user(self) -> User:
        return cast(User, self.request.user)
