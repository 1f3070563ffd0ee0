"""What territories share, and its history."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from resources.visibility import OUT, STANDING, State, Visibility, readable
from rtes_hub.accounts.models import User
from rtes_hub.territories.models import Member, Territory

__all__ = ["Attachment", "Comment", "Resource", "Revision", "Standing", "State", "ThemeOf", "Visibility"]


class ResourceQuerySet(models.QuerySet["Resource"]):
    def visible_to(self, user: User | AnonymousUser, *, only: tuple[str, ...] = STANDING) -> "ResourceQuerySet":
        """What this person may read now: the only way to read, for pages, API, search, exports and documents.

        `only` these states: said here rather than in a filter after it, so that lists are read along their index.
        """
        out, own = (tuple(state for state in states if state in only) for states in (OUT, STANDING))
        return self.filter(readable(user, out=out, own=own))

    def gone_to(self, user: User | AnonymousUser) -> "ResourceQuerySet":
        """What was withdrawn and this person could read before: they are told so (410), others nothing (404)."""
        withdrawn = (State.WITHDRAWN,)
        return self.filter(readable(user, out=withdrawn, own=withdrawn), version__gt=0)


class Resource(models.Model):
    """A thing to share, ours or a partner's: told apart by `local`, listed and found together.

    Reading goes through `Resource.objects.visible_to(user)`.
    """

    uri = models.CharField(max_length=2048, unique=True)  #: its identity for ever
    kind = models.CharField(max_length=40)
    local = models.BooleanField(default=True)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="resources")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="resources"
    )
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.PUBLIC)
    federated = models.BooleanField(default=True)  #: shared with partner hubs, when public

    title = models.CharField(max_length=300, blank=True)
    slug = models.SlugField(max_length=120, blank=True)
    summary = models.CharField(max_length=500, blank=True)
    brief = models.TextField(blank=True)  #: for an élu with two minutes, ≤ 900 characters
    language = models.CharField(max_length=12, default="fr")
    licence = models.CharField(max_length=30, default="etalab-2.0")
    territory = models.ForeignKey(Territory, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    themes = models.JSONField(default=list)  #: slugs; rows of `ThemeOf` mirror it for the filters
    tags = models.JSONField(default=list)
    facts = models.JSONField(default=dict)  #: the kind's own, by code
    body_html = models.TextField(blank=True)  #: safe; only for what came without our vocabulary
    page_url = models.CharField(max_length=2048, blank=True)  #: the page at its origin, for remote ones

    imported_from = models.CharField(max_length=300, blank=True, db_index=True)  #: source and its own id

    draft = models.JSONField(null=True, blank=True)  #: what is being typed, valid or not: {code: value}
    draft_saved_at = models.DateTimeField(null=True, blank=True)
    draft_saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    proposed_at = models.DateTimeField(null=True, blank=True)  #: changes to a published sheet wait for an editor

    version = models.PositiveIntegerField(default=0)  #: 0 until first published
    created_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(null=True, blank=True)
    review_due_on = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=300, blank=True)
    shared_at = models.DateTimeField(null=True, blank=True)  #: first sent to partner hubs
    unshared_at = models.DateTimeField(null=True, blank=True)  #: taken back from them, for good (decision 0008)

    objects = ResourceQuerySet.as_manager()

    badge: Any = None  #: a few words of its room for a card (resources/rooms.py); not stored

    class Meta:
        indexes = [
            models.Index(fields=["state", "visibility", "-published_at", "-id"]),  # what everyone reads
            models.Index(fields=["state", "-published_at", "-id"]),  # what members read
            models.Index(fields=["member", "state"]),
            models.Index(fields=["kind", "state"]),
        ]

    def __str__(self) -> str:
        return self.title or str(_("Untitled"))

    def get_absolute_url(self) -> str:
        return reverse("resource", args=[self.pk, self.slug or "-"])

    @property
    def is_out(self) -> bool:
        return self.state in OUT

    @property
    def has_changes(self) -> bool:
        """Something was typed, joined or taken out since it was published."""
        return self.draft is not None or self.attachments.exclude(standing=Standing.CURRENT).exists()

    @property
    def travels(self) -> bool:
        """Whether partner hubs keep a copy of it. What is for members, or was taken back, never travels."""
        return self.local and self.is_out and self.federated and self.visibility == Visibility.PUBLIC


class ThemeOf(models.Model):
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="theme_rows")
    theme = models.CharField(max_length=60, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["resource", "theme"], name="a_theme_once")]


class Revision(models.Model):
    """What was published, version by version. Never changed."""

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField()
    content = models.JSONField()  #: title, summary, brief, facts… as published
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    note = models.CharField(_("what changed"), max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["resource", "version"], name="a_version_once")]


class Comment(models.Model):
    """A word between author and reviewer, about a draft. Never leaves the collectivité."""

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="comments")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    move = models.CharField(max_length=12, blank=True)  #: the move it came with: "submit", "send_back"…
    text = models.TextField(max_length=2000)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at"]


class Standing(models.TextChoices):
    """A document joins or leaves a sheet with the changes it belongs to, when these are published."""

    NEW = "new", _("to be added")
    CURRENT = "current", _("published")
    LEAVING = "leaving", _("to be removed")


class Attachment(models.Model):
    """A document. Ours has a file; a remote one has the address where its owner serves it."""

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="attachments")
    token = models.CharField(max_length=40, unique=True)  #: in its address: not to be guessed
    file = models.FileField(upload_to="attachments/%Y/%m", blank=True)
    url = models.CharField(max_length=2048, blank=True)  #: remote ones
    title = models.CharField(max_length=200)
    filename = models.CharField(max_length=200, blank=True)
    nature = models.CharField(max_length=30, blank=True)
    is_model = models.BooleanField(default=False)
    accessible_alternative = models.CharField(max_length=500, blank=True)  #: what it says, for who cannot read the file
    licence = models.CharField(max_length=30, blank=True)  #: empty: the licence of the sheet
    standing = models.CharField(max_length=8, choices=Standing, default=Standing.CURRENT)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(default=0)  #: bytes
    digest = models.CharField(max_length=64, blank=True)  #: SHA-256, hex
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
