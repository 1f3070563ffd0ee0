"""What this hub knows of others, what it holds for them and owes them.

Everything owed is a row: a delivery, a follow to be answered, a page still to fetch.
"""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from federation.models.convergence import Confirmation as Confirmation
from federation.models.convergence import Convergence as Convergence
from federation.models.convergence import Found as Found
from federation.models.convergence import Numbering as Numbering
from federation.models.convergence import Told as Told
from federation.models.door import Budget as Budget
from federation.models.door import SeenSignature as SeenSignature
from federation.models.objects import StoredObject as StoredObject
from federation.models.objects import Tombstone as Tombstone
from federation.models.operating import Watched as Watched

URI = 2048  #: longest URI kept, in characters


class Peer(models.Model):
    """Another server, by origin (scheme://host[:port]); when it is a hub, the agreement with it."""

    class Level(models.TextChoices):
        UNKNOWN = "unknown", _("unknown")
        READER = "reader", _("reader")
        PARTNER = "partner", _("partner")
        BLOCKED = "blocked", _("blocked")

    class Agreement(models.TextChoices):
        NONE = "none", _("none")
        ASKED = "asked", _("asked by us, awaiting their answer")
        RECEIVED = "received", _("asked by them, awaiting our answer")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")
        ENDED = "ended", _("ended")

    class Backfill(models.TextChoices):
        NONE = "none", _("not begun")
        RUNNING = "running", _("under way")
        DONE = "done", _("complete")

    origin = models.CharField(max_length=255, unique=True)
    level = models.CharField(max_length=8, choices=Level, default=Level.UNKNOWN)
    agreement = models.CharField(max_length=8, choices=Agreement, default=Agreement.NONE)
    name = models.CharField(max_length=200, blank=True)
    actor_uri = models.CharField(max_length=URI, blank=True)  #: its instance actor
    charter = models.JSONField(default=dict)  #: theirs: {"entity", "contact", "rules", …}, plain strings
    asked_at = models.DateTimeField(null=True)
    agreed_at = models.DateTimeField(null=True)

    signature = models.CharField(max_length=8, default="cavage")  #: cavage or rfc9421: what it last accepted
    failures = models.PositiveIntegerField(default=0)  #: in a row, deliveries of every object together
    open_until = models.DateTimeField(null=True)  #: the breaker: nothing is sent before
    not_before = models.DateTimeField(null=True)  #: asked by the server itself: nothing we hear shortens it
    lease_until = models.DateTimeField(null=True)  #: one sender at a time holds its lane
    last_in_at = models.DateTimeField(null=True)
    last_out_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True)

    backfill = models.CharField(max_length=8, choices=Backfill, default=Backfill.NONE)
    backfill_cursor = models.CharField(max_length=URI, blank=True)  #: the page to fetch next
    backfill_count = models.PositiveIntegerField(default=0)
    backfill_pages = models.PositiveIntegerField(default=0)  #: read so far
    backfill_total = models.PositiveIntegerField(null=True)
    backfill_next_try = models.DateTimeField(null=True)
    backfill_tries = models.PositiveIntegerField(default=0)

    places_next_try = models.DateTimeField(null=True)  #: when the list of its places is read; null: never yet
    places_tries = models.PositiveIntegerField(default=0)

    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name or self.origin


class Actor(models.Model):
    """Who can sign: ours and others'. The id (`uri`) is opaque and never changes; the handle may."""

    uri = models.CharField(max_length=URI, unique=True)
    local = models.BooleanField(default=False, db_index=True)
    peer = models.ForeignKey(Peer, null=True, on_delete=models.CASCADE, related_name="actors")  #: null for ours
    type = models.CharField(max_length=20)  #: Application, Service, Organization, Group, Person
    handle = models.CharField(max_length=100, db_index=True)  #: preferredUsername
    name = models.CharField(max_length=500, blank=True)
    summary = models.TextField(blank=True)  #: safe HTML
    url = models.CharField(max_length=URI, blank=True, db_index=True)  #: its page for people
    inbox = models.CharField(max_length=URI)
    shared_inbox = models.CharField(max_length=URI, blank=True)
    outbox = models.CharField(max_length=URI, blank=True)
    followers = models.CharField(max_length=URI, blank=True)
    keys = models.JSONField(default=list)  #: remote only: [{"id", "algorithm", "pem" | "multibase"}], ≤ 10
    facts = models.JSONField(default=dict)  #: {"territory": …}; what travels as rtes:*
    fetched_at = models.DateTimeField(null=True)
    moved_to = models.CharField(max_length=URI, blank=True)  #: where it lives now, as both addresses say
    moved_at = models.DateTimeField(null=True)
    gone_at = models.DateTimeField(null=True)
    listed = models.BooleanField(default=False)  #: ours: a place that the hub shows to its partners
    collections = models.JSONField(default=dict)  #: of a place elsewhere: {"featured": URL, "moderators": URL}
    moderators = models.JSONField(default=list)  #: of a place elsewhere: URIs, as its own server says
    keyed_at = models.DateTimeField(null=True)  #: ours: its keys were made then, and are never made again
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["handle"], condition=models.Q(local=True), name="one_local_actor_a_handle")
        ]

    def __str__(self) -> str:
        return self.uri


class FormerHandle(models.Model):
    """A name one of ours gave up: WebFinger still answers to it, and nobody else may take it."""

    handle = models.CharField(max_length=100, unique=True)
    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="former_handles")


class PrivateKey(models.Model):
    """A key of one of our actors, sealed with the hub's secret. Made at first need, never silently again."""

    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="private_keys")
    algorithm = models.CharField(max_length=8)  #: rsa or ed25519
    public = models.TextField()  #: PEM (SPKI) for rsa, multibase for ed25519
    sealed = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "algorithm"], name="one_key_an_algorithm")]


class Activity(models.Model):
    """Something one of our actors said, byte for byte as signed and sent."""

    uri = models.CharField(max_length=URI, unique=True)
    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="activities")
    type = models.CharField(max_length=40)  #: "Create"…; "Announce Create" for one said again by a place
    object_uri = models.CharField(max_length=URI, blank=True, db_index=True)
    body = models.BinaryField()
    public = models.BooleanField(default=False)  #: listed in the outbox
    created_at = models.DateTimeField(auto_now_add=True)


class Delivery(models.Model):
    """One activity owed to one inbox."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("received by the other side")
        PARKED = "parked", _("refused by the other side")
        EXPIRED = "expired", _("given up")

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="deliveries")
    peer = models.ForeignKey(Peer, on_delete=models.CASCADE, related_name="deliveries")  #: the lane
    inbox = models.CharField(max_length=URI)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    tries = models.PositiveIntegerField(default=0)
    next_try = models.DateTimeField(default=timezone.now)
    last_status = models.PositiveIntegerField(null=True)  #: HTTP, null when nothing answered
    last_error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activity", "inbox"], name="one_delivery_an_inbox")]
        indexes = [models.Index(fields=["state", "next_try"]), models.Index(fields=["peer", "state", "id"])]


class Follow(models.Model):
    """One actor following another, whichever side is ours."""

    class State(models.TextChoices):
        ASKED = "asked", _("asked")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")

    follower = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="following")
    followed = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="followed_by")
    uri = models.CharField(max_length=URI)  #: of the Follow, to be quoted in the answer
    document = models.TextField(blank=True)  #: the Follow as received, to be embedded in the answer
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["follower", "followed"], name="one_follow_a_pair")]


class Incoming(models.Model):
    """What a peer sent and got a 202 for: raw, until processed, then kept as evidence and against doubles."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DONE = "done", _("done")
        IGNORED = "ignored", _("ignored")
        PARKED = "parked", _("parked")

    peer = models.ForeignKey(Peer, on_delete=models.CASCADE, related_name="incoming")
    uri = models.CharField(max_length=URI)  #: of the activity; unique within its authenticated origin
    actor_uri = models.CharField(max_length=URI)
    type = models.CharField(max_length=60)
    lane = models.CharField(max_length=URI, blank=True)  #: the thing or the relation spoken of: done in its order
    body = models.BinaryField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    tries = models.PositiveIntegerField(default=0)
    next_try = models.DateTimeField(default=timezone.now)
    error = models.CharField(max_length=500, blank=True)
    received_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["peer", "uri"], name="one_effect_an_activity")]
        indexes = [
            models.Index(fields=["state", "next_try"]),
            models.Index(fields=["peer", "lane"], condition=models.Q(state="waiting"), name="waiting_by_lane"),
        ]


class Place(models.Model):
    """A place of a partner, which the hub follows: how far its outbox was read."""

    actor = models.OneToOneField(Actor, on_delete=models.CASCADE, related_name="place")
    backfill = models.CharField(max_length=8, choices=Peer.Backfill, default=Peer.Backfill.RUNNING)
    cursor = models.CharField(max_length=URI, blank=True)  #: the page to fetch next
    pages = models.PositiveIntegerField(default=0)  #: read so far
    next_try = models.DateTimeField(default=timezone.now)
    tries = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.actor.uri


class StoredGesture(models.Model):
    """What was asked of a thing and what was answered: ours of others' things, others' of ours. One effect a URI."""

    class State(models.TextChoices):
        PENDING = "pending", _("awaiting an answer")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")
        GIVEN_UP = "given_up", _("unanswered")

    uri = models.CharField(max_length=URI, unique=True)
    ours = models.BooleanField(db_index=True)  #: said by an actor of ours, or of one of our things
    verb = models.CharField(max_length=20)
    author = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="gestures")
    target = models.CharField(max_length=URI, db_index=True)
    to = models.CharField(max_length=URI)  #: URI of the actor who answers
    facts = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    reason = models.CharField(max_length=500, blank=True)
    answer = models.JSONField(default=dict)  #: facts of the acceptance
    next_try = models.DateTimeField(null=True)  #: ours and pending: when it is said again
    created_at = models.DateTimeField(default=timezone.now)
    asked_at = models.DateTimeField(default=timezone.now)  #: by a person, last: from then on it is said again
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "next_try"])]

    def __str__(self) -> str:
        return self.uri
