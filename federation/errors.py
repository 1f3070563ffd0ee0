"""Two failures, no more: `Refused`, never again; `TryLater`, again with patience."""


class Refused(Exception):
    """Said for good. `status` is the HTTP answer; `reason` is for the operator of the other side to read."""

    def __init__(self, reason: str, status: int = 403) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


class TryLater(Exception):
    """Not now. `after` is in seconds, when the other side said how long; `status` the HTTP answer, when we say it."""

    status = 503

    def __init__(self, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.after = after
