"""Who did what, when: one line, written in the transaction of the act."""

from django.conf import settings
from django.db import models


class Line(models.Model):
    at = models.DateTimeField(auto_now_add=True, db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_uri = models.CharField(max_length=2048, blank=True)  #: the actor, when the act came from another hub
    act = models.CharField(max_length=60)  #: "resource.publish"
    target = models.CharField(max_length=2048, db_index=True)  #: a URI, or "app.Model:pk"
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.act} {self.target}"
