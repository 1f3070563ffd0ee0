"""Why something was not done, in sentences for people."""

Errors = dict[str, list[str]]


class Invalid(Exception):
    """What is wrong in what was typed, by field."""

    def __init__(self, errors: Errors) -> None:
        super().__init__(errors)
        self.errors = errors


class NotPossible(Exception):
    """It cannot be done as things stand: locked, closed, removed."""


class ConsentNeeded(NotPossible):
    """What they write would leave the hub under their name, and they have not agreed to it yet."""
