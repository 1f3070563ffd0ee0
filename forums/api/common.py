"""What every view of forums shares: the person, the body that was sent, the thing that a field names."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, cast

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import status, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from forums import actions
from forums.visibility import Person
from rtes_hub.accounts.models import User
from rtes_hub.rest.problems import Conflict
from rtes_hub.rest.strict import StrictSerializer


def attempt(act: Callable[..., Any], *args: Any, **said: Any) -> Any:
    """Do it, with its refusals as problems."""
    try:
        return act(*args, **said)
    except actions.NotPossible as refusal:
        raise Conflict(str(refusal)) from refusal
    except actions.Invalid as refusal:
        raise ValidationError(refusal.errors) from refusal


class View(viewsets.GenericViewSet):
    """Without token, what everyone may read; with one, what its holder may."""

    lookup_value_regex = "[0-9]{1,18}"

    @cached_property
    def person(self) -> Person:
        return Person(cast(User, self.request.user))

    @property
    def user(self) -> User:
        return cast(User, self.request.user)

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Filters narrow the list; one thing is found by its id."""
        return super().filter_queryset(queryset) if self.action == "list" else queryset

    def sent(self, shape: type[StrictSerializer]) -> dict[str, Any]:
        read = shape(data=self.request.data)
        read.is_valid(raise_exception=True)
        return dict(read.validated_data)

    def listed(self) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def one(self, thing: Any, code: int = status.HTTP_200_OK) -> Response:
        return Response(self.get_serializer(thing).data, status=code)

    def made(self, thing: Any) -> Response:
        """The thing as a reader finds it, with its address."""
        answer = self.one(self.get_queryset().get(pk=thing.pk), status.HTTP_201_CREATED)
        answer["Location"] = self.request.build_absolute_uri(f"{thing.pk}/")
        return answer

    def known(self, field: str, queryset: QuerySet[Any], pk: int) -> Any:
        """What a field names. Raises: ValidationError, the same for what is not there and what is not theirs."""
        found = queryset.filter(pk=pk).first()
        if found is None:
            raise ValidationError({field: [_("Nothing here, or nothing that you may see.")]})
        return found
