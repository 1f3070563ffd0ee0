"""Pages by key, so that the thousandth costs what the first does and nothing is seen twice while things are added."""

import base64
import binascii
import json
from collections.abc import Iterator, Sequence
from typing import Any, overload

from django.core.exceptions import ValidationError as Invalid
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

SIZE = 20  #: items of a page, unless asked otherwise
MAX_SIZE = 100
_MAX_CURSOR = 500  #: characters
_MAX_ID = 2**63 - 1


class Ranked(Sequence[Model]):
    """Rows of a queryset in the order of a list of values of `field`, read a page at a time."""

    def __init__(self, queryset: QuerySet[Any], field: str, order: list[str]) -> None:
        self.queryset = queryset
        # In two steps, each along an index: asked at once, SQLite reads all that may be seen to find these few.
        keys = dict(queryset.model._base_manager.filter(**{f"{field}__in": order}).values_list(field, "pk"))
        seen = set(queryset.filter(pk__in=keys.values()).order_by().values_list("pk", flat=True))
        self.pks = [keys[value] for value in order if keys.get(value) in seen]

    def __len__(self) -> int:
        return len(self.pks)

    @overload
    def __getitem__(self, at: int) -> Model: ...
    @overload
    def __getitem__(self, at: slice) -> list[Model]: ...
    def __getitem__(self, at: int | slice) -> Model | list[Model]:
        if isinstance(at, int):
            return self.queryset.get(pk=self.pks[at])
        rows = self.queryset.in_bulk(self.pks[at])
        return [rows[pk] for pk in self.pks[at] if pk in rows]

    def __iter__(self) -> Iterator[Model]:
        return iter(self[:])


class Pages(BasePagination):
    """`?limit=` and an opaque `?cursor=`; `next` is the address of the following page.

    The view says its order: `order = ("-published_at", "-id")`, one field that is never null, then the key, both the
    same way.
    """

    parameters = ("cursor", "limit")

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        size = self._size(request)
        cursor = self._cursor(request)
        self.request = request
        if isinstance(queryset, Ranked):
            start = self._start(cursor)
            rows = queryset[start : start + size + 1]
            following = [start + size]
        else:
            field, key = (name.removeprefix("-") for name in view.order)
            if cursor is not None:
                queryset = queryset.filter(self._after(cursor, queryset, field, key, view.order[0].startswith("-")))
            rows = list(queryset.order_by(*view.order)[: size + 1])
            following = [getattr(rows[size - 1], field), getattr(rows[size - 1], key)] if len(rows) > size else []
        self.next = self._address(following) if len(rows) > size else None
        return rows[:size]

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self.next, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["next", "results"],
            "properties": {"next": {"type": ["string", "null"], "format": "uri"}, "results": schema},
        }

    def get_schema_operation_parameters(self, _view: Any) -> list[dict[str, Any]]:
        return [
            {
                "name": "cursor",
                "in": "query",
                "description": "Where the page begins: taken from `next` of the page before, never made.",
                "schema": {"type": "string", "maxLength": _MAX_CURSOR},
            },
            {
                "name": "limit",
                "in": "query",
                "description": "Items of a page.",
                "schema": {"type": "integer", "minimum": 1, "maximum": MAX_SIZE, "default": SIZE},
            },
        ]

    def _size(self, request: Request) -> int:
        given = request.query_params.get("limit", str(SIZE))
        if not (given.isascii() and given.isdigit() and 1 <= int(given[:6]) <= MAX_SIZE):
            raise ValidationError({"limit": [_("Give a number from 1 to {limit}.").format(limit=MAX_SIZE)]})
        return int(given)

    def _cursor(self, request: Request) -> list[Any] | None:
        given = request.query_params.get("cursor")
        if given is None:
            return None
        try:
            cursor = json.loads(base64.urlsafe_b64decode(given[:_MAX_CURSOR].encode("ascii")))
        except (binascii.Error, ValueError, RecursionError):
            raise _bad_cursor() from None
        if not isinstance(cursor, list):
            raise _bad_cursor()
        return cursor

    def _start(self, cursor: list[Any] | None) -> int:
        match cursor or [0]:
            case [int(start)] if 0 <= start <= _MAX_ID:
                return start
        raise _bad_cursor()

    def _after(self, cursor: list[Any], queryset: QuerySet[Any], field: str, key: str, down: bool) -> Q:
        match cursor:
            case [str(value), int(pk)] if 0 <= pk <= _MAX_ID and "\0" not in value:
                try:
                    value = queryset.model._meta.get_field(field).to_python(value)
                except Invalid:
                    raise _bad_cursor() from None
                way = "lt" if down else "gt"
                # Said so that an index on (field, key) is walked from its place, on both engines.
                return Q(**{f"{field}__{way}e": value}) & (Q(**{f"{field}__{way}": value}) | Q(**{f"{key}__{way}": pk}))
        raise _bad_cursor()

    def _address(self, following: list[Any]) -> str:
        packed = json.dumps(following, default=lambda value: value.isoformat()).encode()
        cursor = base64.urlsafe_b64encode(packed).decode()
        return replace_query_param(self.request.build_absolute_uri(), "cursor", cursor)


def _bad_cursor() -> ValidationError:
    return ValidationError({"cursor": [_("This cursor was not given by this hub. Begin again without it.")]})
