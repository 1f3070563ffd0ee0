"""Charters: pledges of those who take their measures, and how far each has come.

The charter's text is a Resource of kind "charter". Its hub keeps the pledges of everyone; on the others these rows
mirror what it published, and what was asked of it waits in `Step` until it answers.
"""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from resources.kinds.charter_words import Proof, Status
from resources.models import Resource
from rtes_hub.territories.models import Member


class Pledge(models.Model):
    """A collectivité takes all or some of the measures. `member` is empty for one of a hub that is none of ours'."""

    charter = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="pledges")
    actor_uri = models.CharField(max_length=2048)  #: who it is, for every hub
    name = models.CharField(max_length=200)
    member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="pledges")
    territory = models.CharField(max_length=24, blank=True)  #: id in the official table, as its hub said it
    charter_version = models.PositiveIntegerField(default=1)  #: that was signed
    signatory = models.CharField(_("signed by (function)"), max_length=200)
    signed_on = models.DateField()
    mandate_starts_on = models.DateField()  #: the window counts from it
    text = models.TextField(_("in your words"), max_length=500, blank=True)
    sequence = models.PositiveIntegerField(default=0)  #: of the last gesture taken into account
    withdrawn_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)  #: why it was withdrawn

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["charter", "actor_uri"], name="pledge_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("pledge", args=[self.pk])


class Commitment(models.Model):
    """A pledge on one measure."""

    pledge = models.ForeignKey(Pledge, on_delete=models.CASCADE, related_name="commitments")
    measure = models.CharField(max_length=10)  #: its code in the charter's facts
    statement = models.CharField(max_length=400, blank=True)  #: as it was when it was promised
    status = models.CharField(max_length=16, choices=Status, default=Status.NOT_STARTED)
    progress = models.PositiveSmallIntegerField(default=0)  #: per cent
    comment = models.TextField(max_length=500, blank=True)
    updated_on = models.DateField(null=True, blank=True)  #: None: nothing was told of it yet
    next_update_due = models.DateField(null=True, blank=True, db_index=True)  #: None: nothing more is awaited

    class Meta:
        ordering = ["measure"]
        constraints = [models.UniqueConstraint(fields=["pledge", "measure"], name="a_measure_once")]

    def __str__(self) -> str:
        return self.measure


class Evidence(models.Model):
    """What shows that something was done."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=12, choices=Proof)
    label = models.CharField(max_length=200)
    url = models.CharField(max_length=2048)
    added_on = models.DateField()

    class Meta:
        ordering = ["added_on", "pk"]

    def __str__(self) -> str:
        return self.label


class Update(models.Model):
    """One update of a commitment, kept: the timeline."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="updates")
    status = models.CharField(max_length=16, choices=Status)
    progress = models.PositiveSmallIntegerField()
    comment = models.TextField(blank=True)
    on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-on", "-pk"]


class Step(models.Model):
    """What one of our collectivités says of its pledge on a charter of another hub, until that hub answers."""

    class State(models.TextChoices):
        PENDING = "pending", _("sent, awaiting the answer of the charter's hub")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")
        GIVEN_UP = "given_up", _("unanswered")

    UNANSWERED = (State.PENDING, State.GIVEN_UP)  #: a late answer still counts

    uri = models.CharField(max_length=2048, unique=True)  #: of the gesture
    charter = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="pledge_steps")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    act = models.CharField(max_length=12)
    data = models.JSONField()  #: the whole pledge as it then is (`states.State`)
    sequence = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    reason = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["sequence"]
        constraints = [models.UniqueConstraint(fields=["charter", "member", "sequence"], name="a_pledge_step_once")]


class ProofFile(models.Model):
    """A document that shows something, kept and served by the hub of the collectivité that gave it."""

    charter = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="proof_files")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    token = models.CharField(max_length=40, unique=True)  #: in its address: not to be guessed
    file = models.FileField(upload_to="proofs/%Y/%m")
    filename = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()  #: bytes
    digest = models.CharField(max_length=64)  #: SHA-256, hex
    added_at = models.DateTimeField(default=timezone.now)
