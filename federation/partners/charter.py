"""What a hub says of itself when it asks to be a partner: who runs it, whom to write to, by which rules."""

from collections.abc import Mapping

from rtes_hub.accounts.models import identity
from rtes_hub.text import clean

KEY = "rtes:charter"  #: where it stands in the Follow that asks
LIMITS = {"hub": 100, "entity": 200, "contact": 254, "rules": 5000}  #: its fields, and their characters


def ours() -> dict[str, str]:
    """{"hub": its name, "entity": the body that runs it, "contact": an address, "rules": plain text}, what is known."""
    hub = identity()
    return read({"hub": hub.name, "entity": hub.entity, "contact": hub.contact, "rules": hub.moderation_rules})


def read(said: object) -> dict[str, str]:
    """A charter from outside: known fields, plain text, cut at their limits. Anything else is dropped."""
    if not isinstance(said, Mapping):
        return {}
    lines = {
        name: "\n".join(clean.line(line, limit) for line in value.splitlines())[:limit].strip()
        for name, limit in LIMITS.items()
        if isinstance(value := said.get(name), str)
    }
    return {name: text for name, text in lines.items() if text}
