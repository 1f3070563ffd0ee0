"""Who may report, and who decides. Questions only."""

from django.contrib.auth.models import AnonymousUser

from rtes_hub.accounts.models import User
from rtes_hub.moderation import registry
from rtes_hub.moderation.models import Report

Reader = User | AnonymousUser


def may_report(reader: Reader, about: str) -> bool:
    """Whoever is signed in and reads it, save who wrote it: they can take it away themselves."""
    if not isinstance(reader, User) or not reader.is_active or registry.shown(reader, about) is None:
        return False
    return not wrote(reader, about)


def may_moderate(reader: Reader) -> bool:
    return isinstance(reader, User) and reader.is_coordinator


def may_decide(reader: Reader, report: Report) -> bool:
    """A coordinator; nobody decides about their own words."""
    return may_moderate(reader) and report.is_open and not wrote(reader, report.about)


def wrote(reader: Reader, about: str) -> bool:
    found = registry.find(about)
    return found is not None and any(author.pk == reader.pk for author in found[0].authors(found[1]))
