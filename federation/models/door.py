"""What the door remembers for a moment, of whoever knocks."""

from django.db import models


class SeenSignature(models.Model):
    """A signature that was let in: the very same one is a replay, until its time window is over."""

    digest = models.CharField(primary_key=True, max_length=64)  #: SHA-256 of the signature, hex
    until = models.DateTimeField(db_index=True)


class Budget(models.Model):
    """What strangers made us fetch from one origin, or from all of them together, since a moment."""

    origin = models.CharField(primary_key=True, max_length=255)  #: "" for all together
    since = models.DateTimeField(db_index=True)
    spent = models.PositiveIntegerField(default=0)
