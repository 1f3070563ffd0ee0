"""Which state follows which. One line a move; what is not here cannot be done."""

from resources.models import State

#: (state, move) → the state after it. A published sheet keeps its state while changes to it are written and reviewed:
#: they stand in its draft until an editor publishes them.
MOVES: dict[tuple[str, str], str] = {
    (State.DRAFT, "submit"): State.SUBMITTED,
    (State.DRAFT, "publish"): State.PUBLISHED,  # a small town has one editor
    (State.SUBMITTED, "take_back"): State.DRAFT,
    (State.SUBMITTED, "send_back"): State.DRAFT,
    (State.SUBMITTED, "publish"): State.PUBLISHED,
    (State.PUBLISHED, "submit"): State.PUBLISHED,  # its changes are proposed to an editor
    (State.PUBLISHED, "take_back"): State.PUBLISHED,
    (State.PUBLISHED, "send_back"): State.PUBLISHED,
    (State.PUBLISHED, "publish"): State.PUBLISHED,
    (State.PUBLISHED, "archive"): State.ARCHIVED,
    (State.PUBLISHED, "withdraw"): State.WITHDRAWN,
    (State.ARCHIVED, "restore"): State.PUBLISHED,
    (State.ARCHIVED, "withdraw"): State.WITHDRAWN,
}


class NotPossible(Exception):
    """The thing is not in a state where this can be done. The message is for the person who tried."""


def after(state: str, move: str) -> str:
    """Raises: NotPossible."""
    try:
        return MOVES[state, move]
    except KeyError:
        raise NotPossible(f"{move} is not possible when {state}") from None
