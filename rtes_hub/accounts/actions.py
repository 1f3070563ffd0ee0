"""The only writer of people and of their tokens."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from rtes_hub.accounts import rules
from rtes_hub.accounts.models import SCOPES, ApiToken, Identity, User, normal_email
from rtes_hub.audit.actions import record

#: A person's living tokens: enough for a program each, few enough to be read on one page.
MAX_TOKENS = 20
MAX_TOKEN_DAYS = 365


@transaction.atomic
def invite(
    email: str,
    *,
    full_name: str = "",
    language: str = "fr",
    hub_role: str = "",
    password: str | None = None,
    by: User | None = None,
) -> User:
    """The person of that address, made when there is none. Whoever is here already keeps name and language.

    hub_role: given, it replaces theirs; empty, theirs stays. password: for new people, or from the operator's
    console (`by` None); without one they sign in with a code sent to their address.
    Raises: PermissionDenied; ValidationError for a deactivated account, or an administrator who would be the last.
    """
    user = User.objects.filter(email=normal_email(email)).first()
    if not rules.may_invite(by) or (hub_role and not rules.may_give_hub_role(by)):
        raise PermissionDenied
    if password and user and by:
        raise PermissionDenied
    if user and not user.is_active:
        raise ValidationError({"email": _("This account is deactivated.")})
    if user and hub_role not in ("", User.HubRole.ADMINISTRATOR):
        _check_another_administers(user)
    if user is None:
        user = User.objects.create_user(email, password, full_name=full_name, language=language, hub_role=hub_role)
        record("accounts.invite", f"accounts.User:{user.pk}", by=by, hub_role=hub_role)
        return user
    if full_name and not user.full_name:
        user.full_name = full_name
    if password:
        user.set_password(password)
    if hub_role and hub_role != user.hub_role:
        record("accounts.hub_role", f"accounts.User:{user.pk}", by=by, was=user.hub_role, now=hub_role)
        user.hub_role = hub_role
    user.save()
    return user


@transaction.atomic
def make_token(
    user: User, *, name: str, scopes: Iterable[str], days: int = MAX_TOKEN_DAYS, by: User | None = None
) -> str:
    """A new token, returned once: only its digest is kept.

    Raises: PermissionDenied; ValidationError for an unknown scope, a wrong duration or one token too many.
    """
    if not rules.may_make_token(by, user):
        raise PermissionDenied
    wanted = sorted(set(scopes))
    if not wanted or not set(wanted) <= set(SCOPES):
        raise ValidationError({"scopes": _("Choose at least one of: %(list)s.") % {"list": ", ".join(SCOPES)}})
    if not 1 <= days <= MAX_TOKEN_DAYS:
        raise ValidationError({"days": _("A token lasts between 1 and %(most)d days.") % {"most": MAX_TOKEN_DAYS}})
    if ApiToken.objects.living().filter(user=user).count() >= MAX_TOKENS:
        raise ValidationError(
            {"name": _("You already have %(most)d tokens. Revoke one that is no longer used.") % {"most": MAX_TOKENS}}
        )
    row, token = ApiToken.objects.make(user, days=days, name=name.strip(), scopes=wanted)
    record("accounts.make_token", f"accounts.User:{user.pk}", by=by, name=row.name, scopes=wanted, days=days)
    return token


@transaction.atomic
def revoke_token(token: ApiToken, *, by: User | None) -> None:
    """Raises: PermissionDenied."""
    if not rules.may_make_token(by, token.user):
        raise PermissionDenied
    record("accounts.revoke_token", f"accounts.User:{token.user_id}", by=by, name=token.name)
    token.delete()


@transaction.atomic
def describe_self(user: User, *, full_name: str, language: str) -> User:
    user.full_name, user.language = full_name, language
    user.save(update_fields=["full_name", "language"])
    record("accounts.describe_self", f"accounts.User:{user.pk}", by=user)
    return user


@transaction.atomic
def identify(hub: Identity, *, by: User | None) -> Identity:
    """Say who runs this hub and by which rules. Raises: PermissionDenied."""
    if by is not None and not rules.may_administer(by):
        raise PermissionDenied
    hub.pk = 1
    hub.save()
    record("accounts.identify", "accounts.Identity:1", by=by, name=hub.name)
    return hub


@transaction.atomic
def deactivate(user: User, *, by: User | None) -> None:
    """Nothing that opens the hub to this person still does: sign-in, sessions, tokens (security.md I3, J4).

    Raises: PermissionDenied; ValidationError for the last administrator.
    """
    if not rules.may_deactivate(by):
        raise PermissionDenied
    _check_another_administers(user)
    user.is_active = False
    user.set_unusable_password()  # sessions are bound to the hash of the password: they all end
    user.save(update_fields=["is_active", "password"])
    ApiToken.objects.filter(user=user).delete()
    record("accounts.deactivate", f"accounts.User:{user.pk}", by=by)


def _check_another_administers(user: User) -> None:
    """Two who let each other go at the same moment wait for one another."""
    administrators = rules.administrators().select_for_update()
    if user.is_administrator and not [one for one in administrators if one.pk != user.pk]:
        raise ValidationError(_("The hub needs at least one administrator."))
