"""A pooled action as programs read it."""

from collections.abc import Iterable
from typing import Any

from resources.api.represent import origin, page_of
from resources.kinds.pooled_words import InstrumentStatus, Status
from resources.models import Resource
from resources.pooling.board import Board, Mine
from resources.pooling.models import Paper, Participation, Step
from resources.pooling.papers import address_of
from resources.pooling.rows import plain
from rtes_hub.territories.api import brief_member


def brief(action: Resource, *, participants: int) -> dict[str, Any]:
    """Needs `member__territory` loaded."""
    facts = action.facts
    return {
        "id": action.pk,
        "uri": action.uri,
        "url": page_of(action),
        "origin": origin(action),
        "title": action.title,
        "summary": action.summary,
        "lead": brief_member(action.member),
        "form": facts.get("form", ""),
        "status": facts.get("status", Status.IDEA),
        "join_by": facts.get("join_by"),
        "participants_count": participants,
    }


def represent(board: Board) -> dict[str, Any]:
    """Tables are rows of plain values, in the shape that they travel in."""
    facts = board.action.facts
    return {
        **brief(board.action, participants=len(board.present)),
        "instrument_status": facts.get("instrument_status", InstrumentStatus.TO_DRAFT),
        "launched_on": facts.get("launched_on"),
        "sharing_key": facts.get("sharing_key", []),
        "participants": [plain(seat) for seat in board.seats],
        "needs": _hanging(board, "needs"),
        "contributions": _hanging(board, "contributions"),
        "shares": [_of(seat, seat.share) for seat in board.seats if hasattr(seat, "share")],
        "budget": [plain(line) for line in board.lines],
        "milestones": [plain(milestone) for milestone in board.milestones],
        "decisions": [plain(decision) for decision in board.decisions],
        "total": f"{board.total:f}",
        "shared_total": f"{board.shared_total:f}",
        "may": sorted(board.steering),
        "may_with": {uri: sorted(acts) for uri, acts in board.seat_acts.items() if acts},
        "mine": [_mine(one) for one in board.mine],
    }


def _hanging(board: Board, name: str) -> list[dict[str, Any]]:
    rows: Iterable[tuple[Participation, Any]] = (
        (seat, row) for seat in board.seats if seat.pk for row in getattr(seat, name).all()
    )
    return [_of(seat, row) for seat, row in rows]


def _of(seat: Participation, row: Any) -> dict[str, Any]:
    return {"member": seat.actor_uri} | plain(row)


def _mine(mine: Mine) -> dict[str, Any]:
    return {
        "member": brief_member(mine.member),
        "may": sorted(mine.acts),
        "join_as": list(mine.join_as),
        "steps": [step_of(step) for step in mine.steps],
    }


def step_of(step: Step) -> dict[str, Any]:
    return {
        "uri": step.uri,
        "act": step.act,
        "data": step.data,
        "sequence": step.sequence,
        "state": step.state,
        "reason": step.reason,
        "at": step.at,
        "answered_at": step.answered_at,
    }


def paper_of(paper: Paper) -> dict[str, Any]:
    return {
        "url": address_of(paper),
        "title": paper.title,
        "digest": paper.digest,
        "media_type": paper.media_type,
        "size": paper.size,
    }
