"""Errors as `application/problem+json` (RFC 9457): {type, title, status, detail, errors: {field: [sentence, …]}}."""

from http import HTTPStatus
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import APIException, ErrorDetail, NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler

MEDIA_TYPE = "application/problem+json"

#: One sentence for what does not exist and for what this reader may not see: the two must not be told apart.
NOT_FOUND = _("Nothing here, or nothing that you may see.")
INVALID = _("What was sent cannot be accepted: see `errors`.")


class Problem(serializers.Serializer):
    """Why a request was refused."""

    type = serializers.CharField(help_text="Always `about:blank`: the status says what kind of problem it is.")
    title = serializers.CharField(help_text="The name of the status.")
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="A sentence for people, in the language that was asked for.")
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()),
        help_text='What is wrong, by field or parameter; `facts.budget` is the fact "budget".',
    )


class Conflict(APIException):
    """What is asked for is not possible in the state the thing is in."""

    status_code = HTTPStatus.CONFLICT
    default_detail = _("This is not possible in its present state.")
    default_code = "conflict"


def handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """None for what is no refusal but a fault: Django then answers 500 and logs it."""
    response = exception_handler(exc, context)
    if response is None:
        return None
    errors = by_field(response.data) if response.status_code == HTTPStatus.BAD_REQUEST else {}
    if response.status_code == HTTPStatus.NOT_FOUND:
        detail = str(NOT_FOUND)
    elif errors:
        detail = str(INVALID)
    else:
        detail = str(response.data.get("detail", "")) if isinstance(response.data, dict) else ""
    response.data = {
        "type": "about:blank",
        "title": HTTPStatus(response.status_code).phrase,
        "status": response.status_code,
        "detail": detail,
        "errors": errors,
    }
    response.content_type = MEDIA_TYPE
    return response


def by_field(detail: Any, prefix: str = "") -> dict[str, list[str]]:
    """DRF's nested errors, flat: {"facts": {"budget": [e]}} is {"facts.budget": ["…"]}; "" is the whole request."""
    if isinstance(detail, dict):
        found: dict[str, list[str]] = {}
        for key, value in detail.items():
            name = prefix if key in ("non_field_errors", "detail") else f"{prefix}.{key}".lstrip(".")
            for field, sentences in by_field(value, name).items():
                found.setdefault(field, []).extend(sentences)
        return found
    if isinstance(detail, list) and any(isinstance(item, dict) for item in detail):
        return by_field({str(at): item for at, item in enumerate(detail) if item}, prefix)
    return {prefix: [str(item) for item in (detail if isinstance(detail, list) else [detail])]}


class NothingHere(APIView):
    """Every address under /api/v1/ that is not one."""

    authentication_classes = ()
    permission_classes = ()
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:  # noqa: ARG002
        raise NotFound(ErrorDetail(str(NOT_FOUND)))
