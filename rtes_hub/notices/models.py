"""Being told: notices in the hub, letters by e-mail, and how often each person wants them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Topic(models.TextChoices):
    ANSWER = "answer", _("an answer to me")
    MENTION = "mention", _("someone mentions me")
    FOLLOWED = "followed", _("news of what I follow")
    GESTURE = "gesture", _("a request or an offer to answer")
    COMMITMENT = "commitment", _("a commitment to bring up to date")
    REVIEW = "review", _("a sheet to review, or what became of mine")
    MODERATION = "moderation", _("a report to look at")


class Frequency(models.TextChoices):
    NOW = "now", _("at once")
    DAILY = "daily", _("once a day")
    WEEKLY = "weekly", _("once a week")
    NEVER = "never", _("never")


class Preference(models.Model):
    """How often a person wants letters about a topic. Without a row: weekly."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_preferences")
    topic = models.CharField(max_length=12, choices=Topic)
    frequency = models.CharField(max_length=8, choices=Frequency, default=Frequency.WEEKLY)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "topic"], name="one_preference_a_topic")]


class Watch(models.Model):
    """What a person follows: "thread:<uri>", "forum:<uri>", "resource:<uri>", "theme:<slug>", "territory:<id>",
    "member:<uri of its actor>"."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="watches")
    target = models.CharField(max_length=2100, db_index=True)
    label = models.CharField(max_length=300, blank=True)
    path = models.CharField(max_length=500, blank=True)  #: the page it was followed from, on this hub
    silent = models.BooleanField(default=False)  #: told in the hub, without letters
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["label", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "target"], name="a_watch_once")]


class Letter(models.Model):
    """An e-mail owed to a person; a row that is there and has a `next_try` will be tried.

    What it says is kept nowhere: it is written at each attempt from its notices, as the person may see them then.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="letters")
    rhythm = models.CharField(max_length=8, choices=Frequency)  #: "now" tells of one thing, the others of many
    created_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveIntegerField(default=0)
    next_try = models.DateTimeField(null=True, default=timezone.now)  #: None: sent, or given up
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_try"], condition=Q(next_try__isnull=False), name="letters_owed"),
        ]


class Notice(models.Model):
    """One thing a person is told, once: `key` makes it so."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    topic = models.CharField(max_length=12, choices=Topic)
    key = models.CharField(max_length=300)  #: "answer:<post uri>": the same key is never told twice
    about = models.CharField(max_length=2100, db_index=True)  #: "resource:<uri>": may they see it? is asked of this
    group = models.CharField(max_length=300)  #: heading it stands under in a letter
    title = models.CharField(max_length=300)
    text = models.TextField(max_length=5000, blank=True)  #: plain
    path = models.CharField(max_length=500)  #: where it opens, on this hub
    at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)  #: put in a letter, or decided not to be
    letter = models.ForeignKey(Letter, null=True, on_delete=models.SET_NULL, related_name="notices")

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="told_once")]
        indexes = [
            models.Index(fields=["user", "-at"]),
            models.Index(fields=["user"], condition=Q(read_at__isnull=True), name="notices_unread"),
            models.Index(fields=["at"], condition=Q(mailed_at__isnull=True), name="notices_to_mail"),
        ]
