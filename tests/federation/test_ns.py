"""The vocabulary page: every term that we emit is there, for programs and for people."""

import json
import re
from pathlib import Path

import pytest

from federation import ns
from federation.wire import names, strict_json
from federation.wire.write.articles import RESERVED
from resources.kinds import KINDS

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2]


def codes(facts):
    for fact in facts:
        if not fact.members_only:
            yield fact.code
            yield from codes(fact.columns)


def emitted():
    """By the kinds, in the envelope, and in every place of the code that writes a term by name."""
    found = {code for kind in KINDS.values() for code in codes(kind.facts)} | {*RESERVED}
    for path in (ROOT / "federation/wire/write").glob("*.py"):
        found |= set(re.findall(r'"rtes:([a-z_]+)"', path.read_text()))
    return found | set(re.findall(r"rtes:([a-z_]+)", (ROOT / "FEDERATION.md").read_text()))


def served(client, accept):
    return client.get("/ns", HTTP_ACCEPT=accept)


@pytest.mark.parametrize("accept", ["application/ld+json", "application/activity+json", "application/json"])
def test_programs_find_every_term_that_we_emit(client, accept):
    response = served(client, accept)
    assert response["Content-Type"] == "application/ld+json"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Accept" in response["Vary"]
    context = strict_json.loads(response.content)["@context"]
    missing = {code for code in emitted() if f"rtes:{code}" not in context}
    assert missing == set()
    assert {f"rtes:{name}" for name in ("GoodPractice", "PolicyNote", "PooledAction", "Charter")} <= context.keys()
    assert context["rtes"] == names.NS


def test_people_find_them_too(client):
    response = served(client, "text/html,*/*;q=0.8")
    assert response["Content-Type"].startswith("text/html")
    page = response.content.decode()
    assert {code for code in emitted() if f"<code>rtes:{code}</code>" not in page} == set()


def test_what_is_only_for_members_is_not_told_to_programs(client):
    hidden = {fact.code for kind in KINDS.values() for fact in kind.facts if fact.members_only} - emitted()
    assert hidden
    assert hidden.isdisjoint(ns.terms())


def test_a_kind_is_told_once(client):
    context = json.loads(served(client, "application/ld+json").content)["@context"]
    assert context["rtes:kind"] == {"@id": "rtes:kind", "@type": "@vocab"}
