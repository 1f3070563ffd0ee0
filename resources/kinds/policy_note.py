"""Policy note: what an elected member needs in order to decide (domain.md §1.3, French administrative habit)."""

from django.utils.translation import gettext_lazy as _

from resources.kinds import envelope, lists, parts
from resources.kinds.shape import Fact, Kind, Step, Type

_DECISION = Fact(
    code="decision_sought",
    label=_("Decision sought"),
    type=Type.LINE,
    limit=300,
    required=True,
    weight=4,
    help=_("One sentence: what is the council asked to decide?"),
)

_ISSUE = (
    Fact(
        code="executive_summary",
        label=_("Executive summary"),
        limit=1200,
        help=_("For the file of the meeting. Leave empty when the short version says it all."),
    ),
    Fact(code="context_issue", label=_("Context and what is at stake"), limit=3000, required=True, weight=2),
    Fact(code="diagnosis", label=_("Diagnosis"), limit=2000, help=_("The figures and findings the note rests on.")),
    Fact(
        code="diagnosis_ref",
        label=_("Address of the study"),
        type=Type.URL,
        help=_("A study here, on a partner's hub or elsewhere."),
    ),
    Fact(
        code="legal_framework",
        label=_("Legal framework and competence"),
        limit=2000,
        help=_("Who is competent: the commune, the intercommunality, another?"),
    ),
)

_OPTIONS = (
    Fact(
        code="options",
        label=_("Options"),
        type=Type.TABLE,
        limit=6,
        least=2,
        weight=4,
        help=_("At least two: doing nothing may be one."),
        columns=(
            Fact(code="description", label=_("Option"), type=Type.TEXT, limit=800, required=True),
            Fact(code="pros", label=_("For"), type=Type.TEXT, limit=600),
            Fact(code="cons", label=_("Against"), type=Type.TEXT, limit=600),
            parts.euros("cost", _("Cost")),
            Fact(code="feasibility", label=_("Feasibility"), type=Type.CHOICE, choices=lists.FEASIBILITY),
            Fact(code="risk", label=_("Risk"), type=Type.TEXT, limit=400),
        ),
    ),
    Fact(
        code="recommendation",
        label=_("Recommendation"),
        type=Type.MARKDOWN,
        limit=6000,
        required=True,
        weight=4,
        help=_("Which option, why, and how to go about it."),
    ),
    Fact(code="axes", label=_("Axes of the policy"), type=Type.LIST, limit=8, help=_("One a line.")),
)

_IMPACTS = (
    Fact(
        code="financial_impact",
        label=_("Financial impact"),
        type=Type.TABLE,
        limit=20,
        least=1,
        weight=4,
        columns=(
            parts.line("label", _("What for")),
            parts.euros("amount", _("Amount"), required=True, smallest=-parts.MAX_EUROS),
            parts.year(_("Year")),
            parts.section(_("Section")),
            parts.line("chapter", _("Budget chapter"), 60),
        ),
    ),
    Fact(code="hr_impact", label=_("Impact on staff"), limit=1000),
    Fact(code="env_social_impact", label=_("Social and environmental impact"), limit=1500),
    Fact(code="risks_controls", label=_("Risks and points to watch"), limit=1500),
)

_PATH = (
    Fact(code="consultations", label=_("Who was consulted"), limit=1500),
    Fact(
        code="timeline",
        label=_("Calendar of the decision"),
        type=Type.TABLE,
        limit=15,
        columns=(
            Fact(code="body", label=_("Body"), type=Type.CHOICE, choices=lists.DECISION_BODIES, required=True),
            parts.day("date", _("Date")),
            parts.line("what", _("What is expected")),
        ),
    ),
    Fact(
        code="monitoring",
        label=_("How it will be followed"),
        type=Type.TABLE,
        limit=15,
        columns=(
            parts.line("indicator", _("Indicator"), required=True),
            parts.line("target", _("Target"), 60),
            parts.line("unit", _("Unit"), 60),
            parts.line("frequency", _("How often"), 60),
        ),
    ),
    Fact(
        code="draft_deliberation",
        label=_("Draft deliberation"),
        type=Type.MARKDOWN,
        limit=8000,
        help=_("Considerations, then articles. Other drafts may be joined as documents."),
    ),
)

POLICY_NOTE = Kind(
    slug="policy-note",
    label=_("Policy note"),
    plural=_("Policy notes"),
    description=_("A note that helps elected members decide: what is at stake, the options, what is proposed."),
    main="recommendation",
    reading=("options", "enjeu", "incidences", "decision"),
    review_months=12,
    auto=envelope.AUTO,
    steps=(
        Step(
            code="essentiel",
            label=_("In a few words"),
            facts=(_DECISION, *envelope.HEAD),
            help=_("What a hurried reader will see. You may come back to it at the end."),
        ),
        Step(code="enjeu", label=_("What is at stake"), facts=_ISSUE),
        Step(code="options", label=_("Options and recommendation"), facts=_OPTIONS),
        Step(code="incidences", label=_("Impact and risks"), facts=_IMPACTS),
        Step(code="decision", label=_("Towards the decision"), facts=_PATH),
        Step(code="partage", label=_("Contacts and sharing"), facts=envelope.SHARING),
    ),
)
