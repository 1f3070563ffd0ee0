"""What somebody elsewhere must know before doing the same (domain.md §1.2 n°24-27, §2.4 n°1-2)."""

from django.utils.translation import gettext_lazy as _

from resources.kinds import lists, parts
from resources.kinds.shape import Fact, Type

TRANSFER = (
    Fact(
        code="transfer_org_kinds", label=_("Suits"), type=Type.CHOICES, choices=lists.ORG_KINDS, required=True, weight=3
    ),
    Fact(
        code="transfer_population_bands",
        label=_("Size of territory it suits"),
        type=Type.CHOICES,
        choices=lists.POPULATION_BANDS,
        weight=2,
        help=_("Leave empty when size does not matter."),
    ),
    parts.line("transfer_competence", _("Competence needed"), weight=2),
    parts.staff("transfer_min_fte", _("Least staff needed"), _("full-time equivalents"), weight=2),
    parts.euros("transfer_min_budget", _("Least budget needed"), weight=2),
    Fact(
        code="transfer_prerequisites",
        label=_("What must be there first"),
        type=Type.LIST,
        limit=10,
        required=True,
        weight=3,
        help=_("One a line."),
    ),
    Fact(code="transfer_not_suitable", label=_("Not suitable if"), limit=600),
    Fact(
        code="transfer_offer",
        label=_("What we offer to peers"),
        type=Type.CHOICES,
        choices=lists.TRANSFER_OFFERS,
        required=True,
    ),
    Fact(
        code="cost_of_transfer_hint",
        label=_("Time to make it one's own"),
        type=Type.CHOICE,
        choices=lists.TRANSFER_TIMES,
    ),
    Fact(
        code="adapts",
        label=_("Adapted from"),
        type=Type.URL,
        help=_("The address of the practice you started from, if there is one."),
    ),
)
