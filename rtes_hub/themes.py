"""The 22 themes (domain.md §4.3), each tied to a rubrique of the RTES resource centre (§4.2)."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise  #: translated when shown


@dataclass(frozen=True, kw_only=True)
class Theme:
    slug: str
    label: Text
    fr: str  #: the French term, whatever the language of the reader: exports and the wire carry it
    rubrique: str  #: number of the RTES rubrique, or the name of a board "chantier"


def _theme(slug: str, rubrique: str, label: Text, fr: str) -> Theme:
    return Theme(slug=slug, label=label, fr=fr, rubrique=rubrique)


_ALL = (
    _theme(
        "strategie-ess",
        "1",
        _("Strategy and local policy for the social economy"),
        "Stratégie et politique locale de l’ESS",
    ),
    _theme(
        "gouvernance-coconstruction",
        "2",
        _("Joint construction, participation, governance"),
        "Co-construction, participation, gouvernance",
    ),
    _theme(
        "transversalite-services",
        "6",
        _("Work across departments, internal organisation"),
        "Transversalité, organisation interne, direction innovation",
    ),
    _theme(
        "commande-publique",
        "2",
        _("Responsible public purchasing, social clauses"),
        "Commande publique responsable, SPASER, clauses sociales",
    ),
    _theme(
        "contractualisation",
        "2",
        _("Grants, agreements, calls for projects"),
        "Subventions, conventions, SIEG, appels à projets",
    ),
    _theme(
        "insertion-emploi", "5", _("Work integration, employment"), "Insertion par l’activité économique, emploi, TZCLD"
    ),
    _theme(
        "cooperation-ptce",
        "8",
        _("Local economic cooperation, clusters, commons"),
        "Coopération économique territoriale, PTCE, communs",
    ),
    _theme(
        "scic-participation",
        "8",
        _("Cooperatives: the role and shares of local authorities"),
        "SCIC, SCOP, CAE : rôle et parts des collectivités",
    ),
    _theme(
        "accompagnement-financement",
        "4",
        _("Support for projects, incubation, solidarity finance"),
        "Accompagnement des projets, DLA, incubation, finance solidaire",
    ),
    _theme(
        "monnaies-outils-financiers",
        "4",
        _("Local currencies, impact contracts, property funds"),
        "Monnaies locales, contrats à impact, foncières",
    ),
    _theme("innovation-sociale", "5", _("Social innovation and experiments"), "Innovation et expérimentation sociales"),
    _theme("foncier-tiers-lieux", "5", _("Land, property, third places"), "Foncier, immobilier, tiers-lieux, OFS"),
    _theme("alimentation", "3", _("Sustainable food, farming"), "Alimentation durable, agriculture, PAT"),
    _theme("economie-circulaire", "3", _("Circular economy, reuse, waste"), "Économie circulaire, réemploi, déchets"),
    _theme(
        "energie-climat",
        "3",
        _("Energy transition and climate, led by citizens"),
        "Transition énergétique et climat citoyens",
    ),
    _theme("mobilite", "6", _("Mobility for all"), "Mobilité solidaire"),
    _theme("habitat", "6", _("Housing, participatory housing"), "Habitat, habitat participatif, logement"),
    _theme(
        "culture-numerique",
        "6",
        _("Culture, sport, responsible digital services"),
        "Culture, sport, numérique responsable et inclusion",
    ),
    _theme(
        "solidarites-sante",
        "6",
        _("Childhood, ageing, health, equality"),
        "Petite enfance, vieillissement, santé, aide à la personne, égalité, lutte contre les discriminations",
    ),
    _theme(
        "territoires-fragiles",
        "7",
        _("Deprived districts, rural areas, town centres, overseas"),
        "Politique de la ville, ruralités, centres-villes, outre-mer",
    ),
    _theme(
        "filieres-commerce",
        "filieres",
        _("Local sectors, fair trade, solidarity tourism"),
        "Filières locales, commerce équitable, tourisme solidaire",
    ),
    _theme(
        "formation-sensibilisation",
        "formation",
        _("Training, awareness, youth, research"),
        "Formation, sensibilisation, jeunesse, recherche",
    ),
)

THEMES: dict[str, Theme] = {theme.slug: theme for theme in _ALL}
