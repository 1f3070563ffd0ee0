"""People who sign in, and the tokens they give to programs."""

import unicodedata
from datetime import timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken, get_digest_token
from knox.settings import CONSTANTS

#: What a token may do: "read" what its owner reads, "write" what its owner writes.
SCOPES = ("read", "write")


def normal_email(address: str) -> str:
    """The one spelling of an address: NFKC and case folded, so that no twin can be made (security.md J11)."""
    return unicodedata.normalize("NFKC", address).strip().casefold()


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=normal_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=normal_email(username or ""))


class User(AbstractBaseUser, PermissionsMixin):  # type: ignore[django-manager-missing]  # knox has no types
    """A person. What they may do for a collectivité stands in `territories` (mandates and staff roles)."""

    class HubRole(models.TextChoices):
        NONE = "", _("none")
        COORDINATOR = "coordinator", _("coordinator")
        ADMINISTRATOR = "administrator", _("administrator")

    email = models.EmailField(_("e-mail address"), unique=True)
    full_name = models.CharField(_("name"), max_length=150, blank=True)
    language = models.CharField(
        _("language"), max_length=5, default="fr", choices=[("fr", "Français"), ("en", "English")]
    )
    hub_role = models.CharField(_("role in the whole hub"), max_length=20, blank=True, default="", choices=HubRole)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    def __str__(self) -> str:
        return self.full_name or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = normal_email(self.email)
        password_changed = getattr(self, "_password", None) is not None and not self._state.adding
        super().save(*args, **kwargs)
        if password_changed:  # whichever path it took: page, reset or command (security.md J4)
            ApiToken.objects.filter(user=self).delete()

    @property
    def is_coordinator(self) -> bool:
        """True for administrators too: they may do all that a coordinator may."""
        return self.is_active and self.hub_role in (self.HubRole.COORDINATOR, self.HubRole.ADMINISTRATOR)

    @property
    def is_administrator(self) -> bool:
        return self.is_active and self.hub_role == self.HubRole.ADMINISTRATOR


class TokenManager(models.Manager["ApiToken"]):
    def make(self, user: User, *, days: int, name: str, scopes: list[str]) -> tuple["ApiToken", str]:
        """The row, and the token itself, which is kept nowhere."""
        digest, token = get_digest_token()
        row = self.create(
            user=user,
            digest=digest,
            token_key=token[: CONSTANTS.TOKEN_KEY_LENGTH],
            expiry=timezone.now() + timedelta(days=days),
            name=name,
            scopes=scopes,
        )
        return row, token

    def living(self) -> models.QuerySet["ApiToken"]:
        return self.filter(expiry__gt=timezone.now())


class ApiToken(AbstractAuthToken):
    """Hashed, expiring, scoped. The token itself is shown once, at its making."""

    name = models.CharField(_("name"), max_length=100)
    scopes = models.JSONField(_("scopes"), default=list)  #: of SCOPES
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = TokenManager()


class FirstRun(models.Model):
    """The one-time link that makes the first administrator: its digest only. Gone once used."""

    digest = models.CharField(max_length=64, unique=True)  #: SHA-256, hex
    made_at = models.DateTimeField(auto_now_add=True)


class Identity(models.Model):
    """Who runs this hub and by which rules: one row, shown to people and to partner hubs."""

    name = models.CharField(_("name of the hub"), max_length=100, default="RTES hub")
    entity = models.CharField(_("body that runs it"), max_length=200, blank=True)
    contact = models.EmailField(_("contact address"), blank=True)
    moderation_rules = models.TextField(_("rules of publication and moderation"), max_length=5000, blank=True)
    is_demo = models.BooleanField(_("demonstration hub"), default=False)
    notice = models.TextField(_("notice shown on every page"), max_length=500, blank=True)

    def __str__(self) -> str:
        return self.name


def identity() -> Identity:
    """Read by primary key each time rather than cached: every process sees a change at once."""
    return Identity.objects.filter(pk=1).first() or Identity(pk=1)
