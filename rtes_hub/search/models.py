"""One index over every Publication: the words of each, already analysed."""

from django.db import models


class Entry(models.Model):
    """What can be found, as stems: the same analyser feeds both engines (docs/decisions)."""

    uri = models.CharField(max_length=2048, unique=True)
    kind = models.CharField(max_length=40, db_index=True)
    title = models.TextField()  #: stems, space separated
    text = models.TextField()  #: stems, space separated
    public = models.BooleanField(default=True)  #: False: found by signed-in members only

    def __str__(self) -> str:
        return self.uri
