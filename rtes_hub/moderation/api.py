"""Reports and decisions for programs. Rules and acts are those of the site."""
# ruff: noqa: ARG002 - the framework gives every view the request and the key, whether it needs them or not.

from collections.abc import Callable
from typing import Any, cast

import django_filters
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from rtes_hub.accounts.models import User
from rtes_hub.accounts.tokens import HasScope
from rtes_hub.moderation import actions, rules
from rtes_hub.moderation.models import MAX_REASON, Report
from rtes_hub.rest.problems import NOT_FOUND, Conflict
from rtes_hub.rest.strict import StrictSerializer

TAG = "moderation"
_DESK = "Empty for whoever is no coordinator."


class ReportShape(serializers.Serializer):
    id = serializers.IntegerField()
    about = serializers.CharField(help_text="`post:<uri>` or `resource:<uri>`.")
    track = serializers.ChoiceField(choices=Report.Track.choices)
    reason = serializers.CharField()
    state = serializers.ChoiceField(choices=Report.State.choices)
    decision = serializers.CharField(help_text="The reasons of the decision.")
    created_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    passed_on = serializers.BooleanField(help_text="The hub that it comes from was told.")
    answer = serializers.ChoiceField(choices=Report.State.choices, allow_blank=True, help_text="Of that hub.")
    answer_reason = serializers.CharField()
    title = serializers.CharField(help_text=_DESK)
    excerpt = serializers.CharField(help_text=f"Plain text of what it said when it was reported. {_DESK}")
    url = serializers.CharField(help_text=f"Where to look. {_DESK}")
    by = serializers.CharField(help_text=f"Who reported it. {_DESK}")
    decided_by = serializers.CharField(help_text=_DESK)


def represent(report: Report, *, as_moderator: bool) -> dict[str, Any]:
    names = (
        "id",
        "about",
        "track",
        "reason",
        "state",
        "decision",
        "created_at",
        "decided_at",
        "answer",
        "answer_reason",
    )
    desk = {
        "title": report.title,
        "excerpt": report.excerpt,
        "url": settings.RTES.base_url + report.path,
        "by": report.who,
        "decided_by": str(report.decided_by or ""),
    }
    said = {name: getattr(report, name) for name in names} | {"passed_on": bool(report.sent_as)}
    return said | (desk if as_moderator else dict.fromkeys(desk, ""))


class NewReport(StrictSerializer):
    about = serializers.CharField(max_length=2100, help_text="`post:<uri>` or `resource:<uri>`.")
    track = serializers.ChoiceField(choices=Report.Track.choices)
    reason = serializers.CharField(max_length=MAX_REASON, help_text="Only coordinators of this hub read it.")
    pass_on = serializers.BooleanField(default=False, help_text="Tell the hub that it comes from too, without a name.")


class Decision(StrictSerializer):
    uphold = serializers.BooleanField(help_text="True removes the thing; false keeps it.")
    reason = serializers.CharField(max_length=MAX_REASON, help_text="Read by whoever reported it, and by its author.")


class ReportFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=Report.State.choices)
    track = django_filters.ChoiceFilter(label=_("Why"), choices=Report.Track.choices)

    class Meta:
        model = Report
        fields = ("state", "track")


def attempt(act: Callable[..., Report], *args: Any, **said: Any) -> Report:
    """Do it, with its refusals as problems."""
    try:
        return act(*args, **said)
    except actions.NotThere as refusal:
        raise ValidationError({"about": [str(NOT_FOUND)]}) from refusal
    except actions.NotPossible as refusal:
        raise Conflict(str(refusal)) from refusal
    except actions.Invalid as refusal:
        raise ValidationError(refusal.errors) from refusal


class Reports(viewsets.GenericViewSet):
    """Coordinators read them all; others read what became of theirs."""

    permission_classes = (IsAuthenticated, HasScope)
    serializer_class = ReportShape
    filterset_class = ReportFilter
    lookup_value_regex = "[0-9]{1,18}"
    order = ("-created_at", "-id")

    def get_queryset(self) -> QuerySet[Report]:
        return Report.objects.visible_to(self._user).select_related("by", "decided_by")

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return super().filter_queryset(queryset) if self.action == "list" else queryset

    @extend_schema(summary="Reports, and what was decided", tags=[TAG], responses=ReportShape(many=True))
    def list(self, request: Request) -> Response:
        """For coordinators. The newest first; `state=open` is what waits."""
        if not rules.may_moderate(self._user):
            raise PermissionDenied
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        return self.get_paginated_response([ReportShape(represent(one, as_moderator=True)).data for one in page])

    @extend_schema(summary="One report", tags=[TAG], responses=ReportShape)
    def retrieve(self, request: Request, pk: str) -> Response:
        return self._show(self.get_object())

    @extend_schema(summary="Report something", tags=[TAG], request=NewReport, responses={201: ReportShape})
    def create(self, request: Request) -> Response:
        """Twice the same is once, while it waits for a decision."""
        made = attempt(actions.report, by=self._user, **_read(NewReport, request))
        return self._show(made, status.HTTP_201_CREATED)

    @extend_schema(summary="Decide, with reasons", tags=[TAG], request=Decision, responses=ReportShape)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        """As a coordinator, never about one's own words. Upheld, the thing is removed and its authors told why."""
        report = self.get_object()
        if not rules.may_moderate(self._user):
            raise PermissionDenied
        return self._show(attempt(actions.decide, report, by=self._user, **_read(Decision, request)))

    @property
    def _user(self) -> User:
        return cast(User, self.request.user)

    def _show(self, report: Report, code: int = status.HTTP_200_OK) -> Response:
        said = represent(report, as_moderator=rules.may_moderate(self._user))
        return Response(ReportShape(said).data, status=code)


def _read(shape: type[StrictSerializer], request: Request) -> dict[str, Any]:
    read = shape(data=request.data)
    read.is_valid(raise_exception=True)
    return dict(read.validated_data)
