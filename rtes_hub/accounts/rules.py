"""Who may do what to accounts. `by` is None at the operator's console, who may do all."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from rtes_hub.accounts.models import User

Asker = User | AnonymousUser | None


def may_invite(by: Asker) -> bool:
    return by is None or (isinstance(by, User) and by.is_coordinator)


def may_give_hub_role(by: Asker) -> bool:
    """Coordinators make no coordinator: the circle would widen by itself."""
    return by is None or may_administer(by)


def may_make_token(by: Asker, user: User) -> bool:
    """One's own only: a token made for another would be a way to act as them."""
    return user.is_active and (by is None or by == user)


def may_deactivate(by: Asker) -> bool:
    return by is None or may_administer(by)


def may_administer(by: Asker) -> bool:
    return isinstance(by, User) and by.is_administrator


def administrators() -> QuerySet[User]:
    """Those who can sign in today."""
    return User.objects.filter(is_active=True, hub_role=User.HubRole.ADMINISTRATOR)
