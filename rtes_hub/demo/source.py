"""What is told on the demonstration hubs, as its files say it. Read once."""

import json
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

Item = dict[str, Any]

DATA = Path(__file__).parent / "data"
_PREFIXES = {"departement": "dep", "commune": "com", "region": "reg"}


@cache
def said() -> Item:
    """demo.json: practices, notes, actions, charters, threads, and the personas who speak."""
    return json.loads((DATA / "demo.json").read_bytes())


@cache
def more() -> Item:
    """demo_facts.json: what completes each of them here, by its id."""
    return json.loads((DATA / "demo_facts.json").read_bytes())


def territory_id(place: Item) -> str:
    """{"kind": "epci", "code": "242100410"} is "epci-242100410"."""
    return f"{_PREFIXES.get(place['kind'], place['kind'])}-{place['code']}"


def key_of(item: Item) -> str:
    """By which a sheet is found again when the demonstration is loaded twice."""
    return f"demo#{item['id']}"


def noon(day: str) -> datetime | None:
    """ "2024-01-25" → that day at twelve."""
    found = parse_date(day)
    return timezone.make_aware(datetime.combine(found, time(12))) if found else None


def moment(minute: str) -> datetime:
    """ "2026-05-11T09:12", in Paris."""
    found = parse_datetime(minute)
    if found is None:
        raise ValueError(f"{minute} is no moment")
    return timezone.make_aware(found).astimezone(UTC)


def common(item: Item) -> Item:
    """What a sheet of any kind says, as facts by code."""
    return {
        "title": item["title"],
        "summary": item["summary"],
        "tags": item["tags"],
        "territory": territory_id(item["territory"]),
        "contacts": [{"function": item["contact"]["role"], "service": item["contact"]["service"]}],
        "licence": "etalab-2.0",
        "visibility": "public",
        "federated": True,
    }
