"""What is not known is refused by its name, never silently left out (security.md H8)."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request


def refuse_unknown(given: Iterable[str], known: Iterable[str], what: str) -> None:
    """Raises: ValidationError, naming each and what is known."""
    allowed = sorted(known)
    if unknown := sorted(set(given) - set(allowed)):
        sentence = what.format(known=", ".join(allowed))
        raise ValidationError({name: [sentence] for name in unknown})


class StrictSerializer(serializers.Serializer):
    """Writes exactly its declared fields."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            writable = [name for name, field in self.fields.items() if not field.read_only]
            refuse_unknown(data, writable, _("This field is not known here. Known fields: {known}."))
        return super().to_internal_value(data)


class StrictFilterBackend(DjangoFilterBackend):
    """Filters, and refuses a parameter that is none: a misspelt filter would give everything."""

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        names = {*self.get_filterset_class(view, queryset).base_filters, *view.paginator.parameters}
        refuse_unknown(request.query_params, names, _("This parameter is not known here. Known parameters: {known}."))
        filterset = self.get_filterset(request, queryset, view)
        if not filterset.is_valid():
            raise ValidationError({name: list(sentences) for name, sentences in filterset.errors.items()})
        return getattr(filterset, "found", filterset.qs)
