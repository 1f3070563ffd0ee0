"""One view an address. Find, act, answer: what may be done is said in `rules` and `workflow`, here as on the site."""
# ruff: noqa: ARG002 - the framework gives every view the request and the key, whether it needs them or not.

from collections.abc import Callable
from functools import cached_property
from typing import Any, cast

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import status, viewsets
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from resources import actions, rules
from resources.api import shapes
from resources.api.represent import attached, represent, represent_draft
from resources.api.requests import attempt, kind_of, member_of, object_of, written
from resources.catalogue import CatalogueFilter
from resources.models import Resource, Standing, State
from resources.visibility import STANDING
from rtes_hub.accounts.models import User
from rtes_hub.rest.strict import StrictSerializer
from rtes_hub.territories.rules import is_member


class ApiFilter(CatalogueFilter):
    """The filters of the site, and the state: drafts of one's own collectivité can be listed too."""

    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[(s.value, s.label) for s in State if s != State.WITHDRAWN],
        empty_label=None,
    )


class Resources(viewsets.GenericViewSet):
    """Practices and notes, of this hub and of its partners. Without token, what everyone may read."""

    filterset_class = ApiFilter
    lookup_value_regex = "[0-9]{1,18}"
    serializer_class = StrictSerializer

    @property
    def order(self) -> tuple[str, str]:
        return ("-published_at" if self._asks_for_published else "-created_at", "-id")

    @property
    def _asks_for_published(self) -> bool:
        return self.request.query_params.get("state", State.PUBLISHED) == State.PUBLISHED

    def get_queryset(self) -> QuerySet[Resource]:
        states = (State.PUBLISHED,) if self.action == "list" and self._asks_for_published else STANDING
        readable = Resource.objects.visible_to(self.request.user, only=states)
        return readable.select_related("member__territory", "territory").prefetch_related("attachments")

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Filters narrow the list; one resource is found by its id in whatever state it is."""
        return super().filter_queryset(queryset) if self.action == "list" else queryset

    @cached_property
    def as_member(self) -> bool:
        return is_member(self.request.user)

    # Reading ------------------------------------------------------------------------------------------------------

    @extend_schema(summary="The catalogue", tags=["resources"], responses=shapes.RESOURCE)
    def list(self, request: Request) -> Response:
        """By relevance when `q` is given, else the newest first. Filters are those of the site."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response([represent(resource, as_member=self.as_member) for resource in page or ()])

    @extend_schema(summary="One resource", tags=["resources"], responses=shapes.RESOURCE)
    def retrieve(self, request: Request, pk: str) -> Response:
        return self._answer(self.get_object())

    @extend_schema(summary="What is being written", tags=["writing"], responses={200: shapes.DRAFT})
    @action(detail=True)
    def draft(self, request: Request, pk: str) -> Response:
        """The draft, or the changes to what is published, right or not: for those who may write it."""
        resource = self.get_object()
        self._must_write(resource)
        return Response(represent_draft(resource))

    # Writing ------------------------------------------------------------------------------------------------------

    @extend_schema(summary="Begin a draft", tags=["writing"], request=shapes.NEW, responses={201: shapes.RESOURCE})
    def create(self, request: Request) -> Response:
        """Nothing is public before `publish`. Incomplete is accepted; wrong is not."""
        given = object_of(request.data)
        kind, member = kind_of(given.pop("kind", None)), member_of(given.pop("member", None))
        if not rules.may_create(request.user, member):
            raise PermissionDenied
        data = written(kind, given, member, also=("kind", "member"))
        resource = attempt(actions.start, kind, member=member, by=self._user, data=data)
        answer = self._answer(resource, status.HTTP_201_CREATED)
        answer["Location"] = request.build_absolute_uri(f"{resource.pk}/")
        return answer

    @extend_schema(
        summary="Change what is being written", tags=["writing"], request=shapes.Change, responses=shapes.RESOURCE
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """What is published stays as it is until the changes are published."""
        resource = self.get_object()
        self._must_write(resource)
        data = written(resource.kind, object_of(request.data), resource.member, stored=resource.facts)
        return self._answer(attempt(actions.save_draft, resource, data, by=self._user))

    @extend_schema(summary="Ask an editor to publish it", tags=["writing"], request=None, responses=shapes.RESOURCE)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        return self._move(actions.submit, shapes.Nothing)

    @extend_schema(
        summary="Return it to its author", tags=["writing"], request=shapes.SendBackMove, responses=shapes.RESOURCE
    )
    @action(detail=True, methods=["post"], url_path="send_back")
    def send_back(self, request: Request, pk: str) -> Response:
        return self._move(actions.send_back, shapes.SendBackMove)

    @extend_schema(summary="Publish it", tags=["writing"], request=shapes.PublishMove, responses=shapes.RESOURCE)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str) -> Response:
        """A new version for every reader, and for every partner hub when it is shared with them."""
        return self._move(actions.publish, shapes.PublishMove)

    @extend_schema(summary="Archive it", tags=["writing"], request=None, responses=shapes.RESOURCE)
    @action(detail=True, methods=["post"])
    def archive(self, request: Request, pk: str) -> Response:
        return self._move(actions.archive, shapes.Nothing)

    @extend_schema(summary="Withdraw it", tags=["writing"], request=shapes.WithdrawMove, responses={204: None})
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Nobody reads it any more, here or at partners."""
        self._move(actions.withdraw, shapes.WithdrawMove)
        return Response(status=status.HTTP_204_NO_CONTENT)

    # Documents ----------------------------------------------------------------------------------------------------

    @extend_schema(summary="Its documents", tags=["resources"], responses=shapes.Attached(many=True))
    @action(detail=True, filter_backends=(), pagination_class=None, parser_classes=(MultiPartParser,))
    def attachments(self, request: Request, pk: str) -> Response:
        """Those of what is published; and, for those who may write it, those that will join it."""
        resource = self.get_object()
        writes = rules.ever_may(request.user, "edit", resource)
        return Response(
            [attached(file) for file in resource.attachments.all() if writes or file.standing != Standing.NEW]
        )

    @extend_schema(summary="Join a document", tags=["writing"], request=shapes.Upload, responses={201: shapes.Attached})
    @attachments.mapping.post
    def attach(self, request: Request, pk: str) -> Response:
        """It is published with the changes it belongs to."""
        resource = self.get_object()
        self._must_write(resource)
        sent = shapes.Upload(data=request.data)
        sent.is_valid(raise_exception=True)
        said = dict(sent.validated_data)
        joined = attempt(actions.attach, resource, said.pop("file"), by=self._user, **said)
        return Response(attached(joined), status=status.HTTP_201_CREATED)

    # What the views are made of -----------------------------------------------------------------------------------

    @property
    def _user(self) -> User:
        return cast(User, self.request.user)

    def _must_write(self, resource: Resource) -> None:
        if not rules.ever_may(self.request.user, "edit", resource):
            raise PermissionDenied

    def _move(self, act: Callable[..., Resource], shape: type[StrictSerializer]) -> Response:
        resource = self.get_object()
        sent = shape(data=self.request.data)
        sent.is_valid(raise_exception=True)
        return self._answer(attempt(act, resource, by=self._user, **sent.validated_data))

    def _answer(self, resource: Resource, code: int = status.HTTP_200_OK) -> Response:
        return Response(represent(resource, as_member=self.as_member), status=code)
