"""What must be true of this hub before it speaks: run by `migrate`, hence by `start`, and by `check --database`."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from django.db.models import Q

from federation import secrets
from federation.models import Actor, PrivateKey


@register(Tags.database)
def identity(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Nothing is repaired by itself: a hub with other keys, or at another address, is a stranger to its partners."""
    if "default" not in (databases or ()) or not _tables_stand():
        return []
    return [*_lost_keys(), *_sealed_keys(), *_moved()]


def _tables_stand() -> bool:
    tables = connections["default"].introspection.table_names()
    return Actor._meta.db_table in tables and PrivateKey._meta.db_table in tables


def _lost_keys() -> list[CheckMessage]:
    spoke = Q(keyed_at__isnull=False) | Q(activities__isnull=False)
    lost = Actor.objects.filter(spoke, local=True, private_keys=None).distinct().values_list("uri", flat=True)
    return [
        Error(
            f"{uri} has signed, and its private key is lost.",
            hint="Restore the table of private keys from a backup. New keys would make this hub a stranger to others.",
            id="federation.E001",
        )
        for uri in lost[:10]
    ]


def _sealed_keys() -> list[CheckMessage]:
    for sealed in PrivateKey.objects.values_list("sealed", flat=True).iterator():
        try:
            secrets.unseal(bytes(sealed))
        except secrets.CannotUnseal:
            return [
                Error(
                    "The private keys of this hub cannot be opened: its secret key is not the one that sealed them.",
                    hint="Give back the RTES_SECRET_KEY, or the secret.key of the data folder, that this hub had.",
                    id="federation.E002",
                )
            ]
    return []


def _moved() -> list[CheckMessage]:
    base = settings.RTES.base_url
    elsewhere = Actor.objects.filter(local=True).exclude(uri__startswith=f"{base}/").values_list("uri", flat=True)
    if not elsewhere:
        return []
    return [
        Error(
            f"RTES_BASE_URL is {base}, but this hub has lived at {elsewhere[0].partition('/ap/')[0]}.",
            hint="Addresses are identities and do not change: give back the former RTES_BASE_URL.",
            id="federation.E003",
        )
    ]
