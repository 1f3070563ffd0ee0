"""The official reference table; collectivités that are members; who acts for them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Territory(models.Model):
    """A row of the Code officiel géographique. Keyed on `id` ("epci-242100410"): codes collide between kinds."""

    class Kind(models.TextChoices):
        REGION = "region", _("region")
        DEPARTMENT = "departement", _("department")
        EPCI = "epci", _("intercommunality")
        EPT = "ept", _("territorial public establishment")
        COMMUNE = "commune", _("commune")
        OVERSEAS = "collectivite-om", _("overseas collectivity")

    id = models.CharField(primary_key=True, max_length=24)
    kind = models.CharField(max_length=16, choices=Kind, db_index=True)
    subtype = models.CharField(max_length=40)
    code = models.CharField(max_length=12, db_index=True)
    siren = models.CharField(max_length=9, blank=True, db_index=True)
    name = models.CharField(max_length=150)
    folded = models.CharField(max_length=150, db_index=True)  #: name without accents, case or punctuation
    region = models.CharField(max_length=3, blank=True, db_index=True)  #: INSEE code of the region around it
    department = models.CharField(max_length=3, blank=True, db_index=True)
    departments = models.CharField(max_length=40, blank=True)
    epci = models.CharField(max_length=9, blank=True)
    population = models.PositiveIntegerField(null=True)
    postal_codes = models.CharField(max_length=160, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class MemberQuerySet(models.QuerySet["Member"]):
    def local(self) -> "MemberQuerySet":
        return self.filter(local=True)

    def current(self) -> "MemberQuerySet":
        return self.filter(left_at=None)


class Member(models.Model):
    """A collectivité that publishes: one of this hub's, or one that a partner hub speaks for."""

    territory = models.ForeignKey(Territory, null=True, blank=True, on_delete=models.PROTECT, related_name="members")
    actor_uri = models.CharField(max_length=2048, unique=True)
    local = models.BooleanField(default=True, db_index=True)
    hub = models.CharField(max_length=255, blank=True)  #: origin of the hub it belongs to, empty here
    hub_name = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=80, unique=True)
    summary = models.TextField(_("presentation"), blank=True, max_length=2000)
    website = models.URLField(_("website"), blank=True)
    page_url = models.URLField(blank=True, max_length=2048)  #: its page on its own hub
    is_administration = models.BooleanField(default=True)  #: decides which licences it may give (domain.md §4.7)
    joined_at = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["territory"], condition=Q(local=True), name="one_local_member_a_territory")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("member", args=[self.slug])


class Role(models.TextChoices):
    """What a person may do for one collectivité, each including those before it."""

    READER = "reader", _("reader")
    CONTRIBUTOR = "contributor", _("contributor")
    EDITOR = "editor", _("editor")


class PostQuerySet(models.QuerySet):
    def current(self) -> "PostQuerySet":
        """Held today: a mandate that ended gives nothing. The last day counts; a dismissal cuts at once."""
        today = timezone.localdate()
        return self.filter(
            Q(starts_on=None) | Q(starts_on__lte=today),
            Q(ends_on=None) | Q(ends_on__gte=today),
            dismissed_at=None,
            member__left_at=None,
            user__is_active=True,
        )


class Post(models.Model):
    """A person acting for a collectivité, between two dates. Content stays when it ends; access does not."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="%(class)ss")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="%(class)ss")
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.READER)
    function = models.CharField(_("function"), max_length=150)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)  #: the last day
    dismissed_at = models.DateTimeField(null=True, blank=True)  #: ended before its time, or by hand

    objects = PostQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    @property
    def scope(self) -> str:
        """What the function is about: a delegation or a department of the administration."""
        raise NotImplementedError

    @property
    def label(self) -> str:
        """Without the person's name: "Vice-president, social and solidarity economy"."""
        return ", ".join(part for part in (self.function, self.scope) if part)


class Mandate(Post):
    """An elected member's. No political label is stored, ever (domain.md §5.2)."""

    delegation = models.CharField(_("delegation"), max_length=200, blank=True)

    @property
    def scope(self) -> str:
        return self.delegation


class StaffRole(Post):
    """An agent's."""

    service = models.CharField(_("department"), max_length=150, blank=True)

    @property
    def scope(self) -> str:
        return self.service
