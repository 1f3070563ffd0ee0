"""One view an address. Find, act, answer: what may be done is said in `rules` and `states`, here as on the site."""
# ruff: noqa: ARG002 - the framework gives every view the request and the key, whether it needs them or not.

from collections.abc import Callable
from typing import Any, cast

import django_filters
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import status, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from resources.acts import Invalid
from resources.api.represent import represent as represent_resource
from resources.api.requests import object_of
from resources.api.shapes import RESOURCE
from resources.catalogue import CatalogueFilter
from resources.kinds.pooled_words import Form, Status
from resources.models import Resource
from resources.pooling import actions, inviting, states
from resources.pooling.acts import ACTS, Act
from resources.pooling.api import shapes
from resources.pooling.api.represent import brief, paper_of, represent
from resources.pooling.board import board
from resources.pooling.models import Step
from resources.pooling.rows import KIND
from resources.workflow import NotPossible
from rtes_hub.accounts.models import User
from rtes_hub.rest.problems import Conflict
from rtes_hub.rest.strict import StrictSerializer
from rtes_hub.territories.models import Member

TAG = "pooled actions"


def readable(user: Any) -> QuerySet[Resource]:
    return Resource.objects.visible_to(user).filter(kind=KIND).select_related("member__territory", "territory")


def member_of(given: Any) -> Member:
    """Whose part it is, here or elsewhere: public knowledge, so an unknown name is told as such."""
    found = None
    if isinstance(given, str) and len(given) <= 2048 and "\0" not in given:
        found = Member.objects.current().filter(Q(slug=given) | Q(actor_uri=given)).select_related("territory").first()
    if found is None:
        raise ValidationError({"member": [_("Give the slug or the URI of a collectivité.")]})
    return found


def attempt(act: Callable[..., Any], *args: Any, **said: Any) -> Any:
    """Do it, with its refusals as problems, each under the field that it is about."""
    try:
        return act(*args, **said)
    except NotPossible as refusal:
        raise Conflict(str(refusal)) from refusal
    except Invalid as refusal:
        raise ValidationError(refusal.errors) from refusal


class PooledFilter(CatalogueFilter):
    """The filters of the catalogue, and those of pooled actions."""

    status = django_filters.ChoiceFilter(
        label=gettext_lazy("Progress"), choices=Status.choices, method="with_status", empty_label=None
    )
    form = django_filters.ChoiceFilter(
        label=gettext_lazy("Form"), choices=Form.choices, field_name="facts__form", empty_label=None
    )
    open = django_filters.BooleanFilter(label=gettext_lazy("New participants may ask to join"), method="that_are_open")

    def with_status(self, queryset: QuerySet[Resource], _name: str, value: str) -> QuerySet[Resource]:
        unsaid = Q(facts__status__isnull=True) if value == Status.IDEA else Q()
        return queryset.filter(Q(facts__status=value) | unsaid)

    def that_are_open(self, queryset: QuerySet[Resource], _name: str, value: bool) -> QuerySet[Resource]:
        today = timezone.localdate().isoformat()
        taking = Q(facts__status__isnull=True) | Q(facts__status__in=[str(one) for one in states.OPEN])
        in_time = Q(facts__join_by__isnull=True) | Q(facts__join_by__gte=today)
        launched = Q(facts__form=str(Form.JOINT_ORDER), facts__launched_on__isnull=False)
        is_open = taking & in_time & ~launched
        return queryset.filter(is_open if value else ~is_open)


class PooledActions(viewsets.GenericViewSet):
    """What collectivités do together, led from this hub or from a partner's."""

    filterset_class = PooledFilter
    lookup_value_regex = "[0-9]{1,18}"
    serializer_class = StrictSerializer
    order = ("-published_at", "-id")

    def get_queryset(self) -> QuerySet[Resource]:
        return readable(self.request.user)

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return super().filter_queryset(queryset) if self.action == "list" else queryset

    @extend_schema(summary="Pooled actions", tags=[TAG], responses=shapes.BriefAction)
    def list(self, request: Request) -> Response:
        """By relevance when `q` is given, else the newest first."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        counted = Resource.objects.filter(pk__in=[action.pk for action in page]).values("pk")
        present = counted.annotate(present=Count("participations", filter=Q(participations__state__in=states.IN)))
        counts = dict(present.values_list("pk", "present"))
        return self.get_paginated_response([brief(action, participants=counts[action.pk] or 1) for action in page])

    @extend_schema(summary="One pooled action", tags=[TAG], responses=shapes.BOARD)
    def retrieve(self, request: Request, pk: str) -> Response:
        """All that is shared of it, and what the holder of the token may do. Its text is at `/resources/{id}/`."""
        return Response(represent(board(self.get_object(), request.user)))


def done(act: Act, request: Request, pk: int) -> Response:
    """One act on one action: 200 when it is done here, 202 when it is asked of a lead elsewhere."""
    action = get_object_or_404(readable(request.user), pk=pk)
    said = object_of(request.data)
    member = member_of(said.pop("member", None)) if act.code in states.MOVES else None
    user = cast(User, request.user)
    step = attempt(actions.perform, act.code, action, by=user, member=member, data=said)
    code = status.HTTP_200_OK if step is None else status.HTTP_202_ACCEPTED
    return Response(represent(board(action, user)), status=code)


def view_of(act: Act) -> Callable[..., Any]:
    """Its view, described by its own facts."""
    answers = {200: shapes.BOARD}
    if act.code in states.MOVES and states.MEMBER in states.MOVES[act.code].who:
        answers[202] = shapes.BOARD

    class View(APIView):
        @extend_schema(
            summary=cast(str, act.label),  # lazy: said in the language of the description
            tags=[TAG],
            operation_id=f"pooled_{act.code}",
            request=shapes.request_of(act),
            responses=answers,
        )
        def post(self, request: Request, pk: int) -> Response:
            return done(act, request, pk)

    return View.as_view()


class Papers(APIView):
    parser_classes = (MultiPartParser,)

    @extend_schema(
        summary="Keep the document of a deliberation",
        tags=[TAG],
        request=shapes.PaperUpload,
        responses={201: shapes.PaperShape},
    )
    def post(self, request: Request, pk: int) -> Response:
        """This hub serves it to whoever may read the action; its address is then said in `deliberate`."""
        action = get_object_or_404(readable(request.user), pk=pk)
        sent = shapes.PaperUpload(data=request.data)
        sent.is_valid(raise_exception=True)
        said = sent.validated_data
        member, user = member_of(said["member"]), cast(User, request.user)
        kept = attempt(actions.add_paper, action, said["file"], member=member, title=said["title"], by=user)
        return Response(paper_of(kept), status=status.HTTP_201_CREATED)


class Practice(APIView):
    @extend_schema(
        summary="Draft the good practice of a finished action", tags=[TAG], request=None, responses={201: RESOURCE}
    )
    def post(self, request: Request, pk: int) -> Response:
        """What is known already is filled in. Asked for again, the same draft is found."""
        action = get_object_or_404(readable(request.user), pk=pk)
        drafted = attempt(actions.draft_practice, action, by=cast(User, request.user))
        return Response(represent_resource(drafted, as_member=True), status=status.HTTP_201_CREATED)


class Invite(APIView):
    @extend_schema(
        summary="Invite collectivités", tags=[TAG], request=shapes.Invitation, responses={200: shapes.Invited}
    )
    def post(self, request: Request, pk: int) -> Response:
        """Their editors are told, here or by their hub; they then ask to join as any other does."""
        action = get_object_or_404(readable(request.user), pk=pk)
        sent = shapes.Invitation(data=request.data)
        sent.is_valid(raise_exception=True)
        members = [member_of(given) for given in sent.validated_data["members"]]
        words = {"by": cast(User, request.user), "text": sent.validated_data["text"]}
        return Response({"invited": attempt(inviting.invite, action, members, **words)})


class AskAgain(APIView):
    @extend_schema(
        summary="Ask again what was never answered",
        tags=[TAG],
        request=shapes.PooledStepAgain,
        responses={202: shapes.BOARD},
    )
    def post(self, request: Request, pk: int) -> Response:
        """The same step, said once more to the hub that leads the action."""
        action = get_object_or_404(readable(request.user), pk=pk)
        sent = shapes.PooledStepAgain(data=request.data)
        sent.is_valid(raise_exception=True)
        steps = Step.objects.select_related("member", "action__member")
        step = get_object_or_404(steps, uri=sent.validated_data["uri"], action=action)
        attempt(actions.ask_again, step, by=cast(User, request.user))
        return Response(represent(board(action, request.user)), status=status.HTTP_202_ACCEPTED)


VIEWS = {code: view_of(act) for code, act in ACTS.items() if code != "practice"}
