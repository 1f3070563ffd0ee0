"""Everything a sheet of each kind can say, in its stored form: what `validate` answers for it is the same thing."""

from typing import Any

ENVELOPE: dict[str, Any] = {
    "title": "Ouvrir les achats aux producteurs locaux",
    "summary": "L’agglomération a ouvert ses achats courants aux petites structures.",
    "brief": "Onze services achètent autrement, à budget constant.",
    "themes": ["commande-publique", "alimentation"],
    "tags": ["achats responsables", "producteurs locaux"],
    "territory": "epci-242100410",
    "language": "fr",
    "contacts": [
        {
            "function": "Chargée de mission ESS",
            "service": "Développement économique",
            "email": "ess@collectivite.example",
            "phone": "03 80 00 00 00",
        }
    ],
    "co_owners": ["Chambre d’agriculture"],
    "links": [{"label": "Guide interne", "url": "https://collectivite.example/guide"}],
    "related": [{"relation": "results_of", "url": "https://partner.example/ap/objects/7"}],
    "visibility": "public",
    "federated": True,
    "licence": "etalab-2.0",
    "review_due_on": "2027-06-30",
    "acts_matter_code": "1.1",
    "retention_class": "years_10",
    "final_disposition": "sort",
    "electoral_sensitive": False,
}

PRACTICE: dict[str, Any] = ENVELOPE | {
    "problem": "Les services achetaient sur catalogue.",
    "context": "Une agglomération de 24 communes.",
    "objectives": ["Réserver une place aux petites structures", "Habituer les services à travailler ensemble"],
    "target_groups": ["social_enterprises", "staff"],
    "description": "### Relevé\nOnze services ont relevé leurs achats.\n\n- lots plus petits\n- délais plus longs",
    "public_action_lever": ["small_purchase", "clause"],
    "stage": "running",
    "started_on": "2024-01",
    "ended_on": "2025-12",
    "lead_time_months": 6,
    "stakeholders": [{"name": "Chambre d’agriculture", "role": "partner", "detail": "repérage des producteurs"}],
    "governance": "Un groupe toutes les six semaines.",
    "participation_level": "consultation",
    "transversal_themes": ["transversalite-services"],
    "transversality": "Commande publique, protocole, développement durable.",
    "human_resources_fte": "0.2",
    "human_resources_external_fte": "0.1",
    "budget_lines": [
        {
            "label": "Animation",
            "year": 2024,
            "section": "operating",
            "planned": "10000",
            "actual": "9500.50",
            "tax": "ttc",
            "range": "p5000_15000",
        },
        {"label": "Rencontres", "planned": "4000"},
    ],
    "funding_sources": [
        {"funder": "Agglomération", "scheme": "Budget général", "amount": "18500", "url": "https://aides.example/1"}
    ],
    "legal_framework": "Achats sous les seuils de procédure.",
    "legal_basis": [{"code": "Code de la commande publique", "article": "R2122-8", "url": "https://loi.example/2122"}],
    "procurement_form": "contract",
    "deliberations": [
        {
            "object": "Guide des achats",
            "number": "2024-12",
            "date": "2024-03-28",
            "url": "https://collectivite.example/d",
        }
    ],
    "results": [
        {
            "indicator": "Part des dépenses réorientée",
            "baseline": "4 %",
            "value": "38",
            "unit": "%",
            "date": "2025-12-31",
            "method": "comptabilité",
            "source": "direction des finances",
        }
    ],
    "results_provisional": True,
    "evidence_level": "2",
    "difficulties": "La logistique coûte cher aux petits producteurs.",
    "what_failed": "Livrer six sites en petite quantité.",
    "what_failed_public": False,
    "success_factors": ["Un élu référent"],
    "sdg": ["8", "12"],
    "recognition": "Label Commerce équitable",
    "transfer_org_kinds": ["commune", "epci_ca"],
    "transfer_population_bands": ["20000-49999"],
    "transfer_competence": "aucune",
    "transfer_min_fte": "0.1",
    "transfer_min_budget": "2000",
    "transfer_prerequisites": ["Disposer d’un élu référent"],
    "transfer_not_suitable": "Les achats sont déjà groupés ailleurs.",
    "transfer_offer": ["questions", "documents"],
    "cost_of_transfer_hint": "d1_5",
    "adapts": "https://partner.example/ap/objects/3",
}

NOTE: dict[str, Any] = ENVELOPE | {
    "title": "Quatre axes pour l’économie sociale et solidaire",
    "decision_sought": "Adopter les quatre axes et désigner un référent par direction.",
    "executive_summary": "À budget constant, quatre axes.",
    "context_issue": "Plus d’un emploi sur dix relève de l’économie sociale et solidaire.",
    "diagnosis": "Le secteur est éclaté.",
    "diagnosis_ref": "https://collectivite.example/etude",
    "legal_framework": "Compétence de développement économique.",
    "options": [
        {
            "description": "Ne rien changer",
            "pros": "Simple",
            "cons": "Rien ne bouge",
            "cost": "0",
            "feasibility": "easy",
            "risk": "Aucun",
        },
        {"description": "Quatre axes", "cost": "25000", "feasibility": "possible"},
    ],
    "recommendation": "### Les quatre axes\n1. **Créer** des emplois\n2. Renforcer l’ingénierie",
    "axes": ["Créer des activités", "Agir ensemble"],
    "financial_impact": [
        {"label": "Animation", "amount": "25000", "year": 2026, "section": "operating", "chapter": "011"}
    ],
    "hr_impact": "Un poste.",
    "env_social_impact": "Emplois de proximité.",
    "risks_controls": "Bilan annuel.",
    "consultations": "Réseau local d’élus.",
    "timeline": [{"body": "council", "date": "2026-03-26", "what": "Vote"}],
    "monitoring": [{"indicator": "Emplois créés", "target": "40", "unit": "emplois", "frequency": "chaque année"}],
    "draft_deliberation": "**Décide** d’adopter les quatre axes.",
}

ACTION: dict[str, Any] = ENVELOPE | {
    "title": "Acheter ensemble des fournitures responsables",
    "form": "commande_groupee",
    "integration_level": "1",
    "purpose": "Réunir les volumes de plusieurs communes pour ouvrir des lots aux structures d’insertion.",
    "description": "### Le groupement\nUn coordonnateur passe le marché ; chacun l’exécute.",
    "expected_benefits": "Dix pour cent d’économie\nDes lots réservés",
    "open_to": "Toute commune du département.",
    "join_by": "2099-12-31",
    "governance": "Un comité par semestre.",
    "exit_rules": "Préavis de six mois ; le solde de l’année reste dû.",
    "legal_instrument": "convention_constitutive",
    "legal_basis": [
        {"code": "Code de la commande publique", "article": "L2113-6", "url": "https://loi.example/l2113-6"}
    ],
    "procedure": "adapted",
    "lots": [{"label": "Papier", "amount_max": "40000", "reserved": "integration"}],
    "social_clauses": "Deux cents heures d’insertion par an.",
    "fundings": [{"funder": "Région", "scheme": "Achats responsables", "amount": "8000", "obtained": True}],
    "risks": ["Un fournisseur unique : deux attributaires par lot"],
    "results": [
        {
            "indicator": "Heures d’insertion",
            "baseline": "0",
            "value": "220",
            "unit": "heures",
            "date": "2026-12-31",
            "method": "relevés",
            "source": "coordonnateur",
        }
    ],
    "evaluation": "Commencer par un seul lot.",
    "difficulties": "Accorder les calendriers des conseils.",
    "target_groups": ["collectivites", "integration_enterprises"],
}

#: The charter that began it all (domain.md §1.9): eight measures, three themes, two years.
CHARTER: dict[str, Any] = ENVELOPE | {
    "title": "Huit mesures pour une ville favorable à l’entrepreneuriat social",
    "promoter": "Mouvement des entrepreneurs sociaux",
    "preamble": "Les villes disposent de leviers pour faire naître des **réponses aux besoins sociaux**.",
    "principles": ["Construire avec les habitants", "Rendre compte"],
    "org_types": ["commune", "metropole"],
    "charter_themes": [
        {"code": "A", "label": "Faire émerger l’innovation sociale et environnementale"},
        {"code": "B", "label": "Réorienter les marchés publics"},
        {"code": "C", "label": "Sensibiliser et former à l’entrepreneuriat social"},
    ],
    "measures": [
        {
            "code": "A1",
            "theme": "A",
            "statement": "Soutenir les structures d’appui à la création d’entreprises sociales.",
            "rationale": "Elles manquent d’appui dans leurs premières années.",
            "indicator": "euros par an, nombre de structures",
            "evidence": "convention d’objectifs, délibération",
            "deadline_months": 12,
            "legal_basis": "Code général des collectivités territoriales, L1111-4",
            "practice": "https://partner.example/ap/objects/7",
        },
        {"code": "A2", "theme": "A", "statement": "Créer une direction innovation sociale.", "deadline_months": 18},
        {
            "code": "A3",
            "theme": "A",
            "statement": "Tenir des ateliers de création de solutions.",
            "deadline_months": 12,
        },
        {"code": "B1", "theme": "B", "statement": "Poursuivre les clauses d’insertion et les évaluer."},
        {"code": "B2", "theme": "B", "statement": "Donner du poids à l’impact dans les petits marchés."},
        {
            "code": "C1",
            "theme": "C",
            "statement": "Soutenir les événements de l’économie sociale.",
            "deadline_months": 12,
        },
        {"code": "C2", "theme": "C", "statement": "Soutenir la recherche sur l’entrepreneuriat social."},
        {"code": "C3", "theme": "C", "statement": "Former les agents de la mairie."},
    ],
    "window_months": 24,
    "update_months": 6,
    "least_measures": 1,
    "follow_up": "Bilan public à douze et vingt-quatre mois.",
}

SHEETS = {"good-practice": PRACTICE, "policy-note": NOTE, "pooled-action": ACTION, "charter": CHARTER}
