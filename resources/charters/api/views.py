"""One view an address. Find, act, answer: what may be done is said in `rules` and `law`, here as on the site."""
# ruff: noqa: ARG002 - the framework gives every view the request and the key, whether it needs them or not.

from collections.abc import Callable, Mapping
from typing import Any, cast

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from resources.acts import Invalid
from resources.api.requests import UNKNOWN, member_of, object_of
from resources.charters import actions
from resources.charters.api import shapes
from resources.charters.api.represent import pledge_of, represent, timeline_of
from resources.charters.board import Board, Followed, mine
from resources.charters.models import Pledge, Step
from resources.charters.text import KIND, read
from resources.kinds import charter_shared as shared
from resources.models import Resource
from resources.visibility import OUT
from resources.workflow import NotPossible
from rtes_hub.accounts.models import User
from rtes_hub.rest.problems import Conflict
from rtes_hub.rest.strict import StrictSerializer, refuse_unknown

TAG = "charters"
#: Done here, or asked of the hub that keeps the charter.
_ANSWERS = {200: shapes.CharterBoard, 202: shapes.CharterBoard}


def readable(user: Any) -> QuerySet[Resource]:
    return Resource.objects.visible_to(user, only=OUT).filter(kind=KIND).select_related("member__territory")


def attempt(act: Callable[..., Any], *args: Any, **said: Any) -> Any:
    """Do it, with its refusals as problems, each under the field that it is about."""
    try:
        return act(*args, **said)
    except NotPossible as refusal:
        raise Conflict(str(refusal)) from refusal
    except Invalid as refusal:
        raise ValidationError(refusal.errors) from refusal


class Charters(viewsets.GenericViewSet):
    """What those who signed a charter committed themselves to. Charters are listed among resources: `kind=charter`."""

    lookup_value_regex = "[0-9]{1,18}"
    serializer_class = StrictSerializer
    filter_backends = ()
    pagination_class = None

    def get_queryset(self) -> QuerySet[Resource]:
        return readable(self.request.user)

    @extend_schema(summary="One charter, and how far it has come", tags=[TAG], responses=shapes.CharterBoard)
    def retrieve(self, request: Request, pk: str) -> Response:
        return self._show(self.get_object())

    @extend_schema(summary="Pledge, or change the pledge", tags=[TAG], request=shapes.SIGN, responses=_ANSWERS)
    @action(detail=True, methods=["post"])
    def pledge(self, request: Request, pk: str) -> Response:
        """200 when it is done here; 202 when it is asked of the hub that keeps the charter."""
        said = object_of(request.data)
        known = {fact.code for fact in shared.PLEDGE}
        refuse_unknown(said, {*known, "measures", "member"}, str(UNKNOWN))
        words: dict[str, Any] = {code: said.get(code) or "" for code in known}
        measures = said.get("measures") or []
        if not isinstance(measures, list):
            raise ValidationError({"measures": [_("Measures: this must be a list.")]})
        return self._do(actions.pledge, said, measures=measures, **words)

    @extend_schema(summary="Tell how far measures have come", tags=[TAG], request=shapes.TELL, responses=_ANSWERS)
    @action(detail=True, methods=["post"])
    def update_progress(self, request: Request, pk: str) -> Response:
        """All or some of the measures, at once. Problems are named by measure: `A1.status`."""
        said = object_of(request.data)
        refuse_unknown(said, ("member", "commitments"), str(UNKNOWN))
        return self._do(actions.update, said, changes=_changes(said.get("commitments")))

    @extend_schema(summary="Withdraw a pledge", tags=[TAG], request=shapes.Withdrawal, responses=_ANSWERS)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """That it was made, what was told of it and why it ended stay public."""
        said = _valid(shapes.Withdrawal, request)
        return self._do(actions.withdraw, said, reason=said["reason"])

    @extend_schema(summary="Take out a piece of evidence", tags=[TAG], request=shapes.EvidenceOut, responses=_ANSWERS)
    @action(detail=True, methods=["post"])
    def remove_evidence(self, request: Request, pk: str) -> Response:
        said = _valid(shapes.EvidenceOut, request)
        return self._do(actions.remove_evidence, said, measure=said["measure"], url=said["url"])

    @extend_schema(
        summary="Ask again what was never answered",
        tags=[TAG],
        request=shapes.CharterStepAgain,
        responses={202: shapes.CharterBoard},
    )
    @action(detail=True, methods=["post"])
    def ask_again(self, request: Request, pk: str) -> Response:
        """The same step, said once more to the hub of the charter."""
        charter, said = self.get_object(), _valid(shapes.CharterStepAgain, request)
        step = get_object_or_404(Step.objects.select_related("member"), uri=said["uri"], charter=charter)
        attempt(actions.ask_again, step, by=self._user)
        return self._show(charter, status.HTTP_202_ACCEPTED)

    @extend_schema(
        summary="Keep a document as evidence", tags=[TAG], request=shapes.FileUpload, responses={201: shapes.FileKept}
    )
    @action(detail=True, methods=["post"], parser_classes=(MultiPartParser,))
    def files(self, request: Request, pk: str) -> Response:
        """This hub serves it to whoever may read the charter."""
        charter, said = self.get_object(), _valid(shapes.FileUpload, request)
        member = member_of(said["member"])
        url = attempt(actions.keep_file, charter, said["file"], member=member, by=self._user)
        return Response({"url": url}, status=status.HTTP_201_CREATED)

    @property
    def _user(self) -> User:
        return cast(User, self.request.user)

    def _do(self, act: Callable[..., Step | None], said: Mapping[str, Any], **words: Any) -> Response:
        charter = self.get_object()
        step = attempt(act, charter, member=member_of(said.get("member")), by=self._user, **words)
        return self._show(charter, status.HTTP_202_ACCEPTED if step else status.HTTP_200_OK)

    def _show(self, charter: Resource, code: int = status.HTTP_200_OK) -> Response:
        return Response(represent(Board(charter), mine(self.request.user, charter)[0]), status=code)


def _valid(shape: type[StrictSerializer], request: Request) -> Mapping[str, Any]:
    sent = shape(data=request.data)
    sent.is_valid(raise_exception=True)
    return cast(Mapping[str, Any], sent.validated_data)


def _changes(rows: Any) -> dict[str, dict[str, Any]]:
    """[{"measure": "A1", "status": …}] by measure. Raises: ValidationError."""
    is_right = isinstance(rows, list) and all(isinstance(row, Mapping) for row in rows)
    codes = [row.get("measure") for row in rows] if is_right else []
    if not is_right or not all(isinstance(code, str) for code in codes) or len(set(codes)) < len(codes):
        raise ValidationError({"commitments": [_("Give a list of measures, each once, with what is told of it.")]})
    return {row["measure"]: {name: value for name, value in row.items() if name != "measure"} for row in rows}


class PledgeFilter(django_filters.FilterSet):
    charter = django_filters.NumberFilter(label=gettext_lazy("Id of the charter"), field_name="charter_id")
    member = django_filters.CharFilter(
        label=gettext_lazy("URI of the collectivité"), field_name="actor_uri", max_length=2048
    )
    standing = django_filters.BooleanFilter(
        label=gettext_lazy("That stand, or that were withdrawn"), field_name="withdrawn_on", lookup_expr="isnull"
    )

    class Meta:
        model = Pledge
        fields = ("charter", "member", "standing")


class Pledges(viewsets.GenericViewSet):
    """Pledges of collectivités of this hub and of others, on the charters that may be read."""

    filterset_class = PledgeFilter
    lookup_value_regex = "[0-9]{1,18}"
    serializer_class = StrictSerializer
    order = ("-signed_on", "-id")

    def get_queryset(self) -> QuerySet[Pledge]:
        pledges = Pledge.objects.filter(charter__in=readable(self.request.user))
        return pledges.select_related("charter__member", "member__territory").prefetch_related("commitments__evidence")

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return super().filter_queryset(queryset) if self.action == "list" else queryset

    @extend_schema(summary="Pledges", tags=[TAG], responses=shapes.PledgeShape)
    def list(self, request: Request) -> Response:
        """The latest first."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        return self.get_paginated_response([pledge_of(_followed(pledge)) for pledge in page])

    @extend_schema(summary="One pledge, and what was told over time", tags=[TAG], responses=shapes.WholePledge)
    def retrieve(self, request: Request, pk: str) -> Response:
        pledge = self.get_object()
        return Response(pledge_of(_followed(pledge)) | {"timeline": timeline_of(pledge)})


def _followed(pledge: Pledge) -> Followed:
    return Followed(pledge, read(pledge.charter.facts))
