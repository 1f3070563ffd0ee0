"""Pooled actions: who takes part, what each needs and gives, what was decided.

The envelope is a Resource of kind "pooled-action". The hub of the lead is the only writer of the shared state; on the
others these rows mirror what it published, and what was asked waits in `Step` until it answers.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from resources.kinds.pooled_words import ContributionKind, Role, SeatState
from resources.models import Resource
from rtes_hub.territories.models import Member

#: A gesture is said again for 14 days (FEDERATION.md); a little more, for what is on its way.
LIFE = timedelta(days=15)


def _amount(**more: Any) -> models.DecimalField:
    return models.DecimalField(max_digits=14, decimal_places=2, **more)


class Participation(models.Model):
    """One collectivité in an action. `member` is empty for one of a third hub that nothing else is known of here."""

    action = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="participations")
    actor_uri = models.CharField(max_length=2048)  #: who it is, for every hub
    name = models.CharField(max_length=200)
    member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="participations")
    role = models.CharField(max_length=12, choices=Role, default=Role.MEMBER)
    state = models.CharField(max_length=12, choices=SeatState, default=SeatState.INTERESTED)
    admitted = models.BooleanField(default=False)  #: by the lead: it may sign, and shares the cost
    political_lead = models.CharField(_("political lead (function)"), max_length=200, blank=True)
    technical_lead = models.CharField(_("technical lead (function)"), max_length=200, blank=True)
    deliberation_on = models.DateField(null=True, blank=True)  #: planned, then held
    deliberation_title = models.CharField(max_length=200, blank=True)
    deliberation_url = models.CharField(max_length=2048, blank=True)
    deliberation_digest = models.CharField(max_length=64, blank=True)  #: SHA-256 of the document, hex
    signed_on = models.DateField(null=True, blank=True)
    weight = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)  #: instead of its needs' sum
    agreed_percent = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)  #: for a free key
    sequence = models.PositiveIntegerField(default=0)  #: of the last gesture taken into account
    reason = models.CharField(max_length=500, blank=True)  #: why it left or was refused
    joined_on = models.DateField(default=timezone.localdate)
    left_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["joined_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["action", "actor_uri"], name="take_part_once")]

    def __str__(self) -> str:
        return self.name


class Need(models.Model):
    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="needs")
    item = models.CharField(max_length=150)
    quantity = _amount()
    unit = models.CharField(max_length=40, blank=True)
    amount_max = _amount(null=True, blank=True)  #: euros, before tax
    site = models.CharField(max_length=100, blank=True)
    constraint = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]


class Contribution(models.Model):
    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="contributions")
    kind = models.CharField(max_length=10, choices=ContributionKind)
    label = models.CharField(max_length=150)
    planned = _amount()
    delivered = _amount(default=0)
    unit = models.CharField(max_length=40, blank=True)
    valuation = _amount(null=True, blank=True)  #: euros
    on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]


class BudgetLine(models.Model):
    action = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="budget_lines")
    label = models.CharField(max_length=200)
    amount = _amount()  #: euros; below zero for what comes in, such as a grant
    apart = models.BooleanField(default=False)  #: carried by the lead or a funder, not divided by the sharing key

    class Meta:
        ordering = ["pk"]


class Share(models.Model):
    """What each one pays, as computed or as agreed. Together: the total to be shared, exactly; or there are none."""

    participation = models.OneToOneField(Participation, on_delete=models.CASCADE, related_name="share")
    percent = models.DecimalField(max_digits=7, decimal_places=4)
    amount = _amount()  #: euros
    agreed = models.BooleanField(default=False)  #: said by hand: the key divides the rest
    reason = models.CharField(max_length=300, blank=True)  #: why it was said by hand


class Milestone(models.Model):
    action = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="milestones")
    on = models.DateField()
    label = models.CharField(max_length=200)
    responsible = models.CharField(max_length=150, blank=True)
    done = models.BooleanField(default=False)

    class Meta:
        ordering = ["on", "pk"]


class Decision(models.Model):
    """A line of the register. Never changed: what is decided otherwise is another line."""

    action = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="decisions")
    on = models.DateField()
    body = models.CharField(max_length=150)  #: the instance that decided
    text = models.TextField(max_length=1000)
    vote = models.CharField(max_length=150, blank=True)
    owner = models.CharField(max_length=150, blank=True)
    due_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["on", "pk"]


class Step(models.Model):
    """What one of our collectivités asked of an action led elsewhere, until its lead answers."""

    class State(models.TextChoices):
        PENDING = "pending", _("sent, awaiting the lead's answer")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")
        GIVEN_UP = "given_up", _("unanswered")

    UNANSWERED = (State.PENDING, State.GIVEN_UP)  #: a late answer still counts

    uri = models.CharField(max_length=2048, unique=True)  #: of the gesture
    action = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="steps")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    act = models.CharField(max_length=20)
    data = models.JSONField(default=dict)
    sequence = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    reason = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["sequence"]
        constraints = [models.UniqueConstraint(fields=["action", "member", "sequence"], name="a_step_once")]

    @property
    def is_awaited(self) -> bool:
        """Whether those that follow wait for it, at the lead's hub. One that cannot arrive any more stops none."""
        if self.state == self.State.PENDING:
            return timezone.now() - self.at < LIFE
        return self.state == self.State.ACCEPTED


class Answer(models.Model):
    """What we answered to a gesture from elsewhere: said again, without effect, when it comes again."""

    action = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="answers")
    author = models.CharField(max_length=2048)
    sequence = models.PositiveIntegerField()
    gesture = models.CharField(max_length=2048)
    accepted = models.BooleanField()
    reason = models.CharField(max_length=500, blank=True)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["sequence"]
        constraints = [models.UniqueConstraint(fields=["action", "author", "sequence"], name="an_answer_once")]


class Paper(models.Model):
    """A deliberation, kept and served by the hub of the collectivité that took it, whichever hub leads the action."""

    action = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="papers")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    token = models.CharField(max_length=40, unique=True)  #: in its address: not to be guessed
    file = models.FileField(upload_to="papers/%Y/%m")
    filename = models.CharField(max_length=200)
    title = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()  #: bytes
    digest = models.CharField(max_length=64)  #: SHA-256, hex
    added_at = models.DateTimeField(default=timezone.now)
