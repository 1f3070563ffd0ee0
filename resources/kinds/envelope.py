"""What every resource says, whatever its kind (domain.md §1.1). Each kind puts these in the steps of its own story.

`COLUMNS` are kept in columns of `Resource`, so that lists and filters read them; the others stand in its `facts`.
"""

from django.utils.translation import gettext_lazy as _

from resources.kinds import lists, parts
from resources.kinds.shape import Choice, Fact, Type
from rtes_hub.themes import THEMES

#: Fact codes that are columns of `Resource`, in its own names.
COLUMNS = (
    "title",
    "summary",
    "brief",
    "language",
    "licence",
    "visibility",
    "federated",
    "territory",
    "themes",
    "tags",
    "review_due_on",
)

TITLE = Fact(
    code="title",
    label=_("Title"),
    type=Type.LINE,
    limit=100,
    required=True,
    help=_("Start with a verb: “Open school catering to local growers”."),
)
SUMMARY = Fact(
    code="summary",
    label=_("Summary"),
    type=Type.TEXT,
    limit=300,
    required=True,
    help=_("Two or three sentences, shown in lists and in the letter."),
)
BRIEF = Fact(
    code="brief",
    label=_("In short, for elected members"),
    type=Type.TEXT,
    limit=900,
    required=True,
    help=_("What a newly elected member must know in two minutes. Plain words, acronyms spelled out."),
)
THEMES_FACT = Fact(
    code="themes",
    label=_("Themes"),
    type=Type.CHOICES,
    limit=3,
    least=1,
    required=True,
    help=_("One to three."),
    choices=tuple(Choice(code=theme.slug, label=theme.label) for theme in THEMES.values()),
)
TAGS = Fact(
    code="tags",
    label=_("Keywords"),
    type=Type.LIST,
    limit=10,
    help=_("One a line. The words a colleague would type to find it."),
)
TERRITORY = Fact(
    code="territory",
    label=_("Area concerned"),
    type=Type.TERRITORY,
    required=True,
    weight=0,
    help=_("The name of the commune, intercommunality, department or region where this takes place."),
)
LANGUAGE = Fact(
    code="language",
    label=_("Language of the text"),
    type=Type.CHOICE,
    choices=lists.LANGUAGES,
    required=True,
    default="fr",
    weight=0,
)
ACTS_MATTER = Fact(
    code="acts_matter_code",
    label=_("Subject code of the acts"),
    type=Type.LINE,
    limit=4,
    pattern=r"[1-9]\.\d{1,2}",
    help=_("The code used when acts are sent to the prefecture, for example 1.1 or 7.10."),
)
CO_OWNERS = Fact(
    code="co_owners",
    label=_("Carried together with"),
    type=Type.LIST,
    limit=20,
    help=_("Other local authorities or organisations in charge, one a line."),
)
CONTACTS = Fact(
    code="contacts",
    label=_("Who to ask"),
    type=Type.TABLE,
    limit=5,
    least=1,
    required=True,
    weight=4,
    help=_("A function rather than a name: it stays right when people change. Only members see e-mail and telephone."),
    columns=(
        parts.line("function", _("Function"), 150, required=True),
        parts.line("service", _("Department"), 150),
        Fact(
            code="email",
            label=_("E-mail"),
            type=Type.LINE,
            limit=254,
            pattern=r"[^@\s<>\"']+@[^@\s<>\"']+\.[^@\s<>\"']+",
            members_only=True,
        ),
        parts.line("phone", _("Telephone"), 30, members_only=True),
    ),
)
LINKS = Fact(
    code="links",
    label=_("Links"),
    type=Type.TABLE,
    limit=20,
    columns=(
        parts.line("label", _("What it is"), 150, required=True),
        parts.address("url", _("Address"), required=True),
    ),
)
RELATED = Fact(
    code="related",
    label=_("Related sheets"),
    type=Type.TABLE,
    limit=20,
    help=_("The address of another sheet, here or on a partner's hub."),
    columns=(
        Fact(code="relation", label=_("This sheet"), type=Type.CHOICE, choices=lists.RELATIONS, required=True),
        parts.address("url", _("Address of the other sheet"), required=True),
    ),
)
VISIBILITY = Fact(
    code="visibility",
    label=_("Who may read it"),
    type=Type.CHOICE,
    required=True,
    default="public",
    weight=0,
    choices=(
        Choice(code="public", label=_("everyone")),
        Choice(code="members", label=_("signed-in members of this hub")),
        Choice(code="owner", label=_("our local authority")),
    ),
)
FEDERATED = Fact(
    code="federated",
    label=_("Share it with partner territories"),
    type=Type.BOOLEAN,
    default=True,
    weight=0,
    help=_("Only what everyone may read is shared. Partners keep a copy that follows your changes."),
)
LICENCE = Fact(
    code="licence",
    label=_("Licence"),
    type=Type.CHOICE,
    choices=lists.LICENCES,
    required=True,
    default="etalab-2.0",
    weight=0,
    help=_("An administration gives its public information under the Licence Ouverte or the ODbL only."),
)
REVIEW_DUE = Fact(
    code="review_due_on",
    label=_("To be looked at again on"),
    type=Type.DATE,
    weight=0,
    help=_("Left empty, a date is set when it is published."),
)
RETENTION = Fact(
    code="retention_class",
    label=_("Time to keep it as an archive"),
    type=Type.CHOICE,
    choices=lists.RETENTION_CLASSES,
    required=True,
    default="years_10",
    members_only=True,
    weight=0,
)
DISPOSITION = Fact(
    code="final_disposition",
    label=_("What becomes of it then"),
    type=Type.CHOICE,
    choices=lists.FINAL_DISPOSITIONS,
    required=True,
    default="sort",
    members_only=True,
    weight=0,
)
ELECTORAL = Fact(
    code="electoral_sensitive",
    label=_("It presents what our local authority has achieved"),
    type=Type.BOOLEAN,
    default=False,
    members_only=True,
    weight=0,
    help=_("Such a text asks for a second look in the six months before an election (electoral code, L52-1)."),
)

#: The start of the first step of any kind.
HEAD = (TITLE, SUMMARY, BRIEF, THEMES_FACT, TAGS, TERRITORY, LANGUAGE)

#: The last step of any kind.
SHARING = (
    CONTACTS,
    CO_OWNERS,
    LINKS,
    RELATED,
    VISIBILITY,
    FEDERATED,
    LICENCE,
    REVIEW_DUE,
    ACTS_MATTER,
    RETENTION,
    DISPOSITION,
    ELECTORAL,
)

#: Written by the hub: who vouched for it (§1.2 n°30), and whether it is kept as a memory only.
VALIDATION = Fact(
    code="validation",
    label=_("Checked by"),
    type=Type.TABLE,
    limit=20,
    auto=True,
    weight=0,
    columns=(
        Fact(
            code="level",
            label=_("Level"),
            type=Type.CHOICE,
            choices=(Choice(code="local", label=_("local authority")), Choice(code="network", label=_("network"))),
            required=True,
        ),
        parts.line("by", _("By"), required=True),
        Fact(code="opinion", label=_("Opinion"), type=Type.TEXT, limit=600),
        Fact(code="date", label=_("Date"), type=Type.DATE, required=True),
    ),
)
ARCHIVED = Fact(code="archived", label=_("Archived"), type=Type.BOOLEAN, auto=True, weight=0)
AUTO = (VALIDATION, ARCHIVED)
