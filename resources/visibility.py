"""Who may read what. Page, API, search, exports and documents all read through `visible_to`, and nothing else."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rtes_hub.accounts.models import User
from rtes_hub.territories import rules as territory_rules


class State(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    PUBLISHED = "published", _("published")
    ARCHIVED = "archived", _("archived")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Visibility(models.TextChoices):
    PUBLIC = "public", _("everyone")
    MEMBERS = "members", _("signed-in members of this hub")
    OWNER = "owner", _("our local authority")


#: Shown to those it is meant for; an archived one is labelled so.
OUT = (State.PUBLISHED, State.ARCHIVED)
#: All but what was withdrawn, which leaves a line in the workspace and nothing to read.
STANDING = (State.DRAFT, State.SUBMITTED, *OUT)


def readable(user: User | AnonymousUser, *, out: tuple[str, ...], own: tuple[str, ...]) -> Q:
    """What this person may read among what is out (states `out`) and what is theirs (states `own`).

    One query tells which collectivités they belong to.
    """
    everyone = Q(state__in=out, visibility=Visibility.PUBLIC)
    if not isinstance(user, User) or not user.is_active:
        return everyone
    if user.is_coordinator:  # they curate: drafts too
        return everyone | Q(local=True, state__in=own)
    mine: list[Any] = list(territory_rules.members_of(user).values_list("pk", flat=True))
    if not mine:
        return everyone
    members = Q(local=True, state__in=out, visibility=Visibility.MEMBERS)
    return everyone | members | Q(local=True, state__in=own, member__in=mine)
