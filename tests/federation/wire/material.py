"""Vectors, schemas and samples: where they come from is said in README.md beside them."""

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from federation.publication import Attachment, Publication
from federation.wire import keys, names

HERE = Path(__file__).parent

#: The samples were written before the namespace was chosen.
SAMPLE_NS = "https://rtes.example/ns#"


@cache
def vectors(name: str) -> Any:
    return json.loads((HERE / "vectors" / f"{name}.json").read_text())


def sample(name: str) -> Any:
    """ "edge/to-string" -> the document, in our namespace."""
    found = json.loads((HERE / "samples" / f"{name}.json").read_text().replace(SAMPLE_NS, names.NS))
    return found["document"] if name.startswith("edge/") else found


def sample_names(folder: str) -> list[str]:
    return [f"{folder}/{path.stem}" for path in sorted((HERE / "samples" / folder).glob("*.json"))]


@cache
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((HERE / "schemas" / f"{name}.schema.json").read_text()))


def complaints(schema: str, document: Any) -> list[str]:
    return [error.message for error in _validator(schema).iter_errors(document)]


@cache
def rsa_key() -> Any:
    return keys.load_private(vectors("keys")["rsa"]["privatePkcs8Pem"].encode())


@cache
def ed25519_key() -> Any:
    return keys.generate_ed25519()


FACTS: dict[str, Any] = {
    "stage": "running",
    "lead_time_months": 6,
    "cost": 12.5,
    "provisional": False,
    "budget_lines": [{"label": "Étude", "amount": 5000}, {"label": "Travaux", "amount": 0.0}],
    "nothing": [],
}


def a_publication(**changes: Any) -> Publication:
    values: dict[str, Any] = {
        "uri": "https://hub.example/ap/objects/01KGP1",
        "kind": "good-practice",
        "author": "https://hub.example/ap/actors/terre-et-mer",
        "title": "Clauses sociales : généraliser sans alourdir",
        "summary": "80 % des marchés < 90 k€ & plus.",
        "body": "<p>La communauté de communes a inscrit une clause sociale.</p>",
        "source": "La communauté de communes a inscrit une clause sociale.",
        "language": "fr",
        "url": "https://hub.example/ressources/1/clauses-sociales/",
        "published": datetime(2026, 11, 20, 8, 30, tzinfo=UTC),
        "updated": datetime(2026, 11, 21, 10, 0, tzinfo=UTC),
        "version": 3,
        "licence": "etalab-2.0",
        "territory": "epci-242100410",
        "themes": ("commande-publique",),
        "tags": ("économie circulaire", "C++", "2026"),
        "attachments": (
            Attachment(
                url="https://hub.example/fichiers/abc/fiche.pdf",
                title="Fiche complète",
                media_type="application/pdf",
                size=240_000,
                digest="ab" * 32,
                nature="convention",
                is_model=True,
                accessible_alternative="Une convention en sept articles.",
                licence="cc-by-4.0",
            ),
            Attachment(url="https://hub.example/fichiers/def/vue.jpg", title="Vue", media_type="image/jpeg"),
        ),
        "facts": FACTS,
    }
    return Publication(**values | changes)
