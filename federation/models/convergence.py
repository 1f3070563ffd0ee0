"""What makes two hubs end equal, and what proves that they are."""

from django.db import models
from django.utils import timezone

URI = 2048  #: longest URI kept, in characters


class Convergence(models.Model):
    """How far we have read a partner's changes, and what the last comparison with it found."""

    class State(models.TextChoices):
        NEVER = "never"
        DUE = "due"
        EQUAL = "equal"
        DIFFERENT = "different"
        FAILED = "failed"

    peer = models.OneToOneField("federation.Peer", on_delete=models.CASCADE, related_name="convergence")
    cursor = models.CharField(max_length=URI, blank=True)  #: of its changes: the last that had its effect here
    state = models.CharField(max_length=9, choices=State, default=State.NEVER)
    proof = models.JSONField(default=dict)  #: of the last comparison, as `partner verify --json` prints it
    equal_at = models.DateTimeField(null=True)  #: when the last comparison that ended equal began
    next_try = models.DateTimeField(null=True)  #: when it is compared again
    tries = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)  #: one comparison at a time


class Told(models.Model):
    """What a partner told us of a thing of its own of which we keep no copy that says the same.

    We refused it, or it was withdrawn before we saw it: all the same we know, and a digest says so.
    """

    peer = models.ForeignKey("federation.Peer", on_delete=models.CASCADE, related_name="+")
    uri = models.CharField(max_length=URI)
    key = models.CharField(max_length=24)
    leaf = models.CharField(max_length=16)
    reason = models.CharField(max_length=500, blank=True)  #: why it is not kept
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["peer", "uri"], name="told_once_a_thing")]
        indexes = [models.Index(fields=["peer", "key"])]


class Confirmation(models.Model):
    """A partner's own digest says that it knows of a withdrawal of ours."""

    peer = models.ForeignKey("federation.Peer", on_delete=models.CASCADE, related_name="+")
    uri = models.CharField(max_length=URI, db_index=True)
    at = models.DateTimeField()
    how = models.CharField(max_length=10, default="digest")  #: "digest", or the status their copy answered

    class Meta:
        constraints = [models.UniqueConstraint(fields=["peer", "uri"], name="confirmed_once")]


class Found(models.Model):
    """A thing of ours that only a partner still had: what was lost with a restored backup is kept for people to see."""

    uri = models.CharField(max_length=URI, unique=True)
    peer = models.ForeignKey("federation.Peer", null=True, on_delete=models.SET_NULL, related_name="+")
    document = models.TextField()  #: their copy: we signed none of it, so it is shown nowhere
    at = models.DateTimeField(default=timezone.now)


class Numbering(models.Model):
    """One row: the last number given to a change. Whoever numbers holds it, so that numbers appear in their order."""

    last = models.BigIntegerField(default=0)
