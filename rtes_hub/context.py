"""What every page knows of its hub."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from federation import api as federation
from rtes_hub.accounts.models import identity


def hub(request: HttpRequest) -> dict[str, Any]:
    """Asked of the database only when a template shows them: error pages and small answers cost nothing."""
    return {
        "hub_url": settings.RTES.base_url,
        "identity": SimpleLazyObject(identity),
        "partner_count": SimpleLazyObject(lambda: len(federation.partners())),
    }
