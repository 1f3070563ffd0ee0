"""Pooled action: what several collectivités do together, under the lead of one (domain.md §1.4)."""

from django.utils.translation import gettext_lazy as _

from resources.kinds import envelope, lists, parts
from resources.kinds import pooled_words as words
from resources.kinds.pooled_shared import SHARED
from resources.kinds.shape import Choice, Fact, Kind, Step, Type

_LEVELS = (
    Choice(code="1", label=_("1. Coordinated, without a common structure")),
    Choice(code="2", label=_("2. One does it for the others")),
    Choice(code="3", label=_("3. One lends means to the others")),
    Choice(code="4", label=_("4. A common service")),
    Choice(code="5", label=_("5. Transfer of the competence")),
)
_PROCEDURES = (
    Choice(code="open", label=_("open procedure")),
    Choice(code="restricted", label=_("restricted procedure")),
    Choice(code="adapted", label=_("adapted procedure (MAPA)")),
    Choice(code="negotiated", label=_("procedure with negotiation")),
    Choice(code="framework", label=_("framework agreement")),
    Choice(code="none", label=_("no procurement")),
)
_RESERVED = (
    Choice(code="no", label=_("not reserved")),
    Choice(code="integration", label=_("reserved to work integration enterprises")),
    Choice(code="disability", label=_("reserved to sheltered enterprises")),
    Choice(code="ess", label=_("reserved to enterprises of the social economy")),
)

_WHAT = (
    Fact(
        code="form",
        label=_("Form"),
        type=Type.CHOICE,
        choices=words.choices(words.Form),
        required=True,
        weight=2,
        help=_("A purchasing group takes no new beneficiary once its procurement is launched."),
    ),
    Fact(code="integration_level", label=_("Degree of integration"), type=Type.CHOICE, choices=_LEVELS),
    Fact(
        code="purpose",
        label=_("Purpose"),
        limit=1000,
        required=True,
        weight=2,
        help=_("What is pooled, and why together rather than alone."),
    ),
    Fact(
        code="description",
        label=_("How it works"),
        type=Type.MARKDOWN,
        limit=6000,
        required=True,
        weight=3,
        help=_("What each one does, in what order."),
    ),
    Fact(
        code="expected_benefits",
        label=_("Expected benefits"),
        limit=1500,
        required=True,
        weight=2,
        help=_("Savings, quality, access to expertise: in figures where you can."),
    ),
)

_JOINING = (
    Fact(
        code="open_to",
        label=_("Open to"),
        limit=800,
        required=True,
        help=_("Which local authorities may join: their type, their territory, other conditions."),
    ),
    Fact(
        code="join_by",
        label=_("Last day to ask to join"),
        type=Type.DATE,
        help=_("After it, one may only follow as an observer. For a purchasing group: before the launch."),
    ),
    Fact(code="governance", label=_("Steering"), limit=1500, help=_("Who decides, in which meetings, how often.")),
    Fact(
        code="exit_rules",
        label=_("Leaving, renewing, closing"),
        limit=1500,
        help=_("Notice to be given, and what leaving costs."),
    ),
)

_LAW = (
    Fact(
        code="legal_instrument",
        label=_("Legal instrument"),
        type=Type.CHOICE,
        choices=words.choices(words.Instrument),
        required=True,
    ),
    Fact(
        code="legal_basis",
        label=_("Texts"),
        type=Type.TABLE,
        limit=20,
        columns=(
            parts.line("code", _("Code or law"), 150, required=True),
            parts.line("article", _("Article"), 60),
            parts.address("url", _("Address")),
        ),
    ),
    Fact(code="procedure", label=_("Procedure"), type=Type.CHOICE, choices=_PROCEDURES),
    Fact(
        code="lots",
        label=_("Lots"),
        type=Type.TABLE,
        limit=40,
        columns=(
            parts.line("label", _("Lot"), required=True),
            parts.euros("amount_max", _("Greatest amount, before tax")),
            Fact(code="reserved", label=_("Reserved"), type=Type.CHOICE, choices=_RESERVED),
        ),
    ),
    Fact(
        code="social_clauses",
        label=_("Social and environmental clauses"),
        limit=1500,
        help=_("Hours of work integration, reserved lots, criteria."),
    ),
)

_MONEY = (
    Fact(
        code="fundings",
        label=_("Grants hoped for or obtained"),
        type=Type.TABLE,
        limit=20,
        columns=(
            parts.line("funder", _("Funder"), required=True),
            parts.line("scheme", _("Scheme")),
            parts.euros("amount", _("Amount")),
            Fact(code="obtained", label=_("Obtained"), type=Type.BOOLEAN),
        ),
    ),
    Fact(code="risks", label=_("Risks"), type=Type.LIST, limit=10, help=_("One a line, with what is done about it.")),
)

_OUTCOME = (
    Fact(
        code="results",
        label=_("Results"),
        type=Type.TABLE,
        limit=20,
        help=_("When there are some. They open the good practice that is drafted at the end."),
        columns=(
            parts.line("indicator", _("Indicator"), required=True),
            parts.line("baseline", _("Before"), 60),
            parts.line("value", _("Result"), 60, required=True),
            parts.line("unit", _("Unit"), 60),
            parts.day("date", _("Measured on")),
            parts.line("method", _("How it was measured")),
            parts.line("source", _("Source")),
        ),
    ),
    Fact(code="evaluation", label=_("What is to be learnt from it"), limit=1500),
    Fact(code="difficulties", label=_("Difficulties"), limit=1500),
    Fact(code="target_groups", label=_("For whom"), type=Type.CHOICES, choices=lists.TARGET_GROUPS),
)

POOLED_ACTION = Kind(
    slug="pooled-action",
    label=_("Pooled action"),
    plural=_("Pooled actions"),
    description=_("What several local authorities do together: buy, train, study, share a post or a service."),
    main="description",
    reading=("objet", "participer", "cadre", "moyens", "bilan"),
    review_months=12,
    auto=(*SHARED, *envelope.AUTO),
    own_room=True,
    steps=(
        Step(
            code="essentiel",
            label=_("In a few words"),
            facts=envelope.HEAD,
            help=_("What a hurried reader will see. You may come back to it at the end."),
        ),
        Step(code="objet", label=_("What is pooled"), facts=_WHAT),
        Step(code="participer", label=_("Taking part"), facts=_JOINING),
        Step(code="cadre", label=_("Legal framework"), facts=_LAW),
        Step(
            code="moyens",
            label=_("Means and risks"),
            facts=_MONEY,
            help=_("Needs, budget and shares are kept on the page of the action, once it is published."),
        ),
        Step(code="bilan", label=_("What came of it"), facts=_OUTCOME),
        Step(code="partage", label=_("Contacts and sharing"), facts=envelope.SHARING),
    ),
)
