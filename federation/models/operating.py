"""What administrators decide, and were told, about the exchange with another server."""

from django.db import models


class Watched(models.Model):
    """Beside its Peer, for those that failed or were paused once. No row: nothing happened."""

    peer = models.OneToOneField("federation.Peer", on_delete=models.CASCADE, related_name="watched")
    paused_at = models.DateTimeField(null=True)  #: nothing is sent until an administrator resumes
    failing_since = models.DateTimeField(null=True)  #: it takes nothing since then
    alerted = models.PositiveSmallIntegerField(default=0)  #: hours of the last alert told: 0, 1, 24, 168
