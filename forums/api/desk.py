"""What coordinators do with forums and discussions."""
# ruff: noqa: ARG002 - the framework gives every view the request and the key, whether it needs them or not.

from collections.abc import Callable

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from forums import actions
from forums.api import desk_shapes, shapes
from forums.api.common import View, attempt
from forums.models import Forum

TAG = "forums, as a coordinator"


class ForumDesk(View):
    @extend_schema(
        summary="Open a forum", tags=[TAG], request=desk_shapes.NewForum, responses={201: shapes.ForumSerializer}
    )
    def create(self, request: Request) -> Response:
        """An open one is told to partner hubs; of a closed one nothing ever leaves this hub."""
        return self.made(attempt(actions.open_forum, by=self.user, **self.sent(desk_shapes.NewForum)))

    @extend_schema(
        summary="Describe a forum anew", tags=[TAG], request=desk_shapes.ForumChange, responses=shapes.ForumSerializer
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        forum = self.get_object()
        now = {name: getattr(forum, name) for name in ("title", "description", "theme")}
        attempt(actions.describe_forum, forum, by=self.user, **now | self.sent(desk_shapes.ForumChange))
        return self.one(self.get_object())

    @extend_schema(summary="Close a forum", tags=[TAG], request=None, responses=shapes.ForumSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """What was said in it stays and is read; nothing more is written."""
        attempt(actions.close_forum, self.get_object(), by=self.user)
        return self.one(self.get_object())

    @extend_schema(summary="Open a closed forum again", tags=[TAG], request=None, responses=shapes.ForumSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        attempt(actions.reopen_forum, self.get_object(), by=self.user)
        return self.one(self.get_object())


class ThreadDesk(View):
    @extend_schema(summary="Take no more messages", tags=[TAG], request=None, responses=shapes.ThreadSerializer)
    @action(detail=True, methods=["post"])
    def lock(self, request: Request, pk: str) -> Response:
        return self._do(actions.lock, locked=True)

    @extend_schema(summary="Take messages again", tags=[TAG], request=None, responses=shapes.ThreadSerializer)
    @action(detail=True, methods=["post"])
    def unlock(self, request: Request, pk: str) -> Response:
        return self._do(actions.lock, locked=False)

    @extend_schema(summary="Show first in its forum", tags=[TAG], request=None, responses=shapes.ThreadSerializer)
    @action(detail=True, methods=["post"])
    def pin(self, request: Request, pk: str) -> Response:
        return self._do(actions.pin, pinned=True)

    @extend_schema(summary="Show first no more", tags=[TAG], request=None, responses=shapes.ThreadSerializer)
    @action(detail=True, methods=["post"])
    def unpin(self, request: Request, pk: str) -> Response:
        return self._do(actions.pin, pinned=False)

    @extend_schema(
        summary="Move to another forum", tags=[TAG], request=desk_shapes.Move, responses=shapes.ThreadSerializer
    )
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str) -> Response:
        """To one of this hub that the same people read, else 409."""
        thread = self.get_object()
        forum = self.known("forum", Forum.objects.visible_to(self.person), self.sent(desk_shapes.Move)["forum"])
        attempt(actions.move, thread, forum, by=self.user)
        return self.one(self.get_object())

    def _do(self, act: Callable[..., object], **how: bool) -> Response:
        attempt(act, self.get_object(), by=self.user, **how)
        return self.one(self.get_object())
