"""What is read and what is new, for the holder of the token."""
# ruff: noqa: ARG002 - the framework gives every view the request and the key, whether it needs them or not.

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from forums import reading
from forums.api import desk_shapes, shapes
from forums.api.common import View
from forums.models import Forum, Thread, Visit
from rtes_hub.accounts.tokens import HasScope

TAG = "forums"
_THEIRS = (IsAuthenticated, HasScope)


class ForumMarks(View):
    @extend_schema(summary="How much is unread", tags=[TAG], responses=desk_shapes.News, filters=False)
    @action(detail=False, permission_classes=_THEIRS, pagination_class=None, filterset_class=None)
    def news(self, request: Request) -> Response:
        """Asking is no visit: only the pages of the site count as one."""
        since = Visit.objects.filter(user=self.user).values_list("before_at", flat=True).first()
        unread = reading.unread(self.person)
        said = {"since": since, "unread": unread.by_forum, "is_more": unread.is_more}
        return Response(desk_shapes.News(said).data)

    @extend_schema(summary="Mark a forum as read", tags=[TAG], request=None, responses={204: None})
    @action(detail=True, methods=["post"], permission_classes=_THEIRS)
    def read(self, request: Request, pk: str) -> Response:
        reading.mark_all(self.user, [self.get_object()])
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        summary="Mark all forums as read",
        operation_id="forums_read_all",
        tags=[TAG],
        request=None,
        responses=desk_shapes.MarkedRead,
    )
    @action(detail=False, methods=["post"], url_path="read", permission_classes=_THEIRS, pagination_class=None)
    def read_all(self, request: Request) -> Response:
        forums = list(Forum.objects.visible_to(self.person))
        reading.mark_all(self.user, forums)
        return Response({"forums": len(forums)})


class ThreadMarks(View):
    @extend_schema(
        summary="What came since the last visit",
        operation_id="threads_news",
        tags=[TAG],
        responses=shapes.ThreadSerializer(many=True),
        filters=False,
    )
    @action(detail=False, permission_classes=_THEIRS, filterset_class=None)
    def news(self, request: Request) -> Response:
        """Discussions where a message came since the end of the visit before this one, the newest first."""
        since = Visit.objects.filter(user=self.user).values_list("before_at", flat=True).first()
        found = self.get_queryset()
        page = self.paginate_queryset(found.filter(news_at__gt=since) if since else found.none()) or []
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(summary="Mark a discussion as read", tags=[TAG], request=None, responses={204: None})
    @action(detail=True, methods=["post"], permission_classes=_THEIRS)
    def read(self, request: Request, pk: str) -> Response:
        thread: Thread = self.get_object()
        reading.mark(self.user, thread, thread.news_at)
        return Response(status=status.HTTP_204_NO_CONTENT)
