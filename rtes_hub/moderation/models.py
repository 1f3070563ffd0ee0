"""Reports and decisions, with their reasons. Illegal and against the charter are two tracks (DSA art. 16-17)."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rtes_hub.accounts.models import User

MAX_REASON = 2000  #: characters
MAX_EXCERPT = 4000


class ReportQuerySet(models.QuerySet[Any]):
    def visible_to(self, reader: User | AnonymousUser) -> "ReportQuerySet":
        """Coordinators see them all; others their own."""
        if not isinstance(reader, User) or not reader.is_active:
            return self.none()
        return self.all() if reader.is_coordinator else self.filter(by=reader)

    def open(self) -> "ReportQuerySet":
        return self.filter(state=Report.State.OPEN)


class Report(models.Model):
    """Somebody says that something should not stand. Once decided it changes no more: the list of them is the log."""

    class Track(models.TextChoices):
        ILLEGAL = "illegal", _("it breaks the law")
        CHARTER = "charter", _("it breaks the rules of this hub")

    class State(models.TextChoices):
        OPEN = "open", _("to look at")
        UPHELD = "upheld", _("removed")
        DISMISSED = "dismissed", _("kept")

    about = models.CharField(max_length=2100, db_index=True)  #: "post:<uri>", "resource:<uri>"
    title = models.CharField(max_length=300)  #: what it was called
    excerpt = models.TextField(blank=True, max_length=MAX_EXCERPT)  #: plain text of what it said when it was reported
    path = models.CharField(max_length=500)  #: where to look, on this hub
    track = models.CharField(_("why it should not stand"), max_length=8, choices=Track)
    reason = models.TextField(_("your reasons"), max_length=MAX_REASON)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="reports")
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decision = models.TextField(max_length=MAX_REASON, blank=True)  #: its reasons, told to both sides
    #: Said by another hub: the id of its report, and its name. Nobody of this hub is `by` then.
    flag = models.CharField(max_length=2048, blank=True, db_index=True)
    hub = models.CharField(max_length=200, blank=True)
    #: Passed on to the hub of the thing: the id of ours, and what that hub decided.
    sent_as = models.CharField(max_length=2048, blank=True, db_index=True)
    answer = models.CharField(max_length=9, choices=State, blank=True)
    answer_reason = models.TextField(max_length=MAX_REASON, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["state", "-created_at", "-id"], name="reports_by_state")]
        constraints = [
            models.UniqueConstraint(fields=["about", "by"], condition=Q(state="open"), name="one_open_report_each")
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("moderation-report", args=[self.pk])

    @property
    def who(self) -> str:
        """Who reported it, as coordinators are told."""
        return str(self.by) if self.by else self.hub

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN
