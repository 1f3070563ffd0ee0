"""The only writer of the audit trail."""

from django.contrib.auth.base_user import AbstractBaseUser

from rtes_hub.audit.models import Line


def record(act: str, target: str, *, by: AbstractBaseUser | None = None, by_uri: str = "", **details: object) -> Line:
    """Write one line, in the transaction of the act it tells of: either both are kept, or neither.

    act: "app.verb", e.g. "resource.publish". target: a URI, or "app.Model:pk".
    by: the person; None for the operator at the console. by_uri: the actor, when another hub did it.
    details: JSON values. No e-mail address and no secret: lines outlive accounts.
    """
    return Line.objects.create(act=act, target=target, by=by, by_uri=by_uri, details=details)  # type: ignore[misc]
