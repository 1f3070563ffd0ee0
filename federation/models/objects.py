"""Published things, ours and others', and what is remembered of those that are no more."""

from typing import Any

from django.db import models

from federation.wire import digests

URI = 2048  #: longest URI kept, in characters


class StoredObject(models.Model):
    """A published thing as it travels, ours or another's. A row of ours is public: what is not, has no row."""

    uri = models.CharField(max_length=URI, unique=True)
    kind = models.CharField(max_length=40, db_index=True)
    actor = models.ForeignKey("federation.Actor", on_delete=models.CASCADE, related_name="objects_of")
    local = models.BooleanField(db_index=True)
    version = models.PositiveIntegerField(default=1)
    url = models.CharField(max_length=URI, blank=True, db_index=True)  #: its page for people
    document = models.TextField()  #: JSON: the bytes we serve, or those received; empty once removed
    former_type = models.CharField(max_length=40, blank=True)
    published = models.DateTimeField(db_index=True)
    updated = models.DateTimeField()
    place = models.CharField(max_length=URI, blank=True)  #: URI of the group actor it is said in
    in_reply_to = models.CharField(max_length=URI, blank=True, db_index=True)
    context = models.CharField(max_length=URI, blank=True, db_index=True)  #: URL of its conversation (FEP-7888)
    featured = models.BooleanField(default=False)  #: shown first in its place
    waiting = models.BooleanField(default=False)  #: for what it answers: nobody is told of it yet
    moderated = models.BooleanField(default=False)  #: removed by its place, which may take it back
    removed_at = models.DateTimeField(null=True)  #: a tombstone, kept for ever
    key = models.CharField(max_length=24, default="", db_index=True)  #: its place in the digest
    leaf = models.CharField(max_length=16, default="")  #: its version and state there
    change = models.BigIntegerField(null=True, db_index=True)  #: ours: order of changes; null: not numbered yet

    class Meta:
        indexes = [
            models.Index(fields=["actor", "-published", "-id"]),
            models.Index(fields=["place", "-published", "-id"]),
        ]

    def __str__(self) -> str:
        return self.uri

    def save(self, *args: Any, **options: Any) -> None:
        """What partners compare follows what is said of the thing: a change of one is a change of the other."""
        leaf = self.current_leaf()
        if leaf != self.leaf:
            self.key, self.leaf, self.change = digests.key(self.uri), leaf, None
        if (fields := options.get("update_fields")) is not None:
            options["update_fields"] = {*fields, "key", "leaf", "change"}
        super().save(*args, **options)

    def current_leaf(self) -> str:
        """What its place took away still stands for its author, who alone can withdraw it."""
        if self.removed_at is not None and not self.moderated:
            return digests.withdrawn(self.uri)
        return digests.leaf(self.uri, self.version, self.updated)


class Tombstone(models.Model):
    """A Delete that came for something never seen: its sender may not create it later. Kept for ever."""

    uri = models.CharField(max_length=URI)
    actor_uri = models.CharField(max_length=URI)  #: who said so, be it truly the author or a neighbour
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["uri", "actor_uri"], name="one_tombstone_a_sender")]
