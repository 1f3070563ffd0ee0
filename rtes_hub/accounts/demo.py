"""The people of a demonstration: invented, with one password for all, told to whoever visits a demonstration hub."""

from django.db.models import QuerySet

from rtes_hub.accounts.models import User

DOMAIN = "demonstration.example"  #: reserved by RFC 2606: nobody has an address there, and nobody types one
PASSWORD = "demonstration-ess"  # noqa: S105 - said aloud on purpose


def people() -> QuerySet[User]:
    """Never a real person, whatever hub this is asked of."""
    return User.objects.filter(is_active=True, email__endswith=f"@{DOMAIN}").order_by("pk")
