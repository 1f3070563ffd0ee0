"""Forums, threads and posts: ours and those of partner hubs, in the same tables."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forums.visibility import ForumQuerySet, ThreadPostQuerySet, ThreadQuerySet
from rtes_hub.territories.models import Member, Territory

URI = 2048  #: characters


class Forum(models.Model):
    """A place to talk, on a theme or within a group. An open one is a Group actor; a closed one never leaves."""

    class Access(models.TextChoices):
        OPEN = "open", _("everyone reads; members of this hub and of its partners write")
        CLOSED = "closed", _("members of this hub only, signed in")

    uri = models.CharField(max_length=URI, unique=True)  #: of its actor; an opaque address of ours when closed
    local = models.BooleanField(default=True)
    hub = models.CharField(max_length=255, blank=True)  #: origin of its hub, empty here
    hub_name = models.CharField(max_length=200, blank=True)
    page_url = models.CharField(max_length=URI, blank=True)  #: its page on its own hub
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=100)
    description = models.TextField(_("what it is for"), max_length=1000, blank=True)
    theme = models.CharField(_("theme"), max_length=60, blank=True)  #: slug, or empty: a group of its own
    access = models.CharField(_("who reads and writes"), max_length=6, choices=Access, default=Access.OPEN)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)  #: read only since
    thread_count = models.PositiveIntegerField(default=0)
    last_post_at = models.DateTimeField(null=True, blank=True)

    objects = ForumQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("forum", args=[self.slug])

    @property
    def travels(self) -> bool:
        """Whether what is said in it leaves the hub."""
        return self.access == self.Access.OPEN

    @property
    def is_ended(self) -> bool:
        return self.closed_at is not None


class Voice(models.Model):
    """A person as others hear them: one of ours, or somebody of another hub."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="voice"
    )  #: null for people of other hubs
    actor_uri = models.CharField(max_length=URI, unique=True, null=True, blank=True)  #: of ours: null until consent
    name = models.CharField(max_length=200)
    detail = models.CharField(max_length=300, blank=True)  #: function, as their own hub says it
    handle = models.CharField(max_length=200, unique=True)  #: what follows the @: "camille.martin", "…@partner.example"
    hub = models.CharField(max_length=255, blank=True)  #: origin, empty here
    hub_name = models.CharField(max_length=200, blank=True)
    page_url = models.CharField(max_length=URI, blank=True)  #: of people of other hubs
    member = models.ForeignKey(Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    consented_at = models.DateTimeField(null=True, blank=True)
    barred_until = models.DateTimeField(null=True, blank=True)  #: may not write, by a moderator's decision

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("voice", args=[self.handle])

    @property
    def local(self) -> bool:
        return not self.hub

    @property
    def is_shown(self) -> bool:
        """Whether people who are no members of this hub may know this name."""
        return not self.local or self.consented_at is not None

    @property
    def is_barred(self) -> bool:
        return self.barred_until is not None and self.barred_until > timezone.now()


class Thread(models.Model):
    class State(models.TextChoices):
        TALK = "talk", _("discussion")
        OPEN = "open", _("question without an answer")
        ANSWERED = "answered", _("answered question")
        VALIDATED = "validated", _("question with a validated answer")

    uri = models.CharField(max_length=URI, unique=True)  #: of its first post
    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="threads")
    local = models.BooleanField(default=True)  #: written by one of our people
    shown = models.BooleanField(default=True)  #: false: the hub of the forum did not take it, or not yet
    voice = models.ForeignKey(Voice, on_delete=models.PROTECT, related_name="threads")
    title = models.CharField(max_length=300, blank=True)  #: empty once its first post was removed
    slug = models.SlugField(max_length=120, blank=True)
    about = models.CharField(max_length=URI, blank=True, db_index=True)  #: URI of a resource, here or elsewhere
    about_title = models.CharField(max_length=300, blank=True)
    territory = models.ForeignKey(
        Territory, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )  #: of whoever asks: its facts stand under the question
    state = models.CharField(max_length=9, choices=State, default=State.TALK)
    answer_uri = models.CharField(max_length=URI, blank=True)  #: of the validated answer, which may come after this
    pinned = models.BooleanField(default=False)
    locked = models.BooleanField(default=False)
    started_at = models.DateTimeField(default=timezone.now)
    last_post_at = models.DateTimeField(default=timezone.now)  #: when it was written
    news_at = models.DateTimeField(default=timezone.now, db_index=True)  #: when the last post came to this hub
    post_count = models.PositiveIntegerField(default=0)  #: that can be read, and the first in any case
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = ThreadQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["forum", "-last_post_at", "-id"], name="threads_of_a_forum"),
            models.Index(fields=["forum"], condition=models.Q(pinned=True), name="threads_pinned"),
            models.Index(fields=["forum", "state", "-last_post_at", "-id"], name="threads_by_state"),
        ]

    def __str__(self) -> str:
        return self.title or str(_("Removed discussion"))

    def get_absolute_url(self) -> str:
        return reverse("thread", args=[self.pk, self.slug or "-"])

    @property
    def answers(self) -> int:
        """How many can be read."""
        return max(self.post_count - 1, 0)

    @property
    def is_question(self) -> bool:
        return self.state != self.State.TALK


class Post(models.Model):
    """Read in the order of (branch_at, branch, written_at, id): each post that answers the thread, then its replies."""

    class Passage(models.TextChoices):
        """Of a post of ours in a forum of another hub."""

        NONE = "", _("not concerned")
        PENDING = "pending", _("sent, not yet shown by the other hub")
        SHOWN = "shown", _("shown by the other hub")
        REFUSED = "refused", _("refused by the other hub")

    class Remover(models.TextChoices):
        AUTHOR = "author", _("its author")
        HERE = "here", _("the moderators of this hub")
        PLACE = "place", _("the moderators of its forum")  #: on another hub: they may take it back

    uri = models.CharField(max_length=URI, unique=True)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="posts")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replies")
    branch = models.BigIntegerField(default=0)  #: pk of the post under which it stands: its own, when under none
    branch_at = models.DateTimeField(default=timezone.now)  #: when that one was written
    is_first = models.BooleanField(default=False)
    local = models.BooleanField(default=True)
    voice = models.ForeignKey(Voice, on_delete=models.PROTECT, related_name="posts")
    source = models.TextField(blank=True, max_length=20000)  #: Markdown, of ours
    html = models.TextField(blank=True)  #: safe
    cleaned_by = models.PositiveIntegerField(default=0)  #: rtes_hub.text.clean.VERSION that made it so
    mentions = models.JSONField(default=list)  #: URIs of the actors it calls by name
    passage = models.CharField(max_length=8, choices=Passage, default=Passage.NONE, blank=True)
    refusal = models.CharField(max_length=500, blank=True)  #: the other hub's reason
    version = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField(default=timezone.now)
    came_at = models.DateTimeField(default=timezone.now)  #: to this hub: what is unread is told by it
    edited_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)  #: no text is kept here from then on
    removed_by = models.CharField(max_length=6, choices=Remover, blank=True)
    removed_why = models.CharField(max_length=2000, blank=True)  #: a moderator's reason

    objects = ThreadPostQuerySet.as_manager()

    class Meta:
        ordering = ["written_at", "pk"]
        indexes = [
            models.Index(fields=["thread", "branch_at", "branch", "written_at", "id"], name="posts_in_reading_order"),
            models.Index(fields=["thread", "came_at"], name="posts_as_they_came"),
        ]

    def get_absolute_url(self) -> str:
        thread = self.thread.get_absolute_url()
        return thread if self.is_first else f"{thread}?de={self.pk}#message-{self.pk}"

    @property
    def is_indented(self) -> bool:
        return self.branch != self.pk

    @property
    def is_shown(self) -> bool:
        return self.passage in (self.Passage.NONE, self.Passage.SHOWN)


class PostRevision(models.Model):
    """What a post said before it was edited, or before a moderator removed it."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=300, blank=True)  #: of the thread, for its first post
    source = models.TextField(blank=True)
    html = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)  #: when it was replaced

    class Meta:
        ordering = ["version", "pk"]


class Orphan(models.Model):
    """A reply that came before what it answers: kept until its parent comes, 30 days."""

    uri = models.CharField(max_length=URI, unique=True)
    parent_uri = models.CharField(max_length=URI, db_index=True)
    author = models.JSONField(encoder=DjangoJSONEncoder)
    publication = models.JSONField(encoder=DjangoJSONEncoder)
    at = models.DateTimeField(default=timezone.now, db_index=True)


class Seen(models.Model):
    """How far a person has read a thread."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="seen")
    at = models.DateTimeField()  #: all that came until then

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "thread"], name="seen_once")]


class Reading(models.Model):
    """Everything in a forum that came until then is read: said with one button."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    forum = models.ForeignKey(Forum, on_delete=models.CASCADE, related_name="+")
    until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "forum"], name="reading_once")]


class Visit(models.Model):
    """When a person was in the forums, this time and the time before."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    first_at = models.DateTimeField(default=timezone.now)  #: what came before is not news to them
    at = models.DateTimeField(default=timezone.now)
    before_at = models.DateTimeField(default=timezone.now)
