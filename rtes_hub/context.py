"""What every page knows of its hub."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def hub(request: HttpRequest) -> dict[str, Any]:
    return {"hub_url": settings.RTES.base_url, "hub_is_demo": False}
