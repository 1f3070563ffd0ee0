"""Programs sign in with a token: `Authorization: Token rtes_…`, or `Bearer rtes_…` (RFC 6750 §2.1)."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from knox.auth import TokenAuthentication as KnoxTokenAuthentication
from knox.crypto import hash_token
from rest_framework.authentication import get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from rtes_hub.accounts.models import ApiToken, User

#: `last_used_at` is written once in that time at most: reading must not cost a write.
USED_EVERY = timedelta(minutes=1)
SCHEMES = (b"token", b"bearer")


class TokenAuthentication(KnoxTokenAuthentication):
    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """None without the header only: whoever means to sign in and cannot is told so, never taken for a passer-by."""
        words = get_authorization_header(request).split()
        if not words:
            return None
        if len(words) != 2 or words[0].lower() not in SCHEMES:
            raise AuthenticationFailed(_("Send the token as “Authorization: Token …” or “Authorization: Bearer …”."))
        return self.authenticate_credentials(words[1])

    def authenticate_credentials(self, token: bytes) -> tuple[User, ApiToken]:
        """One look-up by digest. The same answer for wrong, expired and deactivated (security.md I3).

        Knox's own decodes before it checks, and answers 500 to bytes that are not UTF-8.
        """
        now = timezone.now()
        digest = hash_token(token.decode("utf-8", "replace"))
        found = ApiToken.objects.living().select_related("user").filter(digest=digest, user__is_active=True).first()
        if found is None:
            raise AuthenticationFailed(_("This token is not valid: wrong, expired or revoked."))
        if found.last_used_at is None or now - found.last_used_at > USED_EVERY:
            ApiToken.objects.filter(pk=found.pk).update(last_used_at=now)
        return found.user, found


class HasScope(BasePermission):
    """The token was made for this: "read" for safe methods, "write" for the others."""

    def has_permission(self, request: Request, view: object) -> bool:  # noqa: ARG002
        if isinstance(request.auth, ApiToken):
            needed = "read" if request.method in SAFE_METHODS else "write"
            self.message = _("This token does not have the scope “%(scope)s”.") % {"scope": needed}
            return needed in request.auth.scopes
        return request.method in SAFE_METHODS
