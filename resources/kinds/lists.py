"""The closed lists that facts choose from (domain.md §1.1, §4.4, §4.6, §4.7). Codes never change; labels may."""

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from resources.kinds.shape import Choice, Text
from rtes_hub.territories.facts import BANDS, band_label


def _list(**labels: Text) -> tuple[Choice, ...]:
    return tuple(Choice(code=code, label=label) for code, label in labels.items())


STAGES = _list(
    idea=_("idea"),
    experiment=_("experiment"),
    pilot_done=_("pilot, evaluated"),
    running=_("running"),
    scaled=_("general use, taken up by others"),
    stopped=_("stopped"),
)
EVIDENCE_LEVELS = (
    Choice(code="0", label=_("testimony")),
    Choice(code="1", label=_("internal follow-up")),
    Choice(code="2", label=_("figures before and after")),
    Choice(code="3", label=_("external evaluation")),
    Choice(code="4", label=_("comparative study")),
)
PARTICIPATION = _list(
    none=_("none"),
    information=_("information"),
    consultation=_("consultation"),
    concertation=_("concertation"),
    co_construction=_("joint construction"),
)
LEVERS = _list(
    network=_("bringing people together, networking"),
    grant=_("grant"),
    multi_year_agreement=_("multi-year agreement on objectives"),
    call_for_projects=_("call for projects"),
    clause=_("contract with a social or environmental clause"),
    reserved_contract=_("reserved contract"),
    small_purchase=_("direct purchase below the threshold"),
    general_interest_service=_("service of general economic interest"),
    loan_of_means=_("lending premises, staff or equipment"),
    land=_("land, lease"),
    shares=_("taking shares in a cooperative or a property company"),
    loan_guarantee=_("loan guarantee"),
    training=_("training"),
    study=_("study"),
    regulation=_("regulation"),
    public_service=_("direct public service"),
    advocacy=_("advocacy"),
)
TARGET_GROUPS = _list(
    everyone=_("general public"),
    neighbourhood=_("people of a district or village"),
    young=_("young people"),
    pupils=_("pupils"),
    job_seekers=_("job seekers"),
    far_from_work=_("people far from employment"),
    older=_("older people"),
    disability=_("people with a disability"),
    families=_("families, early childhood"),
    associations=_("associations"),
    social_enterprises=_("enterprises of the social economy"),
    integration_enterprises=_("work integration and sheltered enterprises"),
    enterprises=_("other enterprises"),
    farmers=_("farmers"),
    collectivites=_("other local authorities"),
    elected=_("local elected members"),
    staff=_("staff"),
    partners=_("partners"),
    researchers=_("researchers"),
)
ORG_KINDS = _list(
    commune=_("commune"),
    commune_nouvelle=_("new commune"),
    epci_cc=_("community of communes"),
    epci_ca=_("agglomeration community"),
    epci_cu=_("urban community"),
    metropole=_("metropolis"),
    ept=_("territorial public establishment"),
    syndicat=_("joint syndicate"),
    petr=_("rural centre or pays"),
    pole_metropolitain=_("metropolitan pole"),
    pnr=_("regional nature park"),
    gal=_("local action group (LEADER)"),
    departement=_("department"),
    region=_("region"),
    special=_("local authority with a special status, overseas"),
    ccas=_("social action centre (CCAS, CIAS)"),
    epl=_("local public enterprise"),
    gip=_("public interest group"),
    etablissement_public=_("public establishment"),
    etat=_("State service"),
    reseau=_("network or association of local authorities"),
    ess=_("organisation of the social economy"),
    recherche=_("research"),
    autre=_("other"),
)
#: Those that territories compare themselves by.
POPULATION_BANDS = tuple(Choice(code=key, label=lazy(band_label, str)(key)) for key in BANDS)
PROCUREMENT_FORMS = _list(
    grant=_("grant"),
    contract=_("public contract"),
    reserved_contract=_("reserved contract"),
    social_clause=_("contract with a social clause"),
    general_interest_service=_("service of general economic interest, mandate"),
    multi_year_agreement=_("multi-year agreement on objectives"),
    delegation=_("delegation of public service"),
    lease=_("lease"),
    shares=_("shares in a cooperative (SCIC)"),
    in_house=_("run by our own services"),
    none=_("none"),
)
STAKEHOLDER_ROLES = _list(
    lead=_("lead"),
    funder=_("funder"),
    operator=_("operator"),
    partner=_("partner"),
    beneficiary=_("beneficiary"),
    opposition=_("opposed"),
)
TRANSFER_OFFERS = _list(
    questions=_("answer questions"),
    visit=_("welcome a visit"),
    documents=_("share documents"),
    pairing=_("pair up with a peer"),
    talk=_("come and speak"),
)
TRANSFER_TIMES = _list(
    lt_1=_("less than a day"),
    d1_5=_("1 to 5 days"),
    gt_5=_("more than 5 days"),
)
SDGS = tuple(
    Choice(code=str(number), label=label)
    for number, label in enumerate(
        (
            _("1. No poverty"),
            _("2. Zero hunger"),
            _("3. Good health and well-being"),
            _("4. Quality education"),
            _("5. Gender equality"),
            _("6. Clean water and sanitation"),
            _("7. Affordable and clean energy"),
            _("8. Decent work and economic growth"),
            _("9. Industry, innovation and infrastructure"),
            _("10. Reduced inequalities"),
            _("11. Sustainable cities and communities"),
            _("12. Responsible consumption and production"),
            _("13. Climate action"),
            _("14. Life below water"),
            _("15. Life on land"),
            _("16. Peace, justice and strong institutions"),
            _("17. Partnerships for the goals"),
        ),
        start=1,
    )
)
BUDGET_SECTIONS = _list(investment=_("investment"), operating=_("operating"))
TAXES = _list(ht=_("before tax"), ttc=_("tax included"))
BUDGET_RANGES = _list(
    lt_5000=_("less than €5,000"),
    p5000_15000=_("€5,000 to €15,000"),
    p15000_50000=_("€15,000 to €50,000"),
    p50000_150000=_("€50,000 to €150,000"),
    p150000_500000=_("€150,000 to €500,000"),
    gt_500000=_("more than €500,000"),
)
FEASIBILITY = _list(easy=_("easy"), possible=_("possible"), hard=_("hard"))
DECISION_BODIES = _list(
    working_group=_("working group"),
    commission=_("commission"),
    bureau=_("bureau"),
    council=_("council"),
    other=_("other"),
)
RELATIONS = _list(
    adapts=_("adapts"),
    implements=_("carries out"),
    results_of=_("comes from the study"),
    answers=_("answers the question"),
    part_of=_("is part of"),
    see_also=_("see also"),
)
DOCUMENT_NATURES = _list(
    deliberation=_("deliberation"),
    convention=_("agreement"),
    specifications=_("specifications"),
    budget=_("budget"),
    report=_("report on results"),
    study=_("study"),
    slides=_("slides or training material"),
    press=_("press"),
    other=_("other"),
)
#: What an administration may give its public information under: decree 2017-638, CRPA D323-2-1 (domain.md §4.7).
ADMINISTRATION_LICENCES = frozenset({"etalab-2.0", "odbl-1.0"})
LICENCES = (
    Choice(code="etalab-2.0", label=_("Licence Ouverte 2.0 (Etalab)")),
    Choice(code="odbl-1.0", label=_("Open Database License 1.0 (ODbL), for databases")),
    Choice(code="cc-by-4.0", label=_("Creative Commons Attribution 4.0")),
    Choice(code="cc-by-sa-4.0", label=_("Creative Commons Attribution, Share Alike 4.0")),
)
LICENCE_URLS = {
    "etalab-2.0": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
    "odbl-1.0": "https://opendatacommons.org/licenses/odbl/1-0/",
    "cc-by-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "cc-by-sa-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
}
LANGUAGES = _list(
    fr=_("French"),
    br=_("Breton"),
    ca=_("Catalan"),
    co=_("Corsican"),
    eu=_("Basque"),
    gcf=_("Guadeloupean and Martinican Creole"),
    gsw=_("Alsatian"),
    oc=_("Occitan"),
    rcf=_("Réunion Creole"),
    ty=_("Tahitian"),
    en=_("English"),
)
RETENTION_CLASSES = _list(
    mandate=_("until the end of the mandate"),
    years_5=_("5 years"),
    years_10=_("10 years"),
    unlimited=_("without limit"),
)
FINAL_DISPOSITIONS = _list(keep=_("keep"), sort=_("sort"), destroy=_("destroy"))
