from datetime import UTC, datetime


def rfc3339(moment: datetime) -> str:
    """ "2026-11-20T08:30:00Z": whole seconds, UTC, the one form that every server parses."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
