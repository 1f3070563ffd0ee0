"""The words of charters (domain.md §1.9): how far a commitment has come, and what shows it. Codes never change.

Kept beside the kinds, below the tables of `resources/charters`, since facts and columns choose from the same lists.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Status(TextChoices):
    NOT_STARTED = "not_started", _("not started")
    STUDIED = "studied", _("being studied")
    VOTED = "voted", _("voted")
    RUNNING = "running", _("under way")
    PARTLY = "partly", _("partly done")
    DONE = "done", _("done")
    BLOCKED = "blocked", _("blocked")
    DROPPED = "dropped", _("dropped, with a reason")
    NOT_APPLICABLE = "not_applicable", _("does not concern us")


class Proof(TextChoices):
    """What shows that something was done."""

    LINK = "link", _("web page")
    FILE = "file", _("document")
    DELIBERATION = "deliberation", _("deliberation")
    RESOURCE = "resource", _("sheet, here or on a partner's hub")
