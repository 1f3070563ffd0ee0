"""What drf-spectacular does not find by itself: how we sign in, and how every operation may refuse."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

from rtes_hub.rest.limits import PERIOD, REQUESTS
from rtes_hub.rest.problems import MEDIA_TYPE, Problem

_REFUSALS = {
    "400": "Something in it is wrong: `errors` says what.",
    "401": "The token is missing, wrong or expired.",
    "403": "The token, or the role of whoever holds it, does not allow this.",
    "404": "Nothing here, or nothing that you may see.",
    "409": "Not possible in the state that the resource is in.",
    "415": "The body is of a type that is not read here.",
    "429": f"Too many requests: {REQUESTS} in {PERIOD} seconds are allowed. `Retry-After` says when to come back.",
}


class Token(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "rtes_hub.accounts.tokens.TokenAuthentication"
    name = "token"

    def get_security_definition(self, _auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Authorization: Token rtes_…`, or `Bearer rtes_…`. "
            "Scope `read` reads; `write` is needed for the rest.",
        }


class HubSchema(AutoSchema):
    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies = super()._get_response_bodies(direction)
        for code in self._refusals():
            refusal = self._get_response_for_code(Problem, code, [MEDIA_TYPE], direction)  # type: ignore[no-untyped-call]
            bodies.setdefault(code, {**refusal, "description": _REFUSALS[code]})
        return bodies

    def _refusals(self) -> list[str]:
        """The statuses that this operation may answer, besides its own."""
        codes = ["400", "401", "429"]
        if self.method != "GET":
            codes += ["403", "409", "415"]
        elif self.view.permission_classes:
            codes.append("403")  # a token without the scope `read`
        if "{" in self.path:
            codes.append("404")
        return codes
