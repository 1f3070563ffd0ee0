"""Good practice: what a collectivité did, with what means, to what effect, and how to do it elsewhere.

Its thirty rows stand in domain.md §1.2, merged from Interreg Europe, URBACT, OPSI and French public services.
"""

from django.utils.translation import gettext_lazy as _

from resources.kinds import envelope, lists, parts
from resources.kinds.shape import Fact, Kind, Step, Type
from resources.kinds.transfer import TRANSFER

_FTE = _("full-time equivalents")

_NEED = (
    Fact(
        code="problem",
        label=_("The problem or need"),
        limit=1500,
        required=True,
        help=_("What was not working, for whom, and how you knew."),
    ),
    Fact(
        code="context",
        label=_("The territory"),
        limit=1000,
        required=True,
        help=_("What a reader from elsewhere must know. Type and population are added by themselves."),
    ),
    Fact(
        code="objectives",
        label=_("Objectives"),
        type=Type.LIST,
        limit=5,
        required=True,
        help=_("One a line, five at most."),
    ),
    Fact(code="target_groups", label=_("For whom"), type=Type.CHOICES, choices=lists.TARGET_GROUPS, required=True),
)

_DONE = (
    Fact(
        code="description",
        label=_("What was done"),
        type=Type.MARKDOWN,
        limit=6000,
        required=True,
        weight=3,
        help=_("The stages in order, with titles. Say what you did rather than what you think of it."),
    ),
    Fact(
        code="public_action_lever",
        label=_("Means of action used"),
        type=Type.CHOICES,
        choices=lists.LEVERS,
        required=True,
    ),
    Fact(code="stage", label=_("Where it stands"), type=Type.CHOICE, choices=lists.STAGES, required=True),
    Fact(
        code="started_on",
        label=_("Started"),
        type=Type.MONTH,
        required=True,
        help=_("Month and year, for example 03/2024."),
    ),
    Fact(
        code="ended_on",
        label=_("Ended"),
        type=Type.MONTH,
        not_before="started_on",
        help=_("Leave empty when it is still running."),
    ),
    Fact(
        code="lead_time_months",
        label=_("Time to set it up"),
        type=Type.INTEGER,
        unit=_("months"),
        smallest=0,
        greatest=240,
        help=_("From the decision to the first effects."),
    ),
    Fact(
        code="stakeholders",
        label=_("Who took part"),
        type=Type.TABLE,
        limit=30,
        least=1,
        required=True,
        columns=(
            parts.line("name", _("Organisation"), required=True),
            Fact(code="role", label=_("Role"), type=Type.CHOICE, choices=lists.STAKEHOLDER_ROLES, required=True),
            parts.line("detail", _("What they did")),
        ),
    ),
    Fact(code="governance", label=_("Steering"), limit=800, help=_("Who decides, in which meetings, how often.")),
    Fact(
        code="participation_level",
        label=_("Part taken by residents"),
        type=Type.CHOICE,
        choices=lists.PARTICIPATION,
        required=True,
    ),
    Fact(
        code="transversal_themes",
        label=_("Other policies involved"),
        type=Type.CHOICES,
        choices=envelope.THEMES_FACT.choices,
    ),
    Fact(code="transversality", label=_("Departments involved, and how they worked together"), limit=800),
)

_MEANS = (
    parts.staff(
        "human_resources_fte",
        _("Staff of the local authority"),
        _FTE,
        required=True,
        weight=2,
        help=_("For example 0,5."),
    ),
    parts.staff("human_resources_external_fte", _("Staff of partners"), _FTE),
    Fact(
        code="budget_lines",
        label=_("Budget"),
        type=Type.TABLE,
        limit=30,
        least=1,
        required=True,
        weight=5,
        help=_("Give an amount, or a range when the amount is confidential."),
        columns=(
            parts.line("label", _("What for"), required=True),
            parts.year(_("Year")),
            parts.section(_("Section")),
            parts.euros("planned", _("Planned")),
            parts.euros("actual", _("Actual")),
            Fact(code="tax", label=_("Tax"), type=Type.CHOICE, choices=lists.TAXES),
            Fact(code="range", label=_("Or range"), type=Type.CHOICE, choices=lists.BUDGET_RANGES),
        ),
    ),
    Fact(
        code="funding_sources",
        label=_("Who paid"),
        type=Type.TABLE,
        limit=20,
        columns=(
            parts.line("funder", _("Funder"), required=True),
            parts.line("scheme", _("Scheme")),
            parts.euros("amount", _("Amount")),
            parts.address("url", _("Page of the aid")),
        ),
    ),
    Fact(
        code="legal_framework",
        label=_("Legal framework"),
        limit=2000,
        required=True,
        help=_("What gives you the right to do it, and what needed care."),
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
    Fact(
        code="procurement_form",
        label=_("Form of the contract or support"),
        type=Type.CHOICE,
        choices=lists.PROCUREMENT_FORMS,
    ),
    Fact(
        code="deliberations",
        label=_("Deliberations"),
        type=Type.TABLE,
        limit=20,
        columns=(
            parts.line("object", _("Object"), 300, required=True),
            parts.line("number", _("Number"), 60),
            parts.day("date", _("Date")),
            parts.address("url", _("Address")),
        ),
    ),
)

_RESULTS = (
    Fact(
        code="results",
        label=_("Results"),
        type=Type.TABLE,
        limit=20,
        least=1,
        required=True,
        weight=6,
        help=_("At least one figure. If nothing is known yet, give a first one and tick the box below."),
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
    Fact(
        code="results_provisional", label=_("These results are provisional"), type=Type.BOOLEAN, default=False, weight=0
    ),
    Fact(
        code="evidence_level",
        label=_("How solid the results are"),
        type=Type.CHOICE,
        choices=lists.EVIDENCE_LEVELS,
        required=True,
        weight=2,
    ),
    Fact(code="difficulties", label=_("Difficulties"), limit=1500, required=True, weight=2),
    Fact(
        code="what_failed",
        label=_("What did not work"),
        limit=1500,
        required=True,
        weight=2,
        hidden_unless="what_failed_public",
        help=_("What you would not do again. Only signed-in members read it, unless you tick the box below."),
    ),
    Fact(
        code="what_failed_public",
        label=_("Everyone may read what did not work"),
        type=Type.BOOLEAN,
        default=False,
        weight=0,
    ),
    Fact(
        code="success_factors",
        label=_("What made it work"),
        type=Type.LIST,
        limit=6,
        required=True,
        help=_("One a line, six at most."),
    ),
    Fact(code="sdg", label=_("Sustainable development goals"), type=Type.CHOICES, choices=lists.SDGS),
    Fact(code="recognition", label=_("Labels and prizes"), limit=500),
)

GOOD_PRACTICE = Kind(
    slug="good-practice",
    label=_("Good practice"),
    plural=_("Good practices"),
    description=_("What you did, with what means and what results, so that others can do it too."),
    main="description",
    reading=("action", "resultats", "transposer", "besoin", "moyens"),
    review_months=18,
    auto=envelope.AUTO,
    steps=(
        Step(
            code="essentiel",
            label=_("In a few words"),
            facts=envelope.HEAD,
            help=_("What a hurried reader will see. You may come back to it at the end."),
        ),
        Step(code="besoin", label=_("Where it started"), facts=_NEED),
        Step(code="action", label=_("What was done"), facts=_DONE),
        Step(code="moyens", label=_("With what means"), facts=_MEANS),
        Step(code="resultats", label=_("What came of it"), facts=_RESULTS),
        Step(code="transposer", label=_("Doing it elsewhere"), facts=TRANSFER),
        Step(code="partage", label=_("Contacts and sharing"), facts=envelope.SHARING),
    ),
)
