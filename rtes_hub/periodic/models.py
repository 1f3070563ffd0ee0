"""Work that recurs, whichever engine runs it."""

from django.db import models
from django.utils import timezone


class Periodic(models.Model):
    """A job that recurs. One conditional UPDATE of its row elects who runs it."""

    name = models.CharField(primary_key=True, max_length=60)
    next_run = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name
