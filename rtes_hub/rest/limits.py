"""How often a program may ask."""

from django.core.cache import caches
from django.utils.connection import ConnectionProxy
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

REQUESTS = 300  #: of one token, or of one address without token…
PERIOD = 300  #: …in so many seconds, for each web process


class FairUse(SimpleRateThrottle):
    """Counts in the memory of the process, so that reading costs the database no write."""

    scope = "api"
    rate = f"{REQUESTS}/{PERIOD}s"
    cache = ConnectionProxy(caches, "throttle")  # type: ignore[assignment]

    def parse_rate(self, _rate: str | None) -> tuple[int, int]:
        return REQUESTS, PERIOD

    def get_cache_key(self, request: Request, _view: object) -> str:
        who = f"token-{request.auth.pk}" if request.auth is not None else f"address-{self.get_ident(request)}"
        return self.cache_format % {"scope": self.scope, "ident": who}
