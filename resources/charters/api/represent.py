"""Charters and pledges as programs read them."""

from typing import Any

from resources.api.represent import origin, page_of
from resources.charters.board import Board, Followed, Line, Mine
from resources.charters.models import Evidence, Pledge, Step, Update
from resources.models import Resource
from rtes_hub.territories.api import brief_member


def brief(charter: Resource) -> dict[str, Any]:
    """Needs `member__territory` loaded."""
    return {
        "id": charter.pk,
        "uri": charter.uri,
        "url": page_of(charter),
        "origin": origin(charter),
        "title": charter.title,
    }


def represent(board: Board, mine: list[Mine]) -> dict[str, Any]:
    """What is proposed, and how far those who signed have come together."""
    text = board.text
    tallies = [
        {"measure": code, "pledges": tally.pledges, "done": tally.done, "progress": tally.progress}
        for code, tally in board.tallies.items()
    ]
    return brief(board.charter) | {
        "promoter": board.charter.facts.get("promoter", ""),
        "charter_themes": board.charter.facts.get("charter_themes", []),
        "measures": board.charter.facts.get("measures", []),
        "window_months": text.window_months,
        "update_months": text.update_months,
        "least_measures": text.least,
        "pledges_count": len(board.standing),
        "progress": board.whole,
        "by_theme": [{"theme": theme.code, "progress": value} for theme, _tallies, value in board.by_theme],
        "by_measure": tallies,
        "mine": [_mine(one) for one in mine],
    }


def _mine(one: Mine) -> dict[str, Any]:
    return {
        "member": brief_member(one.member),
        "stands": one.stands,
        "pledge": one.pledge.pk if one.pledge else None,
        "pending": step_of(one.pending) if one.pending else None,
        "refused": step_of(one.refused) if one.refused else None,
    }


def step_of(step: Step) -> dict[str, Any]:
    return {
        "uri": step.uri,
        "act": step.act,
        "sequence": step.sequence,
        "state": step.state,
        "reason": step.reason,
        "at": step.at,
        "answered_at": step.answered_at,
    }


def pledge_of(followed: Followed) -> dict[str, Any]:
    """Needs the charter with its member, the pledge's member, commitments and evidence loaded."""
    pledge = followed.pledge
    return {
        "id": pledge.pk,
        "charter": brief(pledge.charter),
        "name": pledge.name,
        "uri": pledge.actor_uri,
        "territory": pledge.territory,
        "member": brief_member(pledge.member) if pledge.member else None,
        "signatory": pledge.signatory,
        "signed_on": pledge.signed_on,
        "charter_version": pledge.charter_version,
        "mandate_starts_on": pledge.mandate_starts_on,
        "ends_on": followed.end,
        "text": pledge.text,
        "withdrawn_on": pledge.withdrawn_on,
        "reason": pledge.reason,
        "progress": followed.whole,
        "by_theme": [
            {"theme": theme.code, "progress": value}
            for theme, value in zip(followed.text.themes, followed.by_theme, strict=True)
        ],
        "commitments": [_commitment(line) for line in followed.lines],
    }


def _commitment(line: Line) -> dict[str, Any]:
    row = line.commitment
    return {
        "measure": row.measure,
        "statement": line.statement,
        "status": row.status,
        "progress": line.counted,
        "comment": row.comment,
        "deadline": line.deadline,
        "updated_on": row.updated_on,
        "next_update_due": row.next_update_due,
        "evidence": [_proof(proof) for proof in row.evidence.all()],
    }


def _proof(proof: Evidence) -> dict[str, Any]:
    return {"kind": proof.kind, "label": proof.label, "url": proof.url, "added_on": proof.added_on}


def timeline_of(pledge: Pledge) -> list[dict[str, Any]]:
    """The newest first."""
    updates = Update.objects.filter(commitment__pledge=pledge).select_related("commitment")
    return [
        {
            "on": update.on,
            "measure": update.commitment.measure,
            "status": update.status,
            "progress": update.progress,
            "comment": update.comment,
        }
        for update in updates
    ]
