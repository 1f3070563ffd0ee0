"""The words of pooled actions (domain.md §1.4): forms, roles, states. Codes never change; labels may.

Kept beside the kinds, below the tables of `resources/pooling`, since facts and columns choose from the same lists.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from resources.kinds.shape import Choice


class Form(TextChoices):
    """By increasing integration, roughly. `PROCUREMENT` buys together."""

    JOINT_ORDER = "commande_groupee", _("joint purchasing (groupement de commandes)")
    PURCHASING_BODY = "centrale_achat", _("central purchasing body")
    SERVICE_AGREEMENT = "convention_prestation", _("service agreement")
    LOAN_OF_MEANS = "mise_a_disposition", _("lending staff or equipment")
    COMMON_SERVICE = "service_commun", _("common service")
    ENTENTE = "entente", _("entente between local authorities")
    SHARED_ENGINEERING = "partage_ingenierie", _("shared engineering post")
    JOINT_TRAINING = "formation_commune", _("joint training")
    JOINT_STUDY = "etude_commune", _("joint study")
    JOINT_EVENT = "evenement_commun", _("joint event")
    JOINT_CALL = "appel_a_projets_commun", _("joint call for projects")
    JOINT_ADVOCACY = "plaidoyer_commun", _("joint advocacy")
    STRUCTURE = "structure", _("common structure (GIP, SPL, SCIC, joint syndicate)")


class Instrument(TextChoices):
    FOUNDING_AGREEMENT = "convention_constitutive", _("founding agreement of the purchasing group")
    AGREEMENT = "convention", _("agreement")
    MATCHING_DELIBERATIONS = "deliberations_concordantes", _("matching deliberations")
    STATUTES = "statuts", _("statutes")
    NONE = "aucun", _("none")


class InstrumentStatus(TextChoices):
    TO_DRAFT = "to_draft", _("to be drafted")
    REVIEWING = "reviewing", _("being read")
    DELIBERATING = "deliberating", _("before the councils")
    SIGNING = "signing", _("open for signature")
    IN_FORCE = "in_force", _("in force")
    CLOSED = "closed", _("closed")


class Status(TextChoices):
    """How far the action is."""

    IDEA = "idea", _("idea")
    CALL = "call", _("call for interest")
    SETTING_UP = "setting_up", _("being set up")
    DELIBERATING = "deliberating", _("before the councils")
    ACTIVE = "active", _("active")
    PAUSED = "paused", _("paused")
    FINISHED = "finished", _("finished")
    ABANDONED = "abandoned", _("abandoned")


class Role(TextChoices):
    COORDINATOR = "coordinator", _("coordinator")
    MEMBER = "member", _("member")
    OBSERVER = "observer", _("observer")
    FUNDER = "funder", _("funder")


class SeatState(TextChoices):
    """How far one local authority is in it."""

    INTERESTED = "interested", _("interested")
    PLANNED = "planned", _("deliberation planned")
    DELIBERATED = "deliberated", _("deliberated")
    SIGNED = "signed", _("signatory")
    LEFT = "left", _("left")
    REFUSED = "refused", _("refused")


class ContributionKind(TextChoices):
    MONEY = "money", _("money")
    HOURS = "hours", _("hours of work")
    STAFF = "staff", _("staff")
    ROOM = "room", _("premises")
    EQUIPMENT = "equipment", _("equipment")
    DATA = "data", _("data")
    EXPERTISE = "expertise", _("expertise")


class KeyPart(TextChoices):
    """What each one's part of the cost is measured by."""

    POPULATION = "population", _("by number of inhabitants")
    NEED = "need", _("by real need")
    FLAT = "flat", _("in equal parts")
    PERCENT = "percent", _("by agreed percentages")


def choices(words: type[TextChoices], *only: TextChoices) -> tuple[Choice, ...]:
    """As a fact lists them: all, or only these."""
    return tuple(Choice(code=word.value, label=word.label) for word in words if not only or word in only)
