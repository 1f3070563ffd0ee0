"""What is said on the journeys: sheets, whole, as a program sends them."""

from typing import Any

from tests.journeys.hubs import Hub, eventually
from tests.sheets import SHEETS

DIJON = "epci-242100410"
REGION = "reg-27"


def a_practice(title: str) -> dict[str, Any]:
    return {
        "kind": "good-practice",
        "title": title,
        "summary": "La métropole réserve une part de ses achats aux structures de l’insertion.",
        "brief": "Une clause dans chaque marché de travaux, un facilitateur, et un bilan rendu public chaque année.",
        "themes": ["commande-publique"],
        "territory": DIJON,
        "language": "fr",
        "licence": "etalab-2.0",
        "visibility": "public",
        "federated": True,
        "facts": {
            "problem": "Les structures d’insertion n’accédaient pas aux marchés de la collectivité.",
            "context": "Un service achats mutualisé entre la métropole et la ville.",
            "objectives": ["Réserver 80 000 heures par an à l’insertion"],
            "target_groups": ["everyone"],
            "description": "## Comment\n\nLa clause est **rédigée avec** les structures.",
            "public_action_lever": ["network"],
            "stage": "running",
            "started_on": "2023-01",
            "stakeholders": [{"name": "Dijon Métropole", "role": "lead"}],
            "participation_level": "concertation",
            "human_resources_fte": "1.5",
            "budget_lines": [{"label": "Facilitation", "year": 2023, "planned": "60000"}],
            "legal_framework": "Code de la commande publique, article L2112-2.",
            "results": [{"indicator": "Heures d’insertion", "value": "84000", "unit": "heures"}],
            "evidence_level": "1",
            "difficulties": "Les petits lots se prêtent mal à la clause.",
            "what_failed": "Un premier guichet par service : trop d’interlocuteurs.",
            "success_factors": ["Un seul interlocuteur"],
            "transfer_org_kinds": ["commune"],
            "transfer_prerequisites": ["Un service achats identifié"],
            "transfer_offer": ["questions"],
            "contacts": [{"function": "Chargée de mission ESS", "email": "ess@dijon.example"}],
            "retention_class": "years_5",
            "final_disposition": "keep",
        },
    }


#: Of a sheet of any kind, what stands beside its facts.
BESIDE = (
    *("title", "summary", "brief", "language", "licence", "visibility", "federated", "territory", "themes", "tags"),
    "review_due_on",
)


def a_sheet(hub: Hub, kind: str, **facts: Any) -> dict[str, Any]:
    """Of the hub's own collectivité, all that its kind can say, published by its editor."""
    whole = SHEETS[kind] | facts
    body = {code: value for code, value in whole.items() if code in BESIDE and value is not None}
    body["facts"] = {code: value for code, value in whole.items() if code not in BESIDE and value is not None}
    body |= {"kind": kind, "member": hub.member}
    draft = hub.tell("resources/", by="contributor", status=201, **body)
    move(hub, draft, "submit", by="contributor")
    return move(hub, draft, "publish", by="editor")


def write(hub: Hub, title: str, *, by: str = "contributor", member: str | None = None) -> dict[str, Any]:
    """A draft of the hub's own collectivité."""
    answer = hub.call("POST", "resources/", by=by, json=a_practice(title) | {"member": member or hub.member})
    assert answer.status_code == 201, answer.text
    return answer.json()


def publish(hub: Hub, title: str) -> dict[str, Any]:
    """Written by a contributor, proposed, published by an editor: as people do."""
    draft = write(hub, title)
    move(hub, draft, "submit", by="contributor")
    return move(hub, draft, "publish", by="editor")


def edit(hub: Hub, resource: dict[str, Any], **changes: Any) -> dict[str, Any]:
    answer = hub.call("PATCH", f"resources/{resource['id']}/", by="editor", json=changes)
    assert answer.status_code == 200, answer.text
    return move(hub, resource, "publish", by="editor")


def move(hub: Hub, resource: dict[str, Any], name: str, *, by: str) -> dict[str, Any]:
    answer = hub.call("POST", f"resources/{resource['id']}/{name}/", by=by, json={})
    assert answer.status_code in (200, 204), f"{name}: {answer.status_code} {answer.text}"
    return answer.json() if answer.content else {}


def arrived(hub: Hub, uri: str) -> dict[str, Any]:
    """A sheet of the other hub, once this one shows it."""
    return eventually(lambda: hub.catalogue().get(uri), f"{uri} at {hub.name}")
