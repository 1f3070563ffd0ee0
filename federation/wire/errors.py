"""What is wrong with what came from outside. The reason is for the operator of the other side to read."""


class Malformed(Exception):
    """Not what it should be, whoever sent it: HTTP 400."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class BadSignature(Exception):
    """Absent, wrong or stale (401), or not even a signature (400). The reason names the component that failed."""

    def __init__(self, reason: str, status: int = 401) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status
